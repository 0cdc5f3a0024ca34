"""The compare page as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from candidates.comparison.charts import AXIS, RECOMMENDATION_POSITIONS, AxisMark
from candidates.comparison.choice import MOST_COLUMNS, Choice
from candidates.comparison.columns import SideBySide, set_side_by_side
from candidates.comparison.levelling import Levelling, level
from candidates.comparison.naming import name_candidates, name_interviewers
from candidates.comparison.order import Order, describe_order
from candidates.comparison.packet import Packet, make_packet
from candidates.comparison.quotes import read_quotes
from candidates.comparison.seats import read_seats
from candidates.comparison.standings import Standings, place
from candidates.comparison.trial import Trial, try_weights
from candidates.comparison.versions import VersionsNotice, describe_versions, version_notes
from candidates.models import Application, Scorecard
from smarter.accounts.models import User

WORDS = ("no", "one", "two", "three", "four", "five", "six")
RUNNING = (Application.Stage.INTERVIEWING, Application.Stage.DEBRIEF)


@dataclass(frozen=True)
class Ranking:
    """The parts of the page that depend on weights: what the ratings say, and whether the weights decide."""

    choice: Choice
    order: Order
    trial: Trial
    axis: tuple[AxisMark, ...] = AXIS


@dataclass(frozen=True)
class Comparison:
    """The compare page."""

    choice: Choice
    ranking: Ranking
    table: SideBySide
    levelling: Levelling
    packet: Packet
    versions: VersionsNotice | None  # what keeps scores from being like for like
    notes: tuple[str, ...]
    cards_in: int
    cards_expected: int
    axis: tuple[AxisMark, ...] = AXIS
    positions: tuple[str, ...] = RECOMMENDATION_POSITIONS

    @property
    def columns_query(self) -> str:
        """This view with its columns named, for the list in which others are chosen."""
        return self.choice.query(columns=tuple(column.application for column in self.table.columns))

    @property
    def shortlist_query(self) -> str:
        """Those in the columns, for a shortlist; none while names are masked, as a list tells them."""
        columns = tuple(column.application for column in self.table.columns)
        return Choice(columns=columns).query() if columns and self.choice.names == "shown" else ""

    @property
    def heading(self) -> str:
        """`Compare six candidates`."""
        number = len(self.table.columns)
        words = WORDS[number] if number < len(WORDS) else str(number)
        return f"Compare {words} candidate{'' if number == 1 else 's'}"


def rank(user: User, official: Standings, choice: Choice) -> Ranking:
    """What depends on the weights, under those on trial if there are any; `official` is under the opening's own."""
    columns = choice.columns or first_columns(official)
    return _rank(official, choice, columns, _seats(user, official, columns))


def compare(user: User, official: Standings, choice: Choice) -> Comparison:
    """Assemble the page; two queries for what was heard, one for the seats."""
    reading = official.reading
    columns = choice.columns or first_columns(official)
    chosen = [official.by_application[pk].application for pk in columns]
    seats = _seats(user, official, columns)
    quotes = read_quotes(user, reading, columns)
    naming = name_candidates(reading, masked=choice.names == "masked")
    _, initials = name_interviewers([*reading.cards, *seats])
    table = set_side_by_side(
        official,
        columns,
        naming,
        quotes=quotes,
        seats=seats,
        initials=initials,
        you=user.pk,
        with_median=choice.middle == "both",
    )
    in_order = [row.application.pk for row in official.rows if row.application.pk in columns and row.total is not None]
    return Comparison(
        choice=choice,
        ranking=_rank(official, choice, columns, seats),
        table=table,
        levelling=level(official, columns, naming),
        packet=make_packet(table, in_order, quotes),
        versions=describe_versions(reading, official.differences, together=choice.together),
        notes=(
            *version_notes(reading, columns, naming),
            *table.notes,
        ),
        cards_in=sum(row.cards_in for row in chosen),
        cards_expected=sum(row.cards_expected for row in chosen),
    )


def first_columns(found: Standings) -> tuple[int, ...]:
    """The first of those in interviewing or debrief, in the order of what is known; where there are none, of all."""
    running = [row.application.pk for row in found.rows if row.application.stage in RUNNING]
    return tuple(running or [row.application.pk for row in found.rows])[:MOST_COLUMNS]


def _seats(user: User, found: Standings, columns: Sequence[int]) -> list[Scorecard]:
    return read_seats(user, [found.by_application[pk].application for pk in columns])


def _rank(official: Standings, choice: Choice, columns: Sequence[int], seats: Sequence[Scorecard]) -> Ranking:
    reading = official.reading
    naming = name_candidates(reading, masked=choice.names == "masked")
    found = official
    if choice.weights:
        found = place(reading, choice.weights, after_debrief=choice.after_debrief, together=choice.together)
    return Ranking(
        choice=choice,
        order=describe_order(found, columns, naming, seats, official=official),
        trial=try_weights(found, columns, naming, choice),
    )
