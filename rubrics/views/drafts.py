"""A draft: begun from a version, edited, thrown away."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from rubrics.document import document_of
from rubrics.editor import DimensionForm
from rubrics.models import RubricVersion
from rubrics.versioning import (
    DraftChanged,
    DraftExists,
    copy_to_draft,
    discard_draft,
    save_draft,
)
from smarter.accounts.models import UserRequest
from smarter.accounts.views.admins import admin_required


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


@require_POST
@admin_required
def version_discard(request: UserRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    version = get_object_or_404(RubricVersion.objects.editable_by(request.user).select_related("rubric"), pk=pk)
    discard_draft(version=version, user=request.user)
    messages.success(request, f"The draft {version} is gone.")
    return redirect("rubrics:rubric_list")
