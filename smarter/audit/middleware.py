"""Denied access leaves a trace."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from smarter.audit.recording import record

REFUSALS = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


class RefusalsMiddleware:
    """Records when a signed-in person asks a page of ours for what they may not see, or what is not there.

    Both get the same answer, so both are kept: a few are mistyped, a hundred in an hour are somebody looking around.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in REFUSALS and request.resolver_match and request.user.is_authenticated:
            page = request.resolver_match.view_name
            record(actor=request.user, act="access.deny", page=page, row=request.resolver_match.kwargs.get("pk"))
        return response
