"""What a candidate may ask for: a disclosure of everything held, a hold, an erasure."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from candidates.forms.privacy import ConfirmForm, HoldForm, MaskForm
from candidates.models import Application, Candidate, ErasureRequest, LegalHold, RetentionRule
from candidates.privacy.disclosure import disclose, why_closed
from candidates.privacy.erasing import (
    ErasureRefused,
    ask_for_erasure,
    erase_candidate,
    measure,
    obstacle,
    withdraw_request,
)
from candidates.privacy.files import pack
from candidates.privacy.holds import lift_hold, set_hold
from candidates.views.erased import not_found_once_erased
from smarter.accounts.models import UserRequest
from smarter.accounts.views.admins import admin_required


@require_GET
@transaction.atomic
def candidate_disclosure(request: UserRequest, pk: int) -> HttpResponse:
    """Everything held about a candidate, to read and print; why not, where scores may not be read yet."""
    candidate = get_object_or_404(Candidate.objects.recruited_by(request.user).not_erased(), pk=pk)
    if shut := why_closed(request.user, candidate):
        return render(request, "candidates/disclosure_closed.html", {"candidate": candidate, "shut": shut})
    is_masked = "masked" in request.GET
    disclosure = disclose(user=request.user, candidate=candidate, kind="page", is_masked=is_masked)
    context = {
        "candidate": candidate,
        "disclosure": disclosure,
        "form": MaskForm(initial={"masked": is_masked}),
        "is_masked": is_masked,
        "query": "?masked=on" if is_masked else "",
    }
    return render(request, "candidates/candidate_disclosure.html", context)


@require_GET
@transaction.atomic
def candidate_disclosure_file(request: UserRequest, pk: int) -> HttpResponse:
    """The same as one archive: data, page and CV."""
    candidate = get_object_or_404(Candidate.objects.recruited_by(request.user).not_erased(), pk=pk)
    if why_closed(request.user, candidate):
        return redirect("candidates:candidate_disclosure", pk)
    found = disclose(user=request.user, candidate=candidate, kind="file", is_masked="masked" in request.GET)
    response = HttpResponse(pack(found), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="disclosure-{pk}.zip"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def candidate_erase_ask(request: UserRequest, pk: int) -> HttpResponse:
    """What an erasure takes and what it leaves; a POST asks the admins for it."""
    candidate = get_object_or_404(Candidate.objects.recruited_by(request.user).not_erased(), pk=pk)
    if request.method == "POST":
        with not_found_once_erased():
            ask_for_erasure(user=request.user, candidate=candidate)
        messages.success(request, f"An admin is asked to erase {candidate}. Nothing is erased yet.")
        return redirect("candidates:candidate_detail", pk)
    running = Application.objects.recruited_by(request.user).filter(candidate=candidate).running()
    context = {"candidate": candidate, "running": list(running.select_related("opening"))}
    return render(request, "candidates/candidate_erase_ask.html", context)


@require_POST
def erasure_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """The candidate stays: by a recruiter of theirs, or by an admin."""
    asked = ErasureRequest.objects.open().select_related("candidate")
    is_admin = request.user.is_admin
    mine = Candidate.objects.recruited_by(request.user).order_by().values("pk")
    found = get_object_or_404(asked if is_admin else asked.filter(candidate__in=mine), pk=pk)
    withdraw_request(user=request.user, request=found)
    messages.success(request, f"The request is withdrawn; candidate {found.candidate_id} stays.")
    if Candidate.objects.visible_to(request.user).filter(pk=found.candidate_id).exists():
        return redirect("candidates:candidate_detail", found.candidate_id)
    return redirect("candidates:retention")


@require_http_methods(["GET", "POST"])
@admin_required
def candidate_erase(request: UserRequest, pk: int) -> HttpResponse:
    """How much would go; a POST with the name or number typed erases, for good. Admins need not see who it is."""
    candidate = get_object_or_404(Candidate.objects.not_erased(), pk=pk)
    is_named = Candidate.objects.visible_to(request.user).filter(pk=pk).exists()
    data = request.POST if request.method == "POST" else None
    form = ConfirmForm(data, expected=candidate.name if is_named else str(pk), submit="Erase for good")
    if form.is_valid():
        try:
            erase_candidate(actor=request.user, candidate=candidate)
        except ErasureRefused as refusal:
            messages.error(request, f"Nothing was erased. {refusal}")
            return redirect(request.path)
        messages.success(request, f"Candidate {pk} is erased.")
        return redirect("candidates:retention")
    context = {
        "candidate": candidate,
        "title": candidate.name if is_named else f"candidate {pk}",
        "extent": measure(candidate),
        "obstacle": obstacle(candidate),
        "asked": ErasureRequest.objects.open().filter(candidate=candidate).select_related("asked_by").first(),
        "form": form,
        "cancel_url": reverse("candidates:retention"),
    }
    return render(request, "candidates/candidate_erase.html", context)


@require_http_methods(["GET", "POST"])
def candidate_hold(request: UserRequest, pk: int) -> HttpResponse:
    """Set a legal hold, with its reason."""
    candidate = get_object_or_404(Candidate.objects.managed_by(request.user).not_erased(), pk=pk)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with not_found_once_erased():
            set_hold(user=request.user, candidate=candidate, hold=form.save(commit=False))
        messages.success(request, f"The data of {candidate} are on hold: nobody can erase them.")
        return redirect("candidates:candidate_detail", pk)
    cancel_url = reverse("candidates:candidate_detail", args=[pk])
    context = {"candidate": candidate, "form": form, "rule": RetentionRule.current(), "cancel_url": cancel_url}
    return render(request, "candidates/candidate_hold.html", context)


@require_POST
def hold_lift(request: UserRequest, pk: int) -> HttpResponse:
    """End a hold."""
    mine = Candidate.objects.managed_by(request.user).order_by().values("pk")
    hold = get_object_or_404(LegalHold.objects.filter(candidate__in=mine).select_related("candidate"), pk=pk)
    lift_hold(user=request.user, hold=hold)
    messages.success(request, "The hold is lifted.")
    return redirect("candidates:candidate_detail", hold.candidate_id)
