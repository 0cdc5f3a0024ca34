"""The form of the rubric editor: one dimension of a draft with its questions and anchors, and the weights of all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from rubrics import fields
from rubrics.file_format import Document, check_document
from rubrics.models import RATINGS, Question
from smarter.autosave import Fields

MOST_PROBES, LONGEST_PROBE = 6, 200


class PlainText(forms.CharField):
    """A text of a rubric: may be empty in a draft, with line ends as files have them, without spaces at its ends.

    `clean` is how static/js/autosave.js cleans it before it compares: both sides must agree to the letter.
    """

    def __init__(self, label: str, most: int, *, rows: int = 2, clean: str = "text", **options: Any) -> None:
        look = {"data-clean": clean}
        widget = forms.Textarea({"rows": rows, **look}) if rows else forms.TextInput({"autocomplete": "off", **look})
        super().__init__(label=label, max_length=most, required=False, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        """The text with plain line ends."""
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class Lines(PlainText):
    """A text of one entry a line, without empty lines."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, MOST_PROBES * (LONGEST_PROBE + 1), clean="lines", **options)

    def to_python(self, value: Any) -> str:
        """The lines that say something, each without spaces at its ends."""
        lines = (line.strip() for line in super().to_python(value).split("\n"))
        return "\n".join(line for line in lines if line)

    def validate(self, value: str) -> None:
        """Few enough, and short enough to be asked."""
        super().validate(value)
        lines = value.split("\n")
        if len(lines) > MOST_PROBES:
            raise forms.ValidationError(f"There are {len(lines)} probes. Keep the best {MOST_PROBES}.")
        longest = max(map(len, lines))
        if longest > LONGEST_PROBE:
            raise forms.ValidationError(f"A probe has {longest} characters. Shorten it to {LONGEST_PROBE}.")


class WeightField(PlainText):
    """Whole points from 0 to 100, kept as text like every field of a draft."""

    def __init__(self, label: str) -> None:
        super().__init__(label, 3, rows=0)
        self.widget.attrs |= {"inputmode": "numeric"}

    def validate(self, value: str) -> None:
        """A number as one writes it."""
        super().validate(value)
        if not re.fullmatch(r"0|[1-9][0-9]?|100", value):
            raise forms.ValidationError("Give a whole number from 0 to 100.")


@dataclass(frozen=True)
class QuestionFields:
    """The fields of one question, for the template."""

    key: str
    number: int
    kind: forms.BoundField
    text: forms.BoundField
    probes: forms.BoundField
    listen: forms.BoundField

    @property
    def is_folded(self) -> bool:
        """Three questions are in view, as on the scorecard; a new one and one with an error always are."""
        bound = (self.kind, self.text, self.probes, self.listen)
        return self.number > 3 and bool(self.text.value()) and not any(field.errors for field in bound)


class DimensionForm(forms.Form):
    """One dimension of a draft; `typed` are all its fields as somebody wants them, without it they stand as saved."""

    name = PlainText("Name", 60, rows=0)
    letter = PlainText("Letter", 1, rows=0, clean="upper")
    meaning = PlainText("What it means", 500, rows=3)

    def __init__(self, typed: Mapping[str, str] | None, *, document: Document, key: str) -> None:
        self.document, self.key = document, key
        self.edited: Document = {}  # the whole document as typed, once valid
        self.dimension = fields.find_dimension(document, key) or {}
        super().__init__(typed, initial=fields.fields_of(document, key))
        self.fields["letter"].widget.attrs |= {"size": 2}
        for row in document["dimensions"]:
            self.fields[fields.WEIGHT + row["key"]] = WeightField(f"Weight of {row['name']}, per cent")
        for question in self.dimension["questions"]:
            self._add_question(question["key"])
        for value in RATINGS:
            self.fields[f"{fields.ANCHOR}{value}"] = PlainText(f"Anchor {value}", 200)
        for name in fields.ORDERS:
            self.fields[name] = forms.CharField(
                max_length=2000, required=False, widget=forms.HiddenInput({"data-order": name})
            )

    def _add_question(self, key: str) -> None:
        self.fields[fields.KIND + key] = forms.ChoiceField(choices=Question.Kind.choices, label="Kind")
        self.fields[fields.TEXT + key] = PlainText("Question", 300)
        self.fields[fields.PROBES + key] = Lines("Probes", rows=3)
        self.fields[fields.LISTEN + key] = PlainText("Listen for", 300)

    @property
    def questions(self) -> list[QuestionFields]:
        """The questions in the order typed."""
        rows = fields.in_order(self.dimension["questions"], str(self[fields.QUESTIONS].value() or ""))
        return [
            QuestionFields(row["key"], number, *(self[part + row["key"]] for part in fields.OF_A_QUESTION))
            for number, row in enumerate(rows, start=1)
        ]

    @property
    def questions_order(self) -> forms.BoundField:
        """The hidden field that holds the order of the questions."""
        return self[fields.QUESTIONS]

    @property
    def dimensions_order(self) -> forms.BoundField:
        """The hidden field that holds the order of the dimensions."""
        return self[fields.DIMENSIONS]

    @property
    def anchors(self) -> list[tuple[int, forms.BoundField]]:
        """The five anchors with their ratings, lowest first."""
        return [(value, self[f"{fields.ANCHOR}{value}"]) for value in RATINGS]

    @property
    def weights(self) -> list[tuple[Document, forms.BoundField]]:
        """Every dimension with the field of its weight, in the order typed."""
        rows = fields.in_order(self.document["dimensions"], str(self[fields.DIMENSIONS].value() or ""))
        return [(row, self[fields.WEIGHT + row["key"]]) for row in rows]

    @property
    def weight_total(self) -> int:
        """The sum of the weights as typed, as far as they are numbers."""
        typed = (str(field.value()) for _row, field in self.weights)
        return sum(int(text) for text in typed if re.fullmatch("[0-9]{1,3}", text))

    @property
    def typed(self) -> Fields:
        """All fields as they were cleaned."""
        return {name: str(self.cleaned_data[name]) for name in self.fields}

    def clean_name(self) -> str:
        """A name that no other dimension has."""
        name: str = self.cleaned_data["name"]
        if not name:
            raise forms.ValidationError("Give a name.")
        if name.casefold() in {row["name"].casefold() for row in self._others()}:
            raise forms.ValidationError(f"Another dimension is called {name}. Give another name.")
        return name

    def clean_letter(self) -> str:
        """A capital letter or a digit that no other dimension has."""
        letter = str(self.cleaned_data["letter"]).upper()
        if not re.fullmatch("[A-Z0-9]", letter):
            raise forms.ValidationError("Give one letter from A to Z, or a digit.")
        if letter in {row["letter"] for row in self._others()}:
            raise forms.ValidationError(f"Another dimension has the letter {letter}. Give another.")
        return letter

    def clean(self) -> dict[str, Any]:
        """The whole document must stay one that a file could hold."""
        if not self.errors:
            edited = fields.with_fields(self.document, self.key, self.typed)
            self.edited, faults = check_document(edited)
            for fault in faults:
                self.add_error(None, fault)
        return self.cleaned_data

    def _others(self) -> list[Document]:
        return [row for row in self.document["dimensions"] if row["key"] != self.key]
