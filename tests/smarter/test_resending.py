"""A form sent too late comes back with what was typed; one from elsewhere, or with secrets in it, does not."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from smarter.accounts.models import User
from tests.factories import make_scorecard

OWN = {"Origin": "http://testserver"}
TYPED = {
    "version": "0",
    "evidence:1": "Line one <b>of</b> evidence\nand line two",
    "current_password": "hunter2 hunter2 hunter2",
}


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


def token(html: str) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[1]


def test_what_was_typed_survives_the_end_of_the_session(client: Client, interviewer: User) -> None:
    """Without scripts: signed out, sent; signed in, sent with an old token; sent again. The card has the text."""
    card = make_scorecard(interviewer=interviewer)
    page = reverse("candidates:scorecard_edit", args=[card.pk])
    client.force_login(interviewer)
    html = client.get(page).content.decode()
    version = re.search(r'name="version" value="(\d+)"', html)[1]
    evidence = re.search(r'name="(evidence[^"]*)"', html)[1]
    typed = {"version": version, evidence: TYPED["evidence:1"], "csrfmiddlewaretoken": token(html)}
    client.cookies.pop("session")

    signed_out = client.post(page, typed, headers=OWN)
    client.force_login(interviewer)
    client.cookies["csrf"] = client.cookies["csrf"].value[::-1]
    too_old = client.post(page, typed, headers=OWN)
    again = client.post(page, typed | {"csrfmiddlewaretoken": token(too_old.content.decode())}, headers=OWN)

    assert (signed_out.status_code, too_old.status_code, again.status_code) == (401, 403, 302)
    for response in (signed_out, too_old):
        html = response.content.decode()
        assert f'<input type="hidden" name="version" value="{version}">' in html
        assert "Line one &lt;b&gt;of&lt;/b&gt; evidence<br>and line two" in html
        assert "no-store" in response["Cache-Control"]
    assert list(card.scores.exclude(evidence="").values_list("evidence", flat=True)) == [TYPED["evidence:1"]]


def test_secrets_are_never_shown_again(client: Client, db: None) -> None:
    client.get(reverse("account_login"))
    sent = TYPED | {"csrfmiddlewaretoken": client.cookies["csrf"].value}

    response = client.post(reverse("accounts:profile"), sent, headers=OWN)

    assert response.status_code == 401
    assert re.findall(r'name="([^"]+)" value', response.content.decode()) == [
        "csrfmiddlewaretoken", "version", "evidence:1",
    ]  # fmt: skip
    assert "hunter2" not in response.content.decode()


@pytest.mark.parametrize("origin", ["https://evil.example.com", "null", None])
def test_a_form_of_another_site_is_not_offered_again(client: Client, interviewer: User, origin: str | None) -> None:
    client.force_login(interviewer)

    response = client.post(reverse("accounts:profile"), TYPED, headers={"Origin": origin} if origin else {})

    assert response.status_code == 403
    assert "Line one" not in response.content.decode()


def test_a_sign_in_form_out_of_date_shows_the_plain_page(client: Client, db: None) -> None:
    response = client.post(reverse("account_login"), {"login": "somebody@example.com"}, headers=OWN)

    assert response.status_code == 403
    assert "somebody@example.com" not in response.content.decode()
    assert "Go back, copy what you typed" in response.content.decode()
