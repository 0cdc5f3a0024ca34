"""How long candidates are kept: the rule, who is due, and erasing them. For admins, who see numbers and no names."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from candidates.forms.privacy import ConfirmForm, RetentionForm
from candidates.models import RetentionRule, RetentionRun
from candidates.privacy.retention import (
    RunRefused,
    asked_for,
    change_rule,
    due,
    erased_of,
    go_on,
    held_back,
    start_run,
    with_extent,
)
from smarter.accounts.models import UserRequest
from smarter.accounts.views.admins import admin_required

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
@admin_required
def retention(request: UserRequest) -> HttpResponse:
    """The period, whose time is over, and whom a hold keeps; a POST saves the period."""
    rule, now = RetentionRule.current(), timezone.now()
    form = RetentionForm(request.POST if request.method == "POST" else None, instance=rule)
    if form.is_valid():
        change_rule(user=request.user, months=form.cleaned_data["months"])
        messages.success(request, "The period is saved. Nobody is erased until you or the operator start it.")
        return redirect("candidates:retention")
    waiting = due(now)
    context = {
        "form": form,
        "rule": RetentionRule.current(),
        "page": Paginator(with_extent(waiting, request.user), PAGE_SIZE).get_page(request.GET.get("page")),
        "holds": held_back(now),
        "asked": asked_for(request.user),
        "runs": RetentionRun.objects.select_related("started_by")[:5],
        "cancel_url": reverse("accounts:person_list"),
    }
    return render(request, "candidates/retention.html", context)


@require_http_methods(["GET", "POST"])
@admin_required
def retention_start(request: UserRequest) -> HttpResponse:
    """What erasing all who are due means; a POST with their number typed starts it."""
    number = due(timezone.now()).count()
    data = request.POST if request.method == "POST" else None
    form = ConfirmForm(data, expected=f"erase {number}", submit="Erase them for good")
    if form.is_valid():
        try:
            run = start_run(user=request.user, number=number)
        except RunRefused:
            messages.warning(request, "Nothing was erased: who is due has changed. Look at the list again.")
            return redirect("candidates:retention")
        return redirect("candidates:retention_run", run.pk)
    context = {"number": number, "form": form, "cancel_url": reverse("candidates:retention")}
    return render(request, "candidates/retention_start.html", context)


@require_http_methods(["GET", "POST"])
@admin_required
def retention_run(request: UserRequest, pk: int) -> HttpResponse:
    """How far an erasing is; a POST goes on with it. The page posts by itself until it is through."""
    run = get_object_or_404(RetentionRun.objects.select_related("started_by"), pk=pk)
    if request.method == "POST" and run.finished_at is None:
        go_on(user=request.user, run=run)
    if request.method == "POST":
        return redirect("candidates:retention_run", pk)
    done, total = erased_of(run), len(run.candidates)
    return render(request, "candidates/retention_run.html", {"run": run, "done": done, "total": total})
