"""What to watch when interviews are planned: who meets whom twice, clashes, and how well the dimensions are covered."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from candidates.access import ScorecardQuerySet
from candidates.models import Application, Interview, Opening, Scorecard
from candidates.statistics.agreement import spearman_brown
from candidates.statistics.connection import components, connecting_interviews
from rubrics.models import Dimension
from smarter.accounts.models import User
from smarter.initials import initials
from smarter.marks import figure

NEEDED = 2
ONE_INTERVIEWER = 0.44
"""How well the rating of one separate interviewer holds; STATISTICS.md gives the source."""
SIZES = (1, 2, 3, 4, 5)
LONGEST = timedelta(minutes=600)


@dataclass(frozen=True)
class Covered:
    """Who covers one dimension for one candidate."""

    dimension: Dimension
    names: tuple[str, ...]
    initials: tuple[str, ...] = ()

    @property
    def is_thin(self) -> bool:
        """Fewer than two: a disagreement could not show."""
        return len(self.names) < NEEDED


@dataclass(frozen=True)
class PlanRow:
    """One candidate: interviews planned, and who covers what."""

    application: Application
    interviews: tuple[Interview, ...]
    cells: tuple[Covered, ...]
    meets_twice: tuple[str, ...]
    panel: frozenset[User] = frozenset()  # whose scorecards will count
    missing: tuple[str, ...] = ()  # who meets most of the others, and not this one


class Slot(NamedTuple):
    """When somebody meets a candidate."""

    interview: int
    starts_at: datetime
    minutes: int
    candidate: str

    @property
    def ends_at(self) -> datetime:
        """When it ends as planned."""
        return self.starts_at + timedelta(minutes=self.minutes)


SLOT_FIELDS = (
    "interviewer",
    "interviewer__name",
    "interview",
    "interview__starts_at",
    "interview__minutes",
    "interview__application__candidate__name",
)


@dataclass(frozen=True)
class Reliability:
    """What a panel of a size buys, on a scale from 0 to 1."""

    size: int
    value: str
    candidates: int = 0  # how many here have a panel of this size; the last size stands for larger ones too


@dataclass(frozen=True)
class Plan:
    """The interview plan of an opening."""

    dimensions: tuple[Dimension, ...]
    rows: tuple[PlanRow, ...]
    to_copy: tuple[Interview, ...]  # one of each title that some candidates here lack
    clashes: tuple[str, ...]
    unconnected: tuple[str, ...]
    reliability: tuple[Reliability, ...]

    @property
    def thin(self) -> tuple[str, ...]:
        """Dimensions that fewer than two cover: `Teams for 2 candidates`."""
        counts = [(row.name, sum(each.cells[place].is_thin for each in self.rows)) for place, row in self._columns()]
        return tuple(f"{name} for {number} candidate{'' if number == 1 else 's'}" for name, number in counts if number)

    def _columns(self) -> list[tuple[int, Dimension]]:
        """Only once something is planned: before that, all would be thin."""
        return list(enumerate(self.dimensions)) if any(row.interviews for row in self.rows) else []


def read_plan(user: User, opening: Opening, applications: Sequence[Application]) -> Plan:
    """Plan of the `applications` shown, which belong to the opening, in a fixed number of queries."""
    interviews = _interviews(user, applications)
    seats = _seats(user, interviews)
    dimensions = tuple(opening.rubric_version.dimensions.all())
    short = initials(seat.interviewer.name for seat in seats)
    rows = _with_shortfalls([_row(row, interviews, seats, dimensions, short) for row in applications])
    return Plan(
        dimensions=dimensions,
        rows=rows,
        to_copy=_to_copy(rows, {seat.interview_id for seat in seats}),
        clashes=_clashes(user, interviews, seats),
        unconnected=_unconnected(applications, interviews, seats),
        reliability=_reliability(rows),
    )


def _with_shortfalls(rows: Sequence[PlanRow]) -> tuple[PlanRow, ...]:
    """Each with the interviewers who meet at least half of those with a panel, and not this one."""
    panels = [row.panel for row in rows if row.panel]
    everybody = frozenset[User]().union(*panels)
    usual = {person for person in everybody if 2 * sum(person in panel for panel in panels) >= len(panels)}
    return tuple(
        replace(row, missing=_names(usual - row.panel) if row.panel and len(panels) > 1 else ()) for row in rows
    )


def _names(people: Iterable[User]) -> tuple[str, ...]:
    """In order; people of the same name are as many as they are."""
    return tuple(sorted(person.name for person in people))


def _reliability(rows: Sequence[PlanRow]) -> tuple[Reliability, ...]:
    """What each size of panel buys, and how many candidates have one of it."""
    sizes = [min(len(row.panel), SIZES[-1]) for row in rows]
    return tuple(
        Reliability(size, figure(spearman_brown(ONE_INTERVIEWER, size), 2), sizes.count(size)) for size in SIZES
    )


def warn_of(user: User, interview: Interview) -> list[str]:
    """What to watch in one interview: an interviewer who meets the candidate twice, or sits elsewhere at that time."""
    panels = _interviews(user, [interview.application])
    seats = _seats(user, panels)
    here = {seat.interviewer_id for seat in seats if seat.interview_id == interview.pk}
    names = sorted(
        {seat.interviewer.name for seat in seats if seat.interview_id != interview.pk and seat.interviewer_id in here}
    )
    twice = [f"{name} meets {interview.application.candidate} in another interview as well." for name in names]
    return twice + list(_clashes(user, [interview], [seat for seat in seats if seat.interview_id == interview.pk]))


def _interviews(user: User, applications: Iterable[Application]) -> list[Interview]:
    planned = Interview.objects.visible_to(user).filter(cancelled_at=None)
    wanted = planned.filter(application__in=[row.pk for row in applications])
    return list(wanted.select_related("application__candidate"))


def _active(user: User) -> ScorecardQuerySet:
    """Seats that are or will be taken, as far as one may see the panel."""
    return Scorecard.objects.seats_visible_to(user).filter(interview__cancelled_at=None).exclude(state="declined")


def _seats(user: User, interviews: Iterable[Interview]) -> list[Scorecard]:
    return list(_active(user).filter(interview__in=[row.pk for row in interviews]).select_related("interviewer"))


def _row(
    application: Application,
    interviews: Sequence[Interview],
    seats: Sequence[Scorecard],
    dimensions: Sequence[Dimension],
    short: Mapping[str, str],
) -> PlanRow:
    own = tuple(row for row in interviews if row.application_id == application.pk)
    keys = {row.pk for row in own}
    here = [seat for seat in seats if seat.interview_id in keys]
    counted = [seat for seat in here if not seat.is_shadow]
    met = Counter(seat.interviewer for seat in here)
    covering = [_names({seat.interviewer for seat in counted if seat.covers(row.key)}) for row in dimensions]
    return PlanRow(
        application=application,
        interviews=own,
        cells=tuple(
            Covered(row, found, tuple(short[name] for name in found))
            for row, found in zip(dimensions, covering, strict=True)
        ),
        panel=frozenset(seat.interviewer for seat in counted),
        meets_twice=_names(person for person, number in met.items() if number > 1),
    )


def _to_copy(rows: Sequence[PlanRow], seated: set[int]) -> tuple[Interview, ...]:
    """Interviews whose panel is proposed for the candidates who have none of this title."""
    titles: dict[str, list[Interview]] = defaultdict(list)
    for row in rows:
        for interview in row.interviews:
            titles[interview.title].append(interview)
    return tuple(
        same[0]
        for same in titles.values()
        if same[0].pk in seated and len({row.application_id for row in same}) < len(rows)
    )


def _clashes(user: User, interviews: Sequence[Interview], seats: Sequence[Scorecard]) -> tuple[str, ...]:
    """Interviewers with two interviews at one time, of which at least one is among these."""
    starts = [row.starts_at for row in interviews if row.starts_at]
    if not starts:
        return ()
    near = _active(user).filter(
        interviewer__in={seat.interviewer_id for seat in seats},
        interview__starts_at__gt=min(starts) - LONGEST,
        interview__starts_at__lt=max(starts) + LONGEST,
    )
    by_person: dict[tuple[int, str], list[Slot]] = defaultdict(list)
    for person, name, *slot in near.order_by("interview__starts_at", "interview").values_list(*SLOT_FIELDS):
        by_person[person, name].append(Slot(*slot))
    here = {row.pk for row in interviews}
    return tuple(
        f"{name} is planned for {first.candidate} and {second.candidate} at the same time."
        for (_, name), agenda in by_person.items()
        for first, second in combinations(agenda, 2)  # a long one may meet more than the next
        if {first.interview, second.interview} & here and second.starts_at < first.ends_at
    )


def _unconnected(
    applications: Sequence[Application], interviews: Sequence[Interview], seats: Sequence[Scorecard]
) -> tuple[str, ...]:
    """What would join candidates whose panels share no interviewer; empty where all are joined."""
    of_interview = {row.pk: row.application_id for row in interviews}
    links = [(of_interview[seat.interview_id], seat.interviewer_id) for seat in seats if not seat.is_shadow]
    parts = components(links)
    if len(parts) < NEEDED:
        return ()
    candidates = {row.pk: row.candidate.name for row in applications}
    people = {seat.interviewer_id: seat.interviewer.name for seat in seats}
    return tuple(
        f"{candidates[wanted.candidate_id]} with {people[wanted.interviewer_id]}"
        for wanted in connecting_interviews(parts, links)
    )
