"""Rubrics where openings and scorecards meet them: a draft as a scorecard, and openings that take up a new version."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from candidates.adopting import MoveRefused, move_opening, move_openings
from candidates.forms.rubrics import MoveForm
from candidates.models import Opening
from candidates.previewing import preview_sheet
from candidates.sheet import REASONS
from rubrics.models import RubricVersion
from rubrics.usage import usage_of
from smarter.accounts.models import UserRequest
from smarter.accounts.views.admins import admin_required
from smarter.middleware import FRAMED_BY_OURSELVES


@require_GET
def version_preview(request: UserRequest, pk: int) -> HttpResponse:
    """A version as a scorecard, at the width of a phone and of a desk."""
    version = get_object_or_404(RubricVersion.objects.visible_to(request.user).select_related("rubric"), pk=pk)
    return render(request, "candidates/version_preview.html", {"version": version})


@require_GET
@xframe_options_sameorigin
def version_preview_card(request: UserRequest, pk: int) -> HttpResponse:
    """The scorecard itself with this version: to look at, for nobody, and with nothing to save. Our pages frame it."""
    version = get_object_or_404(RubricVersion.objects.visible_to(request.user).select_related("rubric"), pk=pk)
    context = {"version": version, "sheet": preview_sheet(version), "reasons": REASONS}
    response = render(request, "candidates/version_preview_card.html", context)
    response.headers["Content-Security-Policy"] = FRAMED_BY_OURSELVES
    return response


@require_http_methods(["GET", "POST"])
@admin_required
def version_openings(request: UserRequest, pk: int) -> HttpResponse:
    """Openings that may still take up this version, all at once; those that may not stay, and the page says so."""
    version = get_object_or_404(RubricVersion.objects.offered().select_related("rubric"), pk=pk)
    if request.method == "POST":
        moved = move_openings(user=request.user, openings=Opening.objects.all(), version=version)
        number = f"{len(moved)} opening{'' if len(moved) == 1 else 's'}"
        messages.success(request, f"{number} took up {version}." if moved else "There was no opening left to move.")
        return redirect("candidates:version_openings", pk)
    context = {
        "version": version,
        "usage": usage_of([pk])[pk],
        "count": Opening.objects.movable_to(version).count(),
        "movable": Opening.objects.movable_to(version).managed_by(request.user).select_related("rubric_version"),
        "staying": Opening.objects.staying_behind(version).count(),
    }
    return render(request, "candidates/version_openings.html", context)


@require_POST
def opening_move(request: UserRequest, pk: int) -> HttpResponse:
    """Let one opening take up a newer version of its rubric; for its team."""
    opening = get_object_or_404(Opening.objects.managed_by(request.user).select_related("rubric_version"), pk=pk)
    form = MoveForm(request.POST, opening=opening)
    if not form.is_valid():
        messages.error(request, "Choose a version that is published and newer than the present one.")
        return redirect("candidates:opening_edit", pk)
    version = form.cleaned_data["version"]
    try:
        move_opening(user=request.user, opening=opening, version=version)
    except MoveRefused:
        messages.error(request, f"{opening} stays where it is: somebody has opened a scorecard.")
    else:
        messages.success(request, f"{opening} is scored on {version} from now on.")
    return redirect("candidates:opening_edit", pk)
