"""The form of the rubric editor: one dimension of a draft with its questions and anchors, all fields of it at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from rubrics import editing
from rubrics.file_format import Document, check_document
from rubrics.models import RATINGS, Question

KIND, TEXT, PROBES, LISTEN = "kind:", "text:", "probes:", "listen:"
ANCHOR = "anchor:"


class PlainText(forms.CharField):
    """A text of a rubric: may be empty in a draft, with line ends as files have them."""

    def __init__(self, label: str, most: int, *, rows: int = 2) -> None:
        super().__init__(label=label, max_length=most, required=False, widget=forms.Textarea(attrs={"rows": rows}))

    def to_python(self, value: Any) -> str:
        """The text with plain line ends."""
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class QuestionFields:
    """The fields of one question, for the template."""

    key: str
    number: int
    kind: forms.BoundField
    text: forms.BoundField
    probes: forms.BoundField
    listen: forms.BoundField
    is_first: bool
    is_last: bool


class DimensionForm(forms.Form):
    """One dimension of a draft. Questions that were sent stay, even if somebody removed them meanwhile."""

    revision = forms.IntegerField(min_value=0)
    act = forms.CharField(required=False, max_length=100)
    letter = forms.CharField(
        max_length=1, widget=forms.TextInput(attrs={"size": 2}), error_messages={"required": "Give a letter."}
    )
    name = forms.CharField(max_length=60, error_messages={"required": "Give a name."})
    weight = forms.IntegerField(
        label="Weight, %",
        min_value=0,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Give a whole number from 0 to 100."
        ),
    )
    meaning = PlainText("What it means", 500, rows=3)

    def __init__(self, data: Mapping[str, Any] | None, *, document: Document, dimension: Document) -> None:
        self.document, self.dimension = document, dimension
        self.edited: Document = {}  # the whole document as typed, once valid
        sent = [name.removeprefix(TEXT) for name in data or {} if name.startswith(TEXT)]
        here = [row["key"] for row in dimension["questions"]]
        known = {row["key"] for each in document["dimensions"] for row in each["questions"]}
        gone = [key for key in sent if key not in known]
        self.keys = [*here, *gone][: editing.MOST_QUESTIONS]
        super().__init__(data, initial=_initial(dimension))
        for key in self.keys:
            self.fields[KIND + key] = forms.ChoiceField(choices=Question.Kind.choices, label="Kind")
            self.fields[TEXT + key] = PlainText("Question", 300)
            self.fields[PROBES + key] = PlainText("Probes", 1400, rows=3)
            self.fields[LISTEN + key] = PlainText("Listen for", 300)
        for value in RATINGS:
            self.fields[f"{ANCHOR}{value}"] = PlainText(f"Anchor {value}", 200)

    @property
    def next_key(self) -> str:
        """The dimension to go on with: the new one, the same, or the first where it is gone."""
        keys = [row["key"] for row in self.edited["dimensions"]]
        if self.cleaned_data["act"] == "add-dimension":
            return str(keys[-1])
        return str(self.dimension["key"] if self.dimension["key"] in keys else keys[0])

    @property
    def questions(self) -> list[QuestionFields]:
        """The questions in order."""
        last = len(self.keys) - 1
        return [
            QuestionFields(
                key,
                place + 1,
                self[KIND + key],
                self[TEXT + key],
                self[PROBES + key],
                self[LISTEN + key],
                place == 0,
                place == last,
            )
            for place, key in enumerate(self.keys)
        ]

    @property
    def anchors(self) -> list[tuple[int, forms.BoundField]]:
        """The five anchors with their ratings, lowest first."""
        return [(value, self[f"{ANCHOR}{value}"]) for value in RATINGS]

    def clean_letter(self) -> str:
        """Letters are capitals."""
        return str(self.cleaned_data["letter"]).upper()

    def clean(self) -> dict[str, Any]:
        """The whole document must stay one that a file could hold."""
        if not self.errors:
            self.edited, faults = check_document(self._act(editing.with_dimension(self.document, self._typed())))
            for fault in faults:
                self.add_error(None, fault)
        return self.cleaned_data

    def _typed(self) -> Document:
        """The dimension as typed."""
        data = self.cleaned_data
        questions = [
            {
                "key": key,
                "kind": data[KIND + key],
                "text": data[TEXT + key],
                "probes": [line.strip() for line in data[PROBES + key].split("\n") if line.strip()],
                "listen_for": data[LISTEN + key],
            }
            for key in self.keys
        ]
        plain = {name: data[name] for name in ("letter", "name", "meaning", "weight")}
        anchors = [data[f"{ANCHOR}{value}"] for value in RATINGS]
        return {"key": self.dimension["key"], **plain, "anchors": anchors, "questions": questions}

    def _act(self, document: Document) -> Document:
        """The document after the button that was pressed; an unknown one saves and does no more."""
        act, _colon, key = self.cleaned_data["act"].partition(":")
        own = self.dimension["key"]
        dimension = next(row for row in document["dimensions"] if row["key"] == own)
        steps = {"up": -1, "down": 1}
        if act in steps:
            questions = editing.move(dimension["questions"], key, steps[act])
            return editing.with_dimension(document, {**dimension, "questions": questions})
        if act == "add":
            return editing.with_dimension(document, editing.add_question(document, dimension))
        if act == "remove":
            return editing.with_dimension(document, editing.remove_question(dimension, key))
        if act in ("dimension-up", "dimension-down"):
            step = steps[act.removeprefix("dimension-")]
            return {**document, "dimensions": editing.move(document["dimensions"], own, step)}
        if act == "add-dimension":
            return editing.add_dimension(document)
        return editing.remove_dimension(document, own) if act == "remove-dimension" else document


def _initial(dimension: Document) -> dict[str, Any]:
    """The fields as the draft has them."""
    initial = {name: dimension[name] for name in ("letter", "name", "meaning", "weight")}
    for row in dimension["questions"]:
        initial[KIND + row["key"]] = row["kind"]
        initial[TEXT + row["key"]] = row["text"]
        initial[PROBES + row["key"]] = "\n".join(row["probes"])
        initial[LISTEN + row["key"]] = row["listen_for"]
    return initial | {f"{ANCHOR}{value}": dimension["anchors"][value - 1] for value in RATINGS}
