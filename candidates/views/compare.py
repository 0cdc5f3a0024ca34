"""Compare the candidates of an opening side by side."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from candidates.comparison import Reading, place, read_opening
from candidates.comparison.charts import AXIS
from candidates.comparison.columns import Column
from candidates.comparison.naming import name_candidates
from candidates.comparison.page import Comparison, compare, rank
from candidates.comparison.ranked import PAGE_SIZE, draw_rows, list_rows
from candidates.comparison.trial import whole_points
from candidates.comparison.versions import describe_versions
from candidates.forms.compare import CompareForm, RankingForm, TrialForm, WeightsForm
from candidates.looking import note_sight
from candidates.models import Opening, Shortlist, ShortlistEntry
from candidates.weighing import change_weights, weights_of
from smarter.accounts.models import User, UserRequest


@require_GET
def opening_compare(request: UserRequest, pk: int) -> HttpResponse:
    """The comparison that the address asks for, from what this person may read."""
    reading = _read(request, pk)
    form = CompareForm(request.GET, reading=reading)
    comparison = compare(request.user, reading, form.choice())
    context = {
        "opening": reading.opening,
        "form": form,
        "comparison": comparison,
        "is_on_team": reading.is_on_team,
        "shortlisted": _shortlisted(request.user, comparison) if reading.is_on_team else [],
        "now": timezone.now(),
    }
    return render(request, "candidates/opening_compare.html", context)


@require_GET
def opening_compare_trial(request: UserRequest, pk: int) -> HttpResponse:
    """The parts of the comparison that depend on weights, while somebody moves a slider."""
    reading = _read(request, pk)
    ranking = rank(request.user, reading, CompareForm(request.GET, reading=reading).choice())
    return render(request, "candidates/_compare_trial.html", {"opening": reading.opening, "ranking": ranking})


@require_GET
def opening_ranking(request: UserRequest, pk: int) -> HttpResponse:
    """All candidates of the opening as one list, from which columns are chosen."""
    reading = _read(request, pk)
    form = RankingForm(request.GET, reading=reading)
    choice = form.choice()
    found = place(reading, choice.weights, after_debrief=choice.after_debrief, together=choice.together)
    naming = name_candidates(reading, masked=choice.names == "masked")
    rows = list_rows(found, naming, form.listing())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    context = {
        "opening": reading.opening,
        "form": form,
        "choice": choice,
        "versions": describe_versions(reading, found.differences, together=choice.together),
        "apart_url": form.address(anchors="apart"),
        "together_url": form.address(anchors="together"),
        "is_on_team": reading.is_on_team,
        "page": page,
        "rows": draw_rows(shown, naming, choice.columns),
        "elsewhere": [pk for pk in choice.columns if pk not in {row.application.pk for row in shown}],
        "heads": form.heads(),
        "query": form.query(),
        "axis": AXIS,
    }
    return render(request, "candidates/opening_ranking.html", context)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def opening_weights(request: UserRequest, pk: int) -> HttpResponse:
    """Make weights that were on trial the official ones; the record keeps both, and the reason."""
    openings = Opening.objects.managed_by(request.user).select_related("rubric_version")
    opening = get_object_or_404(openings, pk=pk)
    labels = {row.key: row.name for row in opening.rubric_version.dimensions.all()}
    tried = TrialForm(request.GET, official=weights_of(opening), labels=labels).weights() or weights_of(opening)
    data = request.POST if request.method == "POST" else None
    form = WeightsForm(data, user=request.user, opening=opening, labels=labels, points=whole_points(tried))
    if form.is_valid():
        change_weights(user=request.user, opening=opening, points=form.points, reason=form.cleaned_data["reason"])
        messages.success(request, "The weights are official. Scores stay as they are; totals follow.")
        return redirect("candidates:opening_compare", pk)
    context = {"opening": opening, "form": form, "cancel_url": reverse("candidates:opening_compare", args=[pk])}
    return render(request, "candidates/opening_weights.html", context)


def _shortlisted(user: User, comparison: Comparison) -> list[tuple[Column, list[Shortlist]]]:
    """Each column with the lists its candidate is on; nothing while names are masked, as a list tells them."""
    if comparison.choice.names == "masked":
        return []
    columns = comparison.table.columns
    lists = ShortlistEntry.objects.managed_by(user).by_application([column.application for column in columns])
    return [(column, lists.get(column.application, [])) for column in columns]


def _read(request: UserRequest, pk: int) -> Reading:
    """What this person may read of the opening; reading it is noted."""
    openings = Opening.objects.visible_to(request.user).select_related("rubric_version__rubric")
    reading = read_opening(request.user, get_object_or_404(openings, pk=pk))
    note_sight(user=request.user, cards=reading.cards)
    return reading
