"""One version to read: as an interview guide, as a file, and beside another version."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from rubrics.diff import diff
from rubrics.document import document_of
from rubrics.exchange import write_rubric
from rubrics.forms import CompareForm
from rubrics.guide import weight_bar
from rubrics.models import RubricVersion
from rubrics.usage import count_movable, usage_of
from smarter.accounts.models import UserRequest


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
            "usage": usage_of([pk])[pk] if request.user.is_admin else None,
            "movable": count_movable(pk) if request.user.is_admin else 0,
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
    form = CompareForm(request.GET, version=version, versions=visible.filter(rubric=version.rubric))
    against, to = form.pair()
    changes = diff(document_of(against), document_of(to)) if against else []
    context = {"version": version, "to": to, "against": against, "changes": changes, "form": form}
    return render(request, "rubrics/version_changes.html", context)
