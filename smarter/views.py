"""Views of the site itself: the health check and the sheet of components."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from smarter.styles import styles_context


@require_GET
@login_not_required
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing of the database."""
    return HttpResponse("ok", content_type="text/plain")


@require_GET
@login_not_required
def styles(request: HttpRequest) -> HttpResponse:
    """Every component and control in every state, for those who build pages (DEBUG only)."""
    return render(request, "styles.html", styles_context())
