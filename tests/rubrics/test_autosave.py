"""The editor's autosave: an exact acknowledgement, both texts where somebody else saved, and no page for an answer."""

import json

import pytest
from django.urls import reverse

from rubrics.document import document_of
from rubrics.exchange import load_rubric
from rubrics.models import RubricVersion
from smarter.audit.models import AuditEvent
from smarter.autosave import fingerprint
from tests.rubrics.documents import small_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(admin):
    return load_rubric(document=small_document(), user=admin).version


@pytest.fixture
def send(client, admin, draft):
    """Send changes as the admin's browser does: `send({"meaning": "…"}, version=0)`."""
    client.force_login(admin)

    def sent(fields, key="strategic", **envelope):
        body = {"card": draft.pk, "version": 0, "sequence": 7, "user": admin.pk, "fields": fields} | envelope
        address = reverse("rubrics:version_autosave", args=[draft.pk, key])
        return client.post(address, json.dumps(body), content_type="application/json")

    return sent


def test_save_is_acknowledged_by_version_sequence_and_the_hash_of_all_fields(send, client, draft):
    shown = client.get(reverse("rubrics:version_edit", args=[draft.pk, "strategic"]))
    fields = json.loads(shown.context["base"])

    response = send({"meaning": " Sharper.\r\n", "letter": "z", "probes.strategic-1": "One? \n\n Two?"})

    saved = fields | {"meaning": "Sharper.", "letter": "Z", "probes.strategic-1": "One?\nTwo?"}
    assert response.json() == {"version": 1, "sequence": 7, "sha256": fingerprint(saved)}
    row = document_of(draft)["dimensions"][0]
    assert (row["meaning"], row["letter"], row["questions"][0]["probes"]) == ("Sharper.", "Z", ["One?", "Two?"])


def test_save_that_comes_late_is_answered_with_what_is_saved_now(send, draft):
    send({"meaning": "Theirs."})

    late = send({"meaning": "Mine."})

    assert late.status_code == 409
    assert (late.json()["error"], late.json()["version"], late.json()["fields"]["meaning"]) == ("stale", 1, "Theirs.")
    assert document_of(draft)["dimensions"][0]["meaning"] == "Theirs."


def test_field_that_can_not_be_saved_is_named_and_nothing_is_saved(send, draft):
    response = send({"name": "", "letter": "T", "weight.teams": "x", "meaning": "Fine."})

    assert response.status_code == 400
    assert response.json()["errors"] == {
        "name": ["Give a name."],
        "letter": ["Another dimension has the letter T. Give another."],
        "weight.teams": ["Give a whole number from 0 to 100."],
    }
    assert document_of(draft) == small_document()


@pytest.mark.parametrize("fields", [{"colour": "red"}, {"text.teams-1": "Of another dimension"}])
def test_field_that_the_page_does_not_have_is_refused(send, draft, fields):
    assert send(fields).status_code == 400
    assert document_of(draft) == small_document()


def test_removed_dimension_absent_draft_and_wrong_person_are_told_apart(send, client, draft, admin, interviewer):
    draft.refresh_from_db()
    page = {"version": 0, "act": "remove-dimension", "base": "{}"}
    fields = json.loads(client.get(reverse("rubrics:version_edit", args=[draft.pk, "teams"])).context["base"])
    client.post(reverse("rubrics:version_edit", args=[draft.pk, "teams"]), {**fields, **page})

    assert send({"meaning": "x"}, key="teams", version=1).json() == {"error": "removed"}
    assert send({"meaning": "x"}, key="lost", version=1).json() == {"error": "absent"}
    assert send({"meaning": "x"}, user=interviewer.pk).json() == {"error": "user"}
    assert send({"meaning": "x"}, card=draft.pk + 1).json() == {"error": "unreadable"}
    RubricVersion.objects.filter(pk=draft.pk).update(state="published", published_at=draft.created_at)
    assert send({"meaning": "x"}, version=1).status_code == 404


def test_others_find_no_draft_and_nobody_signed_out_saves(client, draft, interviewer):
    address = reverse("rubrics:version_autosave", args=[draft.pk, "strategic"])
    body = {"card": draft.pk, "version": 0, "sequence": 1, "user": interviewer.pk, "fields": {"meaning": "x"}}

    signed_out = client.post(address, json.dumps(body), content_type="application/json")
    client.force_login(interviewer)
    hidden = client.post(address, json.dumps(body), content_type="application/json")

    assert (signed_out.status_code, signed_out.json()["user"]) == (401, None)
    assert (hidden.status_code, hidden.json()) == (404, {"error": "absent"})
    assert document_of(draft) == small_document()


def test_run_of_saves_is_one_event(send, draft):
    for version in range(3):
        assert send({"meaning": f"Number {version}."}, version=version).status_code == 200

    assert AuditEvent.objects.filter(act="rubric.edit").count() == 1
