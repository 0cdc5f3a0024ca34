"""Autosave of a scorecard, answered in JSON so that no sign-in page or error page is ever taken for a save."""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from candidates.forms.scorecards import AutosaveForm, KeysForm, ScorecardForm
from candidates.models import Scorecard
from candidates.scoring import CardChanged, open_card, save_draft
from candidates.sheet import fingerprint, load_sheet
from smarter.accounts.models import User, UserRequest


@login_not_required
@require_http_methods(["GET", "POST"])
def scorecard_autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """A GET answers a fresh token and who is signed in; a POST saves, and answers the new version and its hash."""
    user = request.user if isinstance(request.user, User) else None
    if request.method == "GET" or user is None:
        answer = {"token": get_token(request), "user": user.pk if user else None}
        return JsonResponse(answer, status=200 if user else 401)
    body = _read(request)
    envelope = AutosaveForm(body)
    if not envelope.is_valid() or envelope.cleaned_data["card"] != pk or not _is_typed(body.get("fields")):
        return JsonResponse({"error": "unreadable"}, status=400)
    if envelope.cleaned_data["user"] != user.pk:
        return JsonResponse({"error": "user"}, status=409)
    try:
        return _autosave(user, pk, envelope.cleaned_data, body["fields"])
    except Http404:
        return JsonResponse({"error": "absent"}, status=404)


def _autosave(user: User, pk: int, envelope: dict[str, int], changes: dict[str, str]) -> JsonResponse:
    """Save some fields of a card at a version, or answer what stands in the way."""
    card = get_object_or_404(Scorecard.objects.held_by(user).with_context(), pk=pk)
    if not card.is_editable:
        return JsonResponse({"error": "closed"}, status=409)
    if card.opened_at is None:
        open_card(user=user, card=card)
    sheet = load_sheet(card)
    form = ScorecardForm(changes, sheet=sheet)
    if not form.is_valid() or not changes.keys() <= sheet.fields.keys():
        return JsonResponse({"error": "refused", "errors": form.errors}, status=400)
    try:
        version = save_draft(user=user, sheet=sheet, version=envelope["version"], fields=form.cleaned_data)
    except CardChanged:
        return _stale(user, pk)
    digest = fingerprint(form.cleaned_data)
    return JsonResponse({"version": version, "sequence": envelope["sequence"], "sha256": digest})


def _stale(user: User, pk: int) -> JsonResponse:
    """The card as it is now, for the browser to compare with what was typed there."""
    card = get_object_or_404(Scorecard.objects.held_by(user).with_context(), pk=pk)
    if not card.is_editable:
        return JsonResponse({"error": "closed"}, status=409)
    answer = {"error": "stale", "version": card.version, "fields": load_sheet(card).fields}
    return JsonResponse(answer, status=409)


def _read(request: HttpRequest) -> dict[str, Any]:
    """The body as an object; anything else is empty, which no form accepts."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _is_typed(fields: object) -> bool:
    """Whether this is a set of named texts."""
    return isinstance(fields, dict) and all(isinstance(value, str) for value in fields.values())


@require_POST
def scorecard_keys(request: UserRequest) -> HttpResponse:
    """Switch the keys on the scorecard on or off, for this person on every device."""
    form = KeysForm(request.POST)
    if form.is_valid():
        User.objects.filter(pk=request.user.pk).update(keys_enabled=form.cleaned_data["enabled"])
    return HttpResponse(status=204)
