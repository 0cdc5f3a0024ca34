"""Denied access leaves a trace."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.db import Error
from django.http import HttpRequest, HttpResponse

from smarter.audit.recording import record
from smarter.outages import is_outage

logger = logging.getLogger(__name__)

REFUSALS = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


class RefusalsMiddleware:
    """Records when a signed-in person asks a page of ours for what they may not see, or what is not there.

    Both get the same answer, so both are kept: a few are mistyped, a hundred in an hour are somebody looking around.
    Where the database takes nothing now, the refusal stands and the trace goes to the log.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in REFUSALS and request.resolver_match and request.user.is_authenticated:
            page, row = request.resolver_match.view_name, request.resolver_match.kwargs.get("pk")
            try:
                record(actor=request.user, act="access.deny", page=page, row=row)
            except Error as error:
                if not is_outage(error):
                    raise
                logger.warning("Not in the audit, the database is out: access.deny %s row %s", page, row)
        return response
