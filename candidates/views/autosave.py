"""Autosave of a scorecard, answered in JSON so that no sign-in page or error page is ever taken for a save."""

from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from candidates.access import card_to_save
from candidates.forms.scorecards import KeysForm, ScorecardForm
from candidates.models import Scorecard
from candidates.scoring import CardChanged, open_card, save_draft
from candidates.sheet import load_sheet
from smarter.accounts.models import User, UserRequest
from smarter.autosave import acknowledge, answer_autosave


@login_not_required
@require_http_methods(["GET", "POST"])
def scorecard_autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """A GET answers a fresh token, who is signed in, and whether what this browser may still hold is to be erased.

    A POST saves, and answers the new version and its hash.
    """
    return answer_autosave(request, pk, partial(_autosave, pk), tell=partial(_tell, pk))


def _tell(pk: int, user: User) -> dict[str, bool]:
    """Whether this is a card of one's own whose candidate was erased."""
    own = Scorecard.objects.held_by(user).filter(pk=pk)
    return {"erased": own.filter(interview__application__candidate__erased_at__isnull=False).exists()}


def _autosave(pk: int, user: User, envelope: dict[str, int], changes: dict[str, str]) -> JsonResponse:
    """Save some fields of a card at a version, or answer what stands in the way."""
    card = _own_card(user, pk)
    if not card.is_editable:
        return _closed(card)
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
    return acknowledge(version=version, sequence=envelope["sequence"], fields=form.cleaned_data)


def _own_card(user: User, pk: int) -> Scorecard:
    card: Scorecard | None = card_to_save(user, pk)
    if card is None:
        raise Http404
    return card


def _stale(user: User, pk: int) -> JsonResponse:
    """The card as it is now, for the browser to compare with what was typed there."""
    card = _own_card(user, pk)
    if not card.is_editable:
        return _closed(card)
    answer = {"error": "stale", "version": card.version, "fields": load_sheet(card).fields}
    return JsonResponse(answer, status=409)


def _closed(card: Scorecard) -> JsonResponse:
    """Nothing is typed on this card any more; where its candidate was erased, the browser erases its text as well."""
    is_erased = card.interview.application.candidate.erased_at is not None
    return JsonResponse({"error": "erased" if is_erased else "closed"}, status=409)


@require_POST
def scorecard_keys(request: UserRequest) -> HttpResponse:
    """Switch the keys on the scorecard on or off, for this person on every device."""
    form = KeysForm(request.POST)
    if form.is_valid():
        User.objects.filter(pk=request.user.pk).update(keys_enabled=form.cleaned_data["enabled"])
    return HttpResponse(status=204)
