"""Nudging those whose scorecards are late, and taking it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from candidates.forms.nudges import NudgeForm, TakeBackForm
from candidates.letters import preview_nudge
from candidates.models import Opening
from candidates.nudging import AllNudged, late_seats, nudge, take_back
from smarter.accounts.models import UserRequest


@require_http_methods(["GET", "POST"])
def nudge_create(request: UserRequest, pk: int) -> HttpResponse:
    """Choose whom to ask for a scorecard, read what they get, send it."""
    opening = get_object_or_404(Opening.objects.managed_by(request.user), pk=pk)
    seats = late_seats(request.user, opening, timezone.now())
    form = NudgeForm(request.POST if request.method == "POST" else None, seats=seats)
    if form.is_valid():
        chosen, is_again = form.cleaned_data["card"], form.cleaned_data["is_again"]
        try:
            mails = nudge(user=request.user, opening=opening, cards=chosen, is_again=is_again)
        except AllNudged:
            form.add_error("is_again", "All of them were nudged within the last day. Tick here to do it again.")
        else:
            _say(request, opening, mails)
            return redirect("candidates:opening_detail", pk)
    shown = next((seat.card for seat, is_chosen in form.rows if is_chosen), seats[0].card if seats else None)
    letter = preview_nudge(shown, by=request.user) if shown else None
    return render(request, "candidates/nudge_create.html", {"opening": opening, "form": form, "letter": letter})


def _say(request: UserRequest, opening: Opening, mails: list[int]) -> None:
    undo = reverse("candidates:nudge_undo", args=[opening.pk]) + "?" + urlencode([("mail", pk) for pk in mails])
    number = "1 mail goes" if len(mails) == 1 else f"{len(mails)} mails go"
    messages.success(request, f"{number} out in two minutes.", extra_tags=f"undo:{undo}")


@require_POST
def nudge_undo(request: UserRequest, pk: int) -> HttpResponse:
    """Take back the nudges that the address names, as far as they have not gone."""
    opening = get_object_or_404(Opening.objects.managed_by(request.user), pk=pk)
    taken = take_back(user=request.user, opening=opening, mails=TakeBackForm(request.GET).mails)
    if taken:
        messages.info(request, f"Taken back: {taken} mail{'' if taken == 1 else 's'}.")
    else:
        messages.error(request, "Nothing could be taken back: the mails have gone out.")
    return redirect("candidates:opening_detail", pk)
