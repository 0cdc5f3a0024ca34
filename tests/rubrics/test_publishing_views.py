"""Admins take rubric files in, compare, publish, discard and retire; nobody else finds these pages."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rubrics.document import document_of
from rubrics.exchange import BUILT_IN, load_rubric, publish_rubric
from rubrics.models import Rubric, RubricVersion
from smarter.audit.models import AuditEvent
from tests.rubrics.documents import small_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def published():
    """Version 1 of a small rubric."""
    return publish_rubric(document=small_document(), user=None).version


@pytest.fixture
def draft(published, admin):
    """Version 2, with another anchor."""
    return load_rubric(document=sharper(), user=admin).version


def sharper():
    """The small document with a sharper anchor and a note."""
    document = small_document(note="Anchor 5 says more.")
    document["dimensions"][0]["anchors"][4] = "strategic worth 5 and more"
    return document


def url(name, version):
    """The address of an act on a version."""
    return reverse(f"rubrics:{name}", args=[version.pk])


def load(client, content):
    """Load a rubric file on the page."""
    return client.post(reverse("rubrics:rubric_import"), {"file": SimpleUploadedFile("rubric.json", content)})


def test_file_becomes_a_draft(client, admin, published):
    client.force_login(admin)

    response = load(client, json.dumps(sharper()).encode())

    draft = RubricVersion.objects.get(number=2)
    assert response.headers["Location"] == url("version_detail", draft)
    assert (draft.state, document_of(draft)) == ("draft", sharper())
    assert AuditEvent.objects.latest("pk").actor == admin


def test_file_that_says_the_same_leads_to_its_version(client, admin, published):
    client.force_login(admin)

    response = load(client, json.dumps(small_document()).encode())

    assert response.headers["Location"] == url("version_detail", published)
    assert RubricVersion.objects.count() == 1


def test_faults_of_a_file_are_told_by_path(client, admin):
    document = small_document()
    document["dimensions"][1]["anchors"][4] = 5
    document["dimensions"][0]["weight"] = "60"
    client.force_login(admin)

    response = load(client, json.dumps(document).encode())

    assert response.context["form"].errors["file"] == [
        "dimensions[0].weight: must be a whole number from 0 to 100.",
        "dimensions[1].anchors[4]: must be a text, not a number.",
    ]
    assert Rubric.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"\xff\xfe{}", b"<html>", b"x" * 1_000_001])
def test_file_that_is_no_rubric_is_refused(client, admin, content):
    client.force_login(admin)

    assert load(client, content).context["form"].errors["file"]


def test_second_draft_is_refused(client, admin, draft):
    document = sharper()
    document["dimensions"][0]["meaning"] = "Another."
    client.force_login(admin)

    response = load(client, json.dumps(document).encode())

    assert response.context["form"].errors["file"] == ["Small v2 is a draft. Publish or discard it first."]


def test_changes_are_shown_word_by_word(client, admin, interviewer, published, draft):
    client.force_login(admin)

    response = client.get(url("version_changes", draft))

    assert [(change.kind, change.place) for change in response.context["changes"]] == [
        ("anchors", "Strategic, anchor 5")
    ]
    assert "strategic worth 5<ins> and more</ins>" in response.content.decode()
    back = client.get(url("version_changes", published), {"against": draft.pk})
    assert "strategic worth 5<del> and more</del>" in back.content.decode()


def test_first_version_has_nothing_to_compare_with_and_drafts_stay_hidden(client, interviewer, published, draft):
    client.force_login(interviewer)

    for query in ({}, {"against": draft.pk}, {"against": "x"}):
        response = client.get(url("version_changes", published), query)
        assert (response.status_code, response.context["changes"], response.context["against"]) == (200, [], None)


def test_draft_is_published_with_its_note(client, admin, draft):
    client.force_login(admin)
    assert "Anchor 5 says more." in client.get(url("version_publish", draft)).content.decode()

    response = client.post(url("version_publish", draft), {"note": "Sharper."})

    draft.refresh_from_db()
    assert response.headers["Location"] == url("version_detail", draft)
    assert (draft.state, draft.note, draft.published_by) == ("published", "Sharper.", admin)
    assert client.get(url("version_publish", draft)).status_code == 404


def test_unfinished_draft_is_not_published(client, admin):
    document = small_document()
    document["dimensions"][0]["weight"] = 10
    draft = load_rubric(document=document, user=admin).version
    client.force_login(admin)

    response = client.post(url("version_publish", draft), {"note": ""})

    draft.refresh_from_db()
    assert draft.state == "draft"
    assert "The weights add up to 50; they must add up to 100." in response.content.decode()


def test_hints_are_shown_with_the_place_to_mend_and_stop_nobody(client, admin):
    document = small_document()
    document["dimensions"][0]["questions"][0]["probes"] = []
    draft = load_rubric(document=document, user=admin).version
    client.force_login(admin)

    page = client.get(url("version_publish", draft)).content.decode()
    client.post(url("version_publish", draft), {"note": ""})

    assert "Has no probes." in page
    assert reverse("rubrics:version_edit", args=[draft.pk, "strategic"]) in page
    draft.refresh_from_db()
    assert draft.state == "published"


def test_draft_is_discarded_and_the_published_version_stays(client, admin, published, draft):
    client.force_login(admin)

    client.post(url("version_discard", draft))

    assert list(RubricVersion.objects.all()) == [published]
    assert AuditEvent.objects.latest("pk").act == "rubric.discard"
    assert client.post(url("version_discard", published)).status_code == 404


def test_discarding_the_only_version_takes_the_rubric_along(client, admin):
    draft = load_rubric(document=small_document(), user=admin).version
    client.force_login(admin)

    client.post(url("version_discard", draft))

    assert Rubric.objects.count() == 0


def test_version_is_retired_and_stays_as_it_was(client, admin, published):
    before = document_of(published)
    client.force_login(admin)

    client.post(url("version_retire", published))

    published.refresh_from_db()
    assert (published.state, document_of(published)) == ("retired", before)
    assert published.retired_at is not None
    assert client.post(url("version_retire", published)).status_code == 404


@pytest.mark.parametrize("name", ["version_publish", "version_discard", "version_retire"])
def test_acts_are_absent_for_all_but_admins(client, interviewer, recruiter, published, draft, name):
    target = published if name == "version_retire" else draft
    for user in (interviewer, recruiter):
        client.force_login(user)
        assert client.post(url(name, target), {"note": ""}).status_code == 404
        assert load(client, BUILT_IN.read_bytes()).status_code == 404
    target.refresh_from_db()
    assert target.state == ("published" if target == published else "draft")


def test_buttons_are_there_for_admins_only(client, admin, interviewer, published, draft):
    client.force_login(admin)
    assert url("version_publish", draft) in client.get(url("version_detail", draft)).content.decode()
    assert url("version_retire", published) in client.get(url("version_detail", published)).content.decode()
    client.force_login(interviewer)
    assert url("version_retire", published) not in client.get(url("version_detail", published)).content.decode()
