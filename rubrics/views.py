"""Rubrics to read: the list, each version as an interview guide, and its file."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from rubrics.exchange import write_rubric
from rubrics.guide import weight_bar
from rubrics.models import Rubric, RubricVersion
from smarter.accounts.models import UserRequest


@require_GET
def rubric_list(request: UserRequest) -> HttpResponse:
    """Every rubric with the versions this person may read, newest first."""
    versions = RubricVersion.objects.visible_to(request.user).select_related("rubric", "published_by")
    rubrics = Rubric.objects.filter(versions__in=versions).distinct()
    rubrics = rubrics.prefetch_related(Prefetch("versions", versions.prefetch_related("dimensions")))
    return render(request, "rubrics/rubric_list.html", {"rubrics": rubrics})


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
