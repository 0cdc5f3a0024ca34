"""Company sign-in, tried against a provider that runs beside the tests and a Smarter that is set up for it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.accounts.company import Company, running_company, running_site

REFUSAL = "Company sign-in did not let you in. Ask an admin to invite you, or try again."


@pytest.fixture(scope="module")
def halden() -> Iterator[Company]:
    """The company's server."""
    with running_company() as company:
        yield company


@pytest.fixture(scope="module")
def site(halden: Company, tmp_path_factory: Any) -> Iterator[str]:
    """The address of a Smarter that trusts it."""
    with running_site(halden, tmp_path_factory.mktemp("sso")) as address:
        yield address


@pytest.fixture
def company(halden: Company) -> Company:
    """The company's server in its right mind: it vouches for the hiring manager."""
    halden.claims = {"sub": "m-1", "email": "manager@example.com", "email_verified": True, "name": "Priya M."}
    halden.token, halden.refuses, halden.is_down = {}, False, False
    return halden


def press_button(site: str, query: str = "?process=login", **options: Any) -> tuple[requests.Session, Any]:
    """Press "Continue with Halden sign-in" and follow wherever that leads."""
    browser = requests.Session()
    page = browser.get(f"{site}/account/login/", timeout=10)
    assert "Continue with Halden sign-in" in page.text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    data = {"csrfmiddlewaretoken": token[1] if token else ""}
    return browser, browser.post(f"{site}/account/company/company/{query}", data, timeout=10, **options)


def who(site: str, browser: requests.Session) -> str | None:
    """The address on the profile of whoever is signed in."""
    page = browser.get(f"{site}/profile/", timeout=10)
    found = re.search(r"<span>(\S+@example\.com)</span>", page.text)
    return found[1] if found and page.url.endswith("/profile/") else None


def test_a_known_person_comes_in_and_is_known_by_number_from_then_on(site: str, company: Company) -> None:
    browser, _ = press_button(site, "?process=login&next=/profile/")
    assert who(site, browser) == "manager@example.com"
    company.claims = {**company.claims, "email": "priya.renamed@example.com"}

    browser, _ = press_button(site, "?process=login&next=/profile/")

    assert who(site, browser) == "manager@example.com"


def test_an_invited_person_comes_in_with_the_roles_of_the_invitation(site: str, company: Company) -> None:
    company.claims = {"sub": "i-1", "email": "Invited@Example.com", "email_verified": True, "name": "Ines Invited"}

    browser, _ = press_button(site, "?process=login&next=/profile/")

    assert who(site, browser) == "invited@example.com"
    page = browser.get(f"{site}/profile/", timeout=10).text
    assert 'value="Ines Invited"' in page
    assert "Recruiter" in page


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "s-1", "email": "stranger@example.com"},
        {"sub": "s-2", "email": "withdrawn@example.com"},
        {"sub": "s-3", "email": "gone@example.com"},
        {"sub": "s-4", "email": "admin@example.com", "email_verified": False},
        {"sub": "s-5", "email": "admin@example.com", "email_verified": "false"},
        {"sub": "s-6", "email": None},
        {"sub": "s-7", "email": "x" * 5000},
        {"sub": "s-8", "email": ["admin@example.com"]},
    ],
)
def test_nobody_else_comes_in(site: str, company: Company, claims: dict[str, Any]) -> None:
    company.claims = {"email_verified": True, **claims}

    browser, page = press_button(site)

    assert (page.status_code, REFUSAL in page.text) == (200, True)
    assert page.url == f"{site}/account/login/"
    assert who(site, browser) is None


@pytest.mark.parametrize("token", [{"aud": "another"}, {"iss": "http://elsewhere.example"}, {"exp": 1}])
def test_tokens_for_others_are_refused(site: str, company: Company, token: dict[str, Any]) -> None:
    company.token = token

    browser, page = press_button(site)

    assert REFUSAL in page.text
    assert who(site, browser) is None


@pytest.mark.parametrize("trouble", ["refuses", "is_down"])
def test_a_no_or_an_outage_leads_back_to_sign_in(site: str, company: Company, trouble: str) -> None:
    setattr(company, trouble, True)

    _, page = press_button(site)

    assert (page.status_code, page.url, REFUSAL in page.text) == (200, f"{site}/account/login/", True)


def test_company_accounts_are_not_tied_to_a_session_that_is_open(site: str, company: Company) -> None:
    browser, page = press_button(site, "?process=connect")

    assert (page.status_code, page.url) == (200, f"{site}/account/login/")
    assert who(site, browser) is None


def test_made_up_answers_of_the_company_are_refused(site: str, company: Company) -> None:
    for query in ("", "?code=x", "?code=x&state=made-up", "?error=x&state=y", "?state=%00&code=%00"):
        page = requests.get(f"{site}/account/company/company/callback/{query}", timeout=10)
        assert (page.status_code, page.url) == (200, f"{site}/account/login/")


def test_the_way_in_takes_a_post_and_a_known_company(site: str, company: Company) -> None:
    browser = requests.Session()

    assert browser.get(f"{site}/account/company/company/", timeout=10).status_code == 405
    assert browser.get(f"{site}/account/company/other/callback/", timeout=10).status_code == 404


def test_the_policy_lets_the_form_lead_to_the_company(site: str, company: Company) -> None:
    page = requests.get(f"{site}/account/login/", timeout=10)

    assert f"form-action 'self' {company.issuer};" in page.headers["Content-Security-Policy"]
