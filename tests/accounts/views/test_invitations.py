"""Invitations, from the admin's form to the first sign-in."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from smarter.accounts.invitations import InvitationRefused, accept
from smarter.accounts.models import Invitation, User
from smarter.audit.models import AuditEvent
from smarter.mail.models import MailMessage
from tests.factories import make_invitation

ACCEPTANCE = {
    "name": "Nina New",
    "time_zone": "Asia/Tokyo",
    "password": "battery-staple-horse",
    "password_again": "battery-staple-horse",
}


def links_in(text: str) -> list[str]:
    """Paths of the invitation links in a text."""
    return re.findall(r"http://localhost:8000(/invitations/[\w-]{43}/)", text)


def test_invitation_goes_out_by_mail_and_lets_in_once(client: Client, admin: User, post_mails: Any) -> None:
    client.force_login(admin)
    data = {"email": "Nina@Example.com", "name": "Nina", "is_recruiter": "on"}
    shown = client.post(reverse("accounts:invitation_create"), data, headers={"Host": "localhost:666"})
    (message,) = post_mails()
    html, _ = message.alternatives[0]  # type: ignore[attr-defined]
    (path,) = set(links_in(shown.content.decode()))

    assert (message.to, message.subject) == (["nina@example.com"], "Ada Admin invites you to Smarter")
    assert links_in(message.body) == links_in(html) == [path]
    assert "666" not in message.body + html
    assert path.split("/")[2] not in str(Invitation.objects.values().get())

    guest = Client()
    assert guest.get(path).context["form"]["name"].value() == "Nina"
    response = guest.post(path, ACCEPTANCE | {"is_admin": "on", "email": "else@example.com"})

    assert response.headers["Location"] == reverse("candidates:home")
    user = User.objects.get(email="nina@example.com")
    assert (user.name, user.time_zone, user.is_recruiter, user.is_admin) == ("Nina New", "Asia/Tokyo", True, False)
    assert guest.session["_auth_user_id"] == str(user.pk)
    assert Client().get(path).status_code == 404
    assert list(AuditEvent.objects.order_by("pk").values_list("actor", "act")) == [
        (admin.pk, "person.invite"),
        (user.pk, "person.accept_invitation"),
        (user.pk, "session.sign_in"),
    ]


def test_dead_links_get_the_same_answer_as_made_up_ones(client: Client, admin: User) -> None:
    dead = [
        make_invitation(invited_by=admin, expires_at=timezone.now() - timedelta(seconds=1))[1],
        make_invitation(invited_by=admin, withdrawn_at=timezone.now())[1],
        make_invitation(invited_by=admin, accepted_at=timezone.now(), accepted_by=admin)[1],
        "/invitations/made-up/",
        "/invitations/%00%F0%9F/",
    ]

    for method in (client.get, client.post):
        answers = {(r.status_code, re.sub(r"nonce.*", "", r.content.decode())) for r in (method(p) for p in dead)}
        assert len(answers) == 1
        assert answers.pop()[0] == 404


def test_renewing_makes_the_old_link_useless(client: Client, admin: User, post_mails: Any) -> None:
    invitation, old = make_invitation(invited_by=admin, expires_at=timezone.now() - timedelta(days=1))
    client.force_login(admin)

    shown = client.post(reverse("accounts:invitation_renew", args=[invitation.pk]))

    (new,) = set(links_in(shown.content.decode()))
    assert links_in(post_mails()[0].body) == [new]
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200


def test_withdrawing_makes_the_link_useless_once(client: Client, admin: User) -> None:
    invitation, path = make_invitation(invited_by=admin)
    client.force_login(admin)
    url = reverse("accounts:invitation_withdraw", args=[invitation.pk])

    client.post(url)
    client.post(url)
    renewed = client.post(reverse("accounts:invitation_renew", args=[invitation.pk]))

    assert Client().get(path).status_code == 404
    assert renewed.headers["Location"] == reverse("accounts:person_list")
    assert list(AuditEvent.objects.values_list("act", flat=True)) == ["person.withdraw_invitation"]
    assert not MailMessage.objects.exists()


def test_an_invitation_is_accepted_once_however_fast(admin: User) -> None:
    invitation, _ = make_invitation(invited_by=admin)
    given = {"invitation_id": invitation.pk, "name": "Nina", "time_zone": "Asia/Tokyo", "password": "x"}
    accept(**given)

    with pytest.raises(InvitationRefused):
        accept(**given)


@pytest.mark.parametrize(
    ("email", "error"),
    [
        ("MANAGER@example.com", "Priya Manager has an account already."),
        ("open@example.com", "This address has an invitation already. Send it again from the list of people."),
        ("no-address", "Enter a valid email address."),
        ("\0@example.com", "Null characters are not allowed."),
        ("", "This field is required."),
    ],
)
def test_invitation_create_refuses(client: Client, admin: User, manager: User, email: str, error: str) -> None:
    make_invitation(email="open@example.com", invited_by=admin)
    client.force_login(admin)

    response = client.post(reverse("accounts:invitation_create"), {"email": email})

    assert error in response.context["form"].errors["email"]
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\0"}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"password": "short", "password_again": "short"}, "password"),
        ({"password": "invited-invited", "password_again": "invited-invited!"}, "password_again"),
        ({"password": "p" * 2000, "password_again": "p" * 2000}, "password"),
        ({"password": "nina@example.com", "password_again": "nina@example.com"}, "password"),
    ],
)
def test_invitation_accept_refuses(client: Client, admin: User, change: dict[str, str], field: str) -> None:
    _, path = make_invitation(email="nina@example.com", invited_by=admin)

    response = client.post(path, ACCEPTANCE | change)

    assert field in response.context["form"].errors
    assert not User.objects.filter(email="nina@example.com").exists()


def test_an_invitation_withdrawn_while_its_page_is_open_makes_no_account(admin: User) -> None:
    invitation, _ = make_invitation(invited_by=admin, withdrawn_at=timezone.now())

    with pytest.raises(InvitationRefused):
        accept(invitation_id=invitation.pk, name="Nina", time_zone="Asia/Tokyo", password="x")
    assert User.objects.count() == 1
