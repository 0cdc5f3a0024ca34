"""How figures of the 1-5 scale are written, and the sentences that stand for a row of tiles."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Number = int | float | Decimal
MINUS = "−"


@dataclass(frozen=True)
class Mark:
    """One dimension in a row of tiles: a rating (int) or mean (float), or none with the reason as its state."""

    letter: str
    name: str
    value: Number | None = None
    state: Literal["", "todo", "na", "apart"] = ""


def rounded(value: Number, places: int) -> Decimal:
    """Half up, as people round; a float is taken as the decimal it stands for."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(round(value, 9)))
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def figure(value: Number | None, places: int = 1) -> str:
    """A figure with a fixed number of places and a true minus sign; a dash where there is none."""
    if value is None:
        return "–"
    number = rounded(value, places)
    return f"{abs(number):f}" if number >= 0 or not number else f"{MINUS}{abs(number):f}"


def signed(value: Number | None, places: int = 1) -> str:
    """A difference: `+0.4`, `−0.4`, and `0.0` where it rounds to nothing."""
    text = figure(value, places)
    return f"+{text}" if value is not None and rounded(value, places) > 0 else text


def rating_class(value: Number) -> str:
    """The class that colours a value: that of the nearest rating."""
    return f"r{min(5, max(1, int(rounded(value, 0))))}"


def rating_text(value: Number) -> str:
    """A rating without places, a mean with one."""
    return str(value) if isinstance(value, int) else figure(value)


def sentence(marks: Iterable[Mark]) -> str:
    """What a row of tiles says: `Strategic 4, Action and Teams to score, Measurable not observed`."""
    marks = list(marks)
    if marks and all(mark.state == "todo" and mark.value is None for mark in marks):
        return "No dimension scored yet"
    parts = [f"{mark.name} {rating_text(mark.value)}" for mark in marks if mark.value is not None]
    for state, words in (("todo", " to score"), ("na", " not observed"), ("apart", " not compared"), ("", "")):
        names = [mark.name for mark in marks if mark.value is None and mark.state == state]
        if names:
            parts.append(listed(names) + words)
    return ", ".join(parts)


def listed(names: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
