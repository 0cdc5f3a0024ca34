"""Rubrics: the list of them, and taking one in from a file."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from rubrics.forms import RubricFileForm
from rubrics.models import Rubric, RubricVersion
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
