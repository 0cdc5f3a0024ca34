"""The end of a draft and of a version: published, retired."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from rubrics.checks import faults_of
from rubrics.consequences import comparing_sentence, count_changes
from rubrics.diff import diff
from rubrics.document import document_of
from rubrics.forms import PublishForm
from rubrics.hints import hints
from rubrics.models import RubricVersion
from rubrics.usage import usage_of
from rubrics.versioning import NotPublishable, publish_version, retire_version
from smarter.accounts.models import UserRequest
from smarter.accounts.views.admins import admin_required


@require_http_methods(["GET", "POST"])
@admin_required
def version_publish(request: UserRequest, pk: int) -> HttpResponse:
    """Publish a draft with a note, once nothing is missing from it."""
    version = get_object_or_404(RubricVersion.objects.editable_by(request.user).select_related("rubric"), pk=pk)
    document, before = document_of(version), version.before()
    faults = faults_of(document)
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
        "counted": count_changes(changes),
        "comparing": comparing_sentence(changes, before.number, version.number) if before else "",
        "usage": usage_of([before.pk])[before.pk] if before else None,
        "faults": faults,
        "hints": hints(document),
        "form": form,
    }
    return render(request, "rubrics/version_publish.html", context)


@require_POST
@admin_required
def version_retire(request: UserRequest, pk: int) -> HttpResponse:
    """Take a published version off the choice for new openings."""
    version = get_object_or_404(RubricVersion.objects.published().select_related("rubric"), pk=pk)
    retire_version(version=version, user=request.user)
    messages.success(request, f"{version} is retired. What uses it keeps it.")
    return redirect("rubrics:version_detail", pk)
