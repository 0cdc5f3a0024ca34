"""The forms that take what a passkey says: allauth's, which crash on answers that no browser gives."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms
from django.forms import HiddenInput, JSONField

from smarter.accounts.second_factor import refusals_recorded


def told(clean: Callable[..., Any]) -> Callable[..., Any]:
    """An answer that cannot be read is a wrong answer."""

    @wraps(clean)
    def careful(*args: Any) -> Any:
        try:
            return clean(*args)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise get_adapter().validation_error("incorrect_code") from error

    return careful


class CredentialField(JSONField):
    """JSON, whatever the length of its numbers; an answer counts once, so the page never repeats it."""

    to_python = told(JSONField.to_python)

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002
        """What the page starts with."""
        return initial


class AuthenticateForm(forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second step of sign-in."""

    credential = CredentialField(widget=HiddenInput)
    clean_credential = refusals_recorded(told(forms.AuthenticateWebAuthnForm.clean_credential))


class LoginForm(forms.LoginWebAuthnForm):  # type: ignore[misc]
    """Sign-in without a password."""

    credential = CredentialField(widget=HiddenInput)
    clean_credential = refusals_recorded(told(forms.LoginWebAuthnForm.clean_credential))


class ReauthenticateForm(forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Before something is changed that sign-in hangs on."""

    credential = CredentialField(widget=HiddenInput)
    clean_credential = refusals_recorded(told(forms.ReauthenticateWebAuthnForm.clean_credential))


class AddForm(forms.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey."""

    credential = CredentialField(widget=HiddenInput)
    clean = told(forms.AddWebAuthnForm.clean)
