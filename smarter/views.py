"""Views of the site itself: the health check, the sheet of components, and the answer when something broke."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from smarter.resending import is_own_form, offer_again
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


def csrf_failure(request: HttpRequest, **_reason: str) -> HttpResponse:
    """The form's token is not this session's: what was typed comes back where the form is our own."""
    if is_own_form(request):
        return offer_again(request)
    return HttpResponse(render_to_string("403_csrf.html"), status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke: 500, or 503 with Retry-After where the database is out of reach; JSON for scripts.

    Django calls it inside the handling of the exception, wherever that was raised, in a view or in the middleware.
    """
    is_outage = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    status = 503 if is_outage else 500
    response: HttpResponse
    if request.headers.get("Accept") == "application/json":
        response = JsonResponse({"error": "busy" if is_outage else "broken"}, status=status)
    else:
        response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if is_outage:
        response["Retry-After"] = "5"
    return response
