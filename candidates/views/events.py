"""The audit, for admins. It lives here because the seal does: an admin on a panel must not learn from it who is in."""

import csv
import json
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from candidates.exchange.formulas import neutralise
from candidates.forms.events import EventFilterForm
from candidates.models import Application
from smarter.accounts.models import User, UserRequest
from smarter.accounts.views.admins import admin_required
from smarter.audit.models import AuditEvent
from smarter.audit.recording import record

PAGE_SIZE = 100
COLUMNS = ["when", "who", "act", "subject", "number", "opening", "candidate", "detail"]


class _Echo:
    """A file that hands back what is written to it, for streaming."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


@require_GET
@admin_required
def event_list(request: UserRequest) -> HttpResponse:
    """Who did what, newest first."""
    sealed, events = _readable(request.user)
    form = EventFilterForm(request.GET, events=events)
    page = Paginator(form.result().select_related("actor"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "filters": form.as_query(), "is_sealed": bool(sealed)}
    return render(request, "candidates/event_list.html", context)


@require_POST
@admin_required
def event_export(request: UserRequest) -> StreamingHttpResponse:
    """The events that the list shows, as CSV. The filters are in the address, as on the list."""
    form = EventFilterForm(request.GET, events=_readable(request.user)[1])
    events = form.result().select_related("actor")
    record(actor=request.user, act="audit.export", rows=events.count())
    response = StreamingHttpResponse(_lines(events), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="smarter-audit.csv"'
    return response


def _readable(user: User) -> tuple[list[int], QuerySet[AuditEvent]]:
    """The candidates this admin is sealed for, and the events that say nothing of them."""
    sealed = Application.objects.visible_to(user).sealed_for(user)
    candidates = list(sealed.values_list("candidate", flat=True))
    openings = Application.objects.filter(candidate__in=candidates).values_list("opening", flat=True)
    events = AuditEvent.objects.outside(candidate_ids=candidates, opening_ids=list(openings), reader=user)
    return candidates, events


def _lines(events: QuerySet[AuditEvent]) -> Iterator[str]:
    """The file, line by line, each cell safe to open in a spreadsheet."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for event in events.iterator():
        who = event.actor.email if event.actor else ""
        row = [
            event.recorded_at.isoformat(),
            who,
            event.act,
            event.subject,
            event.subject_id,
            event.opening_id,
            event.candidate_id,
            json.dumps(event.detail, sort_keys=True) if event.detail else "",
        ]
        yield writer.writerow([neutralise(str(cell)) if cell is not None else "" for cell in row])
