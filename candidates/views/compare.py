"""Compare the candidates of an opening side by side."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from candidates.comparison.charts import AXIS
from candidates.comparison.choice import Choice
from candidates.comparison.columns import Column
from candidates.comparison.page import Comparison, compare, rank
from candidates.comparison.ranked import PAGE_SIZE, draw_rows, list_rows
from candidates.comparison.seen import read_ladder, read_standings
from candidates.comparison.trial import whole_points
from candidates.forms.compare import CompareForm, RankingForm, TrialForm, WeightsForm
from candidates.keeping import keep, keep_drawn
from candidates.models import Opening, Shortlist, ShortlistEntry
from candidates.weighing import change_weights, weights_of
from smarter.accounts.models import User, UserRequest

COMPARISON_ROWS = 400
"""What a kept comparison weighs, in rows of a list."""


@require_GET
def opening_compare(request: UserRequest, pk: int) -> HttpResponse:
    """The comparison that the address asks for, from what this person may read."""
    opening = _opening(request, pk)
    ladder = read_ladder(request.user, opening)
    form = CompareForm(request.GET, ladder=ladder)
    choice = form.choice()
    comparison = _comparison(request.user, opening, choice)
    shortlisted = _shortlisted(request.user, comparison) if ladder.is_on_team else []
    shown = {"opening": opening, "comparison": comparison, "is_on_team": ladder.is_on_team, "shortlisted": shortlisted}
    listed = tuple((column.application, tuple((row.pk, str(row)) for row in rows)) for column, rows in shortlisted)
    body = keep_drawn(request.user, opening, (choice.query(), listed), "candidates/_compare_body.html", lambda: shown)
    context = {**shown, "form": form, "body": body, "now": timezone.now()}
    return render(request, "candidates/opening_compare.html", context)


@require_GET
def opening_compare_trial(request: UserRequest, pk: int) -> HttpResponse:
    """The parts of the comparison that depend on weights, while somebody moves a slider."""
    opening = _opening(request, pk)
    choice = CompareForm(request.GET, ladder=read_ladder(request.user, opening)).choice()
    ranking = rank(request.user, read_standings(request.user, opening, **choice.conditions), choice)
    return render(request, "candidates/_compare_trial.html", {"opening": opening, "ranking": ranking})


@require_GET
def opening_ranking(request: UserRequest, pk: int) -> HttpResponse:
    """All candidates of the opening as one list, from which columns are chosen."""
    opening = _opening(request, pk)
    form = RankingForm(request.GET, ladder=read_ladder(request.user, opening))
    choice, masked = form.choice(), form.choice().names == "masked"
    ladder = read_ladder(request.user, opening, weights=choice.weights, **choice.conditions)
    page = Paginator(list_rows(ladder, form.listing(), masked=masked), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    rows = keep_drawn(
        request.user,
        opening,
        (form.query(), page.number),
        "candidates/_ranked_rows.html",
        lambda: {"rows": draw_rows(shown, ladder, choice.columns, masked=masked), "choice": choice, "axis": AXIS},
    )
    context = {
        "opening": opening,
        "form": form,
        "choice": choice,
        "versions": ladder.versions,
        "refusal": ladder.masked_refusal if masked else ladder.refusal,
        "axis": AXIS,
        "apart_url": form.address(anchors="apart"),
        "together_url": form.address(anchors="together"),
        "is_on_team": ladder.is_on_team,
        "page": page,
        "rows": rows,
        "elsewhere": [pk for pk in choice.columns if pk not in {row.application for row in shown}],
        "heads": form.heads(),
        "query": form.query(),
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


def _opening(request: UserRequest, pk: int) -> Opening:
    openings = Opening.objects.visible_to(request.user).with_stamp().select_related("rubric_version__rubric")
    return get_object_or_404(openings, pk=pk)


def _comparison(user: User, opening: Opening, choice: Choice) -> Comparison:
    """What the page shows, kept for when it is asked for again."""

    def make() -> Comparison:
        return compare(user, read_standings(user, opening, **choice.conditions), choice)

    return keep(user, opening, ("compare", choice.query()), make, weigh=lambda _: COMPARISON_ROWS)
