"""Forms of taking candidates over from a spreadsheet: the file, and what its columns are taken for."""

from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, Submit
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import escape

from candidates.exchange.candidate_import import FIELDS, Sheet, guess_columns, names_people, read_sheet
from candidates.forms.candidates import how_long
from candidates.forms.layout import page_helper
from candidates.forms.uploads import read_upload

LEFT_OUT = [("", "Leave out")]


class CandidateFileForm(forms.Form):
    """A spreadsheet of candidates to be checked before it is imported."""

    file = forms.FileField(
        label="Spreadsheet",
        help_text="Excel (.xlsx) or CSV with a heading, one candidate a row, up to 5 MB. The first sheet is read.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "Choose a spreadsheet.", "empty": "The file is empty. Choose another."},
    )
    consent = forms.BooleanField(
        label="The candidates have agreed to the storage of these details",
        error_messages={"required": "Without consent the details cannot be stored. Ask for it, then tick the box."},
    )

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = f"{self.fields['consent'].label}{how_long()}"
        self.purpose = purpose
        self.sheet: Sheet | None = None
        self.kept = ""
        self.helper = page_helper(self, "file", "consent", submit="Check file")

    def clean_file(self) -> "UploadedFile[Any]":
        """Read the sheet, which tells what can't be read at all."""
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        self.sheet, self.kept = read_upload(
            upload,
            lambda content: read_sheet(content, upload.name or ""),
            purpose=self.purpose,
            too_much="The file holds too much to be checked here. Split it.",
        )
        return upload


class ColumnsForm(forms.Form):
    """What each column of a checked spreadsheet is taken for; guessed from the heading at first."""

    kept = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guessed = guess_columns(sheet.heading)
        choices = LEFT_OUT + [(name, label) for name, (label, _names) in FIELDS.items()]
        example = sheet.lines[0][1]
        self.places: dict[str, int] = {}
        for place, column in enumerate(sheet.heading):
            name = f"column_{place}"
            self.places[name] = place
            shown = example[place][:40] if place < len(example) else ""
            self.fields[name] = forms.ChoiceField(
                label=column[:60] or f"Column {place + 1}",
                choices=choices,
                required=False,
                initial=guessed.get(place, ""),
                help_text=escape(f"Begins with “{shown}”") if shown else "The first row leaves it empty",
            )
        self.helper = self._layout(0)

    def _layout(self, number: int) -> FormHelper:
        helper = FormHelper(self)
        helper.form_class = "form"
        helper.attrs = {"novalidate": True}
        actions = [Submit("check", "Check again", css_class="button-quiet")]
        if number:
            actions.insert(0, Submit("import", f"Import {number} candidate{'' if number == 1 else 's'}"))
        columns = Div(*(Field(name) for name in self.places), css_class="fields")
        helper.layout = Layout("kept", columns, FormActions(*actions))
        return helper

    def offer(self, number: int) -> None:
        """Show the button that imports so many candidates, or none where there is nobody."""
        self.helper = self._layout(number)

    @property
    def columns(self) -> dict[int, str]:
        """The field of each column that is not left out: as chosen, or as guessed while nothing was sent."""
        source = self.cleaned_data if self.is_bound else {name: self[name].initial for name in self.places}
        return {place: source[name] for name, place in self.places.items() if source.get(name)}

    def clean(self) -> dict[str, Any]:
        """Each field from one column only, and a name from somewhere."""
        chosen = list(self.columns.values())
        for name in {name for name in chosen if chosen.count(name) > 1}:
            self.add_error(None, f"Two columns are taken for “{FIELDS[name][0]}”. Leave one of them out.")
        if not names_people(self.columns):
            self.add_error(None, "Say which column holds the name.")
        return self.cleaned_data
