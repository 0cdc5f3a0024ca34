"""The scorecard: fill it in, review and submit it, read it, decline it, hand it back, revise a score."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from candidates.access import own_card
from candidates.clashes import find_clashes, settle
from candidates.forms.scorecards import (
    DeclineForm,
    HandBackForm,
    RevisionForm,
    SaveForm,
    ScorecardForm,
    SubmitForm,
)
from candidates.looking import note_sight
from candidates.models import Scorecard
from candidates.practising import offer_practice
from candidates.reading import read_card
from candidates.scoring import (
    CardChanged,
    CardHasGaps,
    HandBackRefused,
    RevisionRefused,
    decline_card,
    hand_back_card,
    open_card,
    revise_score,
    save_draft,
    submit_card,
)
from candidates.sheet import REASONS, Sheet, load_sheet
from smarter.accounts.models import User, UserRequest
from smarter.compiled_queries import compiled
from smarter.initials import initials


def _own_card(request: UserRequest, pk: int) -> Scorecard:
    """A card of one's own with all that is typed on it, whatever its state."""
    card: Scorecard | None = own_card(request.user, pk)
    if card is None:
        raise Http404
    return card


@require_http_methods(["GET", "POST"])
def scorecard_edit(request: UserRequest, pk: int) -> HttpResponse:
    """The interview kit and the card in one page; a POST saves the draft, and goes on to the review if asked."""
    card = _own_card(request, pk)
    if not card.is_editable:
        return _closed(request, card)
    if card.opened_at is None:
        open_card(user=request.user, card=card)
    sheet = load_sheet(card)
    if request.method == "POST":
        return _save(request, sheet)
    return render(request, "candidates/scorecard_edit.html", _edit_context(request, sheet))


def _save(request: UserRequest, sheet: Sheet) -> HttpResponse:
    """Save what was posted, or show the page again with what was typed and what stands in the way."""
    typed = settle(sheet, request.POST.dict(), request.POST.dict())
    form, envelope = ScorecardForm(typed, sheet=sheet), SaveForm(request.POST)
    if not form.is_valid():
        shown = load_sheet(sheet.card, form.typed())
        return render(request, "candidates/scorecard_edit.html", _edit_context(request, shown, form=form))
    try:
        if not envelope.is_valid() or envelope.cleaned_data["version"] != sheet.card.version:
            raise CardChanged
        save_draft(user=request.user, sheet=sheet, version=sheet.card.version, fields=form.cleaned_data)
    except CardChanged:
        return _clash(request, sheet.card.pk, form.cleaned_data)
    if request.POST.get("act") == "review":
        return redirect("candidates:scorecard_review", sheet.card.pk)
    return redirect("candidates:scorecard_edit", sheet.card.pk)


def _clash(request: UserRequest, pk: int, typed: dict[str, str]) -> HttpResponse:
    """Somebody saved this card in between: both texts of every field that differs, and nothing overwritten."""
    card = _own_card(request, pk)
    if not card.is_editable:
        return _closed(request, card)
    saved = load_sheet(card)
    shown = load_sheet(card, typed)
    context = _edit_context(request, shown) | {"clashes": find_clashes(saved, typed)}
    return render(request, "candidates/scorecard_edit.html", context, status=409)


def _closed(request: UserRequest, card: Scorecard) -> HttpResponse:
    """A card that takes no more: lead to its read view, unless text was typed that would go lost on the way."""
    if card.interview.application.candidate.erased_at is not None:
        messages.info(request, "This candidate’s data were erased, so nothing is written about them any more.")
        return redirect("candidates:scorecard_detail", card.pk)
    if request.method != "POST":
        return redirect("candidates:scorecard_detail", card.pk)
    unsaved = find_clashes(load_sheet(card), request.POST.dict())
    return render(request, "candidates/scorecard_closed.html", {"card": card, "unsaved": unsaved}, status=409)


def _edit_context(request: UserRequest, sheet: Sheet, form: ScorecardForm | None = None) -> dict[str, Any]:
    """What the page of an open card shows beside the sheet."""
    names = _names_of_panel(sheet.card.interview_id)
    short = initials(names)
    return {
        "sheet": sheet,
        "card": sheet.card,
        "form": form,
        "reasons": REASONS,
        "panel": [(name, short[name]) for name in names],
        "show_gaps": "gaps" in request.GET,
        "practice": offer_practice(request.user, [sheet.version.rubric_id], sheet.card.rubrics_stamp),
    }


@compiled
def _names_of_panel(interview: int) -> QuerySet[User, str]:
    seated = User.objects.filter(scorecards__interview=interview)
    return seated.order_by("scorecards__pk").values_list("name", flat=True)


@require_http_methods(["GET", "POST"])
def scorecard_review(request: UserRequest, pk: int) -> HttpResponse:
    """The card as it will stand, with what is missing and what is worth a second look; a POST submits it."""
    card = _own_card(request, pk)
    form = SubmitForm(request.POST if request.method == "POST" else None, initial={"version": card.version})
    if form.is_valid():
        return _submit(request, card, form)
    if not card.is_editable:
        return redirect("candidates:scorecard_detail", card.pk)
    return _review_page(request, card, form)


def _submit(request: UserRequest, card: Scorecard, form: SubmitForm) -> HttpResponse:
    """Submit and lead to what is now visible; with gaps, to the first of them."""
    key = form.cleaned_data["submission_key"]
    try:
        submit_card(user=request.user, card=card, version=form.cleaned_data["version"], key=key)
    except CardHasGaps as refusal:
        return _to_gap(card, refusal.gaps[0].target)
    except CardChanged:
        card = _own_card(request, card.pk)
        if not card.is_editable:
            return redirect("candidates:scorecard_detail", card.pk)
        messages.warning(request, "This scorecard changed in another tab after you opened its review. Read it again.")
        return _review_page(request, card, SubmitForm(initial={"version": card.version}), status=409)
    return redirect("candidates:scorecard_detail", card.pk)


def _to_gap(card: Scorecard, target: str) -> HttpResponseRedirect:
    url = reverse("candidates:scorecard_edit", args=[card.pk])
    return HttpResponseRedirect(f"{url}?gaps=1#{target}")


def _review_page(request: UserRequest, card: Scorecard, form: SubmitForm, status: int = 200) -> HttpResponse:
    context = {"card": card, "sheet": load_sheet(card), "form": form}
    return render(request, "candidates/scorecard_review.html", context, status=status)


@require_GET
def scorecard_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A card as it stands: one's own, or a submitted one that this person may read, which leaves a trace."""
    card = get_object_or_404(Scorecard.objects.visible_to(request.user).with_context().with_typed(), pk=pk)
    if card.is_editable:  # so it is one's own, as others' cards are to be read only once they are in
        return redirect("candidates:scorecard_edit", card.pk)
    note_sight(user=request.user, cards=[card])
    return render(request, "candidates/scorecard_detail.html", {"reading": read_card(user=request.user, card=card)})


@require_http_methods(["GET", "POST"])
def scorecard_decline(request: UserRequest, pk: int) -> HttpResponse:
    """Give up a seat, with the reason."""
    card = get_object_or_404(Scorecard.objects.editable_by(request.user).with_context(), pk=pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            decline_card(user=request.user, card=card, reason=form.cleaned_data["reason"])
        except CardChanged:
            messages.error(request, "This scorecard is no longer open, so it was not declined.")
        else:
            messages.success(request, f"You declined the scorecard for {card.interview.application.candidate}.")
        return redirect("candidates:scorecard_detail", card.pk)
    return render(request, "candidates/scorecard_decline.html", {"card": card, "form": form})


@require_http_methods(["GET", "POST"])
def scorecard_hand_back(request: UserRequest, pk: int) -> HttpResponse:
    """Make a submitted card a draft again, while nobody has read it."""
    card = get_object_or_404(Scorecard.objects.returnable_by(request.user).with_context(), pk=pk)
    form = HandBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            hand_back_card(user=request.user, card=card)
        except HandBackRefused:
            messages.error(request, "This scorecard can’t be handed back: somebody has read scores in between.")
        else:
            messages.success(request, f"{card.interviewer} has the scorecard back as a draft.")
        return redirect("candidates:interview_detail", card.interview_id)
    return render(request, "candidates/scorecard_hand_back.html", {"card": card, "form": form})


@require_http_methods(["GET", "POST"])
def score_revise(request: UserRequest, pk: int) -> HttpResponse:
    """File a second rating beside one's own submitted one."""
    own = Scorecard.objects.held_by(request.user).with_context()
    card = get_object_or_404(own, scores=pk, scores__is_final=True)
    score = card.scores.select_related("dimension").get(pk=pk)
    revisions = list(score.revisions.all())
    current = revisions[-1].value if revisions else score.value
    form = RevisionForm(request.POST if request.method == "POST" else None, score=score, current=current)
    if form.is_valid():
        try:
            revise_score(user=request.user, score=score, **form.cleaned_data)
        except RevisionRefused:
            messages.error(request, "The score changed in another tab, so nothing was filed. Look at it again.")
        return redirect("candidates:scorecard_detail", card.pk)
    context = {"form": form, "score": score, "card": card, "current": current}
    return render(request, "candidates/score_revise.html", context)
