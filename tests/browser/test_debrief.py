"""The debrief in a real browser: what others settle shows by itself, widths, accessibility, shortlists and paper."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from candidates.deciding import record_decision
from candidates.models import Application, Debrief, Decision, Opening, Shortlist
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.factories import make_application, make_scorecard, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RATINGS = {
    "Amara Okafor": [[5, 5, 4, 5, 3], [5, 4, 4, 5, 5], [4, 5, 4, 4, 4]],
    "Jonas Keller": [[4, 4, 5, 5, 4], [4, 4, 4, 4, 4], [2, 4, 5, 4, 4]],
}


@pytest.fixture
def shortlist(opening: Opening, manager: User) -> list[Application]:
    """Two candidates in debrief, rated by the same three, and their shortlist."""
    panel = [make_user(name=name) for name in ("Daniel Achebe", "Dora Alvarez", "Olivier Fontaine")]
    found = []
    for name, cards in RATINGS.items():
        application = make_application(opening=opening, name=name, stage=Application.Stage.DEBRIEF)
        for rater, values in zip(panel, cards, strict=True):
            make_scorecard(application=application, interviewer=rater, values=values, submitted=True)
        found.append(application)
    made = Shortlist.objects.create(opening=opening, name="To present", created_by=manager)
    for position, application in enumerate(found):
        made.entries.create(application=application, position=position)
    return found


def path_of(live_server: Any, name: str, pk: int) -> str:
    """An address on the live server."""
    return str(live_server.url) + reverse(f"candidates:{name}", args=[pk])


def test_what_others_settle_shows_and_nothing_typed_is_lost(
    sign_in: SignIn, manager: User, opening: Opening, shortlist: list[Application], live_server: Any, client: Any
) -> None:
    debrief = Debrief.objects.create(opening=opening, opened_by=manager)
    page = sign_in(manager)
    page.clock.install()
    page.goto(path_of(live_server, "opening_debrief", opening.pk))
    typing = page.get_by_role("form", name="Amara Okafor, Teams").get_by_label("Agreed note")
    typing.fill("Half a sent")

    client.force_login(User.objects.get(name="Dora Alvarez"))
    settle = reverse("candidates:debrief_item_settle", args=[debrief.pk, shortlist[0].pk, "teams"])
    client.post(settle, {"outcome": "stays", "note": "Both are right.", "seen": ""})
    page.clock.fast_forward(16_000)

    expect(page.get_by_role("article", name="Amara Okafor: Teams")).to_contain_text("Both are right.")
    expect(page.get_by_role("navigation", name="Agenda")).to_contain_text("Both stand")
    expect(typing).to_have_value("Half a sent")

    page.get_by_role("form", name="Amara Okafor, Teams").get_by_label("Ask again").check()
    page.get_by_role("form", name="Amara Okafor, Teams").get_by_role("button", name="Settle").click()
    expect(page.get_by_role("alert")).to_contain_text("Dora Alvarez settled this while you wrote")
    expect(typing).to_have_value("Half a sent")


def check(page: Page, violations: Any, sideways: Any) -> None:
    """A page with everything open breaks no rule and never scrolls sideways."""
    for fold in page.locator("main details").all():
        fold.evaluate("fold => fold.open = true")
    assert violations(page) == []
    assert sideways(page) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_accessible_and_never_scroll_sideways(
    width: int,
    theme: str,
    sign_in: SignIn,
    manager: User,
    opening: Opening,
    shortlist: list[Application],
    live_server: Any,
    violations: Any,
    sideways: Any,
) -> None:
    page = sign_in(manager)
    page.set_viewport_size({"width": width, "height": 900})
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    address = path_of(live_server, "opening_debrief", opening.pk)

    page.goto(address)
    check(page, violations, sideways)
    with page.expect_navigation():
        page.get_by_role("button", name="Open the debrief").click()
    check(page, violations, sideways)
    with page.expect_navigation():
        page.get_by_role("button", name="Settle").first.click()
    check(page, violations, sideways)
    page.goto(path_of(live_server, "decision_create", shortlist[0].pk))
    with page.expect_navigation():
        page.get_by_role("button", name="Record the decision").click()
    check(page, violations, sideways)
    page.get_by_label("Hold").check()
    page.get_by_label("Reason").fill("Waits for a reference.")
    with page.expect_navigation():
        page.get_by_role("button", name="Record the decision").click()
    check(page, violations, sideways)
    for name, pk in (("shortlist_create", opening.pk), ("shortlist_detail", Shortlist.objects.get().pk)):
        page.goto(path_of(live_server, name, pk))
        check(page, violations, sideways)
    page.goto(path_of(live_server, "shortlist_fill", opening.pk) + f"?c={shortlist[0].pk}&c={shortlist[1].pk}")
    page.get_by_label("A new one").check()
    page.get_by_role("button", name="Put on the shortlist").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the new shortlist a name.")
    check(page, violations, sideways)


def test_a_shortlist_is_ordered_by_key(
    sign_in: SignIn, manager: User, shortlist: list[Application], live_server: Any
) -> None:
    page = sign_in(manager)
    page.goto(path_of(live_server, "shortlist_detail", Shortlist.objects.get().pk))

    amara = page.locator(".shortlist-row", has_text="Amara Okafor")
    amara.get_by_role("button", name="Down").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".shortlist h2")).to_have_text(["Jonas Keller", "Amara Okafor"])
    expect(amara).to_be_focused()
    amara.get_by_role("button", name="Take off").click()
    expect(page.locator(".shortlist h2")).to_have_text(["Jonas Keller"])
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".shortlist h2")).to_have_text(["Jonas Keller", "Amara Okafor"])
    with page.expect_navigation():
        page.get_by_role("link", name="Compare these").click()
    assert page.url.endswith(f"?c={shortlist[1].pk}&c={shortlist[0].pk}")


def test_a_decision_with_much_to_say_is_one_page_on_paper(
    sign_in: SignIn, manager: User, opening: Opening, shortlist: list[Application], live_server: Any
) -> None:
    said = "Named the forty accounts, what each was worth, and which eleven she had stopped calling. " * 50
    first = record_decision(user=manager, application=shortlist[0], outcome="hold", rationale="Known so far.")
    decision = Decision.objects.create(
        application=shortlist[0],
        outcome="reject",
        rationale=said[:4000],
        against_order_reason=said[:2000],
        snapshot=first.snapshot,
        decided_by=manager,
    )
    page = sign_in(manager)
    page.goto(path_of(live_server, "decision_detail", decision.pk))

    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


def test_the_debrief_is_two_pages_on_paper(
    sign_in: SignIn, manager: User, opening: Opening, shortlist: list[Application], live_server: Any
) -> None:
    Debrief.objects.create(opening=opening, opened_by=manager)
    page = sign_in(manager)
    page.goto(path_of(live_server, "opening_debrief", opening.pk))

    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 2
