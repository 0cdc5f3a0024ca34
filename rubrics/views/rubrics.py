"""Rubrics: the list of them; founded, named, archived, or taken in from a file."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rubrics.curating import archive_rubric, name_rubric, restore_rubric
from rubrics.forms import RubricFileForm, RubricForm, RubricNameForm
from rubrics.models import Rubric, RubricVersion
from rubrics.usage import usage_of
from smarter.accounts.models import UserRequest
from smarter.accounts.views.admins import admin_required


@require_GET
def rubric_list(request: UserRequest) -> HttpResponse:
    """Every rubric with the versions this person may read, newest first; archived ones last."""
    versions = RubricVersion.objects.visible_to(request.user).select_related("rubric", "published_by")
    rubrics = Rubric.objects.filter(versions__in=versions).distinct()
    shown = list(rubrics.prefetch_related(Prefetch("versions", versions.prefetch_related("dimensions"))))
    numbers = [version.pk for rubric in shown for version in rubric.versions.all()]
    usage = usage_of(numbers) if request.user.is_admin else {}
    sections = [
        (rubric, [(version, usage.get(version.pk)) for version in rubric.versions.all()])
        for rubric in sorted(shown, key=lambda rubric: rubric.archived_at is not None)
    ]
    return render(request, "rubrics/rubric_list.html", {"sections": sections})


@require_http_methods(["GET", "POST"])
@admin_required
def rubric_create(request: UserRequest) -> HttpResponse:
    """Found a rubric: from the built-in one, from any version, or from nothing."""
    versions = (
        RubricVersion.objects.visible_to(request.user).select_related("rubric").order_by("rubric__name", "-number")
    )
    form = RubricForm(request.POST if request.method == "POST" else None, versions=versions)
    if form.is_valid():
        draft = form.create(request.user)
        messages.success(request, f"{draft} is a draft. Interviewers don’t see it before you publish it.")
        return redirect("rubrics:version_edit", draft.pk)
    return render(request, "rubrics/rubric_create.html", {"form": form})


@require_http_methods(["GET", "POST"])
@admin_required
def rubric_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Name a rubric, or put it away."""
    rubric = get_object_or_404(Rubric, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = RubricNameForm(data, initial={"name": rubric.name, "description": rubric.description})
    if form.is_valid():
        name_rubric(user=request.user, rubric=rubric, **form.cleaned_data)
        messages.success(request, f"Saved. It is called {form.cleaned_data['name']}.")
        return redirect("rubrics:rubric_list")
    return render(request, "rubrics/rubric_edit.html", {"form": form, "rubric": rubric})


@require_POST
@admin_required
def rubric_archive(request: UserRequest, pk: int) -> HttpResponse:
    """Put a rubric away; what uses it keeps it."""
    rubric = get_object_or_404(Rubric, pk=pk)
    archive_rubric(user=request.user, rubric=rubric)
    undo = reverse("rubrics:rubric_restore", args=[pk])
    messages.success(request, f"{rubric} is archived. No new opening can take it up.", extra_tags=f"undo:{undo}")
    return redirect("rubrics:rubric_list")


@require_POST
@admin_required
def rubric_restore(request: UserRequest, pk: int) -> HttpResponse:
    """Bring a rubric back from the archive."""
    rubric = get_object_or_404(Rubric, pk=pk)
    restore_rubric(user=request.user, rubric=rubric)
    messages.success(request, f"{rubric} is back.")
    return redirect("rubrics:rubric_list")


@require_http_methods(["GET", "POST"])
@admin_required
def rubric_import(request: UserRequest) -> HttpResponse:
    """Take in a rubric file as a draft, whole or not at all."""
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RubricFileForm(data, files)
    version = form.load(request.user) if form.is_valid() else None
    if version:
        if version.is_frozen:
            messages.info(request, f"{version} says the same already; nothing changed.")
        return redirect("rubrics:version_detail", version.pk)
    return render(request, "rubrics/rubric_import.html", {"form": form})
