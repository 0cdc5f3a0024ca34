"""The rubric editor in a browser: it keeps itself, by keyboard, by dragging, without a script, and for two admins."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rubrics.curating import archive_rubric, create_rubric
from rubrics.document import document_of
from rubrics.exchange import load_rubric, publish_rubric
from rubrics.models import RubricVersion
from rubrics.versioning import copy_to_draft
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.browser.scorecard_steps import close_offline, give_session, keeps_nothing, kept, says
from tests.factories import PASSWORD, make_opening, make_user
from tests.rubrics.documents import small_document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Violations = Callable[[Page], list[str]]
Sideways = Callable[[Page], int]


@pytest.fixture
def published(transactional_db: None) -> RubricVersion:
    """Version 1 of a small rubric."""
    return publish_rubric(document=small_document(), user=None).version


@pytest.fixture
def draft(admin: User) -> RubricVersion:
    """A draft with three questions in its first dimension."""
    document = small_document()
    first = document["dimensions"][0]["questions"][0]
    for number in (2, 3):
        again = {**first, "key": f"strategic-{number}", "text": f"Tell me about deal {number}."}
        document["dimensions"][0]["questions"].append(again)
    return load_rubric(document=document, user=admin).version


def address(draft: RubricVersion, key: str = "strategic") -> str:
    """Where a dimension is edited."""
    return reverse("rubrics:version_edit", args=[draft.pk, key])


def visit(page: Page, live_server: Any, draft: RubricVersion, key: str = "strategic") -> Page:
    """Open the editor and wait until it keeps itself."""
    page.goto(live_server.url + address(draft, key))
    expect(page.locator("form[data-autosaving]")).to_be_visible()
    return page


@pytest.fixture
def editor(sign_in: SignIn, live_server: Any, draft: RubricVersion, admin: User) -> Page:
    """The editor of the first dimension, as the admin sees it."""
    return visit(sign_in(admin), live_server, draft)


@pytest.fixture
def other(browser: Browser, live_server: Any, draft: RubricVersion) -> Page:
    """The same dimension as another admin sees it, on another device."""
    context = browser.new_context()
    give_session(context, live_server, make_user(name="Otto Other", is_admin=True))
    page = visit(context.new_page(), live_server, draft)
    yield page
    context.close()


def row(draft: RubricVersion, place: int = 0) -> dict[str, Any]:
    """A dimension of the draft as it is saved."""
    return document_of(draft)["dimensions"][place]


def order(draft: RubricVersion) -> list[str]:
    """The questions of "strategic" by their last number."""
    rows = {each["key"]: each for each in document_of(draft)["dimensions"]}
    return [question["key"][-1] for question in rows["strategic"]["questions"]]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")])
def test_admin_edits_looks_and_publishes(
    sign_in: SignIn,
    live_server: Any,
    violations: Violations,
    sideways: Sideways,
    admin: User,
    published: RubricVersion,
    width: int,
    theme: str,
) -> None:
    page = sign_in(admin)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + reverse("rubrics:version_detail", args=[published.pk]))
    page.get_by_role("button", name="Edit as a new version").click()
    page.get_by_label("Anchor 5").fill("strategic worth 5 and more")
    page.get_by_role("button", name="Add question").click()
    expect(page.get_by_label("Question 2", exact=True)).to_be_focused()
    page.keyboard.type("Which client did you leave?")
    says(page, "Saved ")
    expect(page.locator("[data-fresh=changes-link]")).to_have_text("2 changes")
    expect(page.frame_locator("[data-preview]").get_by_text("Which client did you leave?")).to_be_attached()
    page.get_by_role("button", name="Remove question 1").click()
    expect(page.get_by_role("heading", name="Removed from this draft")).to_be_visible()
    assert (violations(page), sideways(page)) == ([], 0)
    page.get_by_role("link", name="Preview", exact=True).click()
    expect(page.frame_locator(".preview-phone").get_by_text("strategic worth 5 and more")).to_be_visible()
    assert (violations(page), sideways(page)) == ([], 0)
    page.get_by_role("link", name="Publish v2…").click()
    expect(page.get_by_text("Strategic, anchor 5")).to_be_visible()
    assert (violations(page), sideways(page)) == ([], 0)
    page.get_by_label("What changed, and why").fill("Another question.")
    page.get_by_role("button", name="Publish version 2").click()

    expect(page.get_by_text("It can’t change any more.")).to_be_visible()
    second = RubricVersion.objects.get(number=2)
    assert [question["text"] for question in row(second)["questions"]] == ["Which client did you leave?"]
    assert document_of(published) == small_document()


def test_typing_is_saved_after_a_pause_and_forgotten_on_the_device(editor: Page, draft: RubricVersion) -> None:
    editor.get_by_label("What it means").fill("Sees the whole.  ")
    editor.get_by_label("Probes one per line").first.fill(" And then? \n\n Who else? ")
    says(editor, "Saved ")
    keeps_nothing(editor)

    assert (row(draft)["meaning"], row(draft)["questions"][0]["probes"]) == (
        "Sees the whole.",
        ["And then?", "Who else?"],
    )
    expect(editor.get_by_label("What it means")).to_have_value("Sees the whole.  ")


def test_field_that_can_not_be_saved_keeps_back_itself_and_nothing_else(editor: Page, draft: RubricVersion) -> None:
    editor.get_by_label("Name", exact=True).fill("")
    says(editor, "Not saved: Name: Give a name.")
    editor.get_by_label("What it means").fill("Saved all the same.")
    editor.wait_for_timeout(1500)
    assert (row(draft)["name"], row(draft)["meaning"]) == ("Strategic", "Saved all the same.")
    assert kept(editor) == 1
    editor.get_by_label("Name", exact=True).fill("Strategy")
    says(editor, "Saved ")

    assert row(draft)["name"] == "Strategy"
    keeps_nothing(editor)


def test_tab_closed_while_offline_has_its_text_back(
    editor: Page, draft: RubricVersion, context: BrowserContext, live_server: Any
) -> None:
    context.set_offline(True)
    editor.get_by_label("Anchor 3").fill("Typed on the train.")
    says(editor, "Offline, kept on this device (1 change)")
    close_offline(editor)
    context.set_offline(False)
    again = visit(context.new_page(), live_server, draft)

    expect(again.get_by_label("Anchor 3")).to_have_value("Typed on the train.")
    says(again, "Saved ")
    assert row(draft)["anchors"][2] == "Typed on the train."
    keeps_nothing(again)


def test_session_ended_mid_sentence_goes_on_after_signing_in_here(editor: Page, draft: RubricVersion) -> None:
    Session.objects.all().delete()
    editor.get_by_label("What it means").fill("After the session ended.")
    says(editor, "Signed out, kept on this device.")
    editor.get_by_role("button", name="Sign in here and go on").click()
    dialog = editor.get_by_role("dialog", name="Sign in and go on")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    says(editor, "Saved ")

    assert row(draft)["meaning"] == "After the session ended."


def test_two_admins_in_one_field_choose_and_overwrite_nothing(
    editor: Page, other: Page, draft: RubricVersion, violations: Violations
) -> None:
    other.get_by_label("What it means").fill("Theirs.")
    other.get_by_label("Anchor 1").fill("Theirs alone.")
    says(other, "Saved ")
    editor.get_by_label("What it means").fill("Mine.")
    editor.get_by_label("Anchor 2").fill("Mine alone.")
    dialog = editor.get_by_role("dialog", name="Changed by somebody else")
    expect(dialog).to_contain_text("What it means")
    expect(dialog.get_by_role("group")).to_have_count(1)
    assert row(draft)["meaning"] == "Theirs."
    assert violations(editor) == []
    dialog.get_by_text("One after the other").click()
    dialog.get_by_role("button", name="Keep what I chose").click()
    says(editor, "Saved ")

    assert (row(draft)["meaning"], row(draft)["anchors"][:2]) == ("Theirs.\n\nMine.", ["Theirs alone.", "Mine alone."])
    expect(editor.get_by_label("Anchor 1")).to_have_value("Theirs alone.")


def test_questions_of_two_admins_come_together(editor: Page, other: Page, draft: RubricVersion) -> None:
    other.get_by_role("button", name="Add question").click()
    expect(other.get_by_label("Question 4", exact=True)).to_be_focused()
    other.keyboard.type("Theirs?")
    says(other, "Saved ")
    editor.get_by_label("Question 1", exact=True).fill("Mine?")
    says(editor, "Saved ")

    expect(editor.get_by_label("Question 4", exact=True)).to_have_value("Theirs?")
    texts = [question["text"] for question in row(draft)["questions"]]
    assert texts == ["Mine?", "Tell me about deal 2.", "Tell me about deal 3.", "Theirs?"]


@pytest.mark.parametrize("is_wanted", [True, False])
def test_question_removed_while_somebody_types_in_it_is_offered_back(
    editor: Page, other: Page, draft: RubricVersion, is_wanted: bool
) -> None:
    other.get_by_role("button", name="Remove question 2").click()
    expect(other.get_by_role("button", name="Put back Tell me about deal 2.")).to_be_visible()
    editor.get_by_label("Question 2", exact=True).fill("Typed meanwhile?")
    expect(editor.get_by_text("Somebody removed a question that you were typing in")).to_be_visible()
    expect(editor.get_by_text("Typed meanwhile?")).to_be_visible()
    assert kept(editor) == 1
    editor.get_by_role("button", name="Put it back with your text" if is_wanted else "Leave it out").click()

    if is_wanted:
        expect(editor.get_by_label("Question 2", exact=True)).to_have_value("Typed meanwhile?")
        says(editor, "Saved ")
        assert [question["text"] for question in row(draft)["questions"]][1] == "Typed meanwhile?"
    keeps_nothing(editor)
    assert order(draft) == (["1", "2", "3"] if is_wanted else ["1", "3"])


def test_dimension_removed_while_somebody_types_in_it_comes_back_with_the_text(
    editor: Page, other: Page, draft: RubricVersion
) -> None:
    other.get_by_role("button", name="Remove dimension").click()
    expect(other.get_by_role("button", name="Put back Strategic")).to_be_visible()
    editor.get_by_label("What it means").fill("Typed meanwhile.")
    says(editor, "This dimension was removed. Kept on this device.")
    editor.get_by_role("button", name="See by whom").click()
    expect(editor.get_by_text("Otto Other removed Strategic")).to_be_visible()
    expect(editor.get_by_label("What it means")).to_have_value("Typed meanwhile.")
    editor.get_by_role("button", name="Put Strategic back as it is here").click()
    expect(editor.get_by_text("Otto Other removed Strategic")).to_have_count(0)

    expect(editor.get_by_label("What it means")).to_have_value("Typed meanwhile.")
    keeps_nothing(editor)
    assert [(each["key"], each["meaning"]) for each in document_of(draft)["dimensions"]] == [
        ("strategic", "Typed meanwhile."),
        ("teams", "What teams means."),
    ]


def test_draft_published_meanwhile_keeps_the_text_and_says_so(editor: Page, draft: RubricVersion) -> None:
    RubricVersion.objects.filter(pk=draft.pk).update(state="published", published_at=draft.created_at)
    editor.get_by_label("What it means").fill("Too late.")
    says(editor, "This draft takes no more changes.")

    assert kept(editor) == 1


def test_questions_are_put_in_order_by_keyboard_alone(editor: Page, draft: RubricVersion) -> None:
    live = editor.locator("#sort-live")
    editor.get_by_role("button", name="Move question 1", exact=True).focus()
    editor.keyboard.press("Space")
    expect(live).to_have_text("question 1 taken, 1 of 3.")
    editor.keyboard.press("ArrowDown")
    editor.keyboard.press("ArrowDown")
    expect(live).to_have_text("question 1, 3 of 3.")
    editor.keyboard.press("Space")
    expect(live).to_have_text("question 1 dropped, 3 of 3.")
    expect(editor.get_by_role("button", name="Move question 3", exact=True)).to_be_focused()
    says(editor, "Saved ")
    assert order(draft) == ["2", "3", "1"]

    editor.keyboard.press("Space")
    editor.keyboard.press("ArrowUp")
    editor.keyboard.press("Escape")
    expect(live).to_contain_text("back where it was, 3 of 3.")
    editor.get_by_role("button", name="Move question 3 up").focus()
    editor.keyboard.press("Enter")
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("button", name="Move question 1 down")).to_be_focused()
    expect(editor.get_by_label("Question 1", exact=True)).to_have_value("Tell me about a deal.")
    editor.get_by_role("button", name="Move Teams", exact=True).focus()
    editor.keyboard.press("Enter")
    editor.keyboard.press("ArrowUp")
    editor.keyboard.press("Enter")
    expect(live).to_have_text("Teams dropped, 1 of 2.")
    keeps_nothing(editor)

    assert order(draft) == ["1", "2", "3"]
    assert [each["key"] for each in document_of(draft)["dimensions"]] == ["teams", "strategic"]


def test_questions_are_dragged_by_pointer(editor: Page, draft: RubricVersion) -> None:
    grip = editor.get_by_role("button", name="Move question 1", exact=True)
    last = editor.locator("#question-strategic-3")
    grip.scroll_into_view_if_needed()
    grip.hover()
    editor.mouse.down()
    for _ in range(40):
        box = last.bounding_box()
        editor.mouse.move(box["x"] + 20, min(box["y"] + box["height"] - 4, 860), steps=4)
        if editor.locator(".qedit > li").last.get_attribute("data-key") == "strategic-1":
            break
    editor.mouse.up()
    says(editor, "Saved ")

    assert order(draft) == ["2", "3", "1"]


def test_weights_are_summed_as_they_are_typed_and_made_equal(editor: Page, draft: RubricVersion) -> None:
    editor.get_by_label("Weight of Teams, per cent").fill("45")
    expect(editor.locator(".sumline")).to_contain_text("105%")
    expect(editor.locator("[data-weight-bar]")).to_have_attribute(
        "aria-label", "Weights: Strategic 60, Teams 45; sum 105"
    )
    editor.get_by_role("button", name="Make equal").click()
    expect(editor.locator(".sumline")).to_contain_text("100%")
    keeps_nothing(editor)

    assert [each["weight"] for each in document_of(draft)["dimensions"]] == [50, 50]


def test_link_of_a_fault_leads_into_its_field(editor: Page, draft: RubricVersion, live_server: Any) -> None:
    editor.get_by_label("Anchor 2").fill("strategic worth 1")
    keeps_nothing(editor)
    editor.goto(live_server.url + reverse("rubrics:version_publish", args=[draft.pk]))
    editor.get_by_role("link", name="Strategic, anchor 2").click()

    expect(editor.get_by_label("Anchor 2")).to_be_focused()


def test_editor_works_without_scripts(browser: Browser, live_server: Any, draft: RubricVersion, admin: User) -> None:
    context = browser.new_context(java_script_enabled=False)
    give_session(context, live_server, admin)
    page = context.new_page()
    page.goto(live_server.url + address(draft))
    page.get_by_label("What it means").fill("Without scripts.")
    page.get_by_role("button", name="Move question 2 up").click()
    page.get_by_role("button", name="Remove question 1").click()
    page.reload()
    page.get_by_role("button", name="Put back Tell me about deal 2.").click()
    page.get_by_label("Weight of Teams, per cent").fill("45")
    page.get_by_role("button", name="Save Strategic").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    context.close()

    assert (row(draft)["meaning"], order(draft), row(draft, 1)["weight"]) == ("Without scripts.", ["2", "1", "3"], 45)


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_pages_around_the_editor_break_no_rule(
    sign_in: SignIn,
    live_server: Any,
    violations: Violations,
    sideways: Sideways,
    admin: User,
    published: RubricVersion,
    width: int,
    theme: str,
) -> None:
    make_opening(rubric_version=published, weights=[60, 40])
    turned = small_document(dimensions=small_document()["dimensions"][::-1])
    second = publish_rubric(document=turned, user=admin).version
    draft = copy_to_draft(version=second, user=admin)
    old = create_rubric(user=admin, name="Old", description="", document=small_document())
    archive_rubric(user=admin, rubric=old.rubric)
    page = sign_in(admin)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 900})
    pages = [
        reverse("rubrics:rubric_list"),
        reverse("rubrics:rubric_create"),
        reverse("rubrics:rubric_edit", args=[second.rubric_id]),
        reverse("rubrics:version_detail", args=[second.pk]),
        reverse("rubrics:version_changes", args=[draft.pk]) + f"?against={published.pk}&to={second.pk}",
        reverse("candidates:version_openings", args=[second.pk]),
        reverse("candidates:version_preview_card", args=[draft.pk]),
    ]

    broken = {}
    for address in pages:
        page.goto(live_server.url + address)
        broken[address] = (violations(page), sideways(page))

    assert broken == dict.fromkeys(pages, ([], 0))


def test_form_without_scripts_asks_what_to_keep_and_breaks_no_rule(
    browser: Browser, live_server: Any, draft: RubricVersion, admin: User, violations: Violations, sideways: Sideways
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900})
    give_session(context, live_server, admin)
    context.route("**/autosave.js", lambda route: route.abort())
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(live_server.url + address(draft))
    second.get_by_label("What it means").fill("Theirs.")
    second.get_by_role("button", name="Remove question 2").click()
    first.get_by_label("What it means").fill("Mine.")
    first.get_by_label("Question 2", exact=True).fill("Typed meanwhile?")
    first.get_by_role("button", name="Save Strategic").click()
    expect(first.get_by_role("heading", name="Somebody else saved this draft meanwhile")).to_be_visible()
    assert (violations(first), sideways(first)) == ([], 0)
    first.get_by_role("button", name="Save what I chose").click()
    expect(first.get_by_text("Saved.")).to_be_visible()
    RubricVersion.objects.filter(pk=draft.pk).update(state="published", published_at=draft.created_at)
    first.get_by_label("What it means").fill("Too late, and long enough to be copied.")
    first.get_by_role("button", name="Save Strategic").click()
    expect(first.get_by_role("heading", name="This draft takes no more changes")).to_be_visible()
    assert (violations(first), sideways(first)) == ([], 0)
    context.close()

    assert (row(draft)["meaning"], order(draft)) == ("Mine.", ["1", "2", "3"])
    assert row(draft)["questions"][1]["text"] == "Typed meanwhile?"
