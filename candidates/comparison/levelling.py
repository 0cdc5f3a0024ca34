"""Would levelling strict and lenient interviewers change the order? Advisory, and always beside the official score."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from candidates.comparison.naming import Naming, name_interviewers
from candidates.comparison.order import span
from candidates.comparison.reasons import plural, refused
from candidates.comparison.standings import Standings
from candidates.statistics.ranking import CLEARLY, difference
from candidates.statistics.severity import PanelFit, Refusal, severity_intervals
from smarter.marks import figure, listed, signed

SAME = 0.005
"""Differences below this disappear in two decimals."""


@dataclass(frozen=True)
class LevelledRow:
    """One candidate: the official score, and the one an average interviewer of the panel would have given."""

    name: str
    official: str
    adjusted: str
    difference: str
    span: str  # the 90% interval


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
    left_out: str = ""  # those with a score about whom nothing is claimed, by name


@dataclass(frozen=True)
class _Levelled:
    """What is known of a candidate with two complete cards or more."""

    pk: int
    name: str
    official: float
    adjusted: float
    raters: frozenset[int]


def level(found: Standings, columns: Sequence[int], naming: Naming) -> Levelling:
    """Check these applications, on the fit of the whole opening. Nothing is claimed about those with one card."""
    fit = found.fit
    interviewers, _ = name_interviewers(found.reading.cards)
    if isinstance(fit, Refusal):
        return Levelling("" if fit.reason == "empty" else refused(fit, naming.candidates, interviewers), (), ())
    levelled = _levelled(found, fit, columns, naming)
    known = {row.pk for row in levelled}
    return Levelling(
        verdict=_verdict(fit, levelled),
        rows=tuple(_row(found, row) for row in levelled),
        leans=tuple(_leans(fit, interviewers)) if found.reading.is_on_team else (),
        left_out=listed(
            [naming.candidates[pk] for pk in columns if pk not in known and found.by_application[pk].total is not None]
        ),
    )


def _levelled(found: Standings, fit: PanelFit, columns: Sequence[int], naming: Naming) -> list[_Levelled]:
    """Those that can be levelled, the highest official score first."""
    place = {pk: number for number, pk in enumerate(fit.candidates) if fit.claimable[number]}
    rows = [
        _Levelled(
            pk=pk,
            name=naming.candidates[pk],
            official=found.by_application[pk].total or 0.0,
            adjusted=float(fit.adjusted[place[pk]]),
            raters=frozenset(fit.card_rater[fit.card_candidate == place[pk]].tolist()),
        )
        for pk in columns
        if pk in place
    ]
    return sorted(rows, key=lambda row: (-round(row.official, 9), row.pk))


def _row(found: Standings, row: _Levelled) -> LevelledRow:
    interval = found.by_application[row.pk].interval
    return LevelledRow(
        name=row.name,
        official=figure(row.official, 2),
        adjusted=figure(row.adjusted, 2),
        difference=signed(row.adjusted - row.official, 2),
        span=span(interval) if interval else "",
    )


def _verdict(fit: PanelFit, rows: Sequence[_Levelled]) -> str:
    """Whether the order changes, in a sentence or two; by the figures as they are shown."""
    if not rows:
        return "None of these candidates has two complete scorecards to level."
    if len(rows) == 1:
        return f"Only {rows[0].name} has two complete scorecards to level, so there is no order to change."
    # Of all pairs that change, the one with the highest official score, and who comes off best against it.
    by_gain = sorted(combinations(rows, 2), key=lambda pair: (rows.index(pair[0]), -pair[1].adjusted))
    change = next(filter(None, (_change(fit, above, below) for above, below in by_gain)), "")
    if change:
        return f"Yes. {change} The official scores stay as they are; take it as a question for the debrief."
    moved = max(abs(row.adjusted - row.official) for row in rows)
    if moved >= SAME:
        return f"No. Levelling the interviewers moves scores by up to {figure(moved, 2)} and leaves the order as it is."
    alike = len({row.raters for row in rows}) == 1
    why = "Everybody was rated by the same interviewers" if alike else "The interviewers rate alike"
    return f"No. {why}, so levelling them changes no score."


def _change(fit: PanelFit, above: _Levelled, below: _Levelled) -> str:
    """What levelling does to two candidates of whom the first stands no lower officially; empty where nothing."""
    official = round(above.official, 2) - round(below.official, 2)
    adjusted = round(above.adjusted, 2) - round(below.adjusted, 2)
    if (official > 0) == (adjusted > 0) and (official < 0) == (adjusted < 0):
        return ""
    if adjusted == 0:
        return f"Levelled, {above.name} and {below.name} would be level."
    first, second = (above, below) if adjusted > 0 else (below, above)
    level_now = f"Officially {above.name} and {below.name} are level. " if official == 0 else ""
    sure = difference(fit, first.pk, second.pk)
    unclear = " The panel does not clearly separate the two." if sure and sure.probability <= CLEARLY else ""
    return f"{level_now}Levelled, {first.name} would come before {second.name}.{unclear}"


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
