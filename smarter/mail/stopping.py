"""The link by which a person stops the mails that are not essential, without signing in."""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from smarter.accounts.models import User
from smarter.audit.recording import record

SALT = "smarter.mail.stop"


def stop_url(user_id: int) -> str:
    """Where this person's mails can be stopped; it can do nothing else, and does not end."""
    return f"{settings.SITE_URL}{reverse('mail:mail_stop', args=[signing.dumps(user_id, salt=SALT)])}"


def person_of(token: str) -> User | None:
    """Whose mails a link stops; None where it was not made here."""
    try:
        user_id = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=user_id, is_active=True).first()


@transaction.atomic
def stop_mails(*, person: User) -> None:
    """Send this person only what is essential from now on."""
    User.objects.filter(pk=person.pk).update(mail_reminders=False)
    record(actor=person, act="person.stop_mails", subject=person)
