"""Side by side: candidates are columns, dimensions are rows, and every cell stands on one 1-5 scale."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from candidates.comparison.charts import (
    Line,
    Rater,
    RatingChart,
    ScoreChart,
    extra_height,
    place_on_scale,
    recommendation_place,
    scale_x,
    score_chart,
    stack,
)
from candidates.comparison.naming import Naming
from candidates.comparison.order import span
from candidates.comparison.quotes import Quote
from candidates.comparison.reading import WeighedDimension
from candidates.comparison.seats import STATES, Closed, Seat, closed
from candidates.comparison.standings import Standing, Standings
from candidates.models import Recommendation, Scorecard
from candidates.statistics.totals import DimensionScore, Rating, panel_scores
from smarter.marks import figure, listed

SPREAD = 2
"""Ratings so far apart are a disagreement."""

RATING_HEIGHT, RATING_BASE, AXIS_RISE = 60, 36, 15
RECOMMENDATION_HEIGHT, RECOMMENDATION_BASE, RECOMMENDATION_RISE = 52, 32, 14


@dataclass(frozen=True)
class VersionGroup:
    """What was rated on one version of the rubric, where versions do not compare."""

    number: int
    score: DimensionScore


@dataclass(frozen=True)
class Cell:
    """One candidate on one dimension. Without a mean, `missing` says why, or `groups` has one for each version."""

    id: str
    mean: float | None
    median: float | None  # only where it is asked for
    count: int
    spread: int  # how far apart the ratings are; 0 below the threshold
    missing: tuple[str, ...]
    chart: RatingChart | None
    groups: tuple[VersionGroup, ...] = ()

    @property
    def contested(self) -> int | None:
        """The version on which the ratings are furthest apart, where versions stand by themselves."""
        return max(self.groups, key=lambda group: group.score.spread).number if self.groups else None

    @property
    def absent(self) -> str:
        """Why there is no mean, in the words of a chip."""
        return "not observed" if self.missing else "not rated"

    @property
    def spread_text(self) -> str:
        """`spread 2`."""
        return f"spread {self.spread}"


@dataclass(frozen=True)
class Row:
    """One dimension: a cell and quotes for each column, None where the column is closed."""

    key: str
    letter: str
    name: str
    share: int  # official weight in per cent
    is_apart: bool  # does not compare across rubric versions, so no total stands on it
    cells: tuple[Cell | None, ...]
    quotes: tuple[tuple[Quote, ...] | None, ...]


@dataclass(frozen=True)
class Column:
    """The head and the foot of one candidate's column."""

    application: int
    score_id: str
    recommendation_id: str
    candidate: int | None
    name: str
    employer: str
    tier: str
    seats: tuple[Seat, ...]
    shadows: tuple[str, ...]  # whose scorecard never counts
    informed: tuple[str, ...]  # who had seen others' scores before submitting
    closed: Closed | None
    recommendations: RatingChart | None
    tally: str
    total: str
    span: str
    chart: ScoreChart | None
    coverage: str  # how much of the weight was rated, where that is not all


@dataclass(frozen=True)
class SideBySide:
    """The table of a comparison."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def raters(self) -> tuple[tuple[str, str], ...]:
        """Whose initials stand in the columns that are open, each with the name."""
        seats = (seat for column in self.columns if not column.closed for seat in column.seats)
        return tuple(sorted({(seat.name, seat.initials) for seat in seats}))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know of the cards, one sentence for each interviewer."""
        shadows = _by_rater((column.name, column.shadows) for column in self.columns)
        informed = _by_rater((column.name, column.informed) for column in self.columns)
        notes = [f"{rater} is a shadow on {names}, and never counts." for rater, names in shadows]
        notes += [
            f"{rater} had seen others’ scores of {names} before submitting: not independent."
            for rater, names in informed
        ]
        return tuple(notes)


@dataclass(frozen=True)
class _Table:
    """What the cells are made from."""

    found: Standings
    chosen: Sequence[Standing]
    naming: Naming
    quotes: Sequence[Quote]
    seats: Sequence[Scorecard]
    initials: Mapping[int, str]
    you: int  # the reader, whose own marks stand out
    with_median: bool

    @cached_property
    def quotes_by_cell(self) -> dict[tuple[int, str], list[Quote]]:
        """The quotes of each application and dimension."""
        cells: dict[tuple[int, str], list[Quote]] = {}
        for quote in self.quotes:
            cells.setdefault((quote.application, quote.dimension), []).append(quote)
        return cells


def set_side_by_side(
    found: Standings,
    columns: Sequence[int],
    naming: Naming,
    *,
    quotes: Sequence[Quote],
    seats: Sequence[Scorecard],
    initials: Mapping[int, str],
    you: int,
    with_median: bool = False,
) -> SideBySide:
    """Lay these applications out as columns, in this order. Closed ones have a head and nothing else."""
    chosen = [found.by_application[pk] for pk in columns]
    table = _Table(found, chosen, naming, quotes, seats, initials, you, with_median)
    return SideBySide(
        columns=tuple(_column(table, standing) for standing in chosen),
        rows=tuple(_row(table, dimension) for dimension in found.reading.dimensions),
    )


def _row(table: _Table, dimension: WeighedDimension) -> Row:
    """One dimension across the columns; charts of a row share their height, so that their axes are level."""
    weights = table.found.reading.weights
    quotes = [
        None
        if not standing.application.is_readable
        else tuple(table.quotes_by_cell.get((standing.application.pk, dimension.key), ()))
        for standing in table.chosen
    ]
    stacks = [[_shown(table, quote) for quote in heard if quote.value is not None] for heard in quotes if heard]
    extra = extra_height(stacks)
    return Row(
        key=dimension.key,
        letter=dimension.letter,
        name=dimension.name,
        share=round(100 * weights[dimension.key] / sum(weights.values())),
        is_apart=dimension.key in table.found.apart,
        cells=tuple(
            None if heard is None else _cell(table, standing, dimension, heard, extra)
            for standing, heard in zip(table.chosen, quotes, strict=True)
        ),
        quotes=tuple(quotes),
    )


def _shown(table: _Table, quote: Quote) -> int:
    """The rating that this table shows of a quote."""
    return (quote.latest if table.found.after_debrief else quote.value) or 0


def _cell(table: _Table, standing: Standing, dimension: WeighedDimension, quotes: Sequence[Quote], extra: int) -> Cell:
    score = standing.score.dimensions.get(dimension.key) if standing.score else None
    groups = tuple(_groups(table, quotes)) if dimension.key in table.found.apart else ()
    if groups:
        score = groups[0].score if len(groups) == 1 else None
    spread = max([group.score.spread for group in groups], default=score.spread if score else 0)
    missing = tuple(f"{quote.name}: {quote.missing.lower()}" for quote in quotes if quote.missing)
    rated = [quote for quote in quotes if quote.value is not None]
    return Cell(
        id=f"{dimension.key}-{standing.application.pk}",
        mean=score.mean if score else None,
        median=score.median if score and table.with_median else None,
        count=max([len(group.score.values) for group in groups], default=len(score.values) if score else 0),
        spread=int(spread) if spread >= SPREAD else 0,
        missing=missing,
        chart=_rating_chart(table, standing, dimension, score, rated, extra) if rated else None,
        groups=groups,
    )


def _groups(table: _Table, quotes: Sequence[Quote]) -> Iterator[VersionGroup]:
    """The counted ratings of a cell by the version they were given on, the oldest first."""
    counted = [quote for quote in quotes if quote.value is not None and not quote.is_shadow]
    for number in sorted({quote.version for quote in counted}):
        ratings = [
            Rating(quote.application, quote.interviewer, quote.dimension, _shown(table, quote))
            for quote in counted
            if quote.version == number
        ]
        (found,) = panel_scores(ratings, {ratings[0].dimension_id: 1}).values()
        yield VersionGroup(number, found.dimensions[ratings[0].dimension_id])


def _rating_chart(
    table: _Table,
    standing: Standing,
    dimension: WeighedDimension,
    score: DimensionScore | None,
    rated: Sequence[Quote],
    extra: int,
) -> RatingChart:
    raters = [
        Rater(
            position=place_on_scale(_shown(table, quote)),
            initials=table.initials[quote.interviewer],
            label=" ".join([quote.name, str(_shown(table, quote)), *(f"({tag})" for tag in quote.tags)]),
            is_you=quote.interviewer == table.you,
            is_apart=quote.is_shadow,
        )
        for quote in rated
    ]
    said = ", ".join(rater.label for rater in raters)
    figures = [
        f"mean {figure(score.mean)}" if score else "",
        f"median {figure(score.median)}" if score and table.with_median else "",
    ]
    return RatingChart(
        height=RATING_HEIGHT + extra,
        base=RATING_BASE + AXIS_RISE + extra,
        dots=stack(raters, RATING_BASE + extra),
        mean=scale_x(score.mean) if score else "",
        median=scale_x(score.median) if score and table.with_median else "",
        spread=Line.on_scale(min(score.values), max(score.values)) if score and score.spread >= SPREAD else None,
        title="; ".join(filter(None, [f"{dimension.name}, {table.naming.of(standing.application)}: {said}", *figures])),
    )


def _column(table: _Table, standing: Standing) -> Column:
    application = standing.application
    shut = closed(application, table.seats)
    name = table.naming.of(application)
    cards = [card for card in table.found.reading.cards if card.interview.application_id == application.pk]
    interval, possible = standing.interval, standing.possible
    shown = interval or possible
    chart = None
    if standing.total is not None:
        ends = (interval.low, interval.high) if interval else None
        chart = score_chart(standing.total, ends, (possible.low, possible.high) if possible else None, name=name)
    return Column(
        application=application.pk,
        score_id=f"score-{application.pk}",
        recommendation_id=f"recommendation-{application.pk}",
        candidate=None if table.naming.is_masked else application.candidate_id,
        name=name,
        employer=table.naming.employers.get(application.pk, ""),
        tier="" if shut else f"tier {standing.tier}" if standing.tier else "no tier",
        seats=tuple(_seats(table, standing)),
        shadows=tuple(card.interviewer.name for card in cards if card.is_shadow),
        informed=tuple(card.interviewer.name for card in cards if not card.is_independent),
        closed=shut,
        recommendations=_recommendation_chart(table, name, cards),
        tally=tally(cards),
        total=figure(standing.total, 2 if shown else 1),
        span=span(shown) + (" possible" if possible and not interval else "") if shown else "",
        chart=chart,
        coverage=_coverage(standing),
    )


def _coverage(standing: Standing) -> str:
    """`80% of the weight rated`; empty where it is all of it."""
    if standing.score is None or standing.total is None or standing.score.coverage > 1 - 1e-9:
        return ""
    return f"{figure(standing.score.coverage * 100, 0)}% of the weight rated"


def _seats(table: _Table, standing: Standing) -> list[Seat]:
    """Who sits on the panel: those whose cards may be read, and, as far as one may know, the others."""
    application = standing.application.pk
    cards = {card.pk: card for card in table.seats if card.interview.application_id == application}
    cards |= {card.pk: card for card in table.found.reading.cards if card.interview.application_id == application}
    return [
        Seat(card.interviewer.name, table.initials[card.interviewer_id], STATES[Scorecard.State(card.state)])
        for card in sorted(cards.values(), key=lambda card: card.pk)
        if card.state in STATES
    ]


def _by_rater(columns: Iterable[tuple[str, Sequence[str]]]) -> list[tuple[str, str]]:
    """Each rater named in columns, with the names of the columns: `("Dora Alvarez", "Amara and Jonas")`."""
    found: dict[str, list[str]] = {}
    for name, raters in columns:
        for rater in raters:
            found.setdefault(rater, []).append(name)
    return [(rater, listed(names)) for rater, names in sorted(found.items())]


def tally(cards: Sequence[Scorecard]) -> str:
    """`2 strong yes, 1 no`: the recommendations of counted cards, the strongest yes first."""
    given = [card.recommendation for card in cards if not card.is_shadow and card.recommendation]
    counts = [(given.count(value), Recommendation(value).label.lower()) for value in sorted(set(given), reverse=True)]
    return ", ".join(f"{number} {label}" for number, label in counts)


def _recommendation_chart(table: _Table, name: str, cards: Sequence[Scorecard]) -> RatingChart | None:
    """The recommendations as dots; a shadow's stands among them and is not in the tally."""
    raters = [
        Rater(
            position=recommendation_place(card.recommendation),
            initials=table.initials[card.interviewer_id],
            label=f"{card.interviewer.name}: {Recommendation(card.recommendation).label.lower()}",
            is_you=card.interviewer_id == table.you,
            is_apart=card.is_shadow,
        )
        for card in cards
        if card.recommendation
    ]
    if not raters:
        return None
    extra = extra_height([[rater.position for rater in raters]])
    return RatingChart(
        height=RECOMMENDATION_HEIGHT + extra,
        base=RECOMMENDATION_BASE + RECOMMENDATION_RISE + extra,
        dots=stack(raters, RECOMMENDATION_BASE + extra),
        mean="",
        median="",
        spread=None,
        title=f"{name}: {tally(cards) or 'no recommendation counted'}",
    )
