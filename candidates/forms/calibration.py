"""What the address of the calibration page may hold."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms

from candidates.models import Opening

MONTHS = {"12": "12 months", "3": "3 months", "all": "All time"}
DAYS_A_MONTH = 30.4375


class CalibrationForm(forms.Form):
    """How far back to look; and for those who lead openings, at which of them."""

    period = forms.ChoiceField(label="Period", choices=list(MONTHS.items()), required=False)
    opening = forms.ChoiceField(label="Opening", required=False)

    def __init__(self, *args: Any, openings: Sequence[Opening], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = "Your opening" if len(openings) == 1 else f"Your {len(openings)} openings"
        choices = [("", everything), *((str(row.pk), row.title) for row in openings)]
        self.fields["opening"] = forms.ChoiceField(label="Opening", choices=choices, required=False)

    def opening_pk(self) -> int | None:
        """The one opening asked for; None for all."""
        self.is_valid()
        return int(self.cleaned_data["opening"]) if self.cleaned_data.get("opening") else None

    @property
    def period_label(self) -> str:
        """The period in words."""
        return MONTHS[self._period()]

    def since(self, now: datetime) -> datetime | None:
        """Where the period starts; None for all time."""
        period = self._period()
        return None if period == "all" else now - timedelta(days=DAYS_A_MONTH * int(period))

    def _period(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("period") or "12"
