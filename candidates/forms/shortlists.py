"""What a shortlist takes in."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.db.models import QuerySet

from candidates.forms.layout import page_helper
from candidates.forms.rows import RowsField
from candidates.models import Application, Opening


class ShortlistForm(forms.Form):
    """A new list; its name is unlike the others of the opening."""

    name = forms.CharField(
        max_length=80,
        help_text="What the list is for, such as “To present on Friday”.",
        error_messages={"required": "Give the shortlist a name."},
    )

    def __init__(self, *args: Any, opening: Opening, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opening = opening
        self.helper = page_helper(self, Fieldset("New shortlist", "name"), submit="Create shortlist")

    def clean_name(self) -> str:
        """Told apart whatever the case."""
        name: str = self.cleaned_data["name"]
        if self.opening.shortlists.filter(name__iexact=name).exists():
            raise forms.ValidationError("This opening has a shortlist of that name. Choose another name.")
        return name


class EntriesForm(forms.Form):
    """Candidates to put on a list."""

    def __init__(self, *args: Any, applications: QuerySet[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gone = "One of the chosen candidates is not in this opening any more. Choose again."
        self.fields["c"] = RowsField(
            applications,
            error_messages={
                "required": "Choose at least one candidate to add.",
                "invalid_choice": gone,
                "invalid_pk_value": gone,
            },
        )


class MoveForm(forms.Form):
    """One place up or down."""

    by = forms.TypedChoiceField(choices=[(-1, "Up"), (1, "Down")], coerce=int)


class NoteForm(forms.Form):
    """The note of an entry."""

    note = forms.CharField(max_length=1000, required=False)
