"""How allauth behaves here: nobody signs up, links start at SITE_URL, and signing in and out leaves a trace."""

from datetime import timedelta
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import clean_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from smarter.accounts.models import INVITATION_LIFETIME, User
from smarter.audit.recording import record
from smarter.mail.queueing import FIRST, Letter, queue_mail

UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104  a mark for "no address", nothing listens there
# How long the links in these mails work; later the mail is of no use.
USEFUL_FOR = {
    "account/email/password_reset_key": timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    "accounts/email/invitation": INVITATION_LIFETIME,
}
# Allauth has no other hook for this act than the mail that tells of it.
COMPANY_SIGN_IN_ADDED = "socialaccount/email/account_connected"


def client_address(request: HttpRequest) -> str:
    """The address of the browser; what proxies forward counts only as far as TRUSTED_PROXIES are our own."""
    header = request.headers.get("X-Forwarded-For")
    forwarded = header.split(",") if header is not None else []
    address = request.META.get("REMOTE_ADDR", "")
    if 0 < settings.TRUSTED_PROXIES <= len(forwarded):
        address = forwarded[-settings.TRUSTED_PROXIES]
    return clean_client_ip(address) or UNKNOWN_ADDRESS


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come in by invitation (`accounts:invitation_accept`)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Closed."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """What limits by address count."""
        return client_address(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002
        """Tries are counted by account alone: allauth adds the Host header, whose port anybody may vary."""
        return str(credentials["email"]).lower()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person, unless deactivated: they get the same answer as a wrong password."""
        user: User | None = super().authenticate(request, **credentials)
        if user is None or user.is_active:
            return user
        self.authentication_failed(request, **credentials)
        return None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002
        """Leave a trace that does not say what was typed."""
        record(actor=None, act="session.refuse")

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether the password is this person's, within the limits of sign-in."""
        return self.authenticate(self.request, email=user.email, password=password) == user

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        """Change or reset; it ends all sessions but the one it is done in."""
        super().set_password(user, password)
        record(actor=user, act="person.set_password", subject=user)

    @transaction.atomic
    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, under a new session key."""
        super().login(request, user)
        record(actor=user, act="session.sign_in", subject=user)

    @transaction.atomic
    def logout(self, request: HttpRequest) -> None:
        """Sign out."""
        user = cast("User", request.user)
        record(actor=user, act="session.sign_out", subject=user)
        super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG002
        """Deactivated people with a passkey come back to the sign-in page."""
        messages.error(request, "You could not be signed in.")
        return redirect("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Back to the profile."""
        return reverse("accounts:profile")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where the link in a reset mail leads."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.SITE_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue, without a trace of the Host header; a mail server that is down breaks no page."""
        message = self.render_mail(template_prefix, email, {**context, "email": email, "site_url": settings.SITE_URL})
        html = next((str(part[0]) for part in getattr(message, "alternatives", [])), "")
        queue_mail(
            to=email,
            kind=template_prefix.rsplit("/", 1)[-1],
            letter=Letter(str(message.subject), str(message.body), html),
            is_secret=True,
            priority=FIRST,
            useful_for=USEFUL_FOR.get(template_prefix),
        )

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell the person by mail that a way to sign in has changed."""
        if template_prefix == COMPANY_SIGN_IN_ADDED:
            record(actor=user, act="person.add_company_sign_in", subject=user)
        super().send_notification_mail(template_prefix, user, context, email or user.email)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Passkeys belong to the host of SITE_URL's users; the name on their device is ours."""

    def _get_site_name(self) -> str:
        return "Smarter"
