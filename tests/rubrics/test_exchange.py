"""A rubric goes out as a file and comes back the same; loading never touches what is published."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import HealthCheck, given, settings

from rubrics.document import document_of
from rubrics.exchange import BUILT_IN, load_rubric, publish_rubric, write_rubric
from rubrics.file_format import read_document
from rubrics.models import Rubric, RubricVersion
from rubrics.versioning import DraftExists, NotPublishable, copy_to_draft
from smarter.audit.models import AuditEvent
from tests.rubrics.documents import documents, small_document

pytestmark = pytest.mark.django_db


def test_built_in_rubric_goes_out_as_the_very_file_that_came_in():
    call_command("load_rubric", verbosity=0)

    version = RubricVersion.objects.get()

    assert write_rubric(version) == BUILT_IN.read_text(encoding="utf-8")
    assert (version.state, version.number, version.published_by) == ("published", 1, None)
    assert list(AuditEvent.objects.order_by("pk").values_list("act", "subject_id")) == [
        ("rubric.load", version.pk),
        ("rubric.publish", version.pk),
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(documents())
def test_any_document_survives_the_way_in_and_out(db, document):
    version = load_rubric(document=document, user=None).version

    assert document_of(version) == document
    version.delete()


def test_loading_the_same_again_changes_nothing(capsys):
    call_command("load_rubric")
    call_command("load_rubric")

    assert RubricVersion.objects.count() == 1
    assert AuditEvent.objects.count() == 2
    assert capsys.readouterr().out.splitlines() == [
        "SMART sales leadership v1: published.",
        "SMART sales leadership v1: says the same already; nothing changed.",
    ]


def test_changed_file_becomes_a_new_version_and_the_old_one_stays():
    first = publish_rubric(document=small_document(), user=None).version
    before = document_of(first)
    changed = small_document(note="Sharper.")
    changed["dimensions"][0]["anchors"][4] = "Another five."

    second = publish_rubric(document=changed, user=None).version

    first.refresh_from_db()
    assert (second.number, second.state, second.note) == (2, "published", "Sharper.")
    assert (document_of(first), first.state) == (before, "published")


def test_going_back_to_an_older_text_finds_the_version_that_has_it():
    first = publish_rubric(document=small_document(), user=None).version
    changed = small_document()
    changed["dimensions"][0]["meaning"] = "Another."
    publish_rubric(document=changed, user=None)

    again = publish_rubric(document=small_document(), user=None)

    assert (again.version, again.is_new) == (first, False)


def test_unfinished_document_loads_as_a_draft_but_is_not_published():
    document = small_document()
    document["dimensions"][0]["weight"] = 50

    with pytest.raises(NotPublishable):
        publish_rubric(document=document, user=None)
    assert Rubric.objects.count() == 0

    assert load_rubric(document=document, user=None).version.state == "draft"


def test_draft_in_progress_is_not_overwritten():
    first = publish_rubric(document=small_document(), user=None).version
    draft = copy_to_draft(version=first, user=None)
    changed = small_document()
    changed["dimensions"][0]["meaning"] = "Another."

    with pytest.raises(DraftExists, match="Small v2 is a draft"):
        load_rubric(document=changed, user=None)

    assert document_of(draft)["dimensions"] == small_document()["dimensions"]


def test_command_tells_each_fault_and_loads_nothing(tmp_path):
    document = small_document()
    document["dimensions"][1]["anchors"][4] = 5
    document["dimensions"][1]["weight"] = "40"
    file = tmp_path / "rubric.json"
    file.write_text(json.dumps(document))

    with pytest.raises(CommandError) as refused:
        call_command("load_rubric", str(file))

    assert str(refused.value).splitlines() == [
        "Nothing was loaded.",
        "dimensions[1].weight: must be a whole number from 0 to 100.",
        "dimensions[1].anchors[4]: must be a text, not a number.",
    ]
    assert Rubric.objects.count() == 0


def test_command_tells_a_missing_file(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_rubric", str(tmp_path / "lost.json"))


def test_built_in_text_does_not_override_an_edited_rubric(admin, capsys):
    edited = json.loads(BUILT_IN.read_text(encoding="utf-8"))
    edited["dimensions"][0]["meaning"] = "Ours."
    publish_rubric(document=edited, user=admin)

    call_command("load_rubric")

    assert RubricVersion.objects.count() == 1
    assert "was edited here" in capsys.readouterr().out


def test_draft_copied_from_the_built_in_rubric_stays_a_draft_when_that_is_loaded_again(admin):
    document = read_document(BUILT_IN.read_bytes())
    first = publish_rubric(document=document, user=None).version
    draft = copy_to_draft(version=first, user=admin)

    again = publish_rubric(document=document, user=None)

    assert (again.version, again.is_new) == (first, False)
    assert RubricVersion.objects.get(pk=draft.pk).state == RubricVersion.State.DRAFT
