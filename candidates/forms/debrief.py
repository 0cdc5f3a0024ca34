"""What a debrief and a decision take in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, Submit
from django import forms
from django.utils.dateparse import parse_datetime

from candidates.forms.layout import page_helper
from candidates.models import DebriefItem, Decision


class OpenForm(forms.Form):
    """Open the debrief; with cards still expected, only on purpose."""

    is_confirmed = forms.BooleanField(
        label="Open it without these scorecards",
        required=False,
        help_text="Whoever submits after reading others’ scores is marked as not independent.",
    )

    def __init__(self, *args: Any, is_complete: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_complete = is_complete
        if is_complete:
            del self.fields["is_confirmed"]
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        """Missing cards are named on the page and confirmed here."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.is_complete and not cleaned.get("is_confirmed"):
            self.add_error("is_confirmed", "Scorecards are missing. Tick this to open without them, or wait.")
        return cleaned


class SettleForm(forms.Form):
    """What the panel settled on one item."""

    note = forms.CharField(
        label="Agreed note",
        max_length=2000,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "class": "evidence", "placeholder": "What the room now believes, and why"}
        ),
    )
    outcome = forms.ChoiceField(
        choices=DebriefItem.Outcome.choices,
        widget=forms.RadioSelect,
        help_text="The first score stays on record. A revision stands beside it, with a reason.",
        error_messages={"required": "Choose an outcome.", "invalid_choice": "Choose one of the three outcomes."},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, item_id: str, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{item_id}-%s"
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "seen",
            Div("note", "outcome", css_class="agreed"),
            FormActions(Submit("save", "Settle", css_class="button-small")),
        )

    @classmethod
    def of(cls, item: DebriefItem | None, *, item_id: str) -> "SettleForm":
        """The form as it stands on the page, with what was settled before."""
        initial = {"note": item.note, "outcome": item.outcome, "seen": seen_text(item)} if item else {}
        return cls(initial=initial, item_id=item_id)

    def clean_seen(self) -> datetime | None:
        """When the item was settled as far as this page knew."""
        text = self.cleaned_data["seen"]
        try:
            seen = parse_datetime(text) if text else None
        except ValueError:
            seen = None
        if text and seen is None:
            raise forms.ValidationError("Reload the page, then settle the item again.")
        return seen

    def clean(self) -> dict[str, Any]:
        """To ask again needs to say what."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("outcome") == DebriefItem.Outcome.ASK_AGAIN and not cleaned.get("note"):
            self.add_error("note", "Say what to ask again, and whom.")
        return cleaned


def seen_text(item: DebriefItem) -> str:
    """When an item was settled, as the form carries it."""
    return item.settled_at.isoformat() if item.settled_at else ""


class DecisionForm(forms.Form):
    """A decision with its reason; one against the order says why."""

    outcome = forms.ChoiceField(
        label="Decision",
        choices=Decision.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a decision.", "invalid_choice": "Choose one of the three decisions."},
    )
    rationale = forms.CharField(
        label="Reason",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Which evidence decided it. It is kept for good and may be asked for.",
        error_messages={"required": "Write the reason: which evidence decided it?"},
    )
    against_order_reason = forms.CharField(
        label="Why against the order",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, conflicts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts = conflicts
        if conflicts:
            words = [f"{Decision.Outcome(outcome).label}: {text}" for outcome, text in conflicts.items()]
            self.fields["against_order_reason"].help_text = "Needed for what goes against the order. " + " ".join(words)
        else:
            del self.fields["against_order_reason"]
        self.helper = page_helper(self, Fieldset("Your decision", *self.fields), submit="Record the decision")

    def clean(self) -> dict[str, Any]:
        """Against the order, the reason is asked for."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        conflict = self.conflicts.get(cleaned.get("outcome", ""))
        if conflict and not cleaned.get("against_order_reason"):
            self.add_error("against_order_reason", f"This goes against the order: {conflict} Say why.")
        return cleaned
