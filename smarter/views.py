"""Views of the site itself: the health check, the sheet of components, and the answer when something broke."""

import sys
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_GET

from smarter.outages import is_outage
from smarter.readiness import not_ready
from smarter.resending import is_own_form, offer_again, what_was_typed
from smarter.styles import styles_context


@require_GET
@login_not_required
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing of the database."""
    return HttpResponse("ok", content_type="text/plain")


@require_GET
@login_not_required
def readyz(_request: HttpRequest) -> HttpResponse:
    """The server can take requests, or 503 and why not, for a load balancer and its operator."""
    reason = not_ready()
    response = HttpResponse(reason or "ready", status=503 if reason else 200, content_type="text/plain")
    if reason:
        response["Retry-After"] = "5"
    return response


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
    """Something broke: 500, or 503 with Retry-After where the database is out; JSON for scripts.

    Django calls it inside the handling of the exception, wherever that was raised, in a view or in the middleware.
    """
    out = is_outage(sys.exc_info()[1])
    status = 503 if out else 500
    response: HttpResponse
    if "application/json" in (request.headers.get("Accept"), request.content_type):
        response = JsonResponse({"error": "busy" if out else "broken"}, status=status)
    else:
        context = {"method": request.method} | (_kept(request) if out else {})
        response = HttpResponse(render_to_string(f"{status}.html", context), status=status)
    if out:
        response["Retry-After"] = "5"
    return response


def _kept(request: HttpRequest) -> dict[str, Any]:
    """What our own form sent, to be sent again from the page that says why not now."""
    try:
        if request.resolver_match is None:  # broken on the way to the view
            request.resolver_match = resolve(request.path_info)
        if is_own_form(request):
            return what_was_typed(request) | {"token": get_token(request)}
    except (UnreadablePostError, MultiPartParserError, SuspiciousOperation, Resolver404):
        pass
    return {}
