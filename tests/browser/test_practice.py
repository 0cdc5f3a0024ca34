"""Practice in a browser: rated by keyboard and without a script; answers written, ordered, removed, brought back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from candidates.models import PracticeRating
from rubrics.exchange import BUILT_IN, publish_rubric
from rubrics.file_format import read_document
from rubrics.models import RubricVersion, SampleAnswer
from rubrics.versioning import copy_to_draft
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.browser.scorecard_steps import give_session
from tests.factories import make_application, make_opening, make_scorecard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Violations = Callable[[Page], list[str]]
Sideways = Callable[[Page], int]


@pytest.fixture
def built_in(transactional_db: None) -> RubricVersion:
    """The built-in rubric, published."""
    return publish_rubric(document=read_document(BUILT_IN.read_bytes()), user=None).version


def given(user: User) -> list[int]:
    """What somebody rated, in the order of rating."""
    return list(PracticeRating.objects.filter(user=user).order_by("pk").values_list("value", flat=True))


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_newcomer_practises_by_keyboard_from_home(
    sign_in: SignIn,
    live_server: Any,
    violations: Violations,
    sideways: Sideways,
    interviewer: User,
    built_in: RubricVersion,
    width: int,
    theme: str,
) -> None:
    opening = make_opening(rubric_version=built_in)
    make_scorecard(application=make_application(opening=opening), interviewer=interviewer)
    page = sign_in(interviewer)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + reverse("candidates:home"))
    expect(page.get_by_text("Rate 5 sample answers")).to_be_visible()
    assert (violations(page), sideways(page)) == ([], 0)
    with page.expect_navigation():
        page.get_by_role("link", name="Practise").press("Enter")
    assert (violations(page), sideways(page)) == ([], 0)
    page.get_by_role("link", name="Rate the first answer").press("Enter")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert (violations(page), sideways(page)) == ([], 0)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="See the agreed rating")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="You gave 3, 1 lower than agreed")).to_be_visible()
    expect(page.get_by_text("The client ranked its own needs")).to_be_visible()
    assert (violations(page), sideways(page)) == ([], 0)
    page.get_by_role("link", name="Rate the next answer").press("Enter")
    expect(page.get_by_role("heading", name="Measurable")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="All answers").press("Enter")
    expect(page.get_by_text("You 3, agreed 4: 1 lower")).to_be_visible()
    assert (violations(page), sideways(page)) == ([], 0)
    assert (given(interviewer), said) == ([3], [])


def test_practice_works_without_script(
    browser: Browser, live_server: Any, interviewer: User, built_in: RubricVersion
) -> None:
    context = browser.new_context(java_script_enabled=False)
    give_session(context, live_server, interviewer)
    page = context.new_page()
    page.goto(live_server.url + reverse("candidates:practice"))
    page.get_by_role("link", name="Rate the first answer").click()

    page.get_by_role("button", name="See the agreed rating").click()
    expect(page.get_by_text("Choose the line that is closest to what was said.").first).to_be_visible()
    page.get_by_text("Helped the client rank its needs").click()
    page.get_by_role("button", name="See the agreed rating").click()

    expect(page.get_by_role("heading", name="You gave 4, as agreed")).to_be_visible()
    assert given(interviewer) == [4]
    context.close()


def keys(draft: RubricVersion) -> list[str]:
    """The answers of a draft in order, by the end of their keys."""
    rows = SampleAnswer.objects.filter(version=draft).order_by("position")
    return [key.removeprefix("exercise-") for key in rows.values_list("key", flat=True)]


@pytest.mark.parametrize(("width", "theme"), [(1440, "dark"), (390, "light")])
def test_admin_writes_orders_removes_and_brings_back_answers(
    sign_in: SignIn,
    live_server: Any,
    violations: Violations,
    sideways: Sideways,
    admin: User,
    built_in: RubricVersion,
    width: int,
    theme: str,
) -> None:
    draft = copy_to_draft(version=built_in, user=admin)
    page = sign_in(admin)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + reverse("rubrics:version_detail", args=[draft.pk]))
    with page.expect_navigation():
        page.get_by_role("link", name="Practice answers").click()
    assert (violations(page), sideways(page)) == ([], 0)

    new = page.get_by_role("group", name="Another answer")
    new.get_by_label("What the candidate says").fill("We met every Monday.")
    page.get_by_role("button", name="Save practice answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the question that is answered.")
    assert (violations(page), sideways(page)) == ([], 0)
    new.get_by_label("Question").select_option("teams/teams-kept-momentum")
    new.get_by_label("Agreed rating").select_option("2")
    new.get_by_label("Why this rating").fill("No client is named.")
    page.get_by_role("button", name="Save practice answers").press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name="Move answer 6 up").press("Enter")
    expect(page.get_by_role("group", name="Answer 5").get_by_label("What the candidate says")).to_have_value(
        "We met every Monday."
    )
    assert keys(draft) == ["strategic", "measurable", "action", "relationships", "1", "teams"]
    page.get_by_role("button", name="Remove answer 1").press("Enter")
    expect(page.get_by_text("The answer is removed.")).to_be_visible()
    assert keys(draft)[0] == "measurable"
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("The answer is back.")).to_be_visible()
    assert keys(draft) == ["strategic", "measurable", "action", "relationships", "1", "teams"]


def test_typed_answers_are_not_left_behind_unasked(
    sign_in: SignIn, live_server: Any, admin: User, built_in: RubricVersion
) -> None:
    draft = copy_to_draft(version=built_in, user=admin)
    page = sign_in(admin)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(live_server.url + reverse("rubrics:version_answers", args=[draft.pk]))
    page.get_by_label("What the candidate says").first.fill("Typed and not saved.")
    page.get_by_role("link", name="Dimensions").click()

    page.wait_for_timeout(300)
    expect(page.get_by_label("What the candidate says").first).to_have_value("Typed and not saved.")
    assert asked == ["beforeunload"]
