"""Two admins in one dimension: what only one of them changed is taken over, what both changed is for a person. Pure.

static/js/autosave.js merges in the same way where a page saves itself; this is for a page that was sent as a form.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rubrics.fields import ORDERS
from smarter.autosave import Fields

KEEP = "keep."


@dataclass(frozen=True)
class Clash:
    """A field that both have changed since the page was opened."""

    name: str
    mine: str
    theirs: str


def merge(*, mine: Mapping[str, str], theirs: Mapping[str, str], base: Mapping[str, str]) -> tuple[Fields, list[Clash]]:
    """Every field of `theirs` with the changes of `mine` since `base`, and where both changed it: mine stands first."""
    merged, clashes = {}, []
    for name, saved in theirs.items():
        typed, before = mine.get(name, saved), base.get(name)
        if saved in (typed, before):
            merged[name] = typed
        elif typed == before:
            merged[name] = saved
        elif name in ORDERS:
            merged[name] = _order(typed, saved)
        else:
            merged[name] = typed
            clashes.append(Clash(name, typed, saved))
    return merged, clashes


def settle(fields: Mapping[str, str], theirs: Mapping[str, str], choices: Mapping[str, str]) -> Fields:
    """What a person wants kept of each clash: the own text ("mine"), the saved one ("theirs"), or "both"."""
    settled = dict(fields)
    for name, saved in theirs.items():
        choice = choices.get(KEEP + name)
        if choice == "theirs":
            settled[name] = saved
        elif choice == "both":
            settled[name] = "\n\n".join(text for text in (saved, fields.get(name, "")) if text)
    return settled


def _order(mine: str, theirs: str) -> str:
    """My order of what is still there, with what came in meanwhile at its end."""
    here, all_of_them = mine.split(), theirs.split()
    kept = [key for key in here if key in all_of_them]
    return " ".join([*kept, *(key for key in all_of_them if key not in here)])
