"""Versions are drafted, published and then frozen."""

import pytest
from django.db import transaction

from rubrics.checks import faults_of
from rubrics.document import document_of
from rubrics.exchange import load_rubric, publish_rubric
from rubrics.models import FrozenVersion, SampleAnswer
from rubrics.versioning import DraftExists, NotPublishable, copy_to_draft, publish_version
from smarter.audit.models import AuditEvent
from tests.rubrics.documents import small_document

pytestmark = pytest.mark.django_db


def test_copy_says_the_same_and_is_a_draft_of_its_own(admin):
    version = publish_rubric(document=small_document(), user=None).version

    draft = copy_to_draft(version=version, user=admin)

    assert (draft.number, draft.state, draft.rubric) == (2, "draft", version.rubric)
    assert document_of(draft) == small_document(note="")
    assert AuditEvent.objects.latest("pk").act == "rubric.draft"


def test_second_draft_is_refused(admin):
    version = publish_rubric(document=small_document(), user=None).version
    copy_to_draft(version=version, user=admin)

    with pytest.raises(DraftExists), transaction.atomic():
        copy_to_draft(version=version, user=admin)

    assert version.rubric.versions.count() == 2


def test_publishing_freezes_with_note_time_and_person(admin):
    draft = load_rubric(document=small_document(), user=admin).version

    published = publish_version(version=draft, user=admin, note="Ready.")

    assert (published.state, published.note, published.published_by) == ("published", "Ready.", admin)
    assert published.published_at is not None
    with pytest.raises(FrozenVersion):
        publish_version(version=draft, user=admin, note="Again.")
    with pytest.raises(FrozenVersion):
        SampleAnswer.objects.get().save()
    with pytest.raises(FrozenVersion):
        published.dimensions.get(key="teams").delete()


def test_unfinished_draft_is_not_published(admin):
    document = small_document()
    first, second = document["dimensions"]
    first.update(weight=0, meaning="", questions=[])
    second["anchors"][3] = second["anchors"][1]
    second["anchors"][4] = ""
    second["questions"][0]["text"] = ""
    draft = load_rubric(document=document | {"exercises": []}, user=admin).version

    with pytest.raises(NotPublishable) as refused:
        publish_version(version=draft, user=admin, note="")

    draft.refresh_from_db()
    assert draft.state == "draft"
    assert [str(fault) for fault in refused.value.faults] == [
        "dimensions: the weights add up to 40; they must add up to 100.",
        "dimensions[0].weight: must be at least 1.",
        "dimensions[0].meaning: is empty.",
        "dimensions[0].questions: needs at least one question about past behaviour.",
        "dimensions[1].anchors[3]: says the same as anchor 2.",
        "dimensions[1].anchors[4]: is empty.",
        "dimensions[1].questions[0].text: is empty.",
    ]


def test_small_document_is_publishable():
    assert faults_of(small_document()) == []
