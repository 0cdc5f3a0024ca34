"""A passkey is made and signs in, with a virtual authenticator and under our policy."""

import pytest
from playwright.sync_api import Page, expect

from smarter.audit.models import AuditEvent
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def authenticator(page: Page):
    """A fingerprint reader of the browser's own, that always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def test_passkey_is_added_and_signs_in(authenticator, sign_in, live_server, interviewer, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page = sign_in(interviewer)

    page.goto(f"{live_server.url}/account/passkeys/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add key").click()
    page.wait_for_url("**/account/two-factor/recovery-codes/**")
    acts = list(AuditEvent.objects.filter(actor=interviewer).order_by("pk").values_list("act", flat=True))
    assert acts == ["person.add_passkey", "person.make_recovery_codes"]

    page.context.clear_cookies()
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/account/passkeys/")
    expect(page.get_by_role("rowheader", name="Laptop Passkey")).to_be_visible()


def test_passkey_that_is_not_read_is_said_on_the_page(page, live_server):
    page.goto(f"{live_server.url}/account/login/")
    expect(page.locator("[data-key-failed]")).to_be_hidden()
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no key')) }")

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("No key was read.")
