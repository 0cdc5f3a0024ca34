"""What the ratings say: the candidates of a comparison on one axis, in tiers, with a sentence on the first two."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from candidates.comparison.charts import ScoreChart, score_chart
from candidates.comparison.naming import Naming, name_interviewers
from candidates.comparison.reasons import plural, refused
from candidates.comparison.seats import Closed, closed
from candidates.comparison.standings import Interval, Standing, Standings
from candidates.models import Scorecard
from candidates.statistics.ranking import ahead_words, chance_words, probability_ahead, rank_shares, round_to_five
from candidates.statistics.severity import PanelFit, Refusal
from smarter.marks import figure, listed

NOTHING_LEFT = (
    "The interviewers agree so exactly that the intervals shrink to a point: read this as agreement, not as certainty."
)


@dataclass(frozen=True)
class OrderRow:
    """One candidate with a score."""

    chart_id: str
    name: str
    employer: str
    candidate: int | None  # for the link to the person; None while names are masked
    tier: int | None
    starts_tier: bool
    chart: ScoreChart
    total: str
    official: str  # the official total beside one on trial weights; empty otherwise
    interval: str
    chance: str


@dataclass(frozen=True)
class ClosedRow:
    """One candidate whose scores this person may not read now."""

    name: str
    employer: str
    closed: Closed


@dataclass(frozen=True)
class Order:
    """The panel "What the ratings say"."""

    lede: str
    tiers: str
    rows: tuple[OrderRow, ...]
    closed: tuple[ClosedRow, ...]
    pairs: tuple[str, ...]  # each with the next one down
    is_part: bool  # others of the opening are in tiers too, and the chances here leave them out
    notes: tuple[str, ...]


def span(interval: Interval) -> str:
    """`3.9–4.5`."""
    return f"{figure(interval.low)}–{figure(interval.high)}"


def describe_order(
    found: Standings, columns: Sequence[int], naming: Naming, seats: Sequence[Scorecard], *, official: Standings
) -> Order:
    """Describe these applications in the order of `found`; `official` differs from it while weights are tried."""
    shown = [row for row in found.rows if row.application.pk in columns and row.total is not None]
    placed = [row for row in shown if row.tier is not None]
    chances = _chances(found.fit, [row.application.pk for row in placed])
    leader = placed[0].interval if placed else None
    rows = []
    for number, row in enumerate(shown):
        before = shown[number - 1].tier if number else None
        rows.append(_row(row, naming, chances, leader, official, starts_tier=row.tier is None or row.tier != before))
    interviewers, _ = name_interviewers(found.reading.cards)
    first = placed[0].tier if placed else None
    elsewhere = sum(row.tier == first and row.application.pk not in columns for row in found.rows if row.tier)
    lede, tier_words = _sentences(found.fit, placed, naming, interviewers, elsewhere=elsewhere)
    others = [row for row in found.rows if row.application.pk in columns and row.total is None]
    return Order(
        lede=lede,
        tiers=tier_words,
        rows=tuple(rows),
        closed=tuple(_closed_rows(others, naming, seats)),
        pairs=tuple(_pairs(found.fit, placed, naming)),
        is_part=any(row.tier and row.application.pk not in columns for row in found.rows),
        notes=tuple(_notes([*shown, *others], naming, found.fit)),
    )


def _closed_rows(rows: Sequence[Standing], naming: Naming, seats: Sequence[Scorecard]) -> Iterator[ClosedRow]:
    for row in rows:
        shut = closed(row.application, seats)
        if shut:
            yield ClosedRow(naming.of(row.application), naming.employers.get(row.application.pk, ""), shut)


def _notes(rows: Sequence[Standing], naming: Naming, fit: PanelFit | Refusal) -> Iterator[str]:
    """Why a candidate has no interval or tier, unless the lede says it of all or the closed row says it."""
    if isinstance(fit, PanelFit) and not fit.residual_variance and len(rows) > 1:
        yield NOTHING_LEFT
    for row in rows:
        said_of_all = isinstance(fit, Refusal) and row.score is not None and row.score.complete
        if row.reason and row.application.is_readable and not said_of_all:
            yield f"{naming.of(row.application)}: {row.reason[0].lower()}{row.reason[1:]}"


def _chances(fit: PanelFit | Refusal, placed: Sequence[int]) -> dict[int, str]:
    """The chance of being first among those shown, in words."""
    if isinstance(fit, Refusal) or len(placed) < 2:
        return {}
    shares = rank_shares(fit, among=placed)
    return {pk: chance_words(share) for pk, share in zip(shares.candidates, shares.first.tolist(), strict=True)}


def _row(
    row: Standing,
    naming: Naming,
    chances: Mapping[int, str],
    leader: Interval | None,
    official: Standings,
    *,
    starts_tier: bool,
) -> OrderRow:
    total = row.total or 0.0
    interval, possible = row.interval, row.possible
    span_shown = interval or possible
    officially = official.by_application[row.application.pk].total
    return OrderRow(
        chart_id=f"order-{row.application.pk}",
        name=naming.of(row.application),
        employer=naming.employers.get(row.application.pk, ""),
        candidate=None if naming.is_masked else row.application.candidate_id,
        tier=row.tier,
        starts_tier=starts_tier,
        chart=score_chart(
            total,
            (interval.low, interval.high) if interval else None,
            (possible.low, possible.high) if possible else None,
            name=naming.of(row.application),
            band=(leader.low, leader.high) if leader and row.tier else None,
        ),
        total=figure(total, 2 if span_shown else 1),
        official=figure(officially, 2 if span_shown else 1),
        interval=f"{span(span_shown)}{'' if interval else ' possible'}" if span_shown else "not stated",
        chance=chances.get(row.application.pk, "not stated"),
    )


def _sentences(
    fit: PanelFit | Refusal,
    placed: Sequence[Standing],
    naming: Naming,
    interviewers: Mapping[int, str],
    *,
    elsewhere: int,
) -> tuple[str, str]:
    """Who is ahead of whom and how surely, then who shares the first tier, with how many who are not shown."""
    if isinstance(fit, Refusal):
        return refused(fit, naming.candidates, interviewers), ""
    if not placed:
        return "None of these candidates can be put in order yet.", ""
    names = [naming.of(row.application) for row in placed]
    if len(placed) == 1:
        return f"{names[0]} is the only one here who can be put in order.", ""
    ahead = float(probability_ahead(fit, [row.application.pk for row in placed[:2]])[0, 1])
    together = [naming.of(row.application) for row in placed if row.tier == placed[0].tier]
    number = placed[0].tier
    others = f" with {plural(elsewhere, 'candidate')} not shown here" if elsewhere else ""
    if len(together) == 1:
        tiers = f"{names[0]} shares tier {number}{others}." if others else f"Tier {number} is {names[0]} alone."
    else:
        who = "The two" if len(together) == 2 else listed(together)
        tiers = f"{who} share tier {number}{others}: the panel does not clearly separate them."
    return pair_sentence(names[0], names[1], ahead, is_levelled=_is_levelled(*placed[:2])), tiers


def _pairs(fit: PanelFit | Refusal, placed: Sequence[Standing], naming: Naming) -> Iterator[str]:
    """How sure it is that each is ahead of the next, from the top."""
    if isinstance(fit, Refusal) or len(placed) < 3:
        return
    ahead = probability_ahead(fit, [row.application.pk for row in placed])
    for place, (row, below) in enumerate(pairwise(placed)):
        yield pair_sentence(
            naming.of(row.application),
            naming.of(below.application),
            float(ahead[place, place + 1]),
            is_levelled=_is_levelled(row, below),
        )


def _is_levelled(first: Standing, second: Standing) -> bool:
    """Whether the first stands before the second only by levelled scores, and the official ones say otherwise."""
    return round(first.total or 0.0, 9) < round(second.total or 0.0, 9)


def pair_sentence(first: str, second: str, ahead: float, *, is_levelled: bool = False) -> str:
    """How sure it is that the first is ahead of the second, in words and in a pair of chances."""
    words = ahead_words(ahead)
    if words == "no difference seen":
        return f"No difference is seen between {first} and {second}."
    if ahead < 0.5:
        return f"{second} is {words.replace('behind', 'ahead')} of {first} once interviewers are levelled."
    share = min(95, max(5, round_to_five(ahead)))
    levelled = " once interviewers are levelled" if is_levelled else ""
    return f"{first} is {words} of {second}{levelled} ({share} : {100 - share})."
