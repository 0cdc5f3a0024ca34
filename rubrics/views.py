"""Rubrics to read: the list, each version as an interview guide, its file, and what changed."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rubrics.diff import diff
from rubrics.document import document_of, publishing_faults
from rubrics.editor import DimensionForm
from rubrics.exchange import write_rubric
from rubrics.forms import AgainstForm, PublishForm, RubricFileForm
from rubrics.guide import weight_bar
from rubrics.hints import hints
from rubrics.models import Rubric, RubricVersion
from rubrics.versioning import (
    DraftChanged,
    DraftExists,
    NotPublishable,
    copy_to_draft,
    discard_draft,
    publish_version,
    retire_version,
    save_draft,
)
from smarter.accounts.models import UserRequest
from smarter.accounts.views.admins import admin_required


@require_GET
def rubric_list(request: UserRequest) -> HttpResponse:
    """Every rubric with the versions this person may read, newest first."""
    versions = RubricVersion.objects.visible_to(request.user).select_related("rubric", "published_by")
    rubrics = Rubric.objects.filter(versions__in=versions).distinct()
    rubrics = rubrics.prefetch_related(Prefetch("versions", versions.prefetch_related("dimensions")))
    return render(request, "rubrics/rubric_list.html", {"rubrics": rubrics})


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


@require_GET
def version_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One version as interviewers see it; printed, it is an interview guide."""
    versions = RubricVersion.objects.visible_to(request.user)
    version = get_object_or_404(versions.with_content().select_related("published_by"), pk=pk)
    return render(
        request,
        "rubrics/version_detail.html",
        {
            "version": version,
            "versions": versions.filter(rubric=version.rubric_id).order_by("number"),
            "weights": weight_bar(version.dimensions.all()),
        },
    )


@require_GET
def version_file(request: UserRequest, pk: int) -> HttpResponse:
    """The version as a rubric file, to be shared or reviewed."""
    versions = RubricVersion.objects.visible_to(request.user).select_related("rubric")
    version = get_object_or_404(versions, pk=pk)
    return HttpResponse(
        write_rubric(version),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{version.rubric.key}-v{version.number}.json"'},
    )


@require_GET
def version_changes(request: UserRequest, pk: int) -> HttpResponse:
    """What is different from another version: wording, anchors, weights and shape told apart."""
    visible = RubricVersion.objects.visible_to(request.user).select_related("rubric")
    version = get_object_or_404(visible, pk=pk)
    form = AgainstForm(request.GET, versions=visible.filter(rubric=version.rubric).exclude(pk=pk))
    against = (form.cleaned_data["against"] if form.is_valid() else None) or version.before()
    changes = diff(document_of(against), document_of(version)) if against else []
    context = {"version": version, "against": against, "changes": changes, "form": form}
    return render(request, "rubrics/version_changes.html", context)


@require_POST
@admin_required
def version_draft(request: UserRequest, pk: int) -> HttpResponse:
    """Begin the next version from this one; where there is a draft already, go on with it."""
    version = get_object_or_404(RubricVersion.objects.visible_to(request.user).select_related("rubric"), pk=pk)
    try:
        draft = copy_to_draft(version=version, user=request.user)
    except DraftExists:
        draft = get_object_or_404(RubricVersion.objects.editable_by(request.user), rubric=version.rubric_id)
        messages.info(request, f"{draft} is being edited already. This is it.")
    return redirect("rubrics:version_edit", draft.pk)


@require_http_methods(["GET", "POST"])
@admin_required
def version_edit(request: UserRequest, pk: int, key: str = "") -> HttpResponse:
    """Edit one dimension of a draft. Who saves over somebody else's later save is told first."""
    version = get_object_or_404(RubricVersion.objects.editable_by(request.user).select_related("rubric"), pk=pk)
    document = document_of(version)
    dimension = next((row for row in document["dimensions"] if key in ("", row["key"])), None)
    if dimension is None:
        raise Http404
    form = DimensionForm(request.POST if request.method == "POST" else None, document=document, dimension=dimension)
    is_stale = False
    if form.is_valid():
        revision = form.cleaned_data["revision"]
        try:
            save_draft(version=version, document=form.edited, revision=revision, user=request.user)
            messages.success(request, "Saved.")
            return redirect("rubrics:version_edit", pk, form.next_key)
        except DraftChanged:
            is_stale = True
    context = {
        "version": version,
        "document": document,
        "dimension": dimension,
        "form": form,
        "is_stale": is_stale,
        "total": sum(row["weight"] for row in document["dimensions"]),
    }
    return render(request, "rubrics/version_edit.html", context)


@require_http_methods(["GET", "POST"])
@admin_required
def version_publish(request: UserRequest, pk: int) -> HttpResponse:
    """Publish a draft with a note, once nothing is missing from it."""
    version = get_object_or_404(RubricVersion.objects.editable_by(request.user).select_related("rubric"), pk=pk)
    document, before = document_of(version), version.before()
    faults = publishing_faults(document)
    form = PublishForm(request.POST if request.method == "POST" else None, version=version)
    if form.is_valid() and not faults:
        try:
            publish_version(version=version, user=request.user, note=form.cleaned_data["note"])
            messages.success(request, f"{version} is published.")
            return redirect("rubrics:version_detail", pk)
        except NotPublishable as refused:  # somebody changed it just now
            faults = refused.faults
    changes = diff(document_of(before), document) if before else []
    context = {
        "version": version,
        "against": before,
        "changes": changes,
        "faults": faults,
        "hints": hints(document),
        "form": form,
    }
    return render(request, "rubrics/version_publish.html", context)


@require_POST
@admin_required
def version_discard(request: UserRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    version = get_object_or_404(RubricVersion.objects.editable_by(request.user).select_related("rubric"), pk=pk)
    discard_draft(version=version, user=request.user)
    messages.success(request, f"The draft {version} is gone.")
    return redirect("rubrics:rubric_list")


@require_POST
@admin_required
def version_retire(request: UserRequest, pk: int) -> HttpResponse:
    """Take a published version off the choice for new openings."""
    version = get_object_or_404(RubricVersion.objects.published().select_related("rubric"), pk=pk)
    retire_version(version=version, user=request.user)
    messages.success(request, f"{version} is retired. What uses it keeps it.")
    return redirect("rubrics:version_detail", pk)
