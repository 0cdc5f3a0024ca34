"""What an opening's page shows: a row for each candidate, who covers what, and whom it waits for.

Everything stands on the ladder of one person, on the applications with that person's seal, and on `read_seats`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from candidates.comparison import WeighedDimension
from candidates.comparison.charts import ScoreChart, score_chart
from candidates.comparison.ladder import Ladder, Rung
from candidates.comparison.seats import STATES, Closed, Seat, closed, read_seats
from candidates.models import Application, Score, Scorecard
from smarter.accounts.models import User
from smarter.marks import Mark

Stage = Application.Stage
NEEDED_PER_DIMENSION = 2
FEWEST_FOR_A_MEDIAN = 3
NEVER = datetime.max.replace(tzinfo=UTC)
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

    application: Application  # with its candidate and the seal of the reader
    rung: Rung
    marks: tuple[Mark, ...]
    seats: tuple[Seat, ...]
    closed: Closed | None  # why there are no scores to see; None where they are open
    chart: ScoreChart | None
    own_card: Scorecard | None  # still to be submitted by the reader
    waits_for: tuple[str, ...]  # names, as far as one may know them

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

    def is_late(self, now: datetime) -> bool:
        """Whether it was due before this moment."""
        return self.due_at is not None and self.due_at < now

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
    turnaround: str  # "5 hours": so soon after the interview half of the scorecards were in; empty for too few

    def can_nudge(self, now: datetime) -> bool:
        """Whether somebody else who may be named is late."""
        return any(wait.is_late(now) and not wait.is_own for wait in self.waits)

    @property
    def thin(self) -> list[Cover]:
        """Dimensions that fewer than two interviewers cover."""
        return [cover for cover in self.covers if cover.is_thin]


def count_stages(found: Ladder, shown: Iterable[str]) -> list[StageCount]:
    """Every stage with its number of candidates."""
    return [StageCount(stage.value, stage.label, found.stages[stage.value], stage in shown) for stage in Stage]


def read_overview(user: User, found: Ladder, shown: Sequence[Rung]) -> Overview:
    """Describe the rungs `shown` on one page of the opening, in four queries."""
    sealed = Application.objects.visible_to(user).with_seal(user).select_related("candidate")
    applications = sealed.in_bulk([rung.application for rung in shown])
    readable = Application.objects.filter(pk__in=[pk for pk, row in applications.items() if row.is_readable])
    seats = read_seats(user, list(applications.values()))
    known: dict[int, dict[int, Scorecard]] = {rung.application: {} for rung in shown}
    read = list(_readable_cards(user, readable))
    for card in [*seats, *read]:
        if card.interview.application_id in known and card.state in STATES:
            known[card.interview.application_id].setdefault(card.pk, card)
    panels = {pk: list(cards.values()) for pk, cards in known.items()}
    rows = tuple(
        _row(user, found, rung, applications[rung.application], panels[rung.application], seats)
        for rung in shown
        if rung.application in applications
    )
    is_on_team = any(row.application.is_on_team for row in rows)
    coverage = _coverage(found, panels, _rated(user, readable)) if is_on_team else ()
    return Overview(
        rows=rows,
        coverage=coverage,
        covers=_covers(found.dimensions, coverage),
        waits=_waits(user, rows, panels, found.initials) if is_on_team else (),
        open_to_you=sum(bool(rung.means) for rung in shown),
        turnaround=_turnaround(read) if is_on_team else "",
    )


def _turnaround(cards: Iterable[Scorecard]) -> str:
    """Within what time of the interview's end half of these came in, rounded up; those before it count as at once."""
    delays = [max(card.delay, timedelta(0)) for card in cards if card.delay is not None]
    if len(delays) < FEWEST_FOR_A_MEDIAN:
        return ""
    middle = sorted(delays)[len(delays) // 2]
    units = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}
    unit = next((unit for unit, size in units.items() if middle > 2 * size), "minute")
    number = max(1, -(-middle // units[unit]))
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _readable_cards(user: User, readable: QuerySet[Application]) -> QuerySet[Scorecard]:
    cards = Scorecard.objects.visible_to(user, within=readable).submitted()
    return cards.filter(interview__application__in=readable).select_related("interview", "interviewer")


def _rated(user: User, readable: QuerySet[Application]) -> dict[tuple[int, str], int]:
    """How many of these candidates each interviewer rated on each dimension."""
    scores = Score.objects.visible_to(user, within=readable).counted().exclude(value=None)
    rated = scores.filter(scorecard__interview__application__in=readable).order_by()
    pairs = rated.values_list("scorecard__interviewer", "dimension__key", "scorecard__interview__application")
    return Counter((interviewer, key) for interviewer, key, _ in pairs.distinct())


def _row(
    user: User,
    found: Ladder,
    rung: Rung,
    application: Application,
    cards: Sequence[Scorecard],
    seats: Sequence[Scorecard],
) -> Row:
    own = next((card for card in cards if card.interviewer_id == user.pk and card.is_open), None)
    counted = [card for card in cards if not card.is_shadow]
    return Row(
        application=application,
        rung=rung,
        marks=found.marks(rung),
        seats=tuple(_seat(card, found.initials) for card in counted),
        closed=closed(application, seats),
        chart=_chart(rung),
        own_card=own,
        waits_for=tuple(card.interviewer.name for card in counted if card.is_open),
    )


def _seat(card: Scorecard, short: Mapping[str, str]) -> Seat:
    return Seat(card.interviewer.name, short[card.interviewer.name], STATES[Scorecard.State(card.state)])


def _chart(rung: Rung) -> ScoreChart | None:
    if rung.total is None:
        return None
    interval, possible = rung.interval, rung.possible
    return score_chart(
        rung.total,
        (interval.low, interval.high) if interval else None,
        (possible.low, possible.high) if possible else None,
        name=rung.name,
    )


def _coverage(
    found: Ladder, panels: Mapping[int, Sequence[Scorecard]], rated: Mapping[tuple[int, str], int]
) -> tuple[CoverRow, ...]:
    """Who covers what on these panels; the figures count candidates whose scores the reader may see."""
    cards: dict[User, list[Scorecard]] = defaultdict(list)
    for panel in panels.values():
        for card in panel:
            cards[card.interviewer].append(card)
    return tuple(
        CoverRow(
            interviewer=person,
            initials=found.initials[person.name],
            is_shadow=all(card.is_shadow for card in cards[person]),
            cells=tuple(
                CoverCell(
                    name=dimension.name,
                    is_focus=any(card.covers(dimension.key) for card in cards[person]),
                    scored=rated.get((person.pk, dimension.key), 0),
                )
                for dimension in found.dimensions
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
    user: User, rows: Sequence[Row], panels: Mapping[int, Sequence[Scorecard]], short: Mapping[str, str]
) -> tuple[Wait, ...]:
    """Open scorecards of candidates in the running, the earliest due first; unnamed ones after the named."""
    waits = []
    for row in rows:
        application = row.application
        if application.stage not in (Stage.SCREENING, *SCORED_STAGES):
            continue
        cards = [card for card in panels[application.pk] if card.is_open and not card.is_shadow]
        for card in cards:
            due_at = card.interview.due_at
            is_own = card.interviewer_id == user.pk
            waits.append(Wait(application, 1, _seat(card, short), card, due_at, is_own=is_own))
        unnamed = application.cards_expected - application.cards_in - len(cards)
        if unnamed > 0 and application.is_sealed:
            waits.append(Wait(application, unnamed))
    return tuple(sorted(waits, key=lambda wait: (wait.due_at or NEVER, wait.application.pk)))
