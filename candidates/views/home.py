"""Home: what waits for this person."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from candidates.agenda import read_agenda
from candidates.views.mails import readable_mails
from smarter.accounts.models import UserRequest


@require_GET
def home(request: UserRequest) -> HttpResponse:
    """What to score now, what is overdue, what comes next, and the openings one follows."""
    now = timezone.now()
    context = {
        "agenda": read_agenda(request.user, now),
        "now": now,
        "failed_mails": readable_mails(request.user).failed().count() if request.user.is_admin else 0,
    }
    return render(request, "candidates/home.html", context)
