"""Company sign-in by OpenID Connect: a way in for people known or invited here, never a way to sign up."""

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from smarter.accounts.invitations import InvitationRefused, accept
from smarter.accounts.models import Invitation, User
from smarter.audit.recording import record


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Ties a company account to a person by its verified address, once; from then on by its own number."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Closed."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the person that a company account stands for, or send away who is neither known nor invited."""
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(back_to_sign_in(request))
        if sociallogin.is_existing:
            return
        email = _verified_address(sociallogin.account.extra_data)
        user = User.objects.filter(email=email).first() or self._invited(email, sociallogin)
        if user is None or not user.is_active:
            record(actor=None, act="session.refuse")
            raise ImmediateHttpResponse(back_to_sign_in(request))
        sociallogin.connect(request, user)

    def on_authentication_error(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> NoReturn:
        """The company's server is down, says no, or was asked to stop: back to the sign-in page."""
        raise ImmediateHttpResponse(back_to_sign_in(request))

    def _invited(self, email: str, sociallogin: Any) -> User | None:
        """The account of an invitation that the person takes up in this way."""
        invitation = Invitation.objects.usable().filter(email=email).first()
        if invitation is None:
            return None
        claims = _claims(sociallogin.account.extra_data)
        name = str(claims.get("name") or invitation.name or email)[:150]
        try:
            return accept(invitation_id=invitation.pk, name=name, time_zone=settings.TIME_ZONE, password=None)
        except InvitationRefused:
            return None


def _claims(data: dict[str, Any]) -> dict[str, Any]:
    """What the company's server says about the person."""
    claims: dict[str, Any] = data.get("userinfo") or data.get("id_token") or data
    return claims


def _verified_address(data: dict[str, Any]) -> str:
    """The address, if the company vouches for it; else one that nobody has."""
    claims = _claims(data)
    return str(claims.get("email", "")).lower() if claims.get("email_verified") in (True, "true") else ""


def back_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, with one and the same sentence for every reason."""
    messages.error(request, "Company sign-in did not let you in. Ask an admin to invite you, or try again.")
    return redirect("account_login")
