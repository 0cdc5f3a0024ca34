"""The disagreements of a debrief: both sides' evidence beside the anchors they chose, and what settling would do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from candidates.comparison import Standings, WeighedDimension
from candidates.comparison.charts import RatingChart
from candidates.comparison.columns import Cell, SideBySide, VersionGroup
from candidates.comparison.quotes import Quote
from candidates.debrief.effects import MOST_WEIGHED, NOT_TRIED, Effect, effect_of_settling
from candidates.models import Application, DebriefItem

Key = tuple[int, str]
"""An application and the key of a dimension."""


@dataclass(frozen=True)
class Side:
    """The lowest or the highest rating: who gave it, the most junior first, and the anchors chosen."""

    label: str
    value: int
    quotes: tuple[Quote, ...]
    anchors: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One disagreement."""

    number: int
    application: Application
    dimension: WeighedDimension
    low: int
    high: int
    effect: Effect
    sides: tuple[Side, Side]
    between: tuple[Quote, ...]
    chart: RatingChart | None
    chart_id: str
    mean: float | None
    groups: tuple[VersionGroup, ...]  # in the place of the mean where rubric versions do not compare
    settled: DebriefItem | None
    earlier: DebriefItem | None  # what an earlier debrief settled
    own_score: int | None  # the reader's own score here, which only they may revise

    @property
    def id(self) -> str:
        """For links and fields on the page."""
        return item_id(self.application.pk, self.dimension.key)

    @property
    def spread(self) -> int:
        """How far apart the ratings are."""
        return self.high - self.low


def item_id(application: int, dimension: str) -> str:
    """`item-3-strategic`."""
    return f"item-{application}-{dimension}"


@dataclass(frozen=True)
class Known:
    """What is known beside the scores: how senior each interviewer is, and what was settled now and before."""

    you: int
    levels: Mapping[int, int]
    settled: Mapping[Key, DebriefItem]
    earlier: Mapping[Key, DebriefItem]


def find_items(official: Standings, table: SideBySide, known: Known) -> list[Item]:
    """All disagreements of a table, first those that could change the order, then the widest."""
    items: list[Item] = []
    for pk, key, cell, quotes in _disagreements(table):
        rated = sorted(
            (quote for quote in quotes if quote.value and not quote.is_shadow),
            key=lambda quote: (known.levels[quote.interviewer], quote.name),
        )
        ends = (min(quote.value or 0 for quote in rated), max(quote.value or 0 for quote in rated))
        is_tried = len(items) * len(official.reading.first_ratings) < MOST_WEIGHED
        effect = effect_of_settling(official, pk, key, ends) if is_tried else NOT_TRIED
        items.append(_item(official, (pk, key), cell, rated, ends, effect, known))
    items.sort(key=lambda item: (not item.effect.matters, -item.spread))
    return [replace(item, number=number) for number, item in enumerate(items, start=1)]


def _item(
    official: Standings,
    key: Key,
    cell: Cell,
    rated: Sequence[Quote],
    ends: tuple[int, int],
    effect: Effect,
    known: Known,
) -> Item:
    low, high = ends
    own = (
        score
        for score, row in official.reading.first_ratings.items()
        if (row.candidate_id, row.dimension_id, row.interviewer_id) == (*key, known.you)
    )
    return Item(
        number=0,
        application=official.by_application[key[0]].application,
        dimension=next(row for row in official.reading.dimensions if row.key == key[1]),
        low=low,
        high=high,
        effect=effect,
        sides=(_side("Lower", low, rated), _side("Higher", high, rated)),
        between=tuple(quote for quote in rated if low < (quote.value or 0) < high),
        chart=cell.chart,
        chart_id=f"scale-{key[0]}-{key[1]}",
        mean=cell.mean,
        groups=cell.groups,
        settled=known.settled.get(key),
        earlier=known.earlier.get(key),
        own_score=next(own, None),
    )


def _disagreements(table: SideBySide) -> list[tuple[int, str, Cell, Sequence[Quote]]]:
    """Cells with a spread, the widest first, then in the order of the table."""
    found = []
    for place, column in enumerate(table.columns):
        for row in table.rows:
            cell, quotes = row.cells[place], row.quotes[place]
            if cell and cell.spread and quotes:
                alike = [quote for quote in quotes if cell.contested in (None, quote.version)]
                found.append((column.application, row.key, cell, alike))
    return sorted(found, key=lambda row: -row[2].spread)


def _side(label: str, value: int, rated: Sequence[Quote]) -> Side:
    quotes = tuple(quote for quote in rated if quote.value == value)
    return Side(label, value, quotes, tuple(dict.fromkeys(quote.anchor for quote in quotes if quote.anchor)))


@dataclass(frozen=True)
class Agreement:
    """The dimensions on which a candidate's panel agrees within 1: there is nothing to talk about."""

    name: str
    dimensions: tuple[WeighedDimension, ...]


def find_agreements(official: Standings, table: SideBySide) -> Iterator[Agreement]:
    """The pairs left off, by candidate."""
    dimensions = {row.key: row for row in official.reading.dimensions}
    for place, column in enumerate(table.columns):
        agreed = [
            dimensions[row.key]
            for row in table.rows
            if (cell := row.cells[place]) is not None and cell.count > 1 and not cell.spread
        ]
        if agreed:
            yield Agreement(column.name, tuple(agreed))
