"""The rubric editor in a browser: by keyboard, without a script, and by two admins at once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from rubrics.document import document_of
from rubrics.exchange import publish_rubric
from rubrics.models import RubricVersion
from tests.rubrics.documents import small_document

pytestmark = pytest.mark.browser


@pytest.fixture
def published(transactional_db):
    """Version 1 of a small rubric."""
    return publish_rubric(document=small_document(), user=None).version


@pytest.mark.parametrize("width", [1440, 390])
def test_admin_edits_and_publishes_a_version(sign_in, live_server, violations, sideways, admin, published, width):
    page = sign_in(admin)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + reverse("rubrics:version_detail", args=[published.pk]))
    page.get_by_role("button", name="Edit as a new version").click()

    page.get_by_label("Anchor 5").fill("strategic worth 5 and more")
    page.get_by_role("button", name="Add question").click()
    page.get_by_label("Question", exact=True).nth(1).fill("Which client did you leave?")
    page.get_by_role("button", name="Move question 2 up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Question", exact=True).first).to_have_value("Which client did you leave?")
    assert (violations(page), sideways(page)) == ([], 0)
    page.get_by_role("link", name="Publish v2…").click()
    expect(page.get_by_text("Strategic, anchor 5")).to_be_visible()
    assert (violations(page), sideways(page)) == ([], 0)
    page.get_by_label("What changed, and why").fill("One more question.")
    page.get_by_role("button", name="Publish version 2").click()

    expect(page.get_by_text("It can’t change any more.")).to_be_visible()
    second = RubricVersion.objects.get(number=2)
    assert document_of(second)["dimensions"][0]["anchors"][4] == "strategic worth 5 and more"
    assert document_of(published) == small_document()


def test_two_admins_at_once_lose_nothing(sign_in, live_server, admin, published):
    page = sign_in(admin)
    page.goto(live_server.url + reverse("rubrics:version_detail", args=[published.pk]))
    page.get_by_role("button", name="Edit as a new version").click()
    other = page.context.new_page()
    other.goto(page.url)

    page.get_by_label("What it means").fill("First.")
    page.get_by_role("button", name="Save Strategic").click()
    other.get_by_label("What it means").fill("Second.")
    other.get_by_role("button", name="Save Strategic").click()

    expect(other.get_by_text("Somebody saved this draft since you opened it.")).to_be_visible()
    expect(other.get_by_label("What it means")).to_have_value("Second.")
    draft = RubricVersion.objects.get(number=2)
    assert document_of(draft)["dimensions"][0]["meaning"] == "First."
    other.get_by_role("button", name="Save Strategic").click()
    expect(other.get_by_text("Saved.")).to_be_visible()
    assert document_of(draft)["dimensions"][0]["meaning"] == "Second."
