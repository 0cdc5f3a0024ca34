"""Change what people may do, and end or give back their access."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from smarter.accounts.models import User
from smarter.audit.recording import record

ROLES = ("is_admin", "is_recruiter")


class ChangeRefused(Exception):
    """The change would lock the admin who makes it, or every admin, out of the site."""


@transaction.atomic
def change_person(*, actor: User, person: User) -> None:
    """Save a person whose form was filled in: roles, job title, level. Nobody takes the admin role from themselves."""
    _hold_admins(actor)
    before = User.objects.get(pk=person.pk)
    if person.pk == actor.pk and not person.is_admin:
        raise ChangeRefused
    person.save(update_fields=["is_admin", "is_recruiter", "job_title", "level"])
    roles = [f"{'+' if getattr(person, r) else '-'}{r[3:]}" for r in ROLES if getattr(person, r) != getattr(before, r)]
    record(actor=actor, act="person.edit", subject=person, roles=roles)


@transaction.atomic
def change_profile(*, person: User) -> None:
    """Save what a person's own form was filled in with."""
    person.save(update_fields=["name", "job_title", "time_zone", "keys_enabled", "mail_reminders"])
    record(actor=person, act="person.edit_profile", subject=person)


@transaction.atomic
def deactivate(*, actor: User, person: User) -> int:
    """End a person's access and all their sessions at once; how many sessions that were. Nothing of theirs is lost."""
    _hold_admins(actor)
    if person.pk == actor.pk:
        raise ChangeRefused
    User.objects.filter(pk=person.pk).update(is_active=False)
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    record(actor=actor, act="person.deactivate", subject=person, sessions=len(sessions))
    return len(sessions)


@transaction.atomic
def reactivate(*, actor: User, person: User) -> None:
    """Let a person sign in again, with the password and roles they had."""
    User.objects.filter(pk=person.pk).update(is_active=True)
    record(actor=actor, act="person.reactivate", subject=person)


def _hold_admins(actor: User) -> None:
    """Lock the admins, so that two of them cannot put each other out at the same time; the slower one is refused."""
    admins = User.objects.select_for_update().filter(is_admin=True, is_active=True).order_by("pk")
    if actor.pk not in [admin.pk for admin in admins]:
        raise ChangeRefused
