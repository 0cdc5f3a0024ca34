"""The page of evidence that goes to the debrief on paper: for and against those in front, with room to write."""

from collections.abc import Sequence
from dataclasses import dataclass

from candidates.comparison.columns import SideBySide
from candidates.comparison.quotes import Quote
from smarter.marks import listed

SHEETS, STRONGEST, WEAKEST = 3, 3, 2
MIDDLE = 3


@dataclass(frozen=True)
class Sheet:
    """One candidate."""

    name: str
    figures: str
    tally: str
    strongest: tuple[Quote, ...]
    weakest: tuple[Quote, ...]

    @property
    def strongest_heading(self) -> str:
        """What the best evidence is called: nothing below the middle of the scale speaks for anybody."""
        speaks = all((quote.value or 0) >= MIDDLE for quote in self.strongest)
        return "Strongest for" if speaks else "Rated highest"

    @property
    def weakest_heading(self) -> str:
        """What the weakest evidence is called: nothing above the middle of the scale speaks against anybody."""
        speaks = all((quote.value or 0) <= MIDDLE for quote in self.weakest)
        return "Strongest against" if speaks else "Rated lowest"


@dataclass(frozen=True)
class Packet:
    """The evidence on up to three candidates, and who is not in the packet because their scores are closed."""

    sheets: tuple[Sheet, ...]
    left_out: str


def make_packet(table: SideBySide, in_order: Sequence[int], quotes: Sequence[Quote]) -> Packet:
    """Take the first applications of `in_order`; of each the best evidence of three dimensions, and the two weakest."""
    columns = {column.application: column for column in table.columns}
    sheets = []
    for application in in_order[:SHEETS]:
        column = columns[application]
        heard = [
            quote
            for quote in quotes
            if quote.application == application and quote.value and quote.evidence and not quote.is_shadow
        ]
        strongest = _of_different_dimensions(heard, STRONGEST)
        weakest = sorted((quote for quote in heard if quote not in strongest), key=lambda quote: quote.value or 0)
        figures = f"{column.total}, {column.span}" if column.span else column.total
        sheets.append(Sheet(column.name, figures, column.tally, strongest, tuple(weakest[:WEAKEST])))
    return Packet(tuple(sheets), listed([column.name for column in table.columns if column.closed]))


def _of_different_dimensions(quotes: Sequence[Quote], number: int) -> tuple[Quote, ...]:
    """The first quotes, each of another dimension; quotes come with the highest rating first."""
    found: dict[str, Quote] = {}
    for quote in quotes:
        found.setdefault(quote.dimension, quote)
    return tuple(list(found.values())[:number])
