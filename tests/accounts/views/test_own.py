"""One's own profile."""

import pytest
from django.test import Client
from django.urls import reverse

from smarter.accounts.models import User
from smarter.audit.models import AuditEvent

FIELDS = {"name": "Priya R. Manager", "job_title": "VP", "time_zone": "Europe/Berlin", "mail_reminders": "on"}


def test_profile_saves_what_is_one_s_own(client: Client, manager: User) -> None:
    client.force_login(manager)
    extra = {"is_admin": "on", "is_recruiter": "on", "email": "x@example.com", "level": "1", "roles": "admin"}

    response = client.post(reverse("accounts:profile"), FIELDS | extra)

    assert response.headers["Location"] == reverse("accounts:profile")
    saved = User.objects.values(*FIELDS, "keys_enabled", "is_admin", "is_recruiter", "email", "level").get()
    assert saved == {
        "name": "Priya R. Manager",
        "job_title": "VP",
        "time_zone": "Europe/Berlin",
        "mail_reminders": True,
        "keys_enabled": False,
        "is_admin": False,
        "is_recruiter": False,
        "email": "manager@example.com",
        "level": 2,
    }
    assert AuditEvent.objects.values_list("actor", "act").get() == (manager.pk, "person.edit_profile")


@pytest.mark.parametrize("change", [{"name": " "}, {"name": "\0"}, {"time_zone": "UTC+1"}, {"job_title": "x" * 151}])
def test_profile_refuses_bad_values_and_keeps_the_name_on_the_page(
    client: Client, manager: User, change: dict[str, str]
) -> None:
    client.force_login(manager)

    response = client.post(reverse("accounts:profile"), FIELDS | change)

    assert list(response.context["form"].errors) == list(change)
    assert "Priya Manager: profile and sign-out" in response.content.decode()
