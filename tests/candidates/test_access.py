"""The seal: who may read which scorecards."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from candidates.access import card_to_save, own_card
from candidates.looking import LookRefused, look_early, note_sight
from candidates.models import Application, EarlyLook, Opening, QuestionNote, Score, Scorecard, Sight
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_application, make_interview, make_scorecard, make_user


def readable(user: User) -> set[Scorecard]:
    """Others' cards that `user` may read."""
    return set(Scorecard.objects.visible_to(user).exclude(interviewer=user))


def test_interviewer_is_sealed_until_own_card_is_in(opening: Opening, interviewer: User, colleague: User) -> None:
    interview = make_interview(application=make_application(opening=opening))
    theirs = make_scorecard(interview=interview, interviewer=colleague, submitted=True)
    own = make_scorecard(interview=interview, interviewer=interviewer)

    assert readable(interviewer) == set()
    Scorecard.objects.filter(pk=own.pk).update(state="submitted", submitted_at=timezone.now())
    assert readable(interviewer) == {theirs}
    assert set(Score.objects.visible_to(interviewer)) == set(theirs.scores.all())


def test_open_card_in_another_interview_or_opening_seals_the_candidate(
    opening: Opening, interviewer: User, colleague: User
) -> None:
    application = make_application(opening=opening)
    theirs = make_scorecard(application=application, interviewer=colleague, submitted=True)
    make_scorecard(application=application, interviewer=interviewer, submitted=True)
    elsewhere = make_application(candidate=application.candidate)

    assert readable(interviewer) == {theirs}
    make_scorecard(application=elsewhere, interviewer=interviewer)
    assert readable(interviewer) == set()


def test_declining_does_not_unseal(opening: Opening, interviewer: User, colleague: User, manager: User) -> None:
    application = make_application(opening=opening)
    theirs = make_scorecard(application=application, interviewer=colleague, submitted=True)
    still_open = make_scorecard(application=application)
    make_scorecard(application=application, interviewer=interviewer, state="declined")
    make_scorecard(application=application, interviewer=manager, state="declined")

    assert readable(interviewer) == readable(manager) == set()
    with pytest.raises(LookRefused):
        look_early(user=manager, application_id=application.pk)
    Scorecard.objects.filter(pk=still_open.pk).update(state="submitted", submitted_at=timezone.now())
    assert readable(interviewer) == set()
    assert readable(manager) == {theirs, still_open}


def test_team_reads_when_all_cards_are_in_or_after_an_early_look(
    opening: Opening, recruiter: User, manager: User, colleague: User
) -> None:
    application = make_application(opening=opening)
    theirs = make_scorecard(application=application, interviewer=colleague, submitted=True)
    still_open = make_scorecard(application=application)

    assert readable(recruiter) == set()
    look = look_early(user=recruiter, application_id=application.pk)
    assert readable(recruiter) == {theirs}
    assert readable(manager) == set()
    assert (look.cards_in, look.cards_expected) == (1, 2)
    assert list(AuditEvent.objects.values_list("actor", "act", "candidate_id")) == [
        (recruiter.pk, "application.look_early", application.candidate_id)
    ]

    Scorecard.objects.filter(pk=still_open.pk).update(state="submitted", submitted_at=timezone.now())
    assert readable(manager) == {theirs, still_open}


def test_shadow_and_cancelled_cards_delay_nobody_but_a_shadow_is_sealed(opening: Opening, recruiter: User) -> None:
    application = make_application(opening=opening)
    theirs = make_scorecard(application=application, submitted=True)
    shadow = make_scorecard(application=application, is_shadow=True)
    cancelled = make_interview(application=application, cancelled_at=timezone.now())
    make_scorecard(interview=cancelled)

    assert readable(recruiter) == {theirs}
    assert readable(shadow.interviewer) == set()
    row = Application.objects.with_seal(recruiter).get()
    assert (row.cards_in, row.cards_expected, row.is_complete) == (1, 1, True)


@pytest.mark.parametrize("who", ["admin", "stranger"])
def test_outsiders_read_nothing_and_may_not_look_early(
    request: pytest.FixtureRequest, opening: Opening, who: str
) -> None:
    user = request.getfixturevalue(who)
    application = make_application(opening=opening)
    make_scorecard(application=application, submitted=True)
    make_scorecard(application=application)

    assert readable(user) == set()
    assert not Application.objects.visible_to(user).exists()
    with pytest.raises(LookRefused):
        look_early(user=user, application_id=application.pk)
    assert not EarlyLook.objects.exists()


def test_nobody_reads_others_drafts_or_notes(opening: Opening, recruiter: User, interviewer: User) -> None:
    application = make_application(opening=opening)
    draft = make_scorecard(application=application, values=[1, 2, 3, 4, 5])
    make_scorecard(application=application, interviewer=interviewer, submitted=True)
    question = draft.interview.pinned_version().dimensions.first().questions.first()
    note = QuestionNote.objects.create(scorecard=draft, question=question, text="quick")
    look_early(user=recruiter, application_id=application.pk)

    for user in (recruiter, interviewer):
        assert draft not in Scorecard.objects.visible_to(user)
        assert not QuestionNote.objects.visible_to(user).exists()
    assert list(QuestionNote.objects.visible_to(draft.interviewer)) == [note]


def test_sight_is_noted_once_and_stamps_the_cards(opening: Opening, recruiter: User) -> None:
    application = make_application(opening=opening)
    card = make_scorecard(application=application, submitted=True)
    own = make_scorecard(interview=card.interview, interviewer=recruiter, submitted=True)
    cards = Scorecard.objects.visible_to(recruiter).select_related("interview")

    note_sight(user=recruiter, cards=cards)
    card.refresh_from_db()
    first_seen_at = card.first_seen_at
    note_sight(user=recruiter, cards=cards.all())
    card.refresh_from_db()
    own.refresh_from_db()

    assert first_seen_at is not None
    assert card.first_seen_at == first_seen_at
    assert own.first_seen_at is None
    assert list(Sight.objects.values_list("application", "viewer")) == [(application.pk, recruiter.pk)]


def test_within_narrows_to_the_given_applications(opening: Opening) -> None:
    user = make_user()
    applications = [make_application(opening=opening) for _ in range(2)]
    theirs = [make_scorecard(application=application, submitted=True) for application in applications]
    for card in theirs:
        make_scorecard(interview=card.interview, interviewer=user, submitted=True)
    within = Application.objects.filter(pk=applications[0].pk)

    assert set(Scorecard.objects.visible_to(user, within=within).exclude(interviewer=user)) == {theirs[0]}


@pytest.mark.parametrize("read", [card_to_save, own_card])
def test_a_card_to_write_is_ones_own(
    read: Callable[[User, int], Scorecard | None], opening: Opening, interviewer: User, colleague: User
) -> None:
    application = make_application(opening=opening)
    own = make_scorecard(application=application, interviewer=interviewer, values=[4])
    others = make_scorecard(application=application, interviewer=colleague, values=[2])

    card = read(interviewer, own.pk)

    assert card is not None
    assert (card, card.interviewer, card.interview) == (own, interviewer, own.interview)
    assert [value for _, value, _, _ in card.typed_scores or []] == [4]
    assert (read(interviewer, others.pk), read(colleague, own.pk), read(interviewer, own.pk + 99)) == (None,) * 3


def test_own_card_comes_with_what_its_page_shows(
    opening: Opening, interviewer: User, django_assert_num_queries: Any
) -> None:
    application = make_application(opening=opening)
    pk = make_scorecard(application=application, interviewer=interviewer).pk

    with django_assert_num_queries(1):
        card = own_card(interviewer, pk)
        assert card is not None
        read = (card.interviewer, card.interview.application.candidate, card.interview.application.opening)

    assert read == (interviewer, application.candidate, opening)


def test_progress_is_what_was_given_and_how_many_notes_hold_text(opening: Opening, interviewer: User) -> None:
    application = make_application(opening=opening)
    cards = [make_scorecard(application=application, interviewer=interviewer, values=[4, None]) for _ in range(2)]
    asked = [question for part in opening.rubric_version.dimensions.all() for question in part.questions.all()]
    for card, texts in zip(cards, (["Said three deals.", "Asked back.", ""], []), strict=True):
        for question, text in zip(asked, texts, strict=False):
            QuestionNote.objects.create(scorecard=card, question=question, text=text)

    found = Scorecard.objects.filter(pk__in=[card.pk for card in cards]).with_progress().order_by("pk")

    first, second = (part.pk for part in opening.rubric_version.dimensions.all()[:2])
    given = [[first, 4, ""], [second, None, "did_not_come_up"]]
    assert [(sorted(card.given or []), card.notes_kept) for card in found] == [(given, 2), (given, 0)]
