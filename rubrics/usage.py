"""How much a version is used, told by whoever uses rubrics: this app knows nothing of scorecards and openings.

`candidates.apps` hands in what counts when the site starts, so that imports still run one way only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """What hangs on a version: the scorecards that somebody has opened on it, and the openings they are of."""

    scorecards: int = 0
    openings: int = 0

    @property
    def sentence(self) -> str:
        """`used by 14 scorecards in 3 openings`."""
        if not self.scorecards:
            return "not used by any scorecard yet"
        cards = f"{self.scorecards} scorecard{'' if self.scorecards == 1 else 's'}"
        return f"used by {cards} in {self.openings} opening{'' if self.openings == 1 else 's'}"


@dataclass(frozen=True)
class Counters:
    """What those who use rubrics can tell: the usage of versions, and how many openings could move to one."""

    usage: Callable[[list[int]], dict[int, Usage]]
    movable: Callable[[int], int]


_told: list[Counters] = []


def tell_usage(counters: Counters) -> None:
    """Let these answer from now on."""
    _told[:] = [counters]


def usage_of(versions: Iterable[int]) -> dict[int, Usage]:
    """The usage of each version by its primary key, in one query; none where nobody tells."""
    asked = list(versions)
    told = _told[0].usage(asked) if _told else {}
    return {number: told.get(number, Usage()) for number in asked}


def count_movable(version: int) -> int:
    """How many openings on earlier versions could take up this one."""
    return _told[0].movable(version) if _told else 0
