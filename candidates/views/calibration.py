"""How panels rate: by name to those who lead them, and to everybody their own mirror."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from candidates.calibration.page import calibrate
from candidates.calibration.reading import read_material
from candidates.forms.calibration import CalibrationForm
from candidates.looking import note_sight
from candidates.models import Opening
from smarter.accounts.models import UserRequest


@require_GET
def calibration(request: UserRequest) -> HttpResponse:
    """The period and opening that the address asks for, from what this person may read."""
    now = timezone.now()
    openings = tuple(Opening.objects.managed_by(request.user))
    form = CalibrationForm(request.GET, openings=openings)
    material = read_material(request.user, openings, since=form.since(now))
    page = calibrate(material, opening=form.opening_pk(), until=now)
    note_sight(user=request.user, cards=page.cards)
    return render(request, "candidates/calibration.html", {"form": form, "page": page})
