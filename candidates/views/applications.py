"""Applications: taking a candidate into an opening, moving from stage to stage, looking early."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from candidates.forms.candidates import ApplicationForm, ChoiceForm, KnownCandidateForm, StageForm, UndoForm
from candidates.intake import AlreadyApplied, add_application, add_candidate
from candidates.looking import LookRefused, look_early
from candidates.models import Application, Candidate, Opening, StageChange
from candidates.stages import move_applications, undo_moves
from smarter.accounts.models import UserRequest

MOST_COMPARED = 6


@require_http_methods(["GET", "POST"])
@transaction.atomic
def application_create(request: UserRequest, pk: int) -> HttpResponse:
    """A new candidate into an opening; one who is here already is recognised by e-mail and offered."""
    openings = Opening.objects.managed_by(request.user).not_closed()
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if request.method == "POST":  # two clicks at once take in one person
        openings = openings.select_for_update(of=("self",))
    opening = get_object_or_404(openings, pk=pk)
    form = ApplicationForm(data, files, user=request.user)
    if form.is_valid():
        candidate = form.save(commit=False)
        add_candidate(user=request.user, candidate=candidate, cv=form.cleaned_data["cv_file"])
        add_application(user=request.user, opening=opening, candidate=candidate, **form.application())
        messages.success(request, f"{candidate} is in {opening}.")
        return redirect("candidates:candidate_detail", candidate.pk)
    context = {
        "form": form,
        "opening": opening,
        "known": Candidate.objects.managed_by(request.user).not_erased().not_in(opening).exists(),
        "cancel_url": reverse("candidates:opening_detail", args=[pk]),
    }
    return render(request, "candidates/application_create.html", context)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def application_add(request: UserRequest, pk: int, candidate_pk: int) -> HttpResponse:
    """Somebody who is here already into another opening."""
    openings = Opening.objects.managed_by(request.user).not_closed()
    candidates = Candidate.objects.managed_by(request.user).not_erased()
    if request.method == "POST":  # an import or an erasure that is going on finishes first
        openings = openings.select_for_update(of=("self",))
        candidates = candidates.select_for_update(of=("self",))
    opening = get_object_or_404(openings, pk=pk)
    candidate = get_object_or_404(candidates, pk=candidate_pk)
    form = KnownCandidateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            add_application(user=request.user, opening=opening, candidate=candidate, **form.cleaned_data)
            messages.success(request, f"{candidate} is in {opening}.")
        except AlreadyApplied:
            messages.info(request, f"{candidate} was in {opening} already.")
        return redirect("candidates:candidate_detail", candidate.pk)
    context = {
        "form": form,
        "opening": opening,
        "candidate": candidate,
        "cancel_url": reverse("candidates:opening_detail", args=[pk]),
    }
    return render(request, "candidates/application_add.html", context)


@require_POST
def application_move(request: UserRequest, pk: int) -> HttpResponse:
    """One application to another stage, with an Undo."""
    mine = Application.objects.managed_by(request.user).not_erased()
    application = get_object_or_404(mine.select_related("candidate"), pk=pk)
    form = StageForm(request.POST)
    if form.is_valid():
        _move(request, [application], form.cleaned_data["stage"], application.opening_id)
    else:
        messages.error(request, "Choose the stage to move to.")
    return redirect(reverse("candidates:candidate_detail", args=[application.candidate_id]) + f"#application-{pk}")


@require_POST
def opening_choose(request: UserRequest, pk: int) -> HttpResponse:
    """Candidates chosen on an opening's page: compare them, put them on a shortlist, or move them together."""
    opening = get_object_or_404(Opening.objects.managed_by(request.user), pk=pk)
    form = ChoiceForm(request.POST, applications=opening.applications.select_related("candidate"))
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect("candidates:opening_detail", pk)
    chosen = list(form.cleaned_data["c"])
    pages = {ChoiceForm.COMPARE: "candidates:opening_compare", ChoiceForm.SHORTLIST: "candidates:shortlist_fill"}
    if page := pages.get(form.cleaned_data["act"]):
        query = urlencode([("c", application.pk) for application in chosen])
        return redirect(reverse(page, args=[pk]) + f"?{query}")
    _move(request, chosen, form.cleaned_data["stage"], pk)
    return redirect("candidates:opening_detail", pk)


@require_POST
def application_move_undo(request: UserRequest, pk: int) -> HttpResponse:
    """Take back the moves that the address names, where nothing has moved them since."""
    opening = get_object_or_404(Opening.objects.managed_by(request.user), pk=pk)
    mine = StageChange.objects.filter(application__opening=opening, changed_by=request.user)
    form = UndoForm(request.GET, changes=mine)
    undone = undo_moves(user=request.user, changes=form.cleaned_data["change"]) if form.is_valid() else []
    if undone:
        names = undone[0].application.candidate if len(undone) == 1 else f"{len(undone)} candidates"
        messages.info(request, f"Moved {names} back.")
    else:
        messages.error(request, "Nothing could be moved back: the stage has changed since.")
    return redirect("candidates:opening_detail", pk)


@require_http_methods(["GET", "POST"])
def application_look_early(request: UserRequest, pk: int) -> HttpResponse:
    """Announce what a look before all cards are in means; a POST records it and opens the scores."""
    applications = Application.objects.open_to_early_look(request.user)
    application = get_object_or_404(applications.select_related("candidate", "opening"), pk=pk)
    if request.method == "POST":
        try:
            look_early(user=request.user, application_id=application.pk)
        except LookRefused:
            messages.info(request, "The scores are open by now; no early look was needed.")
        return redirect("candidates:candidate_detail", application.candidate_id)
    return render(request, "candidates/application_look_early.html", {"application": application})


def _move(request: UserRequest, applications: list[Application], stage: str, opening: int) -> None:
    """Move them and say so, with an Undo of exactly these moves."""
    changes = move_applications(user=request.user, applications=applications, to_stage=stage)
    label = Application.Stage(stage).label.lower()
    if not changes:
        messages.info(request, f"Already in {label}; nothing was moved.")
        return
    query = urlencode([("change", change.pk) for change in changes])
    undo = reverse("candidates:application_move_undo", args=[opening]) + f"?{query}"
    names = applications[0].candidate.name if len(applications) == 1 else f"{len(changes)} candidates"
    messages.success(request, f"Moved {names} to {label}.", extra_tags=f"undo:{undo}")
