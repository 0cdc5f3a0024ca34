"""Whatever is done to a rubric, every recorded score keeps the wording its rater saw."""

import copy

import pytest

from candidates.integrity import check_integrity
from candidates.models import Score
from rubrics import editing
from rubrics.document import document_of
from rubrics.exchange import load_rubric, publish_rubric
from rubrics.models import RubricVersion
from rubrics.versioning import copy_to_draft, discard_draft, publish_version, retire_version, save_draft
from tests.factories import make_application, make_opening, make_scorecard
from tests.rubrics.documents import small_document

pytestmark = pytest.mark.django_db


def fingerprints():
    """Each score with every word that its rater saw around it."""
    scores = Score.objects.select_related("dimension__version").order_by("pk")
    return [
        (score.pk, score.value, score.evidence, score.dimension.key, score.dimension.version.number,
         document_of(score.dimension.version)["dimensions"])
        for score in scores
    ]  # fmt: skip


def edits():
    """The small document after each kind of edit."""
    document = small_document()
    first, second = document["dimensions"]
    renamed = copy.deepcopy(document)
    renamed["dimensions"][0].update(name="Renamed", letter="X", meaning="Rewritten.", weight=50)
    renamed["dimensions"][1].update(weight=50, anchors=[f"Other {value}" for value in range(5)])
    moved = {**document, "dimensions": editing.move(document["dimensions"], first["key"], 1)}
    asked = editing.with_dimension(document, editing.add_question(document, first))
    removed = editing.remove_dimension(document, first["key"])
    emptied = editing.with_dimension(document, editing.remove_question(second, "teams-1"))
    return [renamed, moved, asked, editing.add_dimension(document), removed, emptied]


def test_scores_keep_their_wording_through_every_act_on_the_rubric(admin):
    version = publish_rubric(document=small_document(), user=admin).version
    opening = make_opening(rubric_version=version, dimensions=2)
    for values in ([4, 2], [1, None]):
        make_scorecard(application=make_application(opening=opening), values=values, submitted=True)
    before = fingerprints()

    draft = copy_to_draft(version=version, user=admin)
    for revision, document in enumerate(edits()):
        save_draft(version=draft, document=document, revision=revision, user=admin)
        assert fingerprints() == before
    save_draft(version=draft, document=edits()[0], revision=len(edits()), user=admin)
    publish_version(version=draft, user=admin, note="Sharper.")
    retire_version(version=version, user=admin)
    imported = small_document()
    imported["rubric"]["name"] = "Another name"
    imported["dimensions"][1]["questions"][0]["text"] = "Tell me about a team."
    discard_draft(version=load_rubric(document=imported, user=admin).version, user=admin)
    third = publish_rubric(document=imported, user=admin).version
    opening.rubric_version = third
    opening.save()
    assert fingerprints() == before

    assert list(RubricVersion.objects.order_by("number").values_list("state", flat=True)) == [
        "retired",
        "published",
        "published",
    ]
    assert check_integrity() == []
