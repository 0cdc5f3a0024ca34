"""Forms about people's data: how long they are kept, holds, and the words that confirm an erasure."""

from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils import timezone

from candidates.forms.layout import page_helper
from candidates.models import LegalHold, RetentionRule
from candidates.models.privacy import LONGEST, SHORTEST

OUT_OF_RANGE = f"Give a number of months from {SHORTEST} to {LONGEST}, or leave it empty."


class RetentionForm(forms.ModelForm):  # type: ignore[type-arg]
    """The period; empty means that nobody is due."""

    months = forms.IntegerField(
        label="Keep candidates for (months)",
        required=False,
        help_text=(
            f"Counted from the day their last application ended. At least {SHORTEST}, because until then a person may "
            "still ask why they were rejected. Empty: kept until somebody erases them by hand."
        ),
        widget=forms.NumberInput(attrs={"min": SHORTEST, "max": LONGEST, "inputmode": "numeric"}),
        error_messages={"invalid": OUT_OF_RANGE},
    )

    class Meta:
        model = RetentionRule
        fields = ["months"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_helper(self, submit="Save period")
        self.helper.layout = Layout(Div("months", css_class="fields"), FormActions(Submit("save", "Save period")))

    def clean_months(self) -> int | None:
        """Within the floor and what makes sense."""
        months: int | None = self.cleaned_data["months"]
        if months is not None and not SHORTEST <= months <= LONGEST:
            raise forms.ValidationError(OUT_OF_RANGE)
        return months


class HoldForm(forms.ModelForm):  # type: ignore[type-arg]
    """Why a candidate's data must stay, and how long."""

    class Meta:
        model = LegalHold
        fields = ["reason", "until"]
        labels = {"until": "Until (that day included)"}
        widgets = {
            "reason": forms.Textarea(attrs={"rows": 3, "maxlength": 1000}),
            "until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "reason": "Such as a claim or an inquiry that is going on. The candidate may ask to read it.",
            "until": "Empty: until somebody lifts it.",
        }
        error_messages = {
            "reason": {"required": "Say why the data must be kept."},
            "until": {"invalid": "Give a day, as in 2027-03-31."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].max_length = 1000  # type: ignore[attr-defined]
        self.helper = page_helper(self, "reason", "until", submit="Set hold")

    def clean_reason(self) -> str:
        """A sentence or two."""
        reason = str(self.cleaned_data["reason"])
        if len(reason) > 1000:
            raise forms.ValidationError("Keep it to 1,000 characters.")
        return reason

    def clean_until(self) -> Any:
        """A hold that is over before it begins keeps nothing."""
        until = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError("This day is past. Choose a later one, or leave it empty.")
        return until


class ConfirmForm(forms.Form):
    """An act that can't be undone is confirmed by typing what it is done to."""

    typed = forms.CharField(
        max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )

    def __init__(self, *args: Any, expected: str, submit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        typed = self.fields["typed"]
        typed.label = f"Type “{expected}” to confirm"
        typed.error_messages["required"] = "Type it to confirm."
        self.helper = page_helper(self, "typed", submit=submit, css_class="button-danger")

    def clean_typed(self) -> str:
        """The very words, whatever their case and the spaces around."""
        typed = str(self.cleaned_data["typed"])
        if " ".join(typed.split()).casefold() != " ".join(self.expected.split()).casefold():
            raise forms.ValidationError("This is not the same. Nothing was erased.")
        return typed


class MaskForm(forms.Form):
    """Whether colleagues' names are left out of a disclosure."""

    masked = forms.BooleanField(required=False, label="Leave out colleagues’ names")
