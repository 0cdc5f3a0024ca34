"""Forms of the scorecard: the card itself, its autosave, and the acts around it."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from candidates.models import NO_REASON_YET, NotObserved, Recommendation, Revision, Score, Scorecard
from candidates.sheet import NOT_OBSERVED, Fields, Sheet
from rubrics.models import RATINGS

EVIDENCE_LENGTH = 8000
NOTE_LENGTH = 4000
RATING_CHOICES = [("", "–"), *((str(value), str(value)) for value in RATINGS), (NOT_OBSERVED, "Not observed")]
REASON_CHOICES = [("", "–"), (NO_REASON_YET, "–"), *NotObserved.choices]
RECOMMENDATION_CHOICES = [("", "–"), *((str(value), label) for value, label in Recommendation.choices)]
CHOICES = {"rating": RATING_CHOICES, "reason": REASON_CHOICES, "recommendation": RECOMMENDATION_CHOICES}

# What somebody can say of their own seat; that the candidate was erased, the erasure says.
DECLINE_REASONS = [
    (reason.value, reason.label)
    for reason in (Scorecard.DeclineReason.COULD_NOT_ATTEND, Scorecard.DeclineReason.CONFLICT_OF_INTEREST)
]


class TypedText(forms.CharField):
    """Text kept to the letter, with line ends as browsers show them; only what no database can hold is refused."""

    def __init__(self, max_length: int) -> None:
        super().__init__(required=False, strip=False, max_length=max_length)

    def to_python(self, value: Any) -> str:
        """The text with plain line ends."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        """Refuse halves of characters, which a script can send and nothing can store."""
        super().validate(value)
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise forms.ValidationError("This text holds a broken character. Delete it and type it again.") from error


class ScorecardForm(forms.Form):
    """What is typed on one card. A draft may lack anything; what is not sent stays as it was.

    It has a field for each thing sent, because an autosave sends one or two of some forty; `cleaned_data` has them all.
    """

    def __init__(self, data: Mapping[str, Any], *, sheet: Sheet) -> None:
        self.sheet = sheet
        super().__init__(data)
        for name in sheet.fields:
            if name in data:
                self.fields[name] = self._field(name)
                self.fields[name].label = sheet.labels[name]

    @staticmethod
    def _field(name: str) -> forms.Field:
        """The control of what is called so (see `candidates.sheet`)."""
        kind = name.partition(".")[0]
        if kind in CHOICES:
            return forms.ChoiceField(choices=CHOICES[kind], required=False)
        return TypedText(EVIDENCE_LENGTH if kind == "evidence" else NOTE_LENGTH)

    def clean(self) -> Fields:
        """A rating and a reason never both; "not observed" without a reason is kept as such."""
        self.cleaned_data = {**self.sheet.fields, **self.cleaned_data}
        for part in self.sheet.parts:
            reason = self.cleaned_data.get(part.reason_name, "")
            is_not_observed = self.cleaned_data.get(part.rating_name) == NOT_OBSERVED
            self.cleaned_data[part.reason_name] = (reason or NO_REASON_YET) if is_not_observed else ""
        return self.cleaned_data

    def typed(self) -> Fields:
        """What the page shows again beside its errors: texts as they were typed, choices only where they are some."""
        refused = [name for name in self.errors if isinstance(self.fields.get(name), forms.ChoiceField)]
        typed = {name: self.data[name] for name in self.fields if name not in refused}
        return {**self.sheet.fields, **typed}


class SaveForm(forms.Form):
    """Which version of the card a save began from."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class KeysForm(forms.Form):
    """Whether the keys of the scorecard are on."""

    enabled = forms.BooleanField(required=False)


class SubmitForm(SaveForm):
    """The version that was read in the review, and a key by which a repeated submission is known."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    submission_key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)


def _helper(form: forms.BaseForm, *fields: str, button: str, css: str = "button-primary") -> FormHelper:
    helper = FormHelper(form)
    helper.form_class = "form"
    helper.attrs = {"novalidate": True}
    helper.layout = Layout(*fields)
    helper.add_input(Submit("act", button, css_class=css))
    return helper


class DeclineForm(forms.Form):
    """Why somebody does not score."""

    reason = forms.ChoiceField(choices=DECLINE_REASONS, widget=forms.RadioSelect, label="Why do you decline?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(self, "reason", button="Decline scorecard", css="button-danger")


class HandBackForm(forms.Form):
    """Nothing to fill in: the page says what happens, the button does it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(self, button="Hand back scorecard")


class RevisionForm(forms.Form):
    """A second rating with its reason; the first stays beside it."""

    value = forms.TypedChoiceField(label="New score", coerce=int, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label="Reason", choices=Revision.Reason, widget=forms.RadioSelect)
    text = forms.CharField(
        label="What changed your mind", max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, score: Score, current: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = current
        self.fields["value"].choices = [  # type: ignore[attr-defined]
            (value, f"{value}. {score.dimension.anchor_text(value)}") for value in RATINGS
        ]
        self.helper = _helper(self, "value", "reason", "text", button="File revision")

    def clean_value(self) -> int:
        """A revision to the score that stands says nothing."""
        value: int = self.cleaned_data["value"]
        if value == self.current:
            raise forms.ValidationError(f"{value} is the score that stands. Choose another, or leave it.")
        return value
