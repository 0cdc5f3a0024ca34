"""Two texts of one card: what was typed in one tab beside what was saved from another, for a person to settle."""

from collections.abc import Mapping
from dataclasses import dataclass

from candidates.models import NotObserved, Recommendation
from candidates.sheet import NOT_OBSERVED, Fields, Sheet


@dataclass(frozen=True)
class Clash:
    """A field that says one thing in this tab and another on the card, saved from elsewhere."""

    name: str
    label: str
    mine: str
    theirs: str
    is_text: bool

    @property
    def keeps_mine(self) -> bool:
        """Which of the two is offered first: an empty text never before a written one."""
        return bool(self.mine) or not self.theirs


def find_clashes(sheet: Sheet, typed: Mapping[str, str]) -> list[Clash]:
    """Where the texts `typed` in one tab differ from the card as it is now, in the order of the page."""
    return [
        Clash(name, label, _in_words(name, typed[name]), _in_words(name, sheet.fields[name]), _is_text(name))
        for name, label in sheet.labels.items()
        if name in typed and typed[name] != sheet.fields[name]
    ]


def settle(sheet: Sheet, typed: Mapping[str, str], choices: Mapping[str, str]) -> Fields:
    """What a person wants kept: of each clash this tab's text ("mine"), the card's ("theirs"), or "both"."""
    settled = dict(typed)
    for name, theirs in sheet.fields.items():
        choice = choices.get(f"keep.{name}")
        if choice == "theirs":
            settled[name] = theirs
        elif choice == "both" and _is_text(name):
            settled[name] = "\n\n".join(text for text in (theirs, typed.get(name, "")) if text)
    return settled


def _is_text(name: str) -> bool:
    return name == "summary" or name.startswith(("evidence.", "note."))


def _in_words(name: str, value: str) -> str:
    """A value as the page would say it."""
    if name == "recommendation" and value:
        return Recommendation(int(value)).label
    if name.startswith("rating."):
        return "Not observed" if value == NOT_OBSERVED else value
    return dict(NotObserved.choices).get(value, "") if name.startswith("reason.") else value
