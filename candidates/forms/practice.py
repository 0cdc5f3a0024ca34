"""Rating a sample answer."""

from django import forms

from rubrics.models import RATINGS


class PracticeForm(forms.Form):
    """One of the five anchors; the template draws them as the scorecard does."""

    value = forms.TypedChoiceField(
        label="Score",
        choices=[(value, str(value)) for value in RATINGS],
        coerce=int,
        error_messages={"required": "Choose the line that is closest to what was said."},
    )
