"""Who rates above or below the others on the same candidates: the severity check, over all openings chosen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from candidates.calibration.charts import BAND, Estimate, lean_estimate
from candidates.calibration.reading import Heard, Material
from candidates.comparison.reasons import plural
from candidates.models import Scorecard
from candidates.statistics.mirror import LEAST_SHARED
from candidates.statistics.severity import Card, PanelFit, Refusal, complete_cards, fit_cards, severity_intervals
from candidates.statistics.voices import Rating
from smarter.marks import figure, listed

SURE = 0.5
"""An interval that reaches farther than this from nothing does not let anybody say "alike"."""

TOO_FEW = "Too few to say"
UNSURE = "Can’t tell yet"


@dataclass(frozen=True)
class LeanRow:
    """One interviewer; without a chart there is too little to say."""

    interviewer: int
    name: str
    scorecards: int
    chart: Estimate | None
    words: str
    points: float  # 0 unless it lies off the others'

    @property
    def is_off(self) -> bool:
        """Whether it is worth a conversation."""
        return self.points != 0

    @property
    def chart_id(self) -> str:
        """An id for the title of the chart."""
        return f"sev-{self.interviewer}"


@dataclass(frozen=True)
class LeanGroup:
    """Interviewers who are joined by candidates they share, and so can be held against one another."""

    title: str
    rows: tuple[LeanRow, ...]
    refusal: str


@dataclass(frozen=True)
class Leaning:
    """The section on severity."""

    heading: str
    groups: tuple[LeanGroup, ...]
    notes: tuple[str, ...]

    @property
    def rows(self) -> tuple[LeanRow, ...]:
        """All interviewers."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def off(self) -> tuple[LeanRow, ...]:
        """Those worth a conversation."""
        return tuple(row for row in self.rows if row.is_off)


def lean_words(mean: float, low: float, high: float, *, alike: str) -> tuple[str, float]:
    """What an interval allows to say, and the points where it is off: never "off" while zero lies inside it."""
    if abs(mean) >= BAND and (low > 0 or high < 0):
        return f"{figure(abs(mean))} {'more lenient' if mean > 0 else 'stricter'}", mean
    if abs(mean) < BAND and low >= -SURE and high <= SURE:
        return alike, 0.0
    return UNSURE, 0.0


def find_leaning(material: Material, cards: Sequence[Scorecard], heard: Sequence[Heard]) -> Leaning:
    """Fit the complete scorecards of all openings together, or apart where no shared candidate joins them."""
    complete, gaps = complete_composites(material, cards, heard)
    names = {card.interviewer_id: card.interviewer.name for card in cards}
    held = Counter(card.interviewer_id for card in cards)
    fit = fit_cards(complete)
    parts = [complete]
    if isinstance(fit, Refusal) and fit.reason == "disconnected":
        members = [set(part.interviewers) for part in fit.components]
        parts = [[card for card in complete if card.interviewer_id in part] for part in members]
    groups = [_group(part, names, held) for part in parts if part]
    if len(groups) > 1:
        groups = [
            LeanGroup(f"Group {number} of {len(groups)}, who share candidates", group.rows, group.refusal)
            for number, group in enumerate(groups, 1)
        ]
    without = names.keys() - {row.interviewer for group in groups for row in group.rows}
    if without:
        title = "No complete scorecard beside another" if groups else ""
        rows = [LeanRow(pk, names[pk], held[pk], None, TOO_FEW, 0.0) for pk in without]
        groups.append(LeanGroup(title, _alphabetical(rows), ""))
    found = tuple(groups)
    return Leaning(_heading(found), found, tuple(_notes(len(parts), gaps)))


def complete_composites(
    material: Material, cards: Iterable[Scorecard], heard: Iterable[Heard]
) -> tuple[list[Card], int]:
    """The weighted means of complete scorecards, by each opening's own weights; and how many candidates have gaps."""
    ratings: dict[int, list[Rating]] = {}
    about = {card.pk: (material.opening_of(card), material.measured(card)) for card in cards}
    for row in heard:
        opening, measured = about[row.card.pk]
        ratings.setdefault(opening, []).append(Rating(measured, row.interviewer, row.key, row.value))
    expected: dict[int, set[tuple[Any, Any, Any]]] = {}
    for card in cards:
        expected.setdefault(material.opening_of(card), set()).update(material.expected(card))
    found: list[Card] = []
    gaps = 0
    for opening, rows in sorted(ratings.items()):
        weights = material.weights[opening]
        if any(row.dimension_id in weights for row in rows):
            complete = complete_cards(rows, weights, expected[opening])
            found += complete.cards
            gaps += len(complete.incomplete)
    return found, gaps


def _group(cards: Sequence[Card], names: dict[int, str], held: Counter[int]) -> LeanGroup:
    """One fit, or why there is none."""
    fit = fit_cards(cards)
    if isinstance(fit, Refusal):
        people = {card.interviewer_id for card in cards}
        rows = [LeanRow(pk, names[pk], held[pk], None, TOO_FEW, 0.0) for pk in people]
        more = plural(fit.cards_needed, "more complete scorecard")
        return LeanGroup("", _alphabetical(rows), f"{more} for these candidates would allow a first estimate.")
    shared = _shared(fit)
    estimates = zip(fit.raters, fit.severity.tolist(), severity_intervals(fit).tolist(), strict=True)
    rows = [
        _row(rater, names[rater], held[rater], (mean, low, high) if shared[rater] >= LEAST_SHARED else None)
        for rater, mean, (low, high) in estimates
    ]
    return LeanGroup("", _alphabetical(rows), "")


def _row(rater: int, name: str, held: int, estimate: tuple[float, float, float] | None) -> LeanRow:
    if estimate is None:
        return LeanRow(rater, name, held, None, TOO_FEW, 0.0)
    words, points = lean_words(*estimate, alike="Like the panel")
    return LeanRow(rater, name, held, lean_estimate(name, *estimate, others="the panel"), words, points)


def _shared(fit: PanelFit) -> Counter[int]:
    """How many candidates each interviewer shares with another."""
    met = zip(fit.card_candidate.tolist(), fit.card_rater.tolist(), strict=True)
    return Counter(fit.raters[rater] for candidate, rater in met if fit.cards[candidate] > 1)


def _alphabetical(rows: Iterable[LeanRow]) -> tuple[LeanRow, ...]:
    """By name: an order that ranks nobody."""
    return tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.interviewer)))


def _heading(groups: Sequence[LeanGroup]) -> str:
    """The finding."""
    told = [row for group in groups for row in group.rows if row.chart]
    off = [row for row in told if row.is_off]
    if not told:
        return "Too early to say who rates off the panel"
    if not off:
        unsure = any(row.words == UNSURE for row in told)
        return "Nobody clearly rates off the panel" if unsure else "Nobody rates off the panel"
    who = listed([row.name for row in off]) if len(off) < 3 else f"{len(off)} of {len(told)} interviewers"
    return f"{who} rate{'s' if len(off) == 1 else ''} off the panel"


def _notes(parts: int, gaps: int) -> Iterable[str]:
    if parts > 1:
        yield (
            "These panels share no interviewer, so people of different groups can’t be held against each other. An "
            "interview across them would change that."
        )
    if gaps:
        yield f"Left out here: {plural(gaps, 'candidate')} with a scorecard that does not rate every dimension."
