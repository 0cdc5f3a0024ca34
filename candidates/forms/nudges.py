"""Forms of nudges: whom to ask, and which mails to take back."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from candidates.nudging import LateSeat

MOST_MAILS = 200


class NudgeForm(forms.Form):
    """Some of those whose cards are still open; who wants no reminders can't be chosen."""

    is_again = forms.BooleanField(label="Also those nudged within the last day", required=False)

    def __init__(self, data: Any, *, seats: list[LateSeat]) -> None:
        super().__init__(data)
        self.seats = seats
        self.fields["card"] = forms.TypedMultipleChoiceField(
            choices=[(seat.card.pk, str(seat.card)) for seat in seats if not seat.wants_no_mail],
            coerce=int,
            error_messages={
                "required": "Choose at least one person.",
                "invalid_choice": "Somebody chosen is no longer waited for. Look at the list again.",
            },
        )

    @property
    def rows(self) -> list[tuple[LateSeat, bool]]:
        """The seats, each with whether its box is ticked."""
        if not self.is_bound:
            return [(seat, seat.is_proposed) for seat in self.seats]
        chosen = set(cast("QueryDict", self.data).getlist("card"))
        return [(seat, str(seat.card.pk) in chosen) for seat in self.seats]


class TakeBackForm(forms.Form):
    """The numbers of mails, as the address of an Undo holds them."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        numbers = [value for value in data.getlist("mail")[:MOST_MAILS] if value.isascii() and value.isdecimal()]
        self.mails = {int(value) for value in numbers if len(value) <= 18}
