"""The practice answers of a draft: one form for all of them, and edits as pure functions on the document."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from rubrics import editing
from rubrics.editor import PlainText
from rubrics.file_format import Document, check_document
from rubrics.models import RATINGS

QUESTION, ANSWER, RATING, REASON = "question:", "answer:", "rating:", "reason:"
NEW = "0"
"""Stands for the key in the fields of an answer that is not there yet; keys begin with a letter."""

MOST_ANSWERS = 20
LIMITS = {"answer": 1500, "reason": 800}


@dataclass(frozen=True)
class AnswerFields:
    """The fields of one answer, for the template."""

    key: str
    number: int
    question: forms.BoundField
    answer: forms.BoundField
    rating: forms.BoundField
    reason: forms.BoundField
    is_first: bool
    is_last: bool
    dimension: Document | None  # of the question as saved; none for a new answer

    @property
    def title(self) -> str:
        """What stands above it."""
        return f"Answer {self.number}"

    @property
    def anchors(self) -> list[tuple[int, str]]:
        """The anchors its rating stands for."""
        return list(zip(RATINGS, self.dimension["anchors"], strict=True)) if self.dimension else []


class AnswersForm(forms.Form):
    """All practice answers of a draft, and a blank one. What was sent stays, even if somebody removed it meanwhile."""

    seen = forms.CharField(max_length=64, required=False)
    act = forms.CharField(required=False, max_length=100)

    def __init__(self, data: Mapping[str, Any] | None, *, document: Document) -> None:
        self.document = document
        self.edited: Document = {}  # the whole document as typed, once valid
        self.removed: Document | None = None  # the answer that the button took out, for Undo
        rows = document["exercises"]
        here = [row["key"] for row in rows]
        sent = [name.removeprefix(ANSWER) for name in data or {} if name.startswith(ANSWER)]
        self.keys = [*here, *(key for key in sent if key not in (*here, NEW))][:MOST_ANSWERS]
        super().__init__(data, initial=_initial(rows))
        for key in (*self.keys, NEW):
            self.fields[QUESTION + key] = forms.ChoiceField(
                choices=[("", "Choose a question"), *_choices(document)], label="Question", required=key != NEW
            )
            self.fields[ANSWER + key] = PlainText("What the candidate says", LIMITS["answer"], rows=6)
            self.fields[RATING + key] = forms.TypedChoiceField(
                choices=[("", "–"), *((value, str(value)) for value in RATINGS)],
                coerce=int,
                empty_value=None,
                label="Agreed rating",
                required=False,
            )
            self.fields[REASON + key] = PlainText("Why this rating", LIMITS["reason"], rows=4)

    @property
    def is_stale(self) -> bool:
        """Whether somebody changed the practice answers since the page was opened; the dimensions don't matter here."""
        return bool(self.cleaned_data["seen"] != digest_of(self.document))

    @property
    def answers(self) -> list[AnswerFields]:
        """The answers in order."""
        return [self._fields(key, number) for number, key in enumerate(self.keys, 1)]

    @property
    def blank(self) -> AnswerFields | None:
        """Room for another one; none where the draft is full."""
        number = len(self.keys) + 1
        return self._fields(NEW, number) if number <= MOST_ANSWERS else None

    def clean(self) -> dict[str, Any]:
        """Every answer is whole, and the document stays one that a file could hold."""
        data = self.cleaned_data
        wanted = [*self.keys, *([NEW] if self._is_begun() else [])]
        for key in wanted:
            self._refuse_gaps(key)
        if not self.errors:
            act, _colon, chosen = data["act"].partition(":")
            rows = [self._typed(key) for key in wanted]
            self.removed = next((row for row in rows if act == "remove" and row["key"] == chosen), None)
            rows = [row for row in rows if row is not self.removed]
            rows = editing.move(rows, chosen, {"up": -1, "down": 1}.get(act, 0))
            self.edited, faults = check_document({**self.document, "exercises": rows})
            for fault in faults:
                self.add_error(None, fault)
        return data

    def _fields(self, key: str, number: int) -> AnswerFields:
        fields = (self[QUESTION + key], self[ANSWER + key], self[RATING + key], self[REASON + key])
        rows = self.document["exercises"]
        own = next((row["dimension"] for row in rows if row["key"] == key), "")
        dimension = next((row for row in self.document["dimensions"] if row["key"] == own), None)
        is_last = number == len(self.keys)
        return AnswerFields(key, number, *fields, is_first=number == 1, is_last=is_last, dimension=dimension)

    def _is_begun(self) -> bool:
        """Whether anything was typed or chosen for a new answer."""
        names = (QUESTION + NEW, ANSWER + NEW, RATING + NEW, REASON + NEW)
        return any(self.cleaned_data.get(name) or name in self.errors for name in names)

    def _refuse_gaps(self, key: str) -> None:
        """An answer without one of its parts can't be practised on. One that is about to be removed may be anything."""
        if self.cleaned_data.get("act") == f"remove:{key}":
            for prefix in (QUESTION, ANSWER, RATING, REASON):
                self.errors.pop(prefix + key, None)
            return
        missing = {
            QUESTION: "Choose the question that is answered.",
            ANSWER: "Write what the candidate says.",
            RATING: "Choose the rating you agreed on.",
            REASON: "Say why it is this rating, in words of the anchors.",
        }
        for prefix, words in missing.items():
            if not self.cleaned_data.get(prefix + key) and prefix + key not in self.errors:
                self.add_error(prefix + key, words)

    def _typed(self, key: str) -> Document:
        """One answer as typed; a new one gets a key nobody has."""
        data = self.cleaned_data
        dimension, _slash, question = (data.get(QUESTION + key) or "").partition("/")
        own = free_key([*self.keys]) if key == NEW else key
        texts = {"answer": data.get(ANSWER + key), "rating": data.get(RATING + key), "reason": data.get(REASON + key)}
        return {"key": own, "dimension": dimension, "question": question, **texts}


def digest_of(document: Document) -> str:
    """Tells whether the practice answers are still those that a page began from."""
    return hashlib.sha256(json.dumps(document["exercises"], sort_keys=True).encode()).hexdigest()


def free_key(taken: list[str]) -> str:
    """A key that no answer of the draft has."""
    return next(key for key in (f"exercise-{number}" for number in range(1, len(taken) + 2)) if key not in taken)


def put_back(document: Document, answer: Document, place: int) -> Document:
    """The document with an answer that was removed back in its place, under a free key where its own is taken."""
    rows = list(document["exercises"])
    taken = [row["key"] for row in rows]
    key = free_key(taken) if answer["key"] in taken else answer["key"]
    rows.insert(place, {**answer, "key": key})
    return {**document, "exercises": rows}


def _choices(document: Document) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every question under its dimension."""
    return [
        (
            row["name"],
            [(f"{row['key']}/{each['key']}", each["text"] or "A question without text") for each in row["questions"]],
        )
        for row in document["dimensions"]
        if row["questions"]
    ]


def _initial(rows: list[Document]) -> dict[str, Any]:
    """The fields as the draft has them."""
    initial: dict[str, Any] = {}
    for row in rows:
        initial[QUESTION + row["key"]] = f"{row['dimension']}/{row['question']}"
        initial |= {ANSWER + row["key"]: row["answer"], REASON + row["key"]: row["reason"]}
        initial[RATING + row["key"]] = row["rating"]
    return initial
