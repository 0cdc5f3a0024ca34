"""Home: what waits for this person."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from smarter.accounts.models import UserRequest


@require_GET
def home(request: UserRequest) -> HttpResponse:
    """What to score now, what is overdue, what comes next."""
    return render(request, "candidates/home.html")
