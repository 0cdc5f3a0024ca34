"""Invite people: a link by mail, renewed, withdrawn or accepted once."""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from smarter.accounts.models import Invitation, User
from smarter.audit.recording import record


class InvitationRefused(Exception):
    """The invitation cannot be used, renewed or withdrawn: it is over, or somebody else was faster."""


@dataclass(frozen=True)
class Link:
    """An invitation with the link in its mail, which nobody can read again later."""

    invitation: Invitation
    url: str


@transaction.atomic
def invite(*, actor: User, invitation: Invitation) -> Link:
    """Save a new invitation filled in by a form, and mail its link."""
    invitation.invited_by = actor
    token = invitation.renew_token()
    invitation.save()
    record(actor=actor, act="person.invite", subject=invitation, roles=_roles(invitation))
    return _send(invitation, token)


@transaction.atomic
def renew(*, actor: User, invitation_id: int) -> Link:
    """Mail a new link; the old one stops working."""
    invitation = _pending(invitation_id)
    token = invitation.renew_token()
    invitation.save(update_fields=["token_hash", "expires_at"])
    record(actor=actor, act="person.invite_again", subject=invitation)
    return _send(invitation, token)


@transaction.atomic
def withdraw(*, actor: User, invitation_id: int) -> Invitation:
    """Make a link useless."""
    invitation = _pending(invitation_id)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record(actor=actor, act="person.withdraw_invitation", subject=invitation)
    return invitation


@transaction.atomic
def accept(*, invitation_id: int, name: str, time_zone: str, password: str | None) -> User:
    """Make the account that an invitation promised; without a password the person comes in by company sign-in."""
    invitation = Invitation.objects.usable().select_for_update().filter(pk=invitation_id).first()
    if invitation is None or User.objects.filter(email=invitation.email).exists():
        raise InvitationRefused
    user = User.objects.create_user(
        email=invitation.email,
        password=password,
        name=name,
        time_zone=time_zone,
        is_admin=invitation.is_admin,
        is_recruiter=invitation.is_recruiter,
    )
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record(actor=user, act="person.accept_invitation", subject=invitation)
    return user


def _pending(invitation_id: int) -> Invitation:
    """An invitation that is neither accepted nor withdrawn, locked; it may have expired."""
    pending = Invitation.objects.pending().select_for_update().filter(pk=invitation_id).first()
    if pending is None:
        raise InvitationRefused
    return pending


def _roles(invitation: Invitation) -> list[str]:
    return [role for role in ("admin", "recruiter") if getattr(invitation, f"is_{role}")]


def _send(invitation: Invitation, token: str) -> Link:
    """Put the link into the outbox, in the same transaction."""
    link = Link(invitation, settings.SITE_URL + reverse("accounts:invitation_accept", args=[token]))
    context = {"link": link.url, "invitation": invitation}
    get_adapter().send_mail("accounts/email/invitation", invitation.email, context)
    return link
