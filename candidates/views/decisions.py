"""Decisions on applications: record one, read one as a page to print."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from candidates.comparison import place, read_opening
from candidates.comparison.order import span
from candidates.comparison.seats import closed, read_seats
from candidates.comparison.standings import Interval
from candidates.comparison.versions import describe_versions
from candidates.deciding import STAGE_AFTER, DecisionRefused, conflicts, record_decision
from candidates.forms.compare import VersionsForm
from candidates.forms.debrief import DecisionForm
from candidates.looking import note_sight
from candidates.models import Application, Decision, Scorecard
from candidates.snapshot import closed_to, known_without
from smarter.accounts.models import User, UserRequest


@require_http_methods(["GET", "POST"])
@transaction.atomic
def decision_create(request: UserRequest, pk: int) -> HttpResponse:
    """Decide on an application, from what is known of it; the record keeps both."""
    applications = Application.objects.managed_by(request.user).not_erased()
    applications = applications.select_related("candidate", "opening__rubric_version__rubric")
    application = get_object_or_404(applications, pk=pk)
    if not Application.objects.open_to_decision(request.user).filter(pk=pk).exists():
        return _shut(request, application)
    reading = read_opening(request.user, application.opening)
    note_sight(user=request.user, cards=reading.cards)
    data = request.POST if request.method == "POST" else None
    together = VersionsForm(request.GET).together
    form = DecisionForm(data, conflicts=conflicts(reading, pk, together=together))
    if form.is_valid():
        kept = {"together": together, **form.cleaned_data}
        try:
            decision = record_decision(user=request.user, application=application, **kept)
        except DecisionRefused:  # sealed or erased since this request began: asked again, the page says so
            return redirect(request.path)
        messages.success(request, "The decision is recorded.")
        return redirect("candidates:decision_detail", decision.pk)
    found = place(reading, after_debrief=True, together=together)
    context = {
        "application": application,
        "standing": found.by_application[pk],
        "versions": describe_versions(reading, found.differences, together=together),
        "earlier": Decision.objects.visible_to(request.user).filter(application=application).first(),
        "form": form,
        "cancel_url": reverse("candidates:opening_debrief", args=[application.opening_id]),
    }
    return render(request, "candidates/decision_create.html", context)


def _shut(request: UserRequest, application: Application) -> HttpResponse:
    """Why this person can't decide now, and what to do about it."""
    sealed = Application.objects.with_seal(request.user).select_related("candidate").get(pk=application.pk)
    context = {"application": application, "closed": closed(sealed, read_seats(request.user, [sealed]))}
    return render(request, "candidates/decision_closed.html", context)


@require_GET
def decision_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One decision with what was known, on one page to print."""
    decisions = Decision.objects.visible_to(request.user)
    decision = get_object_or_404(
        decisions.select_related("application__candidate", "application__opening", "decided_by"), pk=pk
    )
    application = decision.application
    within = Application.objects.filter(pk=application.pk)
    cards = Scorecard.objects.visible_to(request.user, within=within).filter(interview__application=application)
    note_sight(user=request.user, cards=cards.select_related("interview"))
    known = known_without(decision.snapshot, closed_to(request.user, application.opening))
    stage = STAGE_AFTER.get(Decision.Outcome(decision.outcome))
    looks = decision.snapshot["early_looks"]
    names = User.objects.in_bulk([*decision.snapshot["not_independent"], *(look["viewer"] for look in looks)])
    context = {
        "decision": decision,
        "known": known | {"columns": [_figures(known[when]) for when in ("before", "after")]},
        "latest": decisions.filter(application=application).first(),
        "not_independent": [names[pk] for pk in decision.snapshot["not_independent"]],
        "early_looks": [look | {"viewer": names[look["viewer"]], "at": _instant(look)} for look in looks],
        "next_stage": stage if stage and stage != application.stage else None,
    }
    return render(request, "candidates/decision_detail.html", context)


def _instant(look: dict[str, str]) -> datetime:
    return datetime.fromisoformat(look["looked_at"])


def _figures(kept: dict[str, Any]) -> dict[str, Any]:
    """The figures of one column as they are written: two places only beside an interval or a possible range."""
    ends = kept["interval"] or kept["possible"]
    words = span(Interval(*ends)) if ends else ""
    return kept | {
        "places": 2 if ends else 1,
        "span": f"{words} possible" if words and not kept["interval"] else words,
    }
