"""Where each candidate of an opening stands: total, interval, tier, and the reason where one of them is withheld."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from candidates.comparison.reading import Reading
from candidates.comparison.reasons import NOTHING_COMPARES, set_apart, withheld
from candidates.comparison.versions import Difference, find_differences, left_out, score_panels, without
from candidates.models import Application
from candidates.statistics.ranking import score_intervals, tiers
from candidates.statistics.severity import PanelFit, Refusal, fit_panel
from candidates.statistics.totals import HIGHEST, LOWEST, PanelScore, Rating
from smarter.marks import Mark

OUT_OF_THE_RUNNING = (Application.Stage.REJECTED, Application.Stage.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Interval:
    """A 90% interval of a score."""

    low: float
    high: float


@dataclass(frozen=True)
class Standing:
    """One application. Sealed or without a card to read: no score at all, and `reason` says which."""

    application: Application
    score: PanelScore | None
    interval: Interval | None
    tier: int | None
    reason: str  # why there is no interval or tier; empty where there are both
    marks: tuple[Mark, ...]  # the profile: a mean for each dimension

    @property
    def total(self) -> float | None:
        """The official figure."""
        return self.score.total if self.score else None

    @property
    def possible(self) -> Interval | None:
        """Between what the total lies whatever the missing ratings; None where nothing is missing."""
        if self.score is None or self.total is None or self.score.high - self.score.low < 1e-9:
            return None
        return Interval(self.score.low, self.score.high)


@dataclass(frozen=True)
class Standings:
    """All applications of an opening in the order of what is known of them."""

    reading: Reading
    weights: Mapping[str, float]  # as asked for; what does not compare across versions carries none of it
    rows: tuple[Standing, ...]
    fit: PanelFit | Refusal
    after_debrief: bool
    differences: tuple[Difference, ...] = ()  # between the rubric versions of the cards
    together: bool = False  # whether scores on changed anchors were confirmed to be compared
    groups: Mapping[int, int] = field(default_factory=dict)
    """Where panels share no interviewer: the number of the group within which a candidate may be put in order."""

    @property
    def apart(self) -> frozenset[str]:
        """The keys of the dimensions on which no total stands, because they do not compare across versions."""
        return left_out(self.differences, together=self.together)

    @cached_property
    def by_application(self) -> dict[int, Standing]:
        """The rows by the primary key of their application."""
        return {row.application.pk: row for row in self.rows}


def place(
    reading: Reading,
    weights: Mapping[str, float] | None = None,
    *,
    after_debrief: bool = False,
    together: bool = False,
) -> Standings:
    """Place every application of a reading, under the official weights or under others on trial.

    Rows come by tier, then total; then those without a tier by total; last those whose scores may not be read.
    What does not compare across rubric versions carries no weight; `together` says that the reader has confirmed to
    compare scores on anchors that changed.
    """
    differences = find_differences(reading)
    apart = left_out(differences, together=together)
    weights = weights or reading.weights
    scores = score_panels(reading, weights, apart, after_debrief=after_debrief)
    counted = without(weights, apart) if apart else weights
    fit: PanelFit | Refusal = Refusal("empty")
    groups: dict[int, int] = {}
    running = {row.pk for row in reading.applications if row.stage not in OUT_OF_THE_RUNNING}
    if any(counted.values()):
        fit, groups = _fit(reading, reading.ratings(after_debrief=after_debrief), counted, running)
    tier_of = _tiers(fit, running)
    intervals = _intervals(fit)
    rows = [
        _standing(reading, application, scores.get(application.pk), fit, intervals, tier_of)
        for application in reading.applications
    ]
    if apart:
        rows = [_stand_apart(row, reading, apart, any_counts=any(counted.values())) for row in rows]
    if isinstance(fit, PanelFit):
        rows = [_stand_alone(row, running) if groups.get(row.application.pk, 1) > 1 else row for row in rows]
    ordered = tuple(_in_groups(sorted(rows, key=_by_what_is_known), groups))
    return Standings(reading, weights, ordered, fit, after_debrief, differences, together, groups)


def _fit(
    reading: Reading, ratings: list[Rating], weights: Mapping[str, float], running: Collection[int]
) -> tuple[PanelFit | Refusal, dict[int, int]]:
    """The fit, and the number of each application's group; no numbers where all can be compared with all.

    Where panels share no interviewer there is no fit, unless only one group holds anybody whom it could place: those
    in the running with two cards or more. A candidate whom one outsider met does not take the order from the others.
    """
    fit = fit_panel(ratings, weights, expected=reading.expected)
    if not isinstance(fit, Refusal) or fit.reason != "disconnected":
        return fit, {}
    cards = Counter(candidate for candidate, _ in {(row.candidate_id, row.interviewer_id) for row in ratings})
    parts = [set(part.candidates) for part in fit.components]
    to_place = [part for part in parts if any(pk in running and cards[pk] > 1 for pk in part)]
    if len(to_place) == 1:
        parts.sort(key=lambda part: part is not to_place[0])
        others = set().union(*parts[1:])
        kept, asked = _without(others, ratings), [cell for cell in reading.expected if cell[0] not in others]
        alone = fit_panel(kept, weights, expected=asked)
        fit = fit if isinstance(alone, Refusal) else alone
    return fit, {pk: number for number, part in enumerate(parts, start=1) for pk in part}


def _without(applications: Collection[int], ratings: Iterable[Rating]) -> list[Rating]:
    return [row for row in ratings if row.candidate_id not in applications]


def _stand_alone(row: Standing, running: Collection[int]) -> Standing:
    """The row of somebody who shares no interviewer with those who are in order."""
    return replace(row, reason=set_apart(is_running=row.application.pk in running))


def _in_groups(rows: list[Standing], groups: Mapping[int, int]) -> list[Standing]:
    """Candidates who can't be put in order are not mixed: one group after the other, then those in none."""
    return sorted(rows, key=lambda row: (row.total is None, groups.get(row.application.pk, len(rows))))


def _stand_apart(row: Standing, reading: Reading, apart: Collection[str], *, any_counts: bool) -> Standing:
    """The row without a profile of what does not compare with other rows."""
    if row.score is None:
        return row
    marks = tuple(
        replace(mark, value=None, state="apart") if dimension.key in apart else mark
        for dimension, mark in zip(reading.dimensions, row.marks, strict=True)
    )
    return replace(row, marks=marks, reason=row.reason if any_counts else NOTHING_COMPARES)


def _by_what_is_known(row: Standing) -> tuple[int, float, str, int]:
    total = row.total
    if total is None:
        return (10_002, 0.0, row.application.candidate.name, row.application.pk)
    tier = 10_001 if row.tier is None else row.tier
    return (tier, -round(total, 9), row.application.candidate.name, row.application.pk)


def _tiers(fit: PanelFit | Refusal, running: Collection[int]) -> dict[int, int]:
    """Tier by application, among those still in the running."""
    if isinstance(fit, Refusal):
        return {}
    groups = tiers(fit, [pk for pk in fit.candidates if pk in running])
    return {pk: number for number, group in enumerate(groups, start=1) for pk in group}


def _intervals(fit: PanelFit | Refusal) -> dict[int, Interval]:
    """Interval by application, as far as the scale goes; nothing is claimed about those with one card."""
    if isinstance(fit, Refusal):
        return {}
    rows = zip(fit.candidates, score_intervals(fit).tolist(), strict=True)
    return {pk: Interval(max(low, LOWEST), min(high, HIGHEST)) for pk, (low, high) in rows if not np.isnan(low)}


def _standing(
    reading: Reading,
    application: Application,
    score: PanelScore | None,
    fit: PanelFit | Refusal,
    intervals: Mapping[int, Interval],
    tier_of: Mapping[int, int],
) -> Standing:
    interval, tier = intervals.get(application.pk), tier_of.get(application.pk)
    return Standing(
        application=application,
        score=score,
        interval=interval,
        tier=tier,
        reason="" if interval and tier else withheld(application, score, fit),
        marks=_marks(reading, score),
    )


def _marks(reading: Reading, score: PanelScore | None) -> tuple[Mark, ...]:
    """The profile of means; a dimension that nobody could rate says so."""
    if score is None:
        return ()
    return tuple(
        Mark(row.letter, row.name, score.dimensions[row.key].mean)
        if row.key in score.dimensions
        else Mark(row.letter, row.name, state="na")
        for row in reading.dimensions
    )
