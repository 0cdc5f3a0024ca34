"""People who sign in, and the invitations by which they come in."""

import functools
import hashlib
import secrets
import zoneinfo
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils import timezone

INVITATION_LIFETIME = timedelta(days=7)
DEMO_PERSONAS = [f"{role}@example.com" for role in ("admin", "recruiter", "manager", "interviewer")]


class UserRequest(HttpRequest):
    """A request behind sign-in, for annotations: its user is never anonymous."""

    user: "User"


@functools.cache
def time_zones() -> frozenset[str]:
    """All names of time zones; reading them walks through a folder, so once is enough."""
    return frozenset(zoneinfo.available_timezones())


def validate_time_zone(value: str) -> None:
    """Refuse names that the time zone database does not hold."""
    if value not in time_zones():
        raise ValidationError("%(value)s is no time zone. Use a name such as Europe/London.", params={"value": value})


class UserManager(BaseUserManager["User"]):
    """Makes people; an e-mail address is kept in lower case, so that it is one person however it is typed."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person; without a password nobody can sign in as them until they set one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """The first admin of an installation, for `manage.py createsuperuser`."""
        return self.create_user(email, password, is_admin=True, **fields)

    def demo_personas(self) -> models.QuerySet["User"]:
        """The people of the demo round, one for each role, that a developer may sign in as."""
        return self.filter(email__in=DEMO_PERSONAS, is_demo=True, is_active=True).order_by("pk")

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in does not mind the case of the address."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person with an account. Site roles are a set; opening roles and panel seats come from elsewhere."""

    class Level(models.IntegerChoices):
        """How senior a person is: in a debrief the most junior speaks first."""

        STAFF = 1, "Team member"
        MANAGER = 2, "Manager"
        EXECUTIVE = 3, "Executive"

    email = models.EmailField("e-mail", max_length=254, unique=True)
    name = models.CharField(max_length=150)
    job_title = models.CharField(max_length=150, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.MANAGER)
    time_zone = models.CharField(max_length=64, default="Europe/London", validators=[validate_time_zone])
    is_admin = models.BooleanField("admin", default=False)
    is_recruiter = models.BooleanField("recruiter", default=False)
    is_active = models.BooleanField("active", default=True)
    is_demo = models.BooleanField("demo person", default=False, editable=False)
    keys_enabled = models.BooleanField("keys on the scorecard", default=True)
    mail_reminders = models.BooleanField("reminders by e-mail", default=True)
    date_joined = models.DateTimeField("joined", default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name, for libraries that ask by this method."""
        return self.name


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions about many invitations."""

    def usable(self) -> "InvitationQuerySet":
        """Neither accepted, withdrawn nor expired."""
        return self.pending().filter(expires_at__gt=timezone.now())

    def pending(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; they may have expired and can be sent again."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def with_token(self, token: str) -> "InvitationQuerySet":
        """The one that a link holds the token of."""
        return self.filter(token_hash=hash_token(token))


def hash_token(token: str) -> str:
    """What is kept of a token: it is long and random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_expiry() -> datetime:
    """When an invitation made now stops working."""
    return timezone.now() + INVITATION_LIFETIME


class Invitation(models.Model):
    """The only way in: a link that works once, within seven days. Only a hash of its token is kept."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=150, blank=True)
    is_admin = models.BooleanField("admin", default=False)
    is_recruiter = models.BooleanField("recruiter", default=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=invitation_expiry, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.email}"

    @property
    def is_expired(self) -> bool:
        """Whether its seven days are over."""
        return self.expires_at <= timezone.now()

    def renew_token(self) -> str:
        """A new token with seven more days, not yet saved; older links stop working. It is shown only here."""
        token = secrets.token_urlsafe(32)
        self.token_hash = hash_token(token)
        self.expires_at = invitation_expiry()
        return token
