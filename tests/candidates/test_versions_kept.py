"""Whatever is done to a rubric, every recorded score keeps the wording its rater saw."""

import pytest

from candidates.adopting import move_openings
from candidates.integrity import check_integrity
from candidates.models import Opening, Score
from rubrics.curating import archive_rubric, create_rubric, name_rubric, restore_rubric
from rubrics.document import document_of
from rubrics.editing import perform, put_back
from rubrics.exchange import load_rubric, publish_rubric
from rubrics.fields import with_fields
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
    """The small document after each kind of edit that the editor has, as the editor makes it."""
    document = small_document()
    first, second = (row["key"] for row in document["dimensions"])
    yield with_fields(document, first, {"name": "Renamed", "letter": "X", "meaning": "Rewritten."})
    yield with_fields(document, first, {"weight.strategic": "50", "weight.teams": "50"})
    yield with_fields(document, second, {f"anchor.{value}": f"Other {value}" for value in range(1, 6)})
    yield with_fields(document, second, {"text.teams-1": "Rewritten?", "probes.teams-1": "", "listen.teams-1": "More."})
    yield with_fields(document, second, {"order.dimensions": f"{second} {first}"})
    for act in ("add", "up:teams-1", "down:teams-1", "remove:teams-1", "dimension-up", "dimension-down", "equal"):
        yield perform(document, second, act).document
    for act in ("add-dimension", "remove-dimension"):
        yield perform(document, first, act).document


def test_scores_keep_their_wording_through_every_act_on_the_rubric(admin):
    version = publish_rubric(document=small_document(), user=admin).version
    opening = make_opening(rubric_version=version, dimensions=2)
    for values in ([4, 2], [1, None]):
        make_scorecard(application=make_application(opening=opening), values=values, submitted=True)
    make_scorecard(application=make_application(opening=opening), values=[3, 3])
    before = fingerprints()
    assert len(before) == 6
    seen = []

    def still(act):
        assert fingerprints() == before, act
        seen.append(act)

    draft = copy_to_draft(version=version, user=admin)
    still("draft")
    for number, document in enumerate(edits()):
        revision = save_draft(version=draft, document=document, revision=draft.revision + number, user=admin)
        still(f"edit {number}")
    for act in ("remove-dimension", "remove:strategic-1"):
        whole = small_document()
        edit = perform(whole, "strategic", act)
        revision = save_draft(
            version=draft, document=edit.document, revision=revision, user=admin, removed=edit.removed
        )
        still(act)
        removal = draft.removals.get()
        document = put_back(edit.document, edit.removed)
        revision = save_draft(version=draft, document=document, revision=revision, user=admin, put_back=[removal])
        still("put back")
    rewritten = with_fields(small_document(), "strategic", {"anchor.1": "Other.", "weight.strategic": "60"})
    save_draft(version=draft, document=rewritten, revision=revision, user=admin)
    publish_version(version=draft, user=admin, note="Sharper.")
    still("publish")
    retire_version(version=version, user=admin)
    still("retire")
    imported = small_document()
    imported["rubric"]["name"] = "Another name"
    imported["dimensions"][1]["questions"][0]["text"] = "Tell me about a team."
    discard_draft(version=load_rubric(document=imported, user=admin).version, user=admin)
    still("discard")
    third = publish_rubric(document=imported, user=admin).version
    still("import")
    name_rubric(user=admin, rubric=version.rubric, name="Yet another", description="")
    create_rubric(user=admin, name="Copy", description="", document=small_document())
    archive_rubric(user=admin, rubric=version.rubric)
    still("archive")
    restore_rubric(user=admin, rubric=version.rubric)
    move_openings(user=admin, openings=Opening.objects.all(), version=third)
    still("move")
    opening.rubric_version = third
    opening.save()
    still("opening")

    assert len(seen) == 26
    assert Opening.objects.get().rubric_version == third
    states = version.rubric.versions.order_by("number").values_list("state", flat=True)
    assert list(states) == ["retired", "published", "published"]
    assert check_integrity() == []
