"""Sessions in the database that tell an outage from a session that is gone, and let pages be read meanwhile."""

import logging
from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from smarter.outages import is_outage

logger = logging.getLogger(__name__)
# As text, since every request asks it: putting it together anew takes longer than the database takes to answer.
SESSION = "SELECT * FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseStore):
    """Django's, which takes every database error for a session that somebody ended, and answers 400."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it is gone or over, and then its key is given up."""
        found = next(iter(self.model.objects.raw(SESSION, [self.session_key, timezone.now()])), None)
        if found is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(found.session_data)
        return held

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  as Django calls it
        """Save, and raise an outage as what it is."""
        try:
            super().save(must_create)
        except UpdateError as ended:
            if is_outage(ended.__context__):
                raise ended.__context__ from ended.__context__.__cause__  # type: ignore[misc, union-attr]
            raise


class ReadableSessionMiddleware(SessionMiddleware):
    """A page that was read is answered though its session can't be saved now: a message on it shows once more.

    A redirect is not, because what comes after it may stand on what the session should have kept.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save the session where it changed."""
        try:
            return super().process_response(request, response)
        except DatabaseError as error:
            if request.method not in ("GET", "HEAD") or response.status_code != 200 or not is_outage(error):
                raise
            logger.warning("A session could not be saved; the page was shown all the same.")
            return response
