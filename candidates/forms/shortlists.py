"""What a shortlist takes in."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.db.models import QuerySet

from candidates.forms.layout import page_helper
from candidates.forms.rows import RowsField
from candidates.models import Application, Opening, Shortlist, ShortlistEntry

TAKEN = "This opening has a shortlist of that name. Choose another name."


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
            raise forms.ValidationError(TAKEN)
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


class FillForm(forms.Form):
    """Candidates chosen elsewhere, and the list they go on: one that there is, or a new one."""

    NEW = "new"

    def __init__(
        self,
        *args: Any,
        opening: Opening,
        chosen: Sequence[Application],
        shortlists: Sequence[Shortlist],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.opening = opening
        self.chosen = {str(row.pk): row for row in chosen}
        self.shortlists = {str(row.pk): row for row in shortlists}
        self.fields["c"] = forms.MultipleChoiceField(
            label="Candidates",
            choices=[(key, str(row.candidate)) for key, row in self.chosen.items()],
            initial=list(self.chosen),
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": "Choose at least one candidate.",
                "invalid_choice": "One of the chosen candidates is not in this opening any more. Choose again.",
            },
        )
        lists = [(key, str(row)) for key, row in self.shortlists.items()]
        self.fields["shortlist"] = forms.ChoiceField(
            label="Shortlist",
            choices=[*lists, (self.NEW, "A new one")],
            initial=lists[0][0] if lists else self.NEW,
            widget=forms.RadioSelect,
            error_messages={
                "required": "Choose a shortlist, or a new one.",
                "invalid_choice": "That shortlist is gone. Choose another, or a new one.",
            },
        )
        self.fields["name"] = forms.CharField(
            label="Name of the new shortlist",
            max_length=80,
            required=False,
            help_text="What the list is for, such as “To present on Friday”.",
        )
        if not lists:  # then there is nothing to choose from
            self.fields["shortlist"].widget = forms.HiddenInput()
        self.helper = page_helper(self, "c", "shortlist", "name", submit="Put on the shortlist")

    def clean(self) -> dict[str, Any]:
        """A new list needs a name unlike the others of the opening."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("shortlist") == self.NEW and "name" not in self.errors:
            if not cleaned.get("name"):
                self.add_error("name", "Give the new shortlist a name.")
            elif self.opening.shortlists.filter(name__iexact=cleaned["name"]).exists():
                self.add_error("name", TAKEN)
        return cleaned

    def asked(self) -> dict[str, Any]:
        """What a valid form asks for: the candidates in the order they were chosen in, the list, or a name for one."""
        found = self.cleaned_data
        return {
            "applications": [row for key, row in self.chosen.items() if key in found["c"]],
            "shortlist": self.shortlists.get(found["shortlist"]),
            "name": found["name"],
        }


class EntriesUndoForm(forms.Form):
    """The additions to take back, from the address of an Undo."""

    def __init__(self, data: Any, *, entries: QuerySet[ShortlistEntry]) -> None:
        super().__init__(data)
        self.fields["entry"] = RowsField(entries)


class MoveForm(forms.Form):
    """One place up or down."""

    by = forms.TypedChoiceField(choices=[(-1, "Up"), (1, "Down")], coerce=int)


class NoteForm(forms.Form):
    """The note of an entry."""

    note = forms.CharField(max_length=1000, required=False)
