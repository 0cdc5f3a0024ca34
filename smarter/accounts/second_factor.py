"""Ways to sign in and the audit: what a person changes in them is recorded with the change, and each refused try."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from smarter.accounts.models import User
from smarter.audit.recording import record

NAMES = {
    Authenticator.Type.TOTP.value: "totp",
    Authenticator.Type.WEBAUTHN.value: "passkey",
    Authenticator.Type.RECOVERY_CODES.value: "recovery_codes",
}
Ways = dict[int, tuple[str, str]]


def changes_recorded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """One transaction around one of allauth's views, which tells of what it did only once that is stored."""

    @wraps(view)
    def recorded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or not isinstance(request.user, User):
            return view(request, *args, **kwargs)
        with transaction.atomic():
            before = _ways(request.user)
            response = view(request, *args, **kwargs)
            for act in _acts(before, _ways(request.user)):
                record(actor=request.user, act=act, subject=request.user)
        return response

    return recorded


def _ways(user: User) -> Ways:
    """The kind and the name of each of a person's ways to take the second step."""
    found = Authenticator.objects.filter(user_id=user.pk).order_by("pk")
    return {row.pk: (NAMES[row.type], str(row.data.get("name", ""))) for row in found}


def _acts(before: Ways, after: Ways) -> Iterator[str]:
    """What was added, removed and renamed; recovery codes that took the place of others were made."""
    added = [after[pk][0] for pk in after.keys() - before.keys()]
    yield from sorted(f"person.{'make' if kind == 'recovery_codes' else 'add'}_{kind}" for kind in added)
    removed = [before[pk][0] for pk in before.keys() - after.keys()]
    yield from sorted(f"person.remove_{kind}" for kind in removed if not (kind == "recovery_codes" and kind in added))
    yield from ("person.rename_passkey" for pk in before.keys() & after.keys() if before[pk] != after[pk])


def ended_sessions_recorded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same around the page on which a person ends their other sessions."""

    @wraps(view)
    def recorded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or not isinstance(request.user, User):
            return view(request, *args, **kwargs)
        with transaction.atomic():
            before = UserSession.objects.filter(user_id=request.user.pk).count()
            response = view(request, *args, **kwargs)
            ended = before - UserSession.objects.filter(user_id=request.user.pk).count()
            if ended:
                record(actor=request.user, act="session.end_others", subject=request.user, sessions=ended)
        return response

    return recorded


def refusals_recorded(clean: Callable[..., Any]) -> Callable[..., Any]:
    """A code or a passkey that was not taken leaves a trace: of whom where that is known, of nobody's doing."""

    @wraps(clean)
    def recorded(form: Any) -> Any:
        try:
            return clean(form)
        except ValidationError:
            record(actor=None, act="session.refuse_second_step", subject=form.user)
            raise

    return recorded


class AuthenticateForm(forms.AuthenticateForm):  # type: ignore[misc]
    """A code at sign-in."""

    clean_code = refusals_recorded(forms.AuthenticateForm.clean_code)


class ReauthenticateForm(forms.ReauthenticateForm):  # type: ignore[misc]
    """A code before something is changed that sign-in hangs on."""

    clean_code = refusals_recorded(forms.ReauthenticateForm.clean_code)
