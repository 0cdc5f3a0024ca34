"""A form that could not be taken comes back with everything typed in it, to be sent again after signing in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Never shown again, whatever form they came from.
SECRETS = ("password", "code", "csrfmiddlewaretoken")
# What is worth reading and copying; shorter values (numbers, choices) only go along.
TEXT_FROM = 20


def is_own_form(request: HttpRequest) -> bool:
    """Whether this is a form of a page behind sign-in, sent by this site's own page.

    A form of another site is never offered for sending again.
    """
    match = request.resolver_match
    needs_sign_in = match is not None and getattr(match.func, "login_required", True)
    is_form = request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data")
    own = (f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS)
    return request.method == "POST" and needs_sign_in and is_form and request.headers.get("Origin") in own


def what_was_typed(request: HttpRequest) -> dict[str, Any]:
    """All that goes along when it is sent again, the texts worth reading, and whether a file has to be chosen anew."""
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if not any(secret in name for secret in SECRETS)
        for value in values
    ]
    texts = [value for _, value in typed if len(value) >= TEXT_FROM]
    return {"typed": typed, "texts": texts, "has_files": bool(request.FILES)}


def offer_again(request: HttpRequest) -> HttpResponse:
    """The page that keeps what was typed: 401 where nobody is signed in, 403 where the form was out of date."""
    is_signed_in = request.user.is_authenticated
    context = what_was_typed(request) | {"is_signed_in": is_signed_in}
    return render(request, "resend.html", context, status=403 if is_signed_in else 401)
