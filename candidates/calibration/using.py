"""How interviewers use the scale, how soon their scorecards come, and how much evidence they give."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from candidates.calibration.charts import (
    DAY,
    LATEST,
    Histogram,
    Ticks,
    highest_share,
    histogram,
    hour_ticks,
    share_x,
)
from candidates.calibration.reading import Heard
from candidates.comparison.charts import percent
from candidates.comparison.reasons import plural
from candidates.models import Scorecard
from candidates.statistics.mirror import LEAST_CARDS, ScaleUse, scale_use
from smarter.marks import figure, listed

LEAST_TIMED = 5
"""Scorecards from which on a median is told."""

LATE_SHARE = 0.5
NEEDS_EVIDENCE = (1, 5)
"""Ratings that can't be submitted without evidence, so that it says nothing to count it."""


@dataclass(frozen=True)
class ScaleRow:
    """One interviewer's ratings."""

    interviewer: int
    name: str
    ratings: int
    chart: Histogram
    remark: str  # what is worth a conversation; only from 10 scorecards on
    too_few: bool

    @property
    def chart_id(self) -> str:
        """An id for the title of the chart."""
        return f"dist-{self.interviewer}"


@dataclass(frozen=True)
class Scale:
    """The section on the use of the scale."""

    heading: str
    rows: tuple[ScaleRow, ...]


@dataclass(frozen=True)
class TimeRow:
    """When one interviewer's scorecards came."""

    name: str
    chart: Ticks
    median: str
    within_day: float

    @property
    def is_late(self) -> bool:
        """Whether half or more come later than a day after the interview."""
        return self.within_day <= LATE_SHARE


@dataclass(frozen=True)
class Turnaround:
    """The section on turnaround."""

    heading: str
    rows: tuple[TimeRow, ...]
    left_out: str


@dataclass(frozen=True)
class EvidenceRow:
    """How many of one interviewer's ratings come with evidence."""

    name: str
    ratings: int
    share: float
    middle: float | None  # among ratings from 2 to 4, for which it is asked and not required
    point: str
    title: str


@dataclass(frozen=True)
class Evidence:
    """The section on evidence."""

    heading: str
    rows: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class Timing:
    """How soon somebody's scorecards come, in hours."""

    hours: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.hours)

    @property
    def within_day(self) -> float:
        """The share that comes within 24 hours."""
        return sum(value <= DAY for value in self.hours) / len(self.hours)

    @property
    def words(self) -> str:
        """`median 10 hours; 88% within a day`."""
        return f"median {hours_in_words(self.median)}; {_per_cent(self.within_day)} within a day"


def by_name(names: dict[int, str], people: Iterable[int]) -> list[int]:
    """Alphabetical: an order that ranks nobody."""
    return sorted(people, key=lambda pk: (names[pk].casefold(), pk))


def find_scale(names: dict[int, str], heard: Sequence[Heard]) -> Scale:
    """A histogram for everybody, on one scale."""
    uses = scale_use(row.rating() for row in heard)
    highest = highest_share(*(use.given for use in uses.values()))
    rows = tuple(
        ScaleRow(
            interviewer=pk,
            name=names[pk],
            ratings=uses[pk].ratings,
            chart=histogram(names[pk], uses[pk].given, highest),
            remark=scale_remark(uses[pk]),
            too_few=uses[pk].cards < LEAST_CARDS,
        )
        for pk in by_name(names, uses)
    )
    return Scale(_scale_heading(rows), rows)


def scale_remark(use: ScaleUse) -> str:
    """What hardly tells candidates apart: ratings that lie close, or whole scorecards alike; empty where neither is."""
    if use.narrow:
        value, times = max(use.given.items(), key=lambda pair: (pair[1], -pair[0]))
        often = "every time" if times == use.ratings else f"in {_per_cent(times / use.ratings)} of ratings"
        return f"gives a {value:.0f} {often}"
    if use.cards_alike and use.cards_alike * 2 >= use.cards:
        return f"gives every dimension the same rating on {use.cards_alike} of {use.cards} scorecards"
    return ""


def find_turnaround(names: dict[int, str], cards: Sequence[Scorecard]) -> Turnaround:
    """Everybody with five scorecards or more whose interview had a time."""
    held: dict[int, list[Scorecard]] = {}
    for card in cards:
        held.setdefault(card.interviewer_id, []).append(card)
    timings = {pk: time_cards(own) for pk, own in held.items()}
    told = {pk: timing for pk, timing in timings.items() if timing and len(timing.hours) >= LEAST_TIMED}
    rows = tuple(_time_row(names[pk], told[pk]) for pk in by_name(names, told))
    return Turnaround(_time_heading(rows, told.values()), rows, _left_out(names, cards, names.keys() - told.keys()))


def time_cards(cards: Iterable[Scorecard]) -> Timing | None:
    """Hours from each interview's end; none where no card's interview has a time. Before the end counts as at once."""
    delays = [card.delay for card in cards]
    hours = tuple(max(0.0, delay / timedelta(hours=1)) for delay in delays if delay is not None)
    return Timing(hours) if hours else None


def hours_in_words(hours: float) -> str:
    """`40 minutes`, `1 hour`, `10 hours`, `3 days`."""
    if hours < 1:
        return plural(round(hours * 60), "minute")
    return plural(round(hours), "hour") if hours < 2 * DAY else plural(round(hours / DAY), "day")


def find_evidence(names: dict[int, str], heard: Sequence[Heard]) -> Evidence:
    """The share of ratings with evidence, for everybody."""
    given: dict[int, list[Heard]] = {}
    for row in heard:
        given.setdefault(row.interviewer, []).append(row)
    rows = tuple(_evidence_row(names[pk], given[pk]) for pk in by_name(names, given))
    if not rows:
        return Evidence("No ratings yet", rows)
    share = sum(row.has_evidence for row in heard) / len(heard)
    return Evidence(f"{_per_cent(share)} of ratings come with evidence", rows)


def _scale_heading(rows: Sequence[ScaleRow]) -> str:
    narrow = [row.name for row in rows if row.remark]
    if all(row.too_few for row in rows):
        return "How each interviewer uses the scale"
    if not narrow:
        return "Nobody keeps to a corner of the scale"
    return f"{listed(narrow)} hardly tell{'s' if len(narrow) == 1 else ''} candidates apart"


def _time_row(name: str, timing: Timing) -> TimeRow:
    within = timing.within_day
    late = sum(value > LATEST for value in timing.hours)
    title = f"{name}: median {hours_in_words(timing.median)}; {_per_cent(within)} within 24 hours"
    title += f"; {plural(late, 'scorecard')} after more than 72 hours" if late else ""
    return TimeRow(name, hour_ticks(timing.hours, timing.median, title), hours_in_words(timing.median), within)


def _time_heading(rows: Sequence[TimeRow], told: Iterable[Timing]) -> str:
    if not rows:
        return "Too few scorecards to say how soon they come"
    late = [f"{row.name}’s" for row in rows if row.is_late]
    if late and len(late) < 4:
        return f"Half or more of {listed(late)} scorecards come later than 24 hours"
    hours = [value for timing in told for value in timing.hours]
    return f"{_per_cent(Timing(tuple(hours)).within_day)} of scorecards come within 24 hours"


def _left_out(names: dict[int, str], cards: Sequence[Scorecard], people: Iterable[int]) -> str:
    """`Tom Ashworth has 3 scorecards and is left out.`"""
    number = Counter(card.interviewer_id for card in cards)
    few = [f"{names[pk]} ({number[pk]})" for pk in by_name(names, people)]
    if not few:
        return ""
    return f"Left out, with fewer than {LEAST_TIMED} scorecards of timed interviews: {listed(few)}."


def _evidence_row(name: str, rows: Sequence[Heard]) -> EvidenceRow:
    share = sum(row.has_evidence for row in rows) / len(rows)
    optional = [row.has_evidence for row in rows if row.value not in NEEDS_EVIDENCE]
    title = f"{name}: {_per_cent(share)} of {plural(len(rows), 'rating')} with evidence"
    middle = sum(optional) / len(optional) if optional else None
    return EvidenceRow(name, len(rows), share, middle, percent(share_x(share)), title)


def _per_cent(share: float) -> str:
    return f"{figure(share * 100, 0)}%"
