"""Each invariant holds in a sound world and is found broken when it is."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from candidates.append_only import DECISIONS
from candidates.integrity import INVARIANTS, Violation, check_integrity
from candidates.models import (
    Application,
    Candidate,
    Debrief,
    DebriefItem,
    Interview,
    Opening,
    OpeningWeight,
    QuestionNote,
    Revision,
    Score,
    Scorecard,
    Shortlist,
    ShortlistEntry,
    Sight,
    StageChange,
)
from rubrics.models import Anchor, Dimension, Question, RubricVersion
from smarter.audit.recording import record
from smarter.audit.triggers import AUDIT
from tests.factories import make_application, make_interview, make_opening, make_rubric_version, make_scorecard

pytestmark = pytest.mark.django_db
IS_POSTGRESQL = connection.vendor == "postgresql"
STATEMENTS = {invariant.subject + ": " + invariant.statement for invariant in INVARIANTS}


@pytest.fixture
def card(opening, manager):
    """A submitted scorecard in a world that has one row of everything."""
    application = make_application(opening=opening)
    interview = make_interview(application=application)
    card = make_scorecard(interview=interview, submitted=True)
    draft = make_scorecard(interview=interview, values=[3])
    make_scorecard(interview=interview)
    QuestionNote.objects.create(
        scorecard=draft, question=Question.objects.filter(dimension__version=opening.rubric_version)[0], text="Hm."
    )
    Revision.objects.create(score=card.scores.first(), value=4, reason="slip", text="I meant 4.")
    StageChange.objects.create(
        application=application, from_stage="screening", to_stage=application.stage, changed_by=manager
    )
    shortlist = Shortlist.objects.create(opening=opening, name="First", created_by=manager)
    ShortlistEntry.objects.create(shortlist=shortlist, application=application)
    debrief = Debrief.objects.create(opening=opening, opened_by=manager)
    DebriefItem.objects.create(debrief=debrief, application=application, dimension_key="action")
    return card


def foreign_dimension() -> Dimension:
    """A dimension of another rubric."""
    return make_rubric_version().dimensions.first()


def drop_score(card: Scorecard) -> None:
    Revision.objects.all().delete()
    card.scores.first().delete()


def unfinish_score(card: Scorecard) -> None:
    card.scores.filter(dimension__key="teams").update(is_final=False)


def finish_draft(card: Scorecard) -> None:
    Score.objects.filter(scorecard__state="draft").update(is_final=True)


def fill_waiting(card: Scorecard) -> None:
    Scorecard.objects.filter(state="waiting").update(summary="Already?")


def score_elsewhere(card: Scorecard) -> None:
    Score.objects.filter(scorecard__state="draft").update(dimension=foreign_dimension())


def note_elsewhere(card: Scorecard) -> None:
    QuestionNote.objects.update(question=foreign_dimension().questions.first())


def lose_focus(card: Scorecard) -> None:
    Scorecard.objects.filter(state="waiting").update(focus=["charm"])


def unpin(card: Scorecard) -> None:
    other = make_interview(application=card.interview.application)
    make_scorecard(interview=other)
    Scorecard.objects.filter(interview=other).update(opened_at=timezone.now())


def unpublish_interview(card: Scorecard) -> None:
    draft = make_rubric_version(state="draft")
    Interview.objects.create(
        application=card.interview.application, rubric_version=draft, created_by=card.interview.created_by
    )


def unpublish_opening(card: Scorecard) -> None:
    make_opening(rubric_version=make_rubric_version(state="draft"))


def overweigh(card: Scorecard) -> None:
    OpeningWeight.objects.filter(dimension_key="teams").update(points=F("points") + 1)


def weigh_nothing(card: Scorecard) -> None:
    OpeningWeight.objects.filter(dimension_key="teams").update(dimension_key="charm")


def unbalance_version(card: Scorecard) -> None:
    Dimension.objects.filter(version=card.interview.rubric_version, key="teams").update(weight=19)


def empty_anchor(card: Scorecard) -> None:
    Anchor.objects.filter(dimension__version=card.interview.rubric_version, dimension__key="teams", value=5).update(
        text=""
    )


def revise_draft(card: Scorecard) -> None:
    Revision.objects.update(score=Score.objects.filter(scorecard__state="draft").first())


def revise_early(card: Scorecard) -> None:
    Revision.objects.update(revised_at=F("revised_at") - timedelta(days=1))


def submit_before_opening(card: Scorecard) -> None:
    Scorecard.objects.filter(pk=card.pk).update(opened_at=timezone.now())


def submit_tomorrow(card: Scorecard) -> None:
    Revision.objects.all().delete()
    Scorecard.objects.filter(pk=card.pk).update(submitted_at=timezone.now() + timedelta(days=1))


def see_before_submission(card: Scorecard) -> None:
    Scorecard.objects.filter(pk=card.pk).update(first_seen_at=card.submitted_at - timedelta(hours=1))


def claim_independence(card: Scorecard) -> None:
    Sight.objects.create(
        application=card.interview.application,
        viewer=card.interviewer,
        first_at=card.submitted_at - timedelta(hours=1),
    )


def move_unrecorded(card: Scorecard) -> None:
    Application.objects.update(stage="hired")


def list_stranger(card: Scorecard) -> None:
    ShortlistEntry.objects.update(application=make_application())


def debrief_stranger(card: Scorecard) -> None:
    DebriefItem.objects.update(application=make_application())


ORDER = (
    "scorecard: a scorecard is opened before it is submitted, submitted before it is seen, and nothing is yet to come"
)
VERSION = "rubricversion: a published version has weights that add up to 100 and five anchors for each dimension"


def erase_by_halves(_card: Scorecard) -> None:
    """The row of the person says erased, and what was said of them is still there."""
    empty = {"email": "", "phone": "", "current_role": "", "location": "", "cv": "", "cv_name": "", "note": ""}
    Candidate.objects.update(erased_at=timezone.now(), **empty)


def open_the_audit(card):
    AUDIT.allow_changes(connection)


def open_the_decisions(card):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER decision_no_update" + (" ON candidates_decision" if IS_POSTGRESQL else ""))


PLANTED = {
    drop_score: "scorecard: a submitted scorecard has a final score for every dimension it covers",
    unfinish_score: "score: scores are final exactly when their scorecard is submitted",
    finish_draft: "score: scores are final exactly when their scorecard is submitted",
    fill_waiting: "scorecard: a scorecard that waits holds nothing",
    score_elsewhere: "score: a score is on a dimension of the version its interview has pinned",
    note_elsewhere: "questionnote: a note is on a question of the version its interview has pinned",
    lose_focus: "scorecard: a focus names dimensions of the version",
    unpin: "interview: an interview with an opened scorecard has pinned its version",
    unpublish_interview: "interview: interviews are scored on a published version",
    unpublish_opening: "opening: an opening uses a published version",
    overweigh: "opening: an opening’s weights are for its dimensions and add up to 100",
    weigh_nothing: "opening: an opening’s weights are for its dimensions and add up to 100",
    unbalance_version: VERSION,
    empty_anchor: VERSION,
    revise_draft: "revision: only submitted scores are revised, and after they were submitted",
    revise_early: "revision: only submitted scores are revised, and after they were submitted",
    submit_before_opening: ORDER,
    submit_tomorrow: ORDER,
    see_before_submission: ORDER,
    claim_independence: "scorecard: a rater who had seen others’ scores of the candidate is not called independent",
    move_unrecorded: "application: an application’s stage is that of its last change",
    list_stranger: "shortlistentry: a shortlist holds applications of its opening",
    debrief_stranger: "debriefitem: a debrief is on applications of its opening",
    open_the_audit: "auditevent: the database refuses to change audit events",
    open_the_decisions: "decision: the database refuses to change decisions",
    erase_by_halves: "candidate: of an erased candidate nothing is written",
}


def test_sound_world_breaks_nothing(card):
    assert check_integrity() == []


def test_every_invariant_is_shown_to_fail():
    assert set(PLANTED.values()) == STATEMENTS


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_planted_violation_is_found(card, plant):
    plant(card)

    found = {f"{violation.subject}: {violation.invariant}" for violation in check_integrity()}

    assert PLANTED[plant] in found
    assert found - {PLANTED[plant]} <= {PLANTED[drop_score]}


def test_triggers_that_a_rebuilt_table_lost_are_made_anew_after_migrate(card):
    AUDIT.allow_changes(connection)
    DECISIONS.allow_changes(connection)
    assert [str(each) for each in check_integrity()] == [
        "auditevent: the database refuses to change audit events",
        "decision: the database refuses to change decisions",
    ]

    for _ in range(2):
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default", plan=[])

    assert check_integrity() == []
    event = record(actor=None, act="person.edit")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.delete()


def test_command_lists_rows_and_exits_with_1(card, capsys):
    call_command("check_integrity")
    assert capsys.readouterr().out.endswith(f"All {len(INVARIANTS)} invariants hold.\n")
    RubricVersion.objects.filter(pk=card.interview.rubric_version_id).update(state="retired")
    Opening.objects.update(rubric_version=make_rubric_version(state="draft"))

    with pytest.raises(SystemExit) as ended:
        call_command("check_integrity")

    assert ended.value.code == 1
    opening = Opening.objects.get()
    assert capsys.readouterr().out == f"opening {opening.pk}: an opening uses a published version\n"
    assert check_integrity() == [Violation("an opening uses a published version", "opening", opening.pk)]
