"""Forms of imports and exports: a file to be checked, the same file once checked, and the format wanted."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.files.uploadedfile import UploadedFile

from candidates.exchange.keeping import NotKept, fetch
from candidates.exchange.score_import import read_scores
from candidates.exchange.tables import Table, TableRefused
from candidates.forms.compare import anchors_field
from candidates.forms.layout import page_helper
from candidates.forms.uploads import read_upload

MOST_ROWS = 20_000


class ScoreFileForm(forms.Form):
    """A file of scores to be checked before it is imported."""

    file = forms.FileField(
        label="File of scores",
        help_text="CSV with at least the columns candidate, interviewer, dimension and rating; up to 5 MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a CSV file.", "empty": "The file is empty. Choose another."},
    )
    adds_candidates = forms.BooleanField(
        label="Add candidates who are not in this opening yet",
        required=False,
        help_text="Left empty, an unknown name is taken for a slip of the pen.",
    )

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose = purpose
        self.table: Table | None = None
        self.kept = ""
        self.helper = page_helper(self, "file", "adds_candidates", submit="Check file")

    def clean_file(self) -> "UploadedFile[Any]":
        """Read the table, which tells what can't be read at all."""
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        self.table, self.kept = read_upload(
            upload,
            lambda content: read_scores(content, most_rows=MOST_ROWS),
            purpose=self.purpose,
            too_much="The file holds too much text to be checked here. Split it.",
        )
        return upload


class KeptScoresForm(forms.Form):
    """The file that was checked, to be imported now."""

    kept = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": "Choose the file again; it was checked too long ago."}
    )
    adds_candidates = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, purpose: str, submit: str = "Import", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose = purpose
        self.table: Table | None = None
        self.helper = FormHelper(self)
        self.helper.layout = Layout("kept", "adds_candidates")
        self.helper.add_input(Submit("import", submit))

    def clean_kept(self) -> str:
        """Read the table again: nothing that comes from a browser is taken on trust."""
        kept: str = self.cleaned_data["kept"]
        try:
            self.table = read_scores(fetch(kept, purpose=self.purpose), most_rows=MOST_ROWS)
        except (NotKept, TableRefused):
            raise forms.ValidationError("Choose the file again; it was checked too long ago.") from None
        return kept


class ScoreExportForm(forms.Form):
    """Which kind of file raw scores are wanted in."""

    format = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "Excel")], required=False)

    def clean_format(self) -> str:
        """CSV unless said otherwise."""
        return self.cleaned_data["format"] or "csv"


class SummaryExportForm(ScoreExportForm):
    """Which kind of file the figures are wanted in."""

    format = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON")], required=False)
    anchors = anchors_field()
