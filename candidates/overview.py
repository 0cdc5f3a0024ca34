"""What an opening's page shows: a row for each candidate, who covers what, and whom it waits for.

Everything stands on `standings` and `read_seats`, so on what one person may know.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from candidates.comparison import Reading, Standing, Standings, WeighedDimension
from candidates.comparison.charts import ScoreChart, score_chart
from candidates.comparison.seats import STATES, Closed, Seat, closed, read_seats
from candidates.conversations import panel_initials
from candidates.models import Application, Scorecard
from smarter.accounts.models import User

Stage = Application.Stage
NEEDED_PER_DIMENSION = 2
SCORED_STAGES = (Stage.INTERVIEWING, Stage.DEBRIEF)


@dataclass(frozen=True)
class StageCount:
    """How many candidates are in a stage, and whether they are shown now."""

    value: str
    label: str
    number: int
    is_shown: bool


@dataclass(frozen=True)
class Row:
    """One candidate of the opening."""

    standing: Standing
    seats: tuple[Seat, ...]
    closed: Closed | None  # why there are no scores to see; None where they are open
    chart: ScoreChart | None
    own_card: Scorecard | None  # still to be submitted by the reader
    waits_for: tuple[str, ...]  # names, as far as one may know them

    @property
    def application(self) -> Application:
        """The candidate in this opening."""
        return self.standing.application

    @property
    def chart_id(self) -> str:
        """An id for the title of the chart."""
        return f"score-{self.application.pk}"

    @property
    def next_step(self) -> str:
        """The code of the one thing to do: score, plan, wait, move, decide, or nothing."""
        row = self.application
        if self.own_card:
            return "score"
        if not row.is_on_team or row.stage not in (Stage.SCREENING, *SCORED_STAGES, Stage.OFFER):
            return ""
        if not row.cards_expected:
            return "plan"
        if not row.is_complete:
            return "wait"
        return "decide" if row.stage in (Stage.DEBRIEF, Stage.OFFER) else "move"


@dataclass(frozen=True)
class CoverCell:
    """One interviewer on one dimension: in focus or not, and how many candidates they scored on it."""

    name: str
    is_focus: bool
    scored: int


@dataclass(frozen=True)
class CoverRow:
    """One interviewer of the panels shown."""

    interviewer: User
    initials: str
    is_shadow: bool
    cells: tuple[CoverCell, ...]


@dataclass(frozen=True)
class Cover:
    """How many interviewers have a dimension as their focus, and who if it is only one."""

    dimension: WeighedDimension
    count: int
    only: str

    @property
    def is_thin(self) -> bool:
        """Too few to see a disagreement."""
        return self.count < NEEDED_PER_DIMENSION


@dataclass(frozen=True)
class Wait:
    """A scorecard, or several that must not be named, for which the panel waits."""

    application: Application
    number: int
    seat: Seat | None = None  # None: it shows whose once one's own is in
    card: Scorecard | None = None
    due_at: datetime | None = None
    is_own: bool = False
    is_late: bool = False

    @property
    def is_orphaned(self) -> bool:
        """Whether whoever sits there can no longer sign in, so that somebody else has to."""
        return self.card is not None and not self.card.interviewer.is_active


@dataclass(frozen=True)
class Overview:
    """The rows of one page, and what is told of them together."""

    rows: tuple[Row, ...]
    coverage: tuple[CoverRow, ...]
    covers: tuple[Cover, ...]
    waits: tuple[Wait, ...]
    open_to_you: int

    @property
    def can_nudge(self) -> bool:
        """Whether somebody else who may be named is late."""
        return any(wait.is_late and not wait.is_own for wait in self.waits)

    @property
    def thin(self) -> list[Cover]:
        """Dimensions that fewer than two interviewers cover."""
        return [cover for cover in self.covers if cover.is_thin]


def count_stages(reading: Reading, shown: Iterable[str]) -> list[StageCount]:
    """Every stage with its number of candidates."""
    numbers: dict[str, int] = defaultdict(int)
    for application in reading.applications:
        numbers[application.stage] += 1
    return [StageCount(stage.value, stage.label, numbers[stage], stage in shown) for stage in Stage]


def read_overview(user: User, found: Standings, shown: Sequence[Standing], now: datetime) -> Overview:
    """Describe the standings `shown` on one page of the opening; two more queries than `standings`."""
    applications = [standing.application for standing in shown]
    seats = read_seats(user, applications)
    by_application: dict[int, dict[int, Scorecard]] = {row.pk: {} for row in applications}
    for card in [*seats, *found.reading.cards]:
        if card.interview.application_id in by_application:
            by_application[card.interview.application_id].setdefault(card.pk, card)
    short = panel_initials(user, found.reading.opening, found.reading.cards)
    known = {pk: [card for card in cards.values() if card.state in STATES] for pk, cards in by_application.items()}
    rows = tuple(_row(user, standing, known[standing.application.pk], seats, short) for standing in shown)
    is_on_team = any(row.is_on_team for row in applications)
    coverage = _coverage(found.reading, known, short) if is_on_team else ()
    return Overview(
        rows=rows,
        coverage=coverage,
        covers=_covers(found.reading.dimensions, coverage),
        waits=_waits(user, rows, known, short, now) if is_on_team else (),
        open_to_you=sum(row.standing.score is not None for row in rows),
    )


def _row(
    user: User, standing: Standing, cards: Sequence[Scorecard], seats: Sequence[Scorecard], short: dict[str, str]
) -> Row:
    own = next((card for card in cards if card.interviewer_id == user.pk and card.is_open), None)
    counted = [card for card in cards if not card.is_shadow]
    return Row(
        standing=standing,
        seats=tuple(_seat(card, short) for card in counted),
        closed=closed(standing.application, seats),
        chart=_chart(standing),
        own_card=own,
        waits_for=tuple(card.interviewer.name for card in counted if card.is_open),
    )


def _seat(card: Scorecard, short: dict[str, str]) -> Seat:
    return Seat(card.interviewer.name, short[card.interviewer.name], STATES[Scorecard.State(card.state)])


def _chart(standing: Standing) -> ScoreChart | None:
    if standing.total is None:
        return None
    interval, possible = standing.interval, standing.possible
    return score_chart(
        standing.total,
        (interval.low, interval.high) if interval else None,
        (possible.low, possible.high) if possible else None,
        name=standing.application.candidate.name,
    )


def _coverage(reading: Reading, known: dict[int, list[Scorecard]], short: dict[str, str]) -> tuple[CoverRow, ...]:
    """Who covers what on these panels; the figures count candidates whose scores the reader may see."""
    cards: dict[User, list[Scorecard]] = defaultdict(list)
    for row in known.values():
        for card in row:
            cards[card.interviewer].append(card)
    scored: dict[tuple[int, str], set[int]] = defaultdict(set)
    for rating in reading.ratings():
        if rating.candidate_id in known:
            scored[rating.interviewer_id, rating.dimension_id].add(rating.candidate_id)
    return tuple(
        CoverRow(
            interviewer=person,
            initials=short[person.name],
            is_shadow=all(card.is_shadow for card in cards[person]),
            cells=tuple(
                CoverCell(
                    name=dimension.name,
                    is_focus=any(card.covers(dimension.key) for card in cards[person]),
                    scored=len(scored[person.pk, dimension.key]),
                )
                for dimension in reading.dimensions
            ),
        )
        for person in sorted(cards, key=lambda person: (person.name, person.pk))
    )


def _covers(dimensions: Sequence[WeighedDimension], coverage: Sequence[CoverRow]) -> tuple[Cover, ...]:
    found = []
    for place, dimension in enumerate(dimensions):
        names = [row.interviewer.name for row in coverage if row.cells[place].is_focus and not row.is_shadow]
        found.append(Cover(dimension, len(names), names[0] if len(names) == 1 else ""))
    return tuple(found)


def _waits(
    user: User, rows: Sequence[Row], known: dict[int, list[Scorecard]], short: dict[str, str], now: datetime
) -> tuple[Wait, ...]:
    """Open scorecards of candidates in the running, the earliest due first; unnamed ones after the named."""
    waits = []
    for row in rows:
        application = row.application
        if application.stage not in (Stage.SCREENING, *SCORED_STAGES):
            continue
        cards = [card for card in known[application.pk] if card.is_open and not card.is_shadow]
        for card in cards:
            due_at = card.interview.due_at
            is_own = card.interviewer_id == user.pk
            is_late = bool(due_at and due_at < now)
            waits.append(Wait(application, 1, _seat(card, short), card, due_at, is_own=is_own, is_late=is_late))
        unnamed = application.cards_expected - application.cards_in - len(cards)
        if unnamed > 0 and application.is_sealed:
            waits.append(Wait(application, unnamed))
    return tuple(sorted(waits, key=lambda wait: (wait.due_at is None, wait.due_at or now, wait.application.pk)))
