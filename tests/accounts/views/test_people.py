"""The list of people, and what an admin does with a person."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from smarter.accounts.models import User
from smarter.accounts.people import ChangeRefused, change_person
from smarter.audit.models import AuditEvent
from tests.factories import PASSWORD, make_invitation, make_user

FIELDS = {"job_title": "Head of Sales", "level": "3", "is_recruiter": "on", "is_admin": ""}


def listed(client: Client, query: str = "") -> list[str]:
    """The names in the list of people."""
    return [person.name for person in client.get(reverse("accounts:person_list") + query).context["page"]]


def test_person_list_filters(client: Client, admin: User, recruiter: User, stranger: User) -> None:
    make_user(name="Zoe Gone", email="zoe@example.com", is_active=False)
    client.force_login(admin)

    assert listed(client) == ["Ada Admin", "Maya Recruiter", "Sanna Stranger"]
    assert listed(client, "?q=STRANGER%40") == ["Sanna Stranger"]
    assert listed(client, "?role=recruiter") == ["Maya Recruiter"]
    assert listed(client, "?state=gone") == ["Zoe Gone"]
    assert listed(client, "?state=all&q=e") == ["Ada Admin", "Maya Recruiter", "Sanna Stranger", "Zoe Gone"]
    assert listed(client, "?q=nobody") == []


@pytest.mark.parametrize("query", ["?role=boss", "?state=%00", "?q=%00", "?page=x", "?page=-1", "?q=" + "a" * 5000])
def test_person_list_leaves_senseless_filters_out(client: Client, admin: User, query: str) -> None:
    client.force_login(admin)

    assert listed(client, query) == ["Ada Admin"]


@pytest.mark.parametrize("count", [1, 3])
def test_person_list_query_count_is_flat(
    client: Client, admin: User, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        make_user()
        make_invitation(invited_by=make_user())
    client.force_login(admin)

    with django_assert_num_queries(5):
        client.get(reverse("accounts:person_list"))


def test_person_edit_changes_roles_and_is_audited(client: Client, admin: User, stranger: User) -> None:
    client.force_login(admin)
    extra = {"email": "x@example.com", "password": "x", "is_active": "", "name": "X"}

    response = client.post(reverse("accounts:person_edit", args=[stranger.pk]), FIELDS | extra)

    assert response.headers["Location"] == reverse("accounts:person_list")
    stranger.refresh_from_db()
    assert (stranger.job_title, stranger.level, stranger.is_recruiter, stranger.is_admin) == (
        "Head of Sales",
        3,
        True,
        False,
    )
    assert (stranger.email, stranger.name, stranger.is_active) == ("stranger@example.com", "Sanna Stranger", True)
    event = AuditEvent.objects.get()
    assert (event.actor, event.act, event.subject_id, event.detail) == (
        admin,
        "person.edit",
        stranger.pk,
        {"roles": ["+recruiter"]},
    )


@pytest.mark.parametrize("change", [{"level": "9"}, {"level": "x"}, {"job_title": "a" * 151}, {"job_title": "\0"}])
def test_person_edit_refuses_bad_values(client: Client, admin: User, stranger: User, change: dict[str, str]) -> None:
    client.force_login(admin)

    response = client.post(reverse("accounts:person_edit", args=[stranger.pk]), FIELDS | change)

    assert list(response.context["form"].errors) == list(change)
    assert not AuditEvent.objects.exists()


def test_an_admin_keeps_the_own_role_and_access(client: Client, admin: User) -> None:
    client.force_login(admin)

    edited = client.post(reverse("accounts:person_edit", args=[admin.pk]), FIELDS)
    client.post(reverse("accounts:person_deactivate", args=[admin.pk]))

    assert list(edited.context["form"].errors) == ["is_admin"]
    admin.refresh_from_db()
    assert (admin.is_admin, admin.is_active) == (True, True)


def test_two_admins_cannot_put_each_other_out(admin: User) -> None:
    """The slower of two: its page is from before it lost the role."""
    other = make_user(is_admin=True)
    other.is_admin = False
    change_person(actor=admin, person=other)
    admin.is_admin = False

    with pytest.raises(ChangeRefused):
        change_person(actor=other, person=admin)
    assert User.objects.filter(is_admin=True).count() == 1


def test_deactivation_ends_sessions_and_reactivation_lets_in(client: Client, admin: User, stranger: User) -> None:
    theirs = Client()
    credentials = {"login": stranger.email, "password": PASSWORD}
    theirs.post(reverse("account_login"), credentials)
    assert theirs.get(reverse("accounts:profile")).status_code == 200
    client.force_login(admin)

    client.post(reverse("accounts:person_deactivate", args=[stranger.pk]))

    assert not theirs.session.exists(theirs.cookies["session"].value)
    assert theirs.get(reverse("accounts:profile")).status_code == 302
    assert theirs.post(reverse("account_login"), credentials).status_code == 200
    client.post(reverse("accounts:person_reactivate", args=[stranger.pk]))
    assert theirs.post(reverse("account_login"), credentials).status_code == 302
    assert [e.act for e in AuditEvent.objects.filter(actor=admin).order_by("pk")] == [
        "person.deactivate",
        "person.reactivate",
    ]


@pytest.mark.parametrize("who", ["recruiter", "manager", "stranger"])
def test_people_pages_are_not_there_for_others(request: Any, client: Client, admin: User, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    invitation, _ = make_invitation(invited_by=admin)

    for name, args in [("person_list", []), ("person_edit", [admin.pk]), ("invitation_create", [])]:
        assert client.get(reverse(f"accounts:{name}", args=args)).status_code == 404
    for name, pk in [
        ("person_edit", admin.pk),
        ("person_deactivate", admin.pk),
        ("person_reactivate", admin.pk),
        ("invitation_renew", invitation.pk),
        ("invitation_withdraw", invitation.pk),
    ]:
        assert client.post(reverse(f"accounts:{name}", args=[pk]), FIELDS).status_code == 404
    assert set(AuditEvent.objects.values_list("act", flat=True)) == {"access.deny"}


def test_people_that_are_not_there_are_not_found(client: Client, admin: User) -> None:
    client.force_login(admin)

    for pk in (0, 999, 10**30):
        assert client.get(f"/people/{pk}/").status_code == 404
        assert client.post(f"/people/{pk}/deactivate/").status_code == 404
