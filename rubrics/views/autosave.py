"""Autosave of a draft, dimension by dimension, in the contract of docs/adr/0004-autosave.md."""

from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from rubrics.desk import Desk, open_desk
from rubrics.editor import DimensionForm
from rubrics.versioning import DraftChanged, save_draft
from smarter.accounts.models import User
from smarter.autosave import acknowledge, answer_autosave


@login_not_required
@require_http_methods(["GET", "POST"])
def version_autosave(request: HttpRequest, pk: int, key: str) -> JsonResponse:
    """A GET answers a fresh token and who is signed in; a POST saves, and answers the new revision and its hash."""
    return answer_autosave(request, pk, partial(_autosave, pk, key))


def _autosave(pk: int, key: str, user: User, envelope: dict[str, int], changes: dict[str, str]) -> JsonResponse:
    """Save some fields of a dimension at a revision, or answer what stands in the way."""
    desk = open_desk(user, pk, key)
    if desk is None:
        raise Http404
    if desk.removal:
        return JsonResponse({"error": "removed"}, status=409)
    if envelope["version"] != desk.version.revision:
        return _stale(desk)
    form = DimensionForm({**desk.fields, **changes}, document=desk.document, key=desk.key)
    if not form.is_valid() or not changes.keys() <= desk.fields.keys():
        return JsonResponse({"error": "refused", "errors": form.errors}, status=400)
    try:
        version = save_draft(version=desk.version, document=form.edited, revision=desk.version.revision, user=user)
    except DraftChanged:
        return _autosave(pk, key, user, envelope, changes)
    return acknowledge(version=version, sequence=envelope["sequence"], fields=form.typed)


def _stale(desk: Desk) -> JsonResponse:
    """The dimension as it is now, for the browser to compare with what was typed there."""
    return JsonResponse({"error": "stale", "version": desk.version.revision, "fields": desk.fields}, status=409)
