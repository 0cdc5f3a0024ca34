"""What saves itself shares one contract (docs/adr/0004-autosave.md): an envelope in, an exact acknowledgement out.

Every answer is JSON, so that no sign-in page and no error page is ever taken for a save. static/js/autosave.js is the
other side.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, JsonResponse
from django.middleware.csrf import get_token

from smarter.accounts.models import User

Fields = dict[str, str]
Save = Callable[[User, dict[str, int], Fields], JsonResponse]
Tell = Callable[[User], dict[str, bool]]


class EnvelopeForm(forms.Form):
    """What an autosave says beside its fields: of what, from which version, the how many-eth, and by whom."""

    card = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    sequence = forms.IntegerField(min_value=0, max_value=2**53)
    user = forms.IntegerField(min_value=1)


def answer_autosave(request: HttpRequest, card: int, save: Save, *, tell: Tell | None = None) -> JsonResponse:
    """A GET answers a fresh token and who is signed in; a POST that reads well and is from its sender goes to `save`.

    With `tell` a GET says more to somebody who is signed in.

    `save` answers with `acknowledge` or with what stands in the way; an Http404 of it becomes JSON too.
    """
    user = request.user if isinstance(request.user, User) else None
    if request.method == "GET" or user is None:
        answer = {"token": get_token(request), "user": user.pk if user else None}
        return JsonResponse(answer | (tell(user) if tell and user else {}), status=200 if user else 401)
    body = _read(request)
    envelope, fields = EnvelopeForm(body), body.get("fields")
    if not envelope.is_valid() or envelope.cleaned_data["card"] != card or not _is_typed(fields):
        return JsonResponse({"error": "unreadable"}, status=400)
    if envelope.cleaned_data["user"] != user.pk:
        return JsonResponse({"error": "user"}, status=409)
    try:
        return save(user, envelope.cleaned_data, body["fields"])
    except Http404:
        return JsonResponse({"error": "absent"}, status=404)


def acknowledge(*, version: int, sequence: int, fields: Mapping[str, str]) -> JsonResponse:
    """The exact acknowledgement: the new version, and the hash of all fields as they are saved now."""
    return JsonResponse({"version": version, "sequence": sequence, "sha256": fingerprint(fields)})


def fingerprint(fields: Mapping[str, str]) -> str:
    """SHA-256 of named texts as canonical JSON; static/js/autosave.js computes the same."""
    canonical = json.dumps(dict(fields), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _read(request: HttpRequest) -> dict[str, Any]:
    """The body as an object; anything else is empty, which no form accepts."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _is_typed(fields: object) -> bool:
    """Whether this is a set of named texts."""
    return isinstance(fields, dict) and all(isinstance(value, str) for value in fields.values())
