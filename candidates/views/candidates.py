"""Candidates: the list, one person's page, their details and CV."""

from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from candidates.documents import CV_TYPES
from candidates.dossier import read_applications, read_chapter
from candidates.forms.candidates import CandidateForm, SearchForm
from candidates.history import read_early_looks, read_history
from candidates.intake import edit_candidate, note_cv_read
from candidates.models import Application, Candidate, Opening
from candidates.privacy.standing import read_privacy
from candidates.views.erased import not_found_once_erased
from smarter.accounts.models import UserRequest

PAGE_SIZE = 50


@require_GET
def candidate_list(request: UserRequest) -> HttpResponse:
    """Candidates one may see; with `?opening=` those that can be added to it."""
    form = SearchForm(request.GET, openings=Opening.objects.managed_by(request.user).not_closed())
    words = form.cleaned_data["q"] if form.is_valid() else ""
    opening = form.cleaned_data["opening"] if form.is_valid() else None
    here = Candidate.objects.not_erased()
    seen = here.managed_by(request.user).not_in(opening) if opening else here.visible_to(request.user)
    found = seen.search(request.user, words)
    page = Paginator(found.with_applications(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    query = urlencode({"q": words} | ({"opening": opening.pk} if opening else {})) if words or opening else ""
    context = {"form": form, "page": page, "words": words, "opening": opening, "query": query}
    return render(request, "candidates/candidate_list.html", context)


@require_GET
def candidate_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A candidate's applications, interviews and scorecards as far as open, and their history."""
    candidate = get_object_or_404(Candidate.objects.visible_to(request.user), pk=pk)
    applications = read_applications(request.user, candidate)
    privacy = read_privacy(request.user, candidate)
    context = {
        "candidate": candidate,
        "is_managed": privacy is not None,
        "chapters": [read_chapter(request.user, application) for application in applications],
        "history": read_history(request.user, candidate, applications),
        "early_looks": read_early_looks(applications),
        "is_on_team": any(application.is_on_team for application in applications),
        "stage_choices": Application.Stage.choices,
        "privacy": privacy,
    }
    return render(request, "candidates/candidate_detail.html", context)


@require_http_methods(["GET", "POST"])
def candidate_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Correct a candidate's details or replace the CV."""
    candidate = get_object_or_404(Candidate.objects.managed_by(request.user).not_erased(), pk=pk)
    name, back = candidate.name, reverse("candidates:candidate_detail", args=[pk])
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CandidateForm(data, files, instance=candidate, user=request.user)
    if form.is_valid():
        with not_found_once_erased():
            edit_candidate(
                user=request.user, candidate=candidate, cv=form.cleaned_data["cv_file"], changed=form.changed_data
            )
        messages.success(request, "Details saved.")
        return redirect(back)
    context = {"form": form, "name": name, "cv_name": candidate.cv_name, "cancel_url": back}
    return render(request, "candidates/candidate_edit.html", context)


@require_GET
def candidate_cv(request: UserRequest, pk: int) -> HttpResponse | FileResponse:
    """The CV as a download that no browser runs; rights are asked for anew each time."""
    candidate = get_object_or_404(Candidate.objects.visible_to(request.user).exclude(cv=""), pk=pk)
    name = str(candidate.cv.name)
    suffix = Path(name).suffix
    if suffix not in CV_TYPES or not candidate.cv.storage.exists(name):
        raise Http404
    note_cv_read(user=request.user, candidate=candidate)
    response = FileResponse(candidate.cv.open("rb"), as_attachment=True, filename=f"CV {candidate.name}{suffix}")
    response["Content-Type"] = CV_TYPES[suffix]
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
