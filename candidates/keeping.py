"""What was worked out for one reader of an opening, kept in this process until a row that it stands on moves.

Each request reads the stamp of the opening's generation with the opening itself (`Opening.objects.with_stamp`), and
finds only what was kept under that stamp for that very reader. Nothing is ever shared between readers, so nothing
crosses the seal: whoever may read more or less than before reads under another stamp. See docs/adr/0016.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from django.template.loader import render_to_string

from candidates.models import Opening
from smarter.accounts.models import User

MOST_ROWS = 200_000
"""Rows kept in a process, all in all: some 100 MB. What was not asked for longest goes first."""

BYTES_OF_A_ROW = 500

Made = TypeVar("Made")
_kept: OrderedDict[Hashable, tuple[str, Any, int]] = OrderedDict()  # by name: stamp, what was made, its rows
_lock = Lock()


def keep(
    user: User, opening: Opening, view: Hashable, make: Callable[[], Made], *, weigh: Callable[[Made], int]
) -> Made:
    """What `make` answered for this reader and view at this stamp, or what it answers now.

    `view` names the kind of thing and everything the reader chose; `weigh` says how many rows it holds. All threads
    share it, so nobody may change it. An opening that was read without its stamp has nothing kept.
    """
    return recall(getattr(opening, "stamp", None), (opening.pk, user.pk, view), make, weigh=weigh)


def recall(stamp: str | None, name: Hashable, make: Callable[[], Made], *, weigh: Callable[[Made], int]) -> Made:
    """What `make` answered under this name at this stamp; for what belongs to a reader, use `keep`.

    What was made at another stamp gives way to what is made now, so that nothing past stays in memory beside it.
    """
    if stamp is None:
        return make()
    with _lock:
        if name in _kept and _kept[name][0] == stamp:
            _kept.move_to_end(name)
            found: Made = _kept[name][1]
            return found
    made = make()
    weight = max(1, weigh(made))
    with _lock:
        _kept.pop(name, None)
        if weight <= MOST_ROWS:
            _kept[name] = (stamp, made, weight)
        while sum(rows for _, _, rows in _kept.values()) > MOST_ROWS:
            _kept.popitem(last=False)
    return made


def keep_drawn(
    user: User, opening: Opening, view: Hashable, template: str, context: Callable[[], dict[str, Any]]
) -> str:
    """The same for a part of a page, which must hold nothing of one request: no token, no clock, no message."""
    return keep(
        user,
        opening,
        ("drawn", template, view),
        lambda: render_to_string(template, context()),
        weigh=lambda made: len(made) // BYTES_OF_A_ROW,
    )
