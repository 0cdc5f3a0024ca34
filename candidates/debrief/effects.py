"""What settling a disagreement would do: is the leader or anybody's tier another one if all had given one rating?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from candidates.comparison import Reading, Standing, Standings, place
from candidates.comparison.order import span
from candidates.models.candidates import ENDED
from candidates.statistics.severity import Refusal
from smarter.marks import figure, listed

MOST_WEIGHED = 30_000
"""Ratings weighed anew for one page: each try weighs all of the opening. The widest disagreements come first."""


@dataclass(frozen=True)
class Effect:
    """What settling one item would do, in words, and whether that is anything."""

    matters: bool
    words: str


PLACES = 2
"""Decimals of a total beside its interval; what does not differ in them is level."""

NOT_IN_THE_ORDER = "No total stands on it, because rubric versions differ."

NO_ORDER = "The panels share no interviewer, so there is no order that it could change."

NOT_TRIED = Effect(matters=False, words="Not tried out against the order: wider disagreements come first here.")


def effect_of_settling(official: Standings, application: int, dimension: str, ends: tuple[float, float]) -> Effect:
    """Try both ends of a disagreement: the lowest rating given, and the highest, from everybody."""
    if dimension in official.apart:
        return Effect(matters=False, words=f"{figure(ends[1] - ends[0], 0)} apart. {NOT_IN_THE_ORDER}")
    if isinstance(official.fit, Refusal) and official.groups:
        return Effect(matters=False, words=f"{figure(ends[1] - ends[0], 0)} apart. {NO_ORDER}")
    found = [(value, _settled(official, application, dimension, value)) for value in ends]
    for say in (_new_leader, _new_tier):
        for value, settled in found:
            words = say(official, settled, application)
            if words:
                return Effect(matters=True, words=f"Settled at {value:g}, {words}")
    return Effect(matters=False, words=f"{figure(ends[1] - ends[0], 0)} apart. The order stays either way.")


def _settled(official: Standings, application: int, dimension: str, value: float) -> Standings:
    reading = official.reading
    ratings = {
        score: row._replace(value=value) if (row.candidate_id, row.dimension_id) == (application, dimension) else row
        for score, row in reading.first_ratings.items()
    }
    settled: Reading = replace(reading, first_ratings=ratings)
    return place(settled, official.weights, together=official.together)


def _leaders(found: Standings) -> list[Standing]:
    """Those still in play with a score, in order."""
    return [row for row in found.rows if row.total is not None and row.application.stage not in ENDED]


def _new_leader(before: Standings, after: Standings, _application: int) -> str:
    old, new = _leaders(before)[0], _leaders(after)[0]
    if old.application.pk == new.application.pk:
        return ""
    passed = after.by_application[old.application.pk]
    name, of = new.application.candidate.name, old.application.candidate.name
    if figure(new.total, PLACES) == figure(passed.total, PLACES):
        return f"{name} would be level with {of}."
    if new.interval is None or passed.interval is None:
        return f"{name} would lead {of}; how surely can’t be said."
    unclear = " The panel would not clearly separate them." if new.tier == passed.tier else ""
    return f"{name} would lead {of}, {_with_interval(new)} to {_with_interval(passed)}.{unclear}"


def _with_interval(row: Standing) -> str:
    """`4.25 (3.6–4.9)`: a total never stands to two decimals without its interval."""
    return f"{figure(row.total, PLACES)} ({span(row.interval)})" if row.interval else figure(row.total)


def _new_tier(before: Standings, after: Standings, application: int) -> str:
    then = _tiers(before)
    moved = [pk for pk, tier in _tiers(after).items() if tier != then.get(pk)]
    if not moved:
        return ""
    moved.sort(key=lambda pk: pk != application)
    first = before.by_application[moved[0]]
    settled = after.by_application[moved[0]]
    others = [before.by_application[pk].application.candidate.name for pk in moved[1:]]
    also = f" {listed(others)} would change tier too." if len(others) in (1, 2) else ""
    also = f" {len(others)} others would change tier too." if len(others) > 2 else also
    return f"{first.application.candidate.name} would be in tier {settled.tier}, not {first.tier}.{also}"


def _tiers(found: Standings) -> Mapping[int, int]:
    return {row.application.pk: row.tier for row in found.rows if row.tier is not None}
