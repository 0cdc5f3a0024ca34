"""The debrief of an opening: open it, follow it, settle its items, close it."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from candidates.comparison.seats import read_seats
from candidates.comparison.seen import read_seen
from candidates.debrief.items import item_id
from candidates.debrief.page import read_debrief
from candidates.debriefing import (
    CardsMissing,
    DebriefRefused,
    ItemChanged,
    close_debrief,
    incomplete,
    known_applications,
    open_debrief,
    settle_item,
    to_debrief,
)
from candidates.forms.compare import VersionsForm
from candidates.forms.debrief import OpenForm, SettleForm, seen_text
from candidates.looking import note_sight
from candidates.models import Application, Debrief, DebriefItem, Opening, Scorecard
from smarter.accounts.models import UserRequest


@require_GET
def opening_debrief(request: UserRequest, pk: int) -> HttpResponse:
    """The latest debrief of the opening, as far as this person may follow it; before it, what is missing to open it."""
    opening = _opening(request, pk)
    debrief = opening.debriefs.select_related("opened_by").first()
    return _talk(request, opening, debrief) if debrief else _start(request, opening)


@require_POST
def debrief_open(request: UserRequest, pk: int) -> HttpResponse:
    """Open the debrief; scorecards still missing are named and confirmed first."""
    opening = get_object_or_404(Opening.objects.managed_by(request.user).select_related("rubric_version"), pk=pk)
    form = OpenForm(request.POST, is_complete=not _missing(request, opening))
    if not form.is_valid():
        return _start(request, opening, form)
    try:
        open_debrief(user=request.user, opening=opening, is_confirmed=form.cleaned_data.get("is_confirmed", False))
        messages.success(request, "The debrief is open. Everyone on the panel can follow it on this page.")
    except DebriefRefused:
        messages.info(request, "The debrief was open already.")
    except CardsMissing:
        messages.warning(request, "A scorecard came to be expected just now. Read who is missing, then open it again.")
    return redirect("candidates:opening_debrief", pk)


@require_POST
def debrief_close(request: UserRequest, pk: int) -> HttpResponse:
    """Close it; what was settled stays to be read."""
    debrief = get_object_or_404(Debrief.objects.managed_by(request.user), pk=pk)
    try:
        close_debrief(user=request.user, debrief=debrief)
        messages.success(request, "The debrief is closed. What was settled stays here.")
    except DebriefRefused:
        messages.info(request, "The debrief was closed already.")
    return redirect("candidates:opening_debrief", debrief.opening_id)


@require_POST
def debrief_item_settle(request: UserRequest, pk: int, application_pk: int, dimension: str) -> HttpResponse:
    """Keep what the panel settled on one dimension of one candidate."""
    debrief = get_object_or_404(Debrief.objects.visible_to(request.user).select_related("opening"), pk=pk)
    readable = Application.objects.visible_to(request.user).unsealed_for(request.user)
    application = get_object_or_404(readable.filter(opening=debrief.opening_id), pk=application_pk)
    if not debrief.opening.rubric_version.dimensions.filter(key=dimension).exists():
        raise Http404
    here = item_id(application_pk, dimension)
    form = SettleForm(request.POST, item_id=here)
    if form.is_valid():
        try:
            settle_item(
                user=request.user,
                debrief=debrief,
                application=application,
                dimension_key=dimension,
                outcome=form.cleaned_data["outcome"],
                note=form.cleaned_data["note"],
                seen_at=form.cleaned_data["seen"],
            )
        except DebriefRefused:
            messages.error(request, "The debrief was closed before this was settled, so it was not kept.")
        except ItemChanged as change:
            form = _overtaken(request, change.item, here)
        if not form.errors:
            query = "?anchors=together" if VersionsForm(request.GET).together else ""
            return redirect(reverse("candidates:opening_debrief", args=[debrief.opening_id]) + f"{query}#{here}")
    opening = _opening(request, debrief.opening_id)
    return _talk(request, opening, debrief, {here: form}, status=409 if form.non_field_errors() else 200)


@require_GET
def debrief_follow(request: UserRequest, pk: int) -> HttpResponse:
    """What is settled by now, for pages that follow by script. It tells of scores, so that reading it is noted."""
    debrief = get_object_or_404(Debrief.objects.visible_to(request.user), pk=pk)
    items = DebriefItem.objects.visible_to(request.user).filter(debrief=debrief).select_related("settled_by")
    settled = [(item_id(item.application_id, item.dimension_key), item) for item in items]
    within = Application.objects.filter(pk__in={item.application_id for _, item in settled})
    cards = Scorecard.objects.visible_to(request.user, within=within).filter(interview__application__in=within)
    note_sight(user=request.user, cards=cards.select_related("interview") if settled else [])
    return render(request, "candidates/_debrief_follow.html", {"debrief": debrief, "settled": settled})


def _opening(request: UserRequest, pk: int) -> Opening:
    openings = Opening.objects.visible_to(request.user).with_stamp().select_related("rubric_version__rubric")
    return get_object_or_404(openings, pk=pk)


def _missing(request: UserRequest, opening: Opening) -> list[Application]:
    """Candidates to be debriefed of whom a scorecard is still expected."""
    return incomplete(to_debrief(known_applications(request.user, opening)))


def _overtaken(request: UserRequest, item: DebriefItem, here: str) -> SettleForm:
    """The form with what was typed, and what somebody else settled in the meantime to be replaced or kept."""
    data = request.POST.copy()
    data["seen"] = seen_text(item)
    form = SettleForm(data, item_id=here)
    form.add_error(None, f"{item.settled_by} settled this while you wrote. Read it above, then settle to replace it.")
    return form


def _start(request: UserRequest, opening: Opening, form: OpenForm | None = None) -> HttpResponse:
    """Before the first debrief: nothing here stands on a score."""
    is_on_team = Opening.objects.managed_by(request.user).filter(pk=opening.pk).exists()
    discussed = to_debrief(known_applications(request.user, opening))
    missing = incomplete(discussed)
    seats = [card for card in read_seats(request.user, missing) if card.is_open and not card.is_shadow]
    context = {
        "opening": opening,
        "is_on_team": is_on_team,
        "missing": [
            (row, [card.interviewer.name for card in seats if card.interview.application_id == row.pk])
            for row in missing
        ],
        "discussed": discussed,
        "form": form or OpenForm(is_complete=not missing),
    }
    return render(request, "candidates/opening_debrief_start.html", context)


def _talk(
    request: UserRequest,
    opening: Opening,
    debrief: Debrief,
    bound: Mapping[str, SettleForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The debrief itself; reading it is noted."""
    reading = read_seen(request.user, opening)
    page = read_debrief(request.user, reading, debrief, together=VersionsForm(request.GET).together)
    forms = {item.id: SettleForm.of(item.settled, item_id=item.id) for item in page.items} if page.is_open else {}
    forms |= bound or {}
    context = {
        "opening": opening,
        "page": page,
        "rows": [(item, forms.get(item.id)) for item in page.items],
        "is_on_team": reading.is_on_team,
        "open_form": None if page.is_open else OpenForm(is_complete=not _missing(request, opening)),
    }
    return render(request, "candidates/opening_debrief.html", context, status=status)
