"""What is different between two versions: wording, anchors, weights and shape told apart. Pure, on documents.

Dimensions and questions are matched by their keys, so that a rewritten question is a change and not a new one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from rubrics.file_format import Document

PLAIN_TEXTS = {"letter": "letter", "name": "name", "meaning": "meaning"}
QUESTION_TEXTS = {"text": "", "kind": "kind", "listen_for": "what to listen for"}


class Kind(StrEnum):
    """What a change touches; what follows for comparing scores is different for each."""

    WORDING = "wording"
    ANCHORS = "anchors"
    WEIGHTS = "weights"
    SHAPE = "shape"


@dataclass(frozen=True)
class Piece:
    """A run of words: the same in both, only before (`del`) or only after (`ins`)."""

    text: str
    state: str


@dataclass(frozen=True)
class Change:
    """One difference, with the place it stands at and both texts; an empty one is not there."""

    kind: Kind
    letter: str
    place: str
    before: str
    after: str

    @property
    def pieces(self) -> list[Piece]:
        """Both texts in one, word by word."""
        return word_diff(self.before, self.after)


def diff(before: Document, after: Document) -> list[Change]:
    """Every change that leads from one version to the other, in the order of the page. Empty for equal versions."""
    old = {row["key"]: row for row in before["dimensions"]}
    new = {row["key"]: row for row in after["dimensions"]}
    changes = _moved("", "Order of dimensions", list(old.values()), list(new.values()), _name)
    for key, row in new.items():
        if key in old:
            changes += _dimension(old[key], row)
        else:
            changes.append(Change(Kind.SHAPE, row["letter"], f"{row['name']}, new dimension", "", row["meaning"]))
    for key, row in old.items():
        if key not in new:
            changes.append(Change(Kind.SHAPE, row["letter"], f"{row['name']}, dimension removed", row["meaning"], ""))
    return changes + _exercises(before, after)


def _dimension(old: Document, new: Document) -> list[Change]:
    letter, name = new["letter"], new["name"]
    changes = [
        Change(Kind.WORDING, letter, f"{name}, {label}", old[field], new[field])
        for field, label in PLAIN_TEXTS.items()
        if old[field] != new[field]
    ]
    if old["weight"] != new["weight"]:
        changes.append(Change(Kind.WEIGHTS, letter, f"{name}, weight", f"{old['weight']}%", f"{new['weight']}%"))
    changes += _questions(letter, name, old["questions"], new["questions"])
    pairs = zip(old["anchors"], new["anchors"], strict=True)
    return changes + [
        Change(Kind.ANCHORS, letter, f"{name}, anchor {value}", before, after)
        for value, (before, after) in enumerate(pairs, start=1)
        if before != after
    ]


def _questions(letter: str, name: str, before: Sequence[Document], after: Sequence[Document]) -> list[Change]:
    old, new = {row["key"]: row for row in before}, {row["key"]: row for row in after}
    changes = _moved(letter, f"{name}, order of questions", before, after, _text)
    for number, row in enumerate(after, start=1):
        place = f"{name}, question {number}"
        if row["key"] not in old:
            changes.append(Change(Kind.SHAPE, letter, f"{place}, new", "", row["text"]))
        else:
            changes += _question(letter, place, old[row["key"]], row)
    return changes + [
        Change(Kind.SHAPE, letter, f"{name}, question removed", row["text"], "")
        for key, row in old.items()
        if key not in new
    ]


def _question(letter: str, place: str, old: Document, new: Document) -> list[Change]:
    changes = [
        Change(Kind.WORDING, letter, f"{place}, {label}" if label else place, old[field], new[field])
        for field, label in QUESTION_TEXTS.items()
        if old[field] != new[field]
    ]
    if old["probes"] != new["probes"]:
        before, after = (" · ".join(probes) for probes in (old["probes"], new["probes"]))
        changes.append(Change(Kind.WORDING, letter, f"{place}, probes", before, after))
    return changes


def _exercises(before: Document, after: Document) -> list[Change]:
    """Practice answers are wording: no score hangs on them."""
    old = {row["key"]: _practice(row) for row in before["exercises"]}
    new = {row["key"]: _practice(row) for row in after["exercises"]}
    return [
        Change(Kind.WORDING, "", f"Practice answer {key}", old.get(key, ""), new.get(key, ""))
        for key in [*new, *(key for key in old if key not in new)]
        if old.get(key) != new.get(key)
    ]


def _moved(
    letter: str, place: str, before: Sequence[Document], after: Sequence[Document], show: Callable[[Document], str]
) -> list[Change]:
    """Whether rows that are in both come in another order."""
    old_keys, new_keys = [row["key"] for row in before], [row["key"] for row in after]
    old = [row for row in before if row["key"] in new_keys]
    new = [row for row in after if row["key"] in old_keys]
    if [row["key"] for row in old] == [row["key"] for row in new]:
        return []
    return [Change(Kind.SHAPE, letter, place, " · ".join(map(show, old)), " · ".join(map(show, new)))]


def _name(row: Document) -> str:
    return str(row["name"])


def _text(row: Document) -> str:
    return str(row["text"])


def _practice(row: Document) -> str:
    return f"{row['question']}: {row['answer']} – {row['rating']}: {row['reason']}"


def word_diff(before: str, after: str) -> list[Piece]:
    """The words of both texts in order, marked as the same, removed or new; joined they give either text back.

    Spaces alone between two changes join them, so that a rewritten phrase reads as one.
    """
    old, new = _words(before), _words(after)
    pieces: list[Piece] = []
    removed = added = ""
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        was, now = "".join(old[a:b]), "".join(new[c:d])
        if tag != "equal" or (was.isspace() and (removed or added)):
            removed, added = removed + was, added + now
            continue
        pieces += [*_change(removed, added), Piece(was, "same")]
        removed = added = ""
    return pieces + _change(removed, added)


def _change(removed: str, added: str) -> list[Piece]:
    return [piece for piece in (Piece(removed, "del"), Piece(added, "ins")) if piece.text]


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)
