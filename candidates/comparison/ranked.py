"""The ranked table: any number of candidates in one list, sorted, filtered and paged."""

from collections.abc import Sequence
from dataclasses import dataclass

from candidates.comparison.charts import ScoreChart, score_chart
from candidates.comparison.naming import Naming
from candidates.comparison.order import span
from candidates.comparison.standings import Standing, Standings
from smarter.marks import figure

PAGE_SIZE = 50


@dataclass(frozen=True)
class Listing:
    """What a list shows and in which order.

    `sort` is "order", "name", "stage", "total" or the key of a dimension; a minus before it turns it round.
    """

    sort: str = "order"
    stage: str = ""
    search: str = ""


@dataclass(frozen=True)
class RankedRow:
    """One candidate of the list."""

    standing: Standing
    name: str
    employer: str
    total: str
    span: str
    chart: ScoreChart | None
    chart_id: str
    is_chosen: bool


def list_rows(found: Standings, naming: Naming, listing: Listing) -> list[Standing]:
    """The rows that match, sorted; whoever has nothing to sort by comes last, in the order of names."""
    wanted = listing.search.casefold()
    rows = [
        row
        for row in found.rows
        if (not listing.stage or row.application.stage == listing.stage)
        and wanted in row.application.candidate.name.casefold()
    ]
    key, backwards = listing.sort.removeprefix("-"), listing.sort.startswith("-")
    if key == "order":
        return rows[::-1] if backwards else rows
    values = {row.application.pk: None if key in found.apart else _value(row, key, naming) for row in rows}
    known = [row for row in rows if values[row.application.pk] is not None]
    others = [row for row in rows if values[row.application.pk] is None]
    known.sort(key=lambda row: values[row.application.pk] or "", reverse=backwards)
    return known + others


def _value(row: Standing, key: str, naming: Naming) -> str | float | None:
    """What a row is sorted by; highest first for figures, so they count downwards."""
    if key == "name":
        return naming.of(row.application).casefold()
    if key == "stage":
        return f"{list(type(row.application).Stage.values).index(row.application.stage):02}"
    if row.total is None or row.score is None:
        return None
    if key == "total":
        return -row.total
    score = row.score.dimensions.get(key)
    return None if score is None else -score.mean


def draw_rows(rows: Sequence[Standing], naming: Naming, chosen: Sequence[int]) -> list[RankedRow]:
    """The rows of one page with their figures and charts."""
    return [_draw(row, naming, chosen) for row in rows]


def _draw(row: Standing, naming: Naming, chosen: Sequence[int]) -> RankedRow:
    interval, possible = row.interval, row.possible
    shown = interval or possible
    chart = None
    if row.total is not None:
        chart = score_chart(
            row.total,
            (interval.low, interval.high) if interval else None,
            (possible.low, possible.high) if possible else None,
            name=naming.of(row.application),
        )
    return RankedRow(
        standing=row,
        name=naming.of(row.application),
        employer=naming.employers.get(row.application.pk, ""),
        total=figure(row.total, 2 if shown else 1),
        span=span(shown) + (" possible" if possible and not interval else "") if shown else "",
        chart=chart,
        chart_id=f"ranked-{row.application.pk}",
        is_chosen=row.application.pk in chosen,
    )
