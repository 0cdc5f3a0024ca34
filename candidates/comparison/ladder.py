"""The candidates of an opening as lists need them: a few figures for each, in order, and nothing they were made from.

With thousands of candidates this is a small part of what `Standings` holds, so that it can be kept between requests.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from candidates.comparison.naming import name_candidates, name_interviewers
from candidates.comparison.reading import WeighedDimension
from candidates.comparison.reasons import NO_ORDER_YET, refused
from candidates.comparison.standings import Interval, Standing, Standings
from candidates.comparison.versions import VersionsNotice, describe_versions
from candidates.models import Application
from candidates.statistics.severity import Refusal
from smarter.marks import Mark, Number


@dataclass(frozen=True, slots=True)
class Rung:
    """One application: what `Standing` says of it, without its scores."""

    application: int
    candidate: int
    name: str
    role: str
    stage: str
    total: float | None
    interval: Interval | None
    possible: Interval | None
    tier: int | None
    reason: str
    means: tuple[Number | None, ...]  # by dimension; empty where there is no score to read
    group: int  # those of different groups can't be put in order

    @property
    def stage_label(self) -> str:
        """The stage in words."""
        return Application.Stage(self.stage).label

    @property
    def without_interval(self) -> str:
        """Why a score has no interval; empty where it has one, or where the reason is said once of all."""
        has_reason = self.total is not None and self.interval is None and self.reason != NO_ORDER_YET
        return self.reason if has_reason else ""


@dataclass(frozen=True)
class Ladder:
    """All applications of an opening that one person may see, in the order of what that person may know."""

    rungs: tuple[Rung, ...]
    dimensions: tuple[WeighedDimension, ...]
    weights: Mapping[str, float]  # the official ones
    is_on_team: bool
    apart: frozenset[str]  # the keys of dimensions on which no total stands
    versions: VersionsNotice | None
    initials: Mapping[str, str]  # by name, of those on panels that one may see
    refusal: str  # why nobody has an interval or tier, and what would mend it; empty where somebody has
    masked_refusal: str  # the same without the names of candidates

    @cached_property
    def by_application(self) -> dict[int, Rung]:
        """The rungs by the primary key of their application."""
        return {rung.application: rung for rung in self.rungs}

    @cached_property
    def known(self) -> dict[str, int]:
        """The applications as an address names them."""
        return {str(rung.application): rung.application for rung in self.rungs}

    @cached_property
    def places(self) -> dict[int, int]:
        """In which place each application came in, counted from 0."""
        return {pk: place for place, pk in enumerate(sorted(rung.application for rung in self.rungs))}

    @cached_property
    def stages(self) -> Counter[str]:
        """How many applications are in each stage."""
        return Counter(rung.stage for rung in self.rungs)

    def marks(self, rung: Rung) -> tuple[Mark, ...]:
        """The profile of means; a dimension that nobody could rate or that does not compare says so."""
        rows = zip(self.dimensions, rung.means, strict=bool(rung.means))
        return tuple(
            Mark(row.letter, row.name, mean, "" if mean is not None else "apart" if row.key in self.apart else "na")
            for row, mean in rows
        )


def make_ladder(found: Standings, initials: Mapping[str, str]) -> Ladder:
    """Keep of the standings what lists need."""
    reading = found.reading
    return Ladder(
        rungs=tuple(_rung(row, found.groups.get(row.application.pk, 0)) for row in found.rows),
        dimensions=reading.dimensions,
        weights=reading.weights,
        is_on_team=reading.is_on_team,
        apart=found.apart,
        versions=describe_versions(reading, found.differences, together=found.together),
        initials=initials,
        refusal=_refusal(found, masked=False),
        masked_refusal=_refusal(found, masked=True),
    )


def _refusal(found: Standings, *, masked: bool) -> str:
    if not isinstance(found.fit, Refusal) or found.fit.reason == "empty":
        return ""
    interviewers, _ = name_interviewers(found.reading.cards)
    return refused(found.fit, name_candidates(found.reading, masked=masked).candidates, interviewers)


def _rung(row: Standing, group: int) -> Rung:
    application = row.application
    return Rung(
        application=application.pk,
        candidate=application.candidate_id,
        name=application.candidate.name,
        role=application.candidate.current_role,
        stage=application.stage,
        total=row.total,
        interval=row.interval,
        possible=row.possible,
        tier=row.tier,
        reason=row.reason,
        means=tuple(mark.value for mark in row.marks),
        group=group,
    )
