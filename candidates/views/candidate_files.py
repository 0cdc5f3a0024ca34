"""Candidates from a spreadsheet into an opening: checked, its columns matched, and then taken over whole."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from candidates.exchange.candidate_import import (
    CandidatesRefused,
    Intake,
    Sheet,
    import_candidates,
    names_people,
    plan_intake,
    read_sheet,
)
from candidates.exchange.keeping import NotKept, fetch
from candidates.exchange.tables import TableRefused
from candidates.forms.candidate_files import CandidateFileForm, ColumnsForm
from candidates.models import Opening
from smarter.accounts.models import UserRequest

MOST_FAULTS = 200


@require_http_methods(["GET", "POST"])
def candidate_import(request: UserRequest, pk: int) -> HttpResponse:
    """Check a spreadsheet and show who would come in; the checked file comes back to be imported."""
    opening = get_object_or_404(Opening.objects.managed_by(request.user).not_closed(), pk=pk)
    purpose = f"candidates of opening {pk} by person {request.user.pk}"
    if "kept" in request.POST:
        return _import_kept(request, opening, purpose)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CandidateFileForm(data, files, purpose=purpose)
    if not form.is_valid() or form.sheet is None:
        return _page(request, opening, form, None, None)
    columns = ColumnsForm(initial={"kept": form.kept}, sheet=form.sheet)
    if not names_people(columns.columns):
        return _page(request, opening, form, columns, None)
    intake = plan_intake(opening=opening, sheet=form.sheet, columns=columns.columns, user=request.user)
    return _page(request, opening, form, columns, intake)


def _import_kept(request: UserRequest, opening: Opening, purpose: str) -> HttpResponse:
    """Check the file again with the columns as matched now, and import it where that is asked for."""
    try:
        sheet = read_sheet(fetch(request.POST["kept"], purpose=purpose), "")
    except (NotKept, TableRefused):
        messages.error(request, "Nothing was imported. Choose the file again; it was checked too long ago.")
        return redirect(request.path)
    columns = ColumnsForm(request.POST, sheet=sheet)
    form = CandidateFileForm(purpose=purpose)
    if not columns.is_valid():
        return _page(request, opening, form, columns, None)
    if "import" not in request.POST:
        intake = plan_intake(opening=opening, sheet=sheet, columns=columns.columns, user=request.user)
        return _page(request, opening, form, columns, intake)
    return _take_over(request, opening, sheet, columns, form)


def _take_over(
    request: UserRequest, opening: Opening, sheet: Sheet, columns: ColumnsForm, form: CandidateFileForm
) -> HttpResponse:
    try:
        intake = import_candidates(opening=opening, sheet=sheet, columns=columns.columns, user=request.user)
    except CandidatesRefused as refused:
        return _page(request, opening, form, columns, Intake(faults=refused.faults))
    messages.success(request, f"Imported {intake.number} candidate{'' if intake.number == 1 else 's'}.")
    return redirect("candidates:opening_detail", opening.pk)


def _page(
    request: UserRequest,
    opening: Opening,
    form: CandidateFileForm,
    columns: ColumnsForm | None,
    intake: Intake | None,
) -> HttpResponse:
    if columns and intake and not intake.faults:
        columns.offer(intake.number)
    context = {
        "opening": opening,
        "form": form,
        "columns": columns,
        "is_nameless": bool(columns and not columns.is_bound and not intake),
        "intake": intake,
        "faults": intake.faults[:MOST_FAULTS] if intake else [],
        "cancel_url": reverse("candidates:opening_detail", args=[opening.pk]),
    }
    return render(request, "candidates/candidate_import.html", context)
