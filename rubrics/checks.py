"""What keeps a draft from being published, each with the field that mends it. Pure, on documents."""

from collections.abc import Iterator
from dataclasses import dataclass

from rubrics.fields import ANCHOR, QUESTIONS, TEXT, WEIGHT
from rubrics.file_format import Document
from rubrics.models import Question


@dataclass(frozen=True)
class Fault:
    """Something to put right: where for people, where in the file, and the field of the editor."""

    dimension_key: str
    letter: str
    place: str
    text: str
    field: str
    path: str

    @property
    def target(self) -> str:
        """Where the link to the field leads."""
        return f"id_{self.field}"

    def __str__(self) -> str:
        """For whoever has the file before them: places are counted from 0, as it counts them."""
        return f"{self.path}: {self.text}"


def faults_of(document: Document) -> list[Fault]:
    """Every fault, in the order of the page; empty where the draft can be published."""
    rows = list(enumerate(document["dimensions"]))
    return [*_weights(document["dimensions"]), *(fault for place, row in rows for fault in _of_dimension(place, row))]


def _weights(rows: list[Document]) -> Iterator[Fault]:
    total = sum(row["weight"] for row in rows)
    if total != 100:
        text = f"the weights add up to {total}; they must add up to 100."
        first = rows[0]
        yield Fault(first["key"], "", "Weights", text, WEIGHT + first["key"], "dimensions")


def _of_dimension(place: int, row: Document) -> Iterator[Fault]:
    path, name = f"dimensions[{place}]", row["name"]

    def fault(where: str, text: str, field: str, inner: str) -> Fault:
        return Fault(row["key"], row["letter"], f"{name}, {where}", text, field, f"{path}.{inner}")

    if row["weight"] < 1:
        yield fault("weight", "must be at least 1.", WEIGHT + row["key"], "weight")
    if not row["meaning"].strip():
        yield fault("what it means", "is empty.", "meaning", "meaning")
    said: dict[str, int] = {}
    for value, text in enumerate(row["anchors"], start=1):
        words = " ".join(text.casefold().split())
        if not words:
            yield fault(f"anchor {value}", "is empty.", f"{ANCHOR}{value}", f"anchors[{value - 1}]")
        elif said.setdefault(words, value) != value:
            same = f"says the same as anchor {said[words]}."
            yield fault(f"anchor {value}", same, f"{ANCHOR}{value}", f"anchors[{value - 1}]")
    if not any(question["kind"] == Question.Kind.PAST_BEHAVIOUR for question in row["questions"]):
        field = f"kind.{row['questions'][0]['key']}" if row["questions"] else QUESTIONS
        yield fault("questions", "needs at least one question about past behaviour.", field, "questions")
    for number, question in enumerate(row["questions"], start=1):
        if not question["text"].strip():
            inner = f"questions[{number - 1}].text"
            yield fault(f"question {number}", "is empty.", TEXT + question["key"], inner)
