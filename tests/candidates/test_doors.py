"""Each door of candidates/access.py alone: whom it lets through, and what it knows of a panel."""

from typing import Any

import pytest
from django.utils import timezone

from candidates.looking import look_early
from candidates.models import (
    Application,
    EarlyLook,
    Opening,
    OpeningMember,
    QuestionNote,
    Revision,
    Score,
    Scorecard,
)
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_opening, make_scorecard, make_user

FLAGS = ("is_on_team", "has_submitted", "has_looked", "is_complete", "is_sealed", "is_readable", "may_look_early")


def known(user: User, application: Application) -> set[str]:
    """Which flags hold for this user."""
    row = Application.objects.with_seal(user).get(pk=application.pk)
    return {name for name in FLAGS if getattr(row, name)}


def numbers(user: User, application: Application) -> tuple[int, int]:
    """How many cards are in, of how many."""
    row = Application.objects.with_seal(user).get(pk=application.pk)
    return row.cards_in, row.cards_expected


def every_state(application: Application, **fields: Any) -> dict[str, Scorecard]:
    """A card in each state, and a waiting and a submitted one of an interview that was cancelled."""
    states = ("waiting", "draft", "submitted", "declined")
    cards = {state: make_scorecard(application=application, state=state, **fields) for state in states}
    for state in ("waiting", "submitted"):
        cancelled = make_interview(application=application, cancelled_at=timezone.now())
        cards[f"cancelled {state}"] = make_scorecard(interview=cancelled, state=state, **fields)
    return cards


@pytest.fixture
def application(opening: Opening) -> Application:
    """A candidate of `opening`; beside it stand another candidate and another opening, full of cards."""
    for other in (make_application(opening=opening), make_application()):
        make_scorecard(application=other, submitted=True)
        make_scorecard(application=other)
    return make_application(opening=opening)


# What one may know of a panel


def test_nothing_holds_where_there_is_no_card(application: Application, manager: User, stranger: User) -> None:
    assert known(manager, application) == {"is_on_team"}
    assert known(stranger, application) == set()
    assert numbers(manager, application) == (0, 0)


def test_only_the_team_of_this_opening_is_its_team(application: Application, manager: User) -> None:
    elsewhere = make_user()
    make_opening(hiring_manager=elsewhere)

    assert known(elsewhere, application) == set()
    assert known(manager, application) == {"is_on_team"}
    assert known(manager, make_application()) == set()


@pytest.mark.parametrize(
    ("state", "flags"),
    [
        ("waiting", {"is_sealed"}),
        ("draft", {"is_sealed"}),
        ("submitted", {"has_submitted", "is_readable"}),
        ("declined", {"is_sealed"}),
    ],
)
def test_own_card_decides_while_another_is_open(
    application: Application, interviewer: User, state: str, flags: set[str]
) -> None:
    make_scorecard(application=application)
    make_scorecard(application=application, submitted=True)
    make_scorecard(application=application, interviewer=interviewer, state=state)

    assert known(interviewer, application) == flags
    assert known(interviewer, make_application(opening=application.opening)) == set()


@pytest.mark.parametrize("state", ["waiting", "draft"])
def test_own_card_of_a_cancelled_interview_seals_nobody(
    application: Application, interviewer: User, state: str
) -> None:
    make_scorecard(application=application, submitted=True)
    cancelled = make_interview(application=application, cancelled_at=timezone.now())
    make_scorecard(interview=cancelled, interviewer=interviewer, state=state)

    assert known(interviewer, application) == {"is_complete"}


def test_who_declined_is_sealed_until_all_are_in(application: Application, interviewer: User, manager: User) -> None:
    last = make_scorecard(application=application)
    make_scorecard(application=application, submitted=True)
    for person in (interviewer, manager):
        make_scorecard(application=application, interviewer=person, state="declined")
    assert known(interviewer, application) == {"is_sealed"}
    assert known(manager, application) == {"is_on_team", "is_sealed"}

    Scorecard.objects.filter(pk=last.pk).update(state="submitted", submitted_at=timezone.now())

    assert known(interviewer, application) == {"is_complete"}
    assert known(manager, application) == {"is_on_team", "is_complete", "is_readable"}


def test_who_declined_in_one_interview_and_scored_in_another_reads_when_all_are_in(
    application: Application, interviewer: User
) -> None:
    last = make_scorecard(application=application)
    make_scorecard(application=application, interviewer=interviewer, submitted=True)
    make_scorecard(application=application, interviewer=interviewer, state="declined")
    assert known(interviewer, application) == {"has_submitted", "is_sealed"}

    Scorecard.objects.filter(pk=last.pk).update(state="submitted", submitted_at=timezone.now())

    assert known(interviewer, application) == {"has_submitted", "is_complete", "is_readable"}


@pytest.mark.parametrize("is_shadow", [False, True])
@pytest.mark.parametrize("state", ["waiting", "draft", "declined", "submitted"])
def test_when_a_panel_is_complete(application: Application, stranger: User, state: str, is_shadow: bool) -> None:
    make_scorecard(application=application, submitted=True)
    make_scorecard(application=application, state=state, is_shadow=is_shadow)

    is_open = state in ("waiting", "draft") and not is_shadow
    assert known(stranger, application) == (set() if is_open else {"is_complete"})


@pytest.mark.parametrize("state", ["waiting", "declined", "submitted"])
def test_a_panel_without_a_counted_card_is_not_complete(application: Application, stranger: User, state: str) -> None:
    make_scorecard(application=application, state=state, is_shadow=state == "submitted")
    make_scorecard(application=application, state="declined")

    assert known(stranger, application) == set()


def test_counts_are_of_counted_cards_that_are_or_will_be(application: Application, stranger: User) -> None:
    every_state(application)
    every_state(application, is_shadow=True)

    assert numbers(stranger, application) == (2, 4)


def test_an_early_look_opens_one_application_to_one_person(
    application: Application, recruiter: User, manager: User
) -> None:
    twin = make_application(opening=application.opening)
    for row in (application, twin):
        make_scorecard(application=row, submitted=True)
        make_scorecard(application=row)
    assert known(recruiter, application) == {"is_on_team", "may_look_early"}

    look_early(user=recruiter, application_id=application.pk)

    assert known(recruiter, application) == {"is_on_team", "has_looked", "is_readable"}
    assert known(recruiter, twin) == {"is_on_team", "may_look_early"}
    assert known(manager, application) == {"is_on_team", "may_look_early"}


def test_an_early_look_of_one_who_left_the_team_opens_nothing(application: Application, recruiter: User) -> None:
    make_scorecard(application=application, submitted=True)
    make_scorecard(application=application)
    look_early(user=recruiter, application_id=application.pk)

    OpeningMember.objects.filter(user=recruiter, opening=application.opening).delete()

    assert known(recruiter, application) == {"has_looked"}
    assert not Scorecard.objects.visible_to(recruiter).exists()


def test_sealed_after_an_early_look_nothing_is_readable(application: Application, recruiter: User) -> None:
    make_scorecard(application=application, submitted=True)
    EarlyLook.objects.create(application=application, viewer=recruiter, cards_in=1, cards_expected=2)
    make_scorecard(application=application, interviewer=recruiter)

    assert known(recruiter, application) == {"is_on_team", "has_looked", "is_sealed"}


def test_complete_panels_open_to_the_team_and_not_beyond(
    application: Application, manager: User, stranger: User
) -> None:
    make_scorecard(application=application, submitted=True)

    assert known(manager, application) == {"is_on_team", "is_complete", "is_readable"}
    assert known(stranger, application) == {"is_complete"}


def test_own_shadow_card_of_the_team_does_not_wait_for_itself(application: Application, manager: User) -> None:
    make_scorecard(application=application, submitted=True)
    make_scorecard(application=application, interviewer=manager, is_shadow=True)

    assert known(manager, application) == {"is_on_team", "is_complete", "is_sealed"}


# The rows that hang on a card


def test_scores_revisions_and_notes_follow_their_card(application: Application, recruiter: User) -> None:
    theirs, draft = (make_scorecard(application=application, **kind) for kind in ({"submitted": True}, {"values": [1]}))
    elsewhere = make_scorecard(submitted=True)
    for card in (theirs, elsewhere):
        Revision.objects.create(score=card.scores.first(), value=5, reason="slip", text="Slip.")
    question = application.opening.rubric_version.dimensions.first().questions.first()
    notes = [QuestionNote.objects.create(scorecard=card, question=question, text="x") for card in (theirs, draft)]
    assert not Score.objects.visible_to(recruiter).exists()
    assert not Revision.objects.visible_to(recruiter).exists()

    look_early(user=recruiter, application_id=application.pk)

    assert set(Score.objects.visible_to(recruiter)) == set(theirs.scores.all())
    assert set(Revision.objects.visible_to(recruiter)) == set(theirs.scores.first().revisions.all())
    assert not QuestionNote.objects.visible_to(recruiter).exists()
    assert set(QuestionNote.objects.visible_to(theirs.interviewer)) == {notes[0]}
    assert set(Score.objects.visible_to(draft.interviewer)) == set(draft.scores.all())


def test_within_narrows_what_hangs_on_a_card_too(opening: Opening, manager: User) -> None:
    cards = [make_scorecard(application=make_application(opening=opening), submitted=True) for _ in range(2)]
    for card in cards:
        Revision.objects.create(score=card.scores.first(), value=5, reason="slip", text="Slip.")
    within = Application.objects.filter(pk=cards[0].interview.application_id)

    assert set(Score.objects.visible_to(manager, within=within)) == set(cards[0].scores.all())
    assert Score.objects.visible_to(manager).count() == 10
    assert Revision.objects.visible_to(manager, within=within).get().score == cards[0].scores.first()
    assert Revision.objects.visible_to(manager).count() == 2


# Cards by what one has to do with them


def test_held_and_editable_are_ones_own(application: Application, interviewer: User) -> None:
    own = every_state(application, interviewer=interviewer)
    every_state(application)

    assert set(Scorecard.objects.held_by(interviewer)) == set(own.values())
    assert set(Scorecard.objects.editable_by(interviewer)) == {own["waiting"], own["draft"]}


def test_open_and_submitted_by_state(application: Application) -> None:
    cards = every_state(application)
    here = Scorecard.objects.filter(interview__application=application)

    assert set(here.open()) == {cards["waiting"], cards["draft"]}
    assert set(here.submitted()) == {cards["submitted"], cards["cancelled submitted"]}


def test_counted_are_submitted_and_not_shadow(application: Application) -> None:
    cards = every_state(application, values=[3])
    every_state(application, values=[3], is_shadow=True)
    here = Scorecard.objects.filter(interview__application=application)
    scores = Score.objects.filter(scorecard__in=here)

    counted = {cards["submitted"], cards["cancelled submitted"]}
    assert set(here.counted()) == counted
    assert {score.scorecard for score in scores.counted()} == counted


def test_the_team_manages_every_seat_once_and_reads_none(
    application: Application, recruiter: User, manager: User, stranger: User
) -> None:
    cards = set(every_state(application).values())
    role = OpeningMember.Role.HIRING_MANAGER
    OpeningMember.objects.create(opening=application.opening, user=recruiter, role=role)

    for person in (recruiter, manager):
        managed = list(Scorecard.objects.managed_by(person).filter(interview__application=application))
        assert (len(managed), set(managed)) == (len(cards), cards)
        assert {frozenset(card.get_deferred_fields()) for card in managed} == {frozenset({"recommendation", "summary"})}
    for person in (stranger, next(iter(cards)).interviewer, make_application().opening.created_by):
        assert not Scorecard.objects.managed_by(person).filter(interview__application=application).exists()


def test_a_panel_sees_its_own_seats_and_the_team_sees_all(
    application: Application, recruiter: User, interviewer: User, stranger: User
) -> None:
    first = make_interview(application=application)
    here = {make_scorecard(interview=first, interviewer=interviewer), make_scorecard(interview=first, submitted=True)}
    there = {make_scorecard(application=application)}
    role = OpeningMember.Role.HIRING_MANAGER
    OpeningMember.objects.create(opening=application.opening, user=recruiter, role=role)

    def seats(person: User) -> list[Scorecard]:
        return list(Scorecard.objects.seats_visible_to(person).filter(interview__application=application))

    assert (len(seats(interviewer)), set(seats(interviewer))) == (2, here)
    assert (len(seats(recruiter)), set(seats(recruiter))) == (3, here | there)
    assert seats(stranger) == []
    shown = {"id", "interview", "interviewer", "focus", "is_shadow"}
    kept = {field.name for field in Scorecard._meta.concrete_fields} - shown
    loaded = {name.removesuffix("_id") for name in seats(interviewer)[0].get_deferred_fields()}
    assert loaded == kept


def test_recruiters_of_the_opening_hand_back_what_is_in(
    application: Application, recruiter: User, manager: User, interviewer: User
) -> None:
    cards = every_state(application)
    other_recruiter = make_application().opening.created_by

    def returnable(person: User) -> set[Scorecard]:
        return set(Scorecard.objects.returnable_by(person).filter(interview__application=application))

    found = returnable(recruiter)
    assert found == {cards["submitted"]}
    assert {frozenset(card.get_deferred_fields()) for card in found} == {frozenset({"recommendation", "summary"})}
    for person in (manager, other_recruiter, interviewer, cards["submitted"].interviewer):
        assert returnable(person) == set()

    make_scorecard(application=make_application(candidate=application.candidate), interviewer=recruiter)
    assert returnable(recruiter) == set()
    unsealed = make_scorecard(application=make_application(opening=application.opening), submitted=True)
    assert unsealed in Scorecard.objects.returnable_by(recruiter)


def test_notes_are_disclosed_to_recruiters_who_may_read_the_card(
    application: Application, recruiter: User, manager: User
) -> None:
    question = application.opening.rubric_version.dimensions.first().questions.first()
    cards = [make_scorecard(application=application, submitted=True), make_scorecard(application=application)]
    notes = [QuestionNote.objects.create(scorecard=card, question=question, text="x") for card in cards]
    within = Application.objects.filter(pk=application.pk)
    assert not QuestionNote.objects.disclosed_to(recruiter, within=within).exists()

    Scorecard.objects.filter(pk=cards[1].pk).update(state="declined", declined_at=timezone.now(), decline_reason="x")

    assert set(QuestionNote.objects.disclosed_to(recruiter, within=within)) == {notes[0]}
    assert not QuestionNote.objects.disclosed_to(manager, within=within).exists()


def test_own_scores_and_cards_that_take_more(application: Application, interviewer: User) -> None:
    cards = every_state(application, interviewer=interviewer, values=[3])
    every_state(application, values=[3])

    assert {score.scorecard for score in Score.objects.held_by(interviewer)} == set(cards.values())
    assert {name for name, card in cards.items() if card.is_editable} == {"waiting", "draft"}
