"""Logs for operators: one line a request, JSON where machines read them, and never a word that somebody typed.

An address is told by its pattern and a person by their number. Of an error the log keeps its class and the places it
came through, not its message, because messages quote values: a duplicate address, a text that is no number.
"""

import json
import logging
import re
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from smarter.outages import is_outage

logger = logging.getLogger("smarter.requests")
# The request that a thread works on, so that every line it writes can be found by it.
request_id: ContextVar[str] = ContextVar("request_id", default="")
FACTS = ("method", "route", "status", "milliseconds", "user")


class RequestLogMiddleware:
    """Writes one line a request: its number, method, pattern, status, duration and the number of the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        token = request_id.set(uuid4().hex)
        try:
            response = self.get_response(request)
            facts = {
                "method": request.method,
                "route": route_of(request),
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - began) * 1000, 1),
                "user": getattr(getattr(request, "_cached_user", None), "pk", None),  # never asks the database
            }
            logger.info("request", extra=facts)
            return response
        finally:
            request_id.reset(token)


def route_of(request: HttpRequest) -> str:
    """The pattern of the address; what was asked for is nowhere, since an address of no page may be anything."""
    if request.resolver_match is None:
        try:
            return str(resolve(request.path_info).route)
        except Resolver404:
            return "(no page)"
    return str(request.resolver_match.route)


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, and what is known of the request and of the error."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        if request_id.get():
            line["request"] = request_id.get()
        line |= {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1]:
            line |= _error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """The same for people who watch a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level and message, the facts of a request, and the places an error came through."""
        facts = [str(getattr(record, name)) for name in FACTS if getattr(record, name, None) is not None]
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        lines = [" ".join([when, record.levelname, record.name, _message(record), *facts])]
        if record.exc_info and record.exc_info[1]:
            error = _error(record.exc_info[1])
            lines += [f"  {error['error']} {error.get('reason', '')}", *(f"    {place}" for place in error["places"])]
        return "\n".join(lines)


def _message(record: logging.LogRecord) -> str:
    """What is said; of a request that Django complains about, without the address it came with."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        return f"{getattr(record, 'status_code', '')} {request.method} {route_of(request)}".strip()
    return record.getMessage()


def _error(error: BaseException) -> dict[str, Any]:
    """The class, and where it came through. Only a database that is out says more, and nobody typed that."""
    chain = [error]
    while (before := chain[-1].__cause__ or chain[-1].__context__) is not None and before not in chain:
        chain.append(before)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    told: dict[str, Any] = {"error": " from ".join(type(each).__qualname__ for each in chain), "places": places}
    if is_outage(error):
        told["reason"] = re.sub(r"\s+", " ", str(error).partition("\n")[0])
    return told
