"""Files in and out of an opening: scorecards from CSV with a preview, raw scores and figures as files."""

import json

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from candidates.comparison.reading import read_opening
from candidates.exchange.panel import Creating
from candidates.exchange.score_export import score_rows, scores_of
from candidates.exchange.score_import import ImportRefused, Preview, import_scores, preview_scores
from candidates.exchange.score_rows import COLUMNS
from candidates.exchange.summary import summary_of, summary_table
from candidates.exchange.tables import Value, write_csv, write_xlsx
from candidates.forms.exchange import KeptScoresForm, ScoreExportForm, ScoreFileForm, SummaryExportForm
from candidates.looking import note_sight
from candidates.models import Opening
from smarter.accounts.models import UserRequest
from smarter.audit.recording import record

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_FAULTS = 200


@require_http_methods(["GET", "POST"])
def scorecard_import(request: UserRequest, pk: int) -> HttpResponse:
    """Check a file of scores and show what it would do; the checked file comes back to be imported."""
    opening = get_object_or_404(Opening.objects.managed_by(request.user), pk=pk)
    purpose = f"scores of opening {pk} by person {request.user.pk}"
    if "kept" in request.POST:
        return _import_kept(request, opening, purpose)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ScoreFileForm(data, files, purpose=purpose)
    preview = kept_form = None
    if form.is_valid() and form.table:
        adds = form.cleaned_data["adds_candidates"]
        preview = preview_scores(
            opening=opening, table=form.table, user=request.user, creating=Creating(candidates=adds)
        )
        if preview.imported and preview.imported.new_cards:
            number = preview.imported.new_cards
            kept_form = KeptScoresForm(
                initial={"kept": form.kept, "adds_candidates": adds},
                purpose=purpose,
                submit=f"Import {number} scorecard{'' if number == 1 else 's'}",
            )
    return _import_page(request, opening, form, preview, kept_form)


def _import_kept(request: UserRequest, opening: Opening, purpose: str) -> HttpResponse:
    """Import the file that was checked; should it not fit any more, say why as the check does."""
    kept = KeptScoresForm(request.POST, purpose=purpose)
    form = ScoreFileForm(purpose=purpose)
    if not kept.is_valid() or kept.table is None:
        messages.error(request, "Nothing was imported. Choose the file again; it was checked too long ago.")
        return redirect(request.path)
    creating = Creating(candidates=kept.cleaned_data["adds_candidates"])
    try:
        imported = import_scores(opening=opening, table=kept.table, user=request.user, creating=creating)
    except ImportRefused as refused:
        return _import_page(request, opening, form, Preview(None, refused.faults), None)
    plural = "" if imported.new_cards == 1 else "s"
    messages.success(request, f"Imported {imported.new_cards} scorecard{plural}.")
    return redirect("candidates:opening_detail", opening.pk)


def _import_page(
    request: UserRequest,
    opening: Opening,
    form: ScoreFileForm,
    preview: Preview | None,
    kept_form: KeptScoresForm | None,
) -> HttpResponse:
    context = {
        "opening": opening,
        "form": form,
        "preview": preview,
        "faults": preview.faults[:MOST_FAULTS] if preview else [],
        "kept_form": kept_form,
        "is_on_team": True,
        "cancel_url": reverse("candidates:opening_detail", args=[opening.pk]),
    }
    return render(request, "candidates/scorecard_import.html", context)


@require_GET
@transaction.atomic
def score_export(request: UserRequest, pk: int) -> HttpResponse:
    """Every submitted score of an opening that this person may read, as a file that imports again."""
    opening = get_object_or_404(Opening.objects.visible_to(request.user), pk=pk)
    kind = _format(ScoreExportForm(request.GET))
    scores = scores_of(opening, request.user)
    cards = {score.scorecard_id: score.scorecard for score in scores}
    note_sight(user=request.user, cards=cards.values())
    _record_export(request, opening, what="scores", kind=kind, cards=len(cards))
    rows = list(score_rows(scores, tells_addresses=_is_on_team(request, opening)))
    return _table_file(f"scores-{slugify(opening.title)}", kind, list(COLUMNS), rows)


@require_GET
@transaction.atomic
def summary_export(request: UserRequest, pk: int) -> HttpResponse:
    """The figures that compare shows this person, as a file."""
    opening = get_object_or_404(Opening.objects.visible_to(request.user), pk=pk)
    form = SummaryExportForm(request.GET)
    kind = _format(form)
    reading = read_opening(request.user, opening)
    note_sight(user=request.user, cards=reading.cards)
    _record_export(request, opening, what="summary", kind=kind, cards=len(reading.cards))
    together = form.cleaned_data["anchors"] == "together"
    entries = summary_of(reading, together=together, tells_addresses=reading.is_on_team)
    name = f"summary-{slugify(opening.title)}"
    if kind == "json":
        text = json.dumps(entries, ensure_ascii=False, indent=2)
        return _file(f"{name}.json", "application/json", text.encode())
    return _table_file(name, kind, *summary_table(entries, reading))


def _is_on_team(request: UserRequest, opening: Opening) -> bool:
    return Opening.objects.managed_by(request.user).filter(pk=opening.pk).exists()


def _format(form: ScoreExportForm) -> str:
    if not form.is_valid():
        raise BadRequest("No such format.")
    kind: str = form.cleaned_data["format"]
    return kind


def _record_export(request: UserRequest, opening: Opening, *, what: str, kind: str, cards: int) -> None:
    record(
        actor=request.user,
        act="opening.export",
        subject=opening,
        opening_id=opening.pk,
        what=what,
        format=kind,
        cards=cards,
    )


def _table_file(name: str, kind: str, heading: list[str], rows: list[list[Value]]) -> HttpResponse:
    """The table as a workbook, or as CSV with the byte order mark that Excel needs to see UTF-8."""
    if kind == "xlsx":
        return _file(f"{name}.xlsx", XLSX_TYPE, write_xlsx(heading, rows))
    return _file(f"{name}.csv", "text/csv; charset=utf-8", write_csv(heading, rows).encode("utf-8-sig"))


def _file(name: str, content_type: str, content: bytes) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
