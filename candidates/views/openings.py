"""Openings: the list, a new one, its settings, and its page of candidates."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from candidates.comparison.charts import AXIS
from candidates.comparison.seen import read_ladder
from candidates.forms.openings import OpeningEditForm, OpeningFilter, OpeningForm, StageFilter
from candidates.forms.rubrics import newer_versions
from candidates.keeping import keep, keep_drawn
from candidates.models import Application, Opening
from candidates.overview import count_stages, read_overview
from candidates.staffing import create_opening, edit_opening
from rubrics.models import RubricVersion
from smarter.accounts.models import UserRequest

PAGE_SIZE = 50
OVERVIEW_ROWS_EACH = 10
"""What a candidate of a kept overview weighs, in rows of a list."""
APART = (Application.Stage.REJECTED, Application.Stage.WITHDRAWN)


@require_GET
def opening_list(request: UserRequest) -> HttpResponse:
    """Openings one has to do with, searched by words of the title and place, and by state."""
    form = OpeningFilter(request.GET)
    mine = Opening.objects.visible_to(request.user)
    found = mine.search(**form.cleaned_data) if form.is_valid() else mine.none()
    page = Paginator(found.with_team(), PAGE_SIZE).get_page(request.GET.get("page"))
    running = Application.objects.visible_to(request.user).running().filter(opening__in=[row.pk for row in page])
    numbers = running.count_by_opening()
    context = {
        "form": form,
        "page": page,
        "rows": [(opening, numbers.get(opening.pk, 0)) for opening in page],
        "is_searched": form.is_valid() and any(form.cleaned_data.values()),
        "query": urlencode(form.cleaned_data) if form.is_valid() else "",
    }
    return render(request, "candidates/opening_list.html", context)


@require_http_methods(["GET", "POST"])
def opening_create(request: UserRequest) -> HttpResponse:
    """A new opening on the newest published rubric, or on the version chosen by `?version=`; recruiters only."""
    if not request.user.is_recruiter:
        raise Http404
    versions = list(RubricVersion.objects.offered().select_related("rubric").order_by("-published_at", "-pk"))
    if not versions:
        return render(request, "candidates/opening_create_empty.html")
    version = next((row for row in versions if str(row.pk) == request.GET.get("version")), versions[0])
    opening = Opening(rubric_version=version)
    data = request.POST if request.method == "POST" else None
    form = OpeningForm(data, instance=opening, user=request.user, version=version)
    if form.is_valid():
        create_opening(user=request.user, opening=opening, **form.staffing())
        messages.success(request, f"{opening} is open. Add the first candidate.")
        return redirect("candidates:opening_detail", opening.pk)
    context = {
        "form": form,
        "version": version,
        "others": [row for row in versions if row != version],
        "cancel_url": reverse("candidates:opening_list"),
    }
    return render(request, "candidates/opening_create.html", context)


@require_GET
def opening_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The candidates of an opening: stage, panel progress, scores as far as open, who covers what, what is late."""
    mine = Opening.objects.visible_to(request.user).with_stamp().with_team().select_related("rubric_version__rubric")
    opening = get_object_or_404(mine, pk=pk)
    form, now = StageFilter(request.GET), timezone.now()
    stages = form.stages()
    ladder = read_ladder(request.user, opening)
    page = Paginator([rung for rung in ladder.rungs if rung.stage in stages], PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    overview = keep(
        request.user,
        opening,
        ("overview", stages, page.number),
        lambda: read_overview(request.user, ladder, list(page.object_list)),
        weigh=lambda made: OVERVIEW_ROWS_EACH * len(made.rows),
    )
    is_on_team = any(member.user_id == request.user.pk for member in opening.members.all())
    shown = {"overview": overview, "is_on_team": is_on_team, "axis": AXIS}
    rows = keep_drawn(request.user, opening, (stages, page.number), "candidates/_opening_rows.html", lambda: shown)
    context = {
        **shown,
        "opening": opening,
        "page": page,
        "rows": rows,
        "can_nudge": overview.can_nudge(now),
        "waits": [(wait, wait.is_late(now)) for wait in overview.waits],
        "versions": ladder.versions,
        "refusal": ladder.refusal,
        "stages": count_stages(ladder, stages),
        "shown": form.words(),
        "is_filtered": len(stages) == 1,
        "has_candidates": bool(ladder.rungs),
        "query": f"stage={stages[0]}" if len(stages) == 1 else "",
        "stage_choices": Application.Stage.choices,
        "apart": [rung for rung in ladder.rungs if rung.stage in APART],
    }
    return render(request, "candidates/opening_detail.html", context)


@require_http_methods(["GET", "POST"])
def opening_edit(request: UserRequest, pk: int) -> HttpResponse:
    """An opening's facts, team, weights and state."""
    opening = get_object_or_404(
        Opening.objects.managed_by(request.user).select_related("rubric_version__rubric"), pk=pk
    )
    title = opening.title
    data = request.POST if request.method == "POST" else None
    form = OpeningEditForm(data, instance=opening, user=request.user)
    if form.is_valid():
        edit_opening(user=request.user, opening=opening, reason=form.cleaned_data["reason"], **form.staffing())
        messages.success(request, "Settings saved.")
        return redirect("candidates:opening_edit", opening.pk)
    changes = opening.weight_changes.select_related("changed_by")
    newest = None if opening.is_closed else newer_versions(opening).first()
    context = {
        "form": form,
        "opening": opening,
        "title": title,
        "changes": changes,
        "newest": newest,
        "may_move": newest is not None and Opening.objects.filter(pk=pk).movable_to(newest).exists(),
        "cancel_url": reverse("candidates:opening_detail", args=[opening.pk]),
    }
    return render(request, "candidates/opening_edit.html", context)
