"""Forms of rubrics: a file to take in, the version to compare with, the note of a publication."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from rubrics.exchange import load_rubric
from rubrics.file_format import MOST_BYTES, Document, RubricFileRefused, read_document
from rubrics.models import RubricVersion
from rubrics.versioning import DraftExists
from smarter.accounts.models import User


def _helper(form: forms.BaseForm, submit: str) -> FormHelper:
    helper = FormHelper(form)
    helper.form_class = "form"
    helper.attrs = {"novalidate": True}
    helper.add_input(Submit("save", submit))
    return helper


class RubricFileForm(forms.Form):
    """A rubric file, which becomes a draft."""

    file = forms.FileField(
        label="Rubric file",
        help_text="As “Download file” writes it, up to 1 MB. It becomes a draft, which you can read and publish.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": "Choose a rubric file.", "empty": "The file is empty. Choose another."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document: Document = {}
        self.helper = _helper(self, "Load as draft")

    def clean_file(self) -> "UploadedFile[Any]":
        """Read the whole file; each fault is an error of its own, beginning with its path."""
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 1 MB.")
        try:
            self.document = read_document(upload.read())
        except RubricFileRefused as refused:
            raise forms.ValidationError([forms.ValidationError(fault) for fault in refused.faults]) from None
        return upload

    def load(self, user: User) -> RubricVersion | None:
        """The draft made of the file, or the version that says the same; None with an error where a draft exists."""
        try:
            return load_rubric(document=self.document, user=user).version
        except DraftExists as exists:
            self.add_error("file", str(exists))
            return None


class AgainstForm(forms.Form):
    """The version to compare with; without one, the last published before."""

    against = forms.ModelChoiceField(RubricVersion.objects.none(), label="Compare with", required=False)

    def __init__(self, *args: Any, versions: "QuerySet[RubricVersion]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["against"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = versions
        field.empty_label = "The version before"


class PublishForm(forms.Form):
    """What changed, and why, for those who read the version later."""

    note = forms.CharField(
        label="What changed, and why",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Shown beside the version for good.",
    )

    def __init__(self, *args: Any, version: RubricVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].initial = version.note
        self.helper = _helper(self, f"Publish version {version.number}")
