"""Forms of rubrics: a file to take in, the version to compare with, the note of a publication."""

import json
from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from rubrics.curating import create_rubric, empty_document
from rubrics.document import document_of
from rubrics.exchange import BUILT_IN, load_rubric
from rubrics.file_format import MOST_BYTES, Document, RubricFileRefused, read_document
from rubrics.models import RubricVersion
from rubrics.versioning import DraftExists
from smarter.accounts.models import User

SMART, EMPTY = "smart", "empty"


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


class RubricNameForm(forms.Form):
    """What a rubric is called."""

    name = forms.CharField(max_length=120, error_messages={"required": "Give the rubric a name."})
    description = forms.CharField(
        max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="What it is for, in a line."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(self, "Save")


class RubricForm(RubricNameForm):
    """A new rubric, and what its first draft begins from."""

    start = forms.ChoiceField(label="Begin from")

    def __init__(self, *args: Any, versions: Iterable[RubricVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(version.pk): version for version in versions}
        rows = [(key, f"{version}, {version.get_state_display().lower()}") for key, version in self.versions.items()]
        start = self.fields["start"]
        assert isinstance(start, forms.ChoiceField)  # noqa: S101 - declared above
        start.choices = [(SMART, "The built-in SMART rubric"), *rows, (EMPTY, "Nothing: one empty dimension")]
        self.helper = _helper(self, "Create rubric")

    def create(self, user: User) -> RubricVersion:
        """The draft to go on with."""
        data = self.cleaned_data
        return create_rubric(
            user=user, name=data["name"], description=data["description"], document=self._document(data["start"])
        )

    def _document(self, start: str) -> Document:
        if start == SMART:
            return read_document(BUILT_IN.read_bytes())
        return empty_document() if start == EMPTY else document_of(self.versions[start])


class CompareForm(forms.Form):
    """Two versions of a rubric: without the earlier one, the last published before the later one."""

    against = forms.ModelChoiceField(RubricVersion.objects.none(), label="From", required=False)
    to = forms.ModelChoiceField(RubricVersion.objects.none(), label="To", required=False)

    def __init__(self, *args: Any, version: RubricVersion, versions: "QuerySet[RubricVersion]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        for name, empty in (("against", "The version before"), ("to", str(version))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
            field.queryset = versions.exclude(pk=version.pk) if name == "to" else versions
            field.empty_label = empty

    def pair(self) -> tuple[RubricVersion | None, RubricVersion]:
        """The two versions; a choice that is not there is as none."""
        data = self.cleaned_data if self.is_valid() else {}
        to = data.get("to") or self.version
        return data.get("against") or to.before(), to


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


class EditForm(forms.Form):
    """What the page of a draft sends beside its fields: the button, the revision and the texts it began from."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    act = forms.CharField(required=False, max_length=100)
    base = forms.CharField(required=False, strip=False)

    def clean_base(self) -> dict[str, str]:
        """Named texts; anything else is as none."""
        try:
            base = json.loads(self.cleaned_data["base"] or "{}")
        except (ValueError, RecursionError):
            return {}
        return base if isinstance(base, dict) and all(isinstance(text, str) for text in base.values()) else {}
