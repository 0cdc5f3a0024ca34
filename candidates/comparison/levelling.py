"""Would levelling strict and lenient interviewers change the order? Advisory, and always beside the official score."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from candidates.comparison.naming import Naming, name_interviewers
from candidates.comparison.reasons import plural, refused
from candidates.comparison.standings import Standings
from candidates.statistics.severity import PanelFit, Refusal, severity_intervals
from smarter.marks import figure, signed

SAME = 0.005
"""Differences below this disappear in two decimals."""


@dataclass(frozen=True)
class LevelledRow:
    """One candidate: the official score, and the one an average interviewer of the panel would have given."""

    name: str
    official: str
    adjusted: str
    difference: str


@dataclass(frozen=True)
class Lean:
    """How one interviewer rates beside the others on the same candidates."""

    name: str
    severity: str
    span: str
    words: str


@dataclass(frozen=True)
class Levelling:
    """The severity check; without a verdict there is nothing to check."""

    verdict: str
    rows: tuple[LevelledRow, ...]
    leans: tuple[Lean, ...]  # named to the opening's team only


def level(found: Standings, columns: Sequence[int], naming: Naming) -> Levelling:
    """Check these applications, on the fit of the whole opening."""
    fit = found.fit
    interviewers, _ = name_interviewers(found.reading.cards)
    if isinstance(fit, Refusal):
        return Levelling("" if fit.reason == "empty" else refused(fit, naming.candidates, interviewers), (), ())
    adjusted = dict(zip(fit.candidates, fit.adjusted.tolist(), strict=True))
    totals = {pk: found.by_application[pk].total or 0.0 for pk in columns if pk in adjusted}
    before = sorted(totals, key=lambda pk: (-round(totals[pk], 9), pk))
    after = sorted(totals, key=lambda pk: (-round(adjusted[pk], 9), pk))
    rows = tuple(
        LevelledRow(
            naming.candidates[pk], figure(totals[pk], 2), figure(adjusted[pk], 2), signed(adjusted[pk] - totals[pk], 2)
        )
        for pk in before
    )
    moved = max((abs(adjusted[pk] - totals[pk]) for pk in totals), default=0.0)
    leans = tuple(_leans(fit, interviewers)) if found.reading.is_on_team else ()
    return Levelling(
        _verdict([naming.candidates[pk] for pk in before], [naming.candidates[pk] for pk in after], moved), rows, leans
    )


def _verdict(before: Sequence[str], after: Sequence[str], moved: float) -> str:
    """Whether the order changes, in one sentence."""
    if not before:
        return "None of these candidates has complete scorecards to level."
    if moved < SAME:
        return "No. Everybody was rated by the same interviewers, so levelling them changes no score."
    if list(before) == list(after):
        return f"No. Levelling the interviewers moves scores by up to {figure(moved, 2)} and leaves the order as it is."
    first = next(place for place, names in enumerate(zip(before, after, strict=True)) if names[0] != names[1])
    return (
        f"Yes. Levelled, {after[first]} would come before {before[first]}. The official scores stay as they are; take "
        "it as a question for the debrief."
    )


def _leans(fit: PanelFit, interviewers: Mapping[int, str]) -> list[Lean]:
    """Every interviewer of the panel, by name."""
    met = Counter(fit.raters[place] for place in fit.card_rater.tolist())
    rows = zip(fit.raters, fit.severity.tolist(), severity_intervals(fit).tolist(), strict=True)
    leans = [
        Lean(
            name=interviewers[rater],
            severity=signed(severity, 2),
            span=f"{signed(low, 1)} to {signed(high, 1)}",
            words=f"{_lean_words(low, high)}, on {plural(met[rater], 'candidate')}",
        )
        for rater, severity, (low, high) in rows
    ]
    return sorted(leans, key=lambda lean: lean.name)


def _lean_words(low: float, high: float) -> str:
    """What the interval of a severity allows to say."""
    if low > 0:
        return "rates above the others"
    if high < 0:
        return "rates below the others"
    return "no clear lean"
