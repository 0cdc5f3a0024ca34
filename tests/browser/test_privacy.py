"""Erasing reaches the text that waits in browsers, and the pages about privacy work by anybody, anywhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from candidates.models import Application, Candidate, Opening, RetentionRule, Scorecard
from candidates.privacy.erasing import ask_for_erasure, erase_candidate
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.browser.scorecard_steps import close_offline, evidence, keeps_nothing, kept, says, visit
from tests.candidates.privacy.people import make_person
from tests.candidates.privacy.test_retention import make_ended
from tests.factories import make_scorecard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def card(opening: Opening, interviewer: User) -> Scorecard:
    """An unbegun seat."""
    return make_scorecard(opening=opening, interviewer=interviewer)


def erase(card: Scorecard) -> None:
    """The candidate withdraws and is erased."""
    Application.objects.filter(interviews=card.interview).update(stage="withdrawn")
    erase_candidate(actor=None, candidate=card.interview.application.candidate)


def test_an_open_card_drops_its_text_when_the_candidate_is_erased(
    sign_in: SignIn, live_server: Any, card: Scorecard
) -> None:
    page = visit(sign_in(card.interviewer), live_server, card)
    evidence(page).fill("She told me of her illness.")
    says(page, "Saved ")

    erase(card)
    evidence(page).press_sequentially(" And more.")

    says(page, "This candidate’s data were erased, and with them what was typed here.")
    keeps_nothing(page)
    assert evidence(page).input_value() == ""
    evidence(page).press_sequentially("Again")
    page.wait_for_timeout(1500)
    assert kept(page) == 0


def test_text_left_in_a_closed_tab_goes_with_the_next_page(
    sign_in: SignIn, live_server: Any, card: Scorecard, context: BrowserContext
) -> None:
    page = visit(sign_in(card.interviewer), live_server, card)
    context.set_offline(True)
    evidence(page).press_sequentially("She told me of her illness.")
    says(page, "Offline")
    close_offline(page)
    context.set_offline(False)
    erase(card)

    home = context.new_page()
    home.goto(live_server.url + reverse("candidates:home"))

    keeps_nothing(home)


def test_text_about_others_stays(
    sign_in: SignIn, live_server: Any, card: Scorecard, context: BrowserContext, opening: Opening
) -> None:
    other = make_scorecard(opening=opening, interviewer=card.interviewer)
    page = visit(sign_in(card.interviewer), live_server, card)
    context.set_offline(True)
    evidence(page).press_sequentially("Not yet sent.")
    says(page, "Offline")
    close_offline(page)
    context.set_offline(False)
    erase(other)

    home = context.new_page()
    home.goto(live_server.url + reverse("candidates:home"))
    home.wait_for_timeout(1000)

    assert kept(home) == 1


def test_a_run_goes_on_by_itself(sign_in: SignIn, live_server: Any, admin: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("candidates.privacy.retention.STEP", 1)
    RetentionRule(pk=1, months=12).save()
    for _ in range(3):
        make_ended(days=500)
    page = sign_in(admin)
    page.goto(live_server.url + reverse("candidates:retention"))

    page.get_by_role("link", name="Erase these 3 candidates…").click()
    page.get_by_label("Type “erase 3” to confirm").fill("erase 3")
    page.get_by_role("button", name="Erase them for good").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Erased 3 of 3 candidates", timeout=20000)
    assert Candidate.objects.not_erased().count() == 0


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_open_to_everybody(
    sign_in: SignIn,
    live_server: Any,
    admin: User,
    violations: Callable[[Page], list[str]],
    sideways: Callable[[Page], int],
    width: int,
    theme: str,
) -> None:
    person = make_person()
    RetentionRule(pk=1, months=12).save()
    due = make_ended(days=500)
    ask_for_erasure(user=person.recruiter, candidate=person.candidate)
    one = [person.candidate.pk]
    visits = {
        person.recruiter: [
            ("candidate_detail", one),
            ("candidate_disclosure", one),
            ("candidate_hold", one),
            ("candidate_erase_ask", one),
        ],
        admin: [("retention", []), ("retention_start", []), ("candidate_erase", [due.pk])],
    }
    found = {}
    for user, pages in visits.items():
        page = sign_in(user)
        page.set_viewport_size({"width": width, "height": 900})
        page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
        for name, arguments in pages:
            page.goto(live_server.url + reverse(f"candidates:{name}", args=arguments))
            found[name] = (violations(page), max(0, sideways(page)))

    assert found == {name: ([], 0) for _user, pages in visits.items() for name, _ in pages}
