"""Comparing in a real browser: weights live and without script, masked names, widths, accessibility and paper."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from candidates.models import Application, Opening
from rubrics.models import Anchor
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.factories import make_application, make_opening, make_rubric_version, make_scorecard, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RATINGS = {
    "Amara Okafor": [[5, 5, 3, 5, 4], [5, 4, 3, 5, 5], [4, 5, 4, 4, 5]],
    "Jonas Keller": [[4, 4, 5, 4, 3], [4, 4, 4, 4, 4], [4, 3, 5, 4, 4]],
    "Beatriz Lima": [[2, 3, 2, 2, 3], [3, 2, 2, 3, 2], [2, 3, 2, None, 2]],
}


@pytest.fixture
def shortlist(opening: Opening, recruiter: User) -> list[Application]:
    """Three candidates rated by the same three, and one whose scores the recruiter must not read yet."""
    panel = [make_user(name=name) for name in ("Daniel Achebe", "Dora Alvarez", "Olivier Fontaine")]
    found = []
    for name, cards in RATINGS.items():
        application = make_application(opening=opening, name=name)
        for rater, values in zip(panel, cards, strict=True):
            make_scorecard(application=application, interviewer=rater, values=values, submitted=True)
        found.append(application)
    sealed = make_application(opening=opening, name="Leila Haddad")
    make_scorecard(application=sealed, interviewer=panel[0], submitted=True)
    make_scorecard(application=sealed, interviewer=recruiter)
    return [*found, sealed]


@pytest.fixture
def address(live_server: Any, opening: Opening, shortlist: list[Application]) -> str:
    """The compare page."""
    return str(live_server.url) + reverse("candidates:opening_compare", args=[opening.pk])


def order(page: Page) -> list[str]:
    """The candidates of the first panel from the top."""
    return page.locator(".forest tbody th .strong").all_inner_texts()


def test_moving_a_slider_reorders_the_panel_and_the_address(sign_in: SignIn, recruiter: User, address: str) -> None:
    page = sign_in(recruiter)
    page.goto(address)
    assert order(page)[:2] == ["Amara Okafor", "Jonas Keller"]

    action = page.get_by_label("Action, slider")
    action.fill("80")

    expect(page.locator(".forest tbody th .strong").first).to_have_text("Jonas Keller")
    expect(page.get_by_label("Strategic", exact=True)).to_have_value("5")
    expect(page.locator("[data-part=words]")).to_contain_text("Official: Strategic 20%")
    expect(page.get_by_role("link", name="Propose as official")).to_be_visible()
    assert "w_action=80" in page.url

    page.reload()
    assert order(page)[:2] == ["Jonas Keller", "Amara Okafor"]


def test_typing_a_weight_keeps_the_caret_and_reorders(sign_in: SignIn, recruiter: User, address: str) -> None:
    page = sign_in(recruiter)
    page.goto(address)

    field = page.get_by_label("Action", exact=True)
    field.click(click_count=3)
    field.press_sequentially("90", delay=40)

    expect(page.locator(".forest tbody th .strong").first).to_have_text("Jonas Keller")
    expect(field).to_have_value("90")
    expect(field).to_be_focused()


def test_a_lost_connection_is_said_and_the_page_stays(sign_in: SignIn, recruiter: User, address: str) -> None:
    page = sign_in(recruiter)
    page.goto(address)
    page.route("**/trial/*", lambda route: route.abort())

    page.get_by_label("Action, slider").fill("80")

    expect(page.locator("[data-weights-state]")).to_contain_text("Check the connection, then press Re-rank")
    assert order(page)[0] == "Amara Okafor"


def test_weights_work_without_script(
    browser: Browser, live_server: Any, settings: Any, recruiter: User, address: str, client: Any
) -> None:
    client.force_login(recruiter)
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(address)

    page.get_by_label("Action", exact=True).fill("300")
    page.get_by_role("button", name="Re-rank").click()
    expect(page.get_by_role("alert")).to_contain_text("Weight of Action")
    page.get_by_label("Action", exact=True).fill("90")
    page.get_by_role("button", name="Re-rank").click()

    assert order(page)[:2] == ["Jonas Keller", "Amara Okafor"]
    context.close()


def test_masked_names_and_evidence_of_a_row(sign_in: SignIn, recruiter: User, address: str) -> None:
    page = sign_in(recruiter)
    page.goto(address)

    page.get_by_role("link", name="Masked").click()
    page.get_by_text("Evidence on Action").click()

    expect(page.get_by_text("Anchor 5: Action worth 5").first).to_be_visible()
    assert re.findall("Amara|Jonas|Beatriz|Leila", page.content()) == []


def test_a_chart_says_on_focus_who_gave_what(sign_in: SignIn, recruiter: User, address: str) -> None:
    page = sign_in(recruiter)
    page.goto(address)
    says = page.locator(".compare .who-says").first

    expect(says).to_be_hidden()
    page.locator(".compare thead a").last.focus()
    page.keyboard.press("Tab")

    expect(says).to_be_visible()
    assert says.inner_text().split("\n") == ["Olivier Fontaine 4", "Daniel Achebe 5", "Dora Alvarez 5"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", ["opening_compare", "opening_ranking", "opening_weights"])
def test_pages_are_accessible_and_never_scroll_sideways(
    name: str,
    width: int,
    theme: str,
    sign_in: SignIn,
    recruiter: User,
    opening: Opening,
    shortlist: list[Application],
    live_server: Any,
    violations: Any,
    sideways: Any,
) -> None:
    page = sign_in(recruiter)
    page.set_viewport_size({"width": width, "height": 900})
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.goto(live_server.url + reverse(f"candidates:{name}", args=[opening.pk]) + "?middle=both&w_action=50")
    for fold in page.locator("main details").all():
        fold.evaluate("fold => fold.open = true")

    assert violations(page) == []
    assert sideways(page) == 0
    assert page.locator(".scroll-x:not([tabindex])").count() == 0
    assert all(box.evaluate("box => box.offsetWidth") >= 24 for box in page.locator(".pick input").all())
    page.set_viewport_size({"width": 320, "height": 900})
    assert sideways(page) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_versions_that_do_not_compare_are_readable_and_a_key_compares_them(
    width: int, theme: str, sign_in: SignIn, recruiter: User, live_server: Any, violations: Any, sideways: Any
) -> None:
    first = make_rubric_version()
    second = make_rubric_version(rubric=first.rubric, number=2)
    Anchor.objects.filter(dimension__version=second, dimension__key="action").update(text="Acts within days.")
    opening = make_opening(recruiter=recruiter, rubric_version=first)
    raters = [make_user(name=name) for name in ("Daniel Achebe", "Dora Alvarez", "Olivier Fontaine")]
    for name, versions in (("Amara", [first] * 3), ("Jonas", [first, first, second]), ("Beatriz", [second] * 3)):
        application = make_application(opening=opening, name=name)
        for rater, version in zip(raters, versions, strict=True):
            interview = application.interviews.create(rubric_version=version, created_by=recruiter)
            make_scorecard(interview=interview, interviewer=rater, values=[4, 3, 5, 4, 2], submitted=True)
    page = sign_in(recruiter)
    page.set_viewport_size({"width": width, "height": 900})
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.goto(live_server.url + reverse("candidates:opening_compare", args=[opening.pk]))
    for fold in page.locator("main details").all():
        fold.evaluate("fold => fold.open = true")

    assert violations(page) == []
    assert sideways(page) == 0
    confirm = page.get_by_role("link", name="Compare them all the same")
    confirm.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Keep versions apart")).to_be_visible()
    assert page.url.endswith("anchors=together")


def test_the_packet_is_two_pages_on_paper(sign_in: SignIn, recruiter: User, address: str) -> None:
    page = sign_in(recruiter)
    page.goto(address)

    printed = page.pdf(format="A4", landscape=True)

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2


@pytest.mark.parametrize("number", [3, 6])
def test_the_packet_stays_on_two_pages_with_much_to_say(
    number: int, sign_in: SignIn, recruiter: User, opening: Opening, live_server: Any
) -> None:
    """Four interviewers and a shadow, long evidence, long names, gaps, and rubric versions to be noted."""
    raters = [make_user(name=f"Interviewer-{place} de la Fuente y Villanueva-Montgomery") for place in range(5)]
    for place in range(number):
        name = f"Candidate {place} Bartholomew Featherstonehaugh-Cholmondeley"
        application = make_application(opening=opening, name=name)
        for shift, rater in enumerate(raters):
            values = [(place + shift + letter) % 5 + 1 for letter in range(5)]
            make_scorecard(
                application=application,
                interviewer=rater,
                values=[None, *values[1:]] if shift == place == 2 else values,
                evidence="Named the forty accounts, what each was worth, and which eleven he had stopped calling. " * 8,
                submitted=True,
                is_shadow=shift == 4,
                is_independent=shift != 3,
            )
    page = sign_in(recruiter)
    page.goto(live_server.url + reverse("candidates:opening_compare", args=[opening.pk]))

    printed = page.pdf(format="A4", landscape=True)
    page.emulate_media(media="print")

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
    expect(page.get_by_role("heading", name="Evidence on those in front")).to_be_visible()
    expect(page.locator(".packet article")).to_have_count(3)
    assert page.locator(".forest tbody .chart:visible").count() == number
    assert page.locator(".compare .chart:visible").count() >= 6 * number
    expect(page.get_by_role("button", name="Re-rank")).to_be_hidden()


def test_the_list_leads_to_the_columns_chosen(
    sign_in: SignIn, recruiter: User, address: str, shortlist: list[Application]
) -> None:
    page = sign_in(recruiter)
    page.goto(address)

    page.get_by_role("link", name="Choose columns").click()
    page.get_by_label("Choose Jonas Keller").uncheck()
    page.get_by_label("Choose Leila Haddad").uncheck()
    page.get_by_role("button", name="Compare the chosen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Compare two candidates")
    assert page.url == f"{address}?c={shortlist[0].pk}&c={shortlist[2].pk}"
