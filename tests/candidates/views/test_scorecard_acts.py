"""The pages around a scorecard: read it, decline it, hand it back, revise a score."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import Opening, QuestionNote, Revision, Scorecard
from candidates.panels import cancel_interview
from candidates.scoring import CardChanged, RevisionRefused, revise_score
from candidates.sheet import load_sheet
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_scorecard

WHOLE = [4, 3, 2, None, 3]


def url(name: str, pk: int) -> str:
    """The address of a page of the scorecard."""
    return reverse(f"candidates:{name}", args=[pk])


def fresh(card: Scorecard) -> Scorecard:
    """The card as the database has it."""
    return Scorecard.objects.with_context().with_typed().get(pk=card.pk)


def stored(card: Scorecard) -> dict[str, str]:
    """The fields of the card that say anything."""
    return {name: value for name, value in load_sheet(fresh(card)).fields.items() if value}


def said(answer: Any) -> list[str]:
    """What a page tells of the act before it."""
    return [str(message) for message in answer.context["messages"]]


@pytest.fixture
def card(client: Client, opening: Opening, interviewer: User) -> Scorecard:
    """An unbegun seat of the person who is signed in."""
    client.force_login(interviewer)
    return fresh(make_scorecard(opening=opening, interviewer=interviewer))


# Reading


def test_read_view_shows_wording_evidence_revisions_tags_and_times(
    client: Client, opening: Opening, interviewer: User
) -> None:
    ended = timezone.now() - timedelta(hours=5)
    interview = make_interview(
        application=make_application(opening=opening), starts_at=ended - timedelta(hours=1), minutes=60
    )
    card = make_scorecard(
        interview=interview,
        interviewer=interviewer,
        values=[4, 3, None],
        submitted=True,
        is_shadow=True,
        is_independent=False,
        submitted_at=ended + timedelta(hours=3, minutes=10),
        summary="Yes, because.",
    )
    QuestionNote.objects.create(
        scorecard=card, question=opening.rubric_version.dimensions.first().questions.first(), text="my own note"
    )
    revise_score(user=interviewer, score=card.scores.first(), value=5, reason="debrief", text="Heard more.")
    client.force_login(interviewer)
    page = client.get(url("scorecard_detail", card.pk)).content.decode()

    for text in (
        "Strategic worth 4", "Said what happened, and what came of it.", "Not observed: did not come up",
        "Optional, not scored", "Debrief: Heard more.", "Shadow, not counted", "Not independent",
        "3 hours after the interview", "Yes, because.", "my own note", "Opened", "Submitted",
    ):  # fmt: skip
        assert text in page


def test_notes_stay_with_their_writer_and_reading_leaves_a_trace(
    client: Client, opening: Opening, interviewer: User, colleague: User
) -> None:
    theirs = make_scorecard(opening=opening, interviewer=colleague, submitted=True)
    make_scorecard(interview=theirs.interview, interviewer=interviewer, submitted=True)
    question = opening.rubric_version.dimensions.first().questions.first()
    QuestionNote.objects.create(scorecard=theirs, question=question, text="private words")
    client.force_login(interviewer)
    page = client.get(url("scorecard_detail", theirs.pk)).content.decode()

    assert "private words" not in page
    assert "Revise" not in page
    assert fresh(theirs).first_seen_at is not None
    assert theirs.interview.application.sights.get().viewer == interviewer


@pytest.mark.parametrize("panel", [1, 3])
def test_query_count_of_the_read_view_is_flat(
    client: Client, opening: Opening, interviewer: User, django_assert_num_queries: Any, panel: int
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True)
    for _ in range(panel):
        make_scorecard(interview=card.interview, submitted=True)
    client.force_login(interviewer)

    with django_assert_num_queries(13):
        assert len(client.get(url("scorecard_detail", card.pk)).context["reading"].others) == panel


def test_own_open_card_reads_as_the_page_to_fill_in(client: Client, card: Scorecard) -> None:
    assert client.get(url("scorecard_detail", card.pk))["Location"] == url("scorecard_edit", card.pk)


def test_still_sealed_by_another_card_says_so(client: Client, opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True)
    make_scorecard(interview=make_interview(application=card.interview.application), interviewer=interviewer)
    client.force_login(interviewer)
    page = client.get(url("scorecard_detail", card.pk)).content.decode()

    assert "You hold another open scorecard" in page
    assert "1 of 2 in." in page


# Declining, handing back, revising


def test_declining_asks_for_a_reason_and_says_what_follows(client: Client, card: Scorecard) -> None:
    address = url("scorecard_decline", card.pk)
    page = client.get(address)
    assert "stay hidden from you" in page.content.decode()
    assert page.context["form"].is_bound is False
    assert client.post(address, {"reason": ""}).status_code == 200
    assert fresh(card).state == "waiting"

    answer = client.post(address, {"reason": "could_not_attend"}, follow=True)
    assert said(answer) == [f"You declined the scorecard for {card.interview.application.candidate}."]
    assert (fresh(card).state, fresh(card).decline_reason) == ("declined", "could_not_attend")
    assert "Declined: could not attend" in answer.content.decode()
    assert client.get(address).status_code == 404


def test_declining_too_late_changes_nothing_and_says_so(
    client: Client, card: Scorecard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**_act: Any) -> None:
        raise CardChanged

    monkeypatch.setattr("candidates.views.scorecards.decline_card", too_late)
    answer = client.post(url("scorecard_decline", card.pk), {"reason": "could_not_attend"}, follow=True)

    assert said(answer) == ["This scorecard is no longer open, so it was not declined."]
    assert answer.redirect_chain[0] == (url("scorecard_detail", card.pk), 302)


def test_recruiter_of_the_opening_hands_back(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True)
    client.force_login(recruiter)

    interview = reverse("candidates:interview_detail", args=[card.interview_id])
    assert url("scorecard_hand_back", card.pk) in client.get(interview).content.decode()
    assert "Hand the scorecard back" in client.get(url("scorecard_hand_back", card.pk)).content.decode()
    answer = client.post(url("scorecard_hand_back", card.pk), follow=True)
    assert answer.redirect_chain == [(interview, 302)]
    assert said(answer) == [f"{interviewer} has the scorecard back as a draft."]
    assert fresh(card).state == "draft"
    assert url("scorecard_hand_back", card.pk) not in client.get(interview).content.decode()
    client.force_login(interviewer)
    assert "Handed back to you as a draft" in client.get(url("scorecard_edit", card.pk)).content.decode()


def test_hand_back_of_a_card_that_was_read_changes_nothing(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True, first_seen_at=timezone.now())
    client.force_login(recruiter)
    page = client.get(url("scorecard_hand_back", card.pk)).content.decode()
    answer = client.post(url("scorecard_hand_back", card.pk), follow=True).content.decode()

    assert fresh(card).state == "submitted"
    assert "has been read since it was submitted" in page
    assert ">Hand back scorecard<" not in page
    assert "can’t be handed back: somebody has read scores in between" in answer
    assert url("scorecard_hand_back", card.pk) not in answer


def test_cards_of_a_cancelled_interview_stay_as_they_are(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    begun = make_scorecard(opening=opening, interviewer=interviewer, values=[3] * 5, recommendation=3)
    card = make_scorecard(interview=begun.interview, submitted=True)
    cancel_interview(user=recruiter, interview=begun.interview)
    client.force_login(interviewer)
    submitted = client.post(
        url("scorecard_review", begun.pk), {"version": begun.version, "submission_key": str(uuid4())}, follow=True
    )
    client.force_login(recruiter)
    back = client.post(url("scorecard_hand_back", card.pk))

    assert submitted.redirect_chain == [(url("scorecard_detail", begun.pk), 302)]
    assert back.status_code == 404
    assert (fresh(begun).state, fresh(card).state) == ("draft", "submitted")


@pytest.mark.parametrize("who", ["manager", "interviewer", "colleague", "stranger", "admin", "sealed recruiter"])
def test_nobody_else_hands_back(
    request: pytest.FixtureRequest, client: Client, opening: Opening, recruiter: User, interviewer: User, who: str
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True)
    user = recruiter if who == "sealed recruiter" else request.getfixturevalue(who)
    if who == "sealed recruiter":
        make_scorecard(interview=card.interview, interviewer=recruiter)
    client.force_login(user)

    assert client.get(url("scorecard_hand_back", card.pk)).status_code == 404
    assert client.post(url("scorecard_hand_back", card.pk)).status_code == 404


def test_revising_shows_both_scores_and_refuses_the_standing_one(
    client: Client, opening: Opening, interviewer: User
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True)
    score = card.scores.first()
    client.force_login(interviewer)
    address = url("score_revise", score.pk)
    page = client.get(address)
    assert "Strategic worth 5" in page.content.decode()
    assert (page.context["form"].is_bound, page.context["current"]) == (False, 3)

    same = client.post(address, {"value": "3", "reason": "slip", "text": "Same."})
    assert "3 is the score that stands" in same.content.decode()
    bare = client.post(address, {"value": "4", "reason": "", "text": " "})
    assert bare.status_code == 200
    assert not Revision.objects.exists()

    answer = client.post(address, {"value": "4", "reason": "debrief", "text": "Heard more."}, follow=True)
    assert "Debrief: Heard more." in answer.content.decode()
    assert score.revisions.get().value == 4
    page = client.get(address)
    assert "revised to" in page.content.decode()
    assert page.context["current"] == 4


def test_revising_what_changed_in_another_tab_files_nothing_and_says_so(
    client: Client, opening: Opening, interviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True)
    client.force_login(interviewer)

    def too_late(**_act: Any) -> None:
        raise RevisionRefused

    monkeypatch.setattr("candidates.views.scorecards.revise_score", too_late)
    data = {"value": "4", "reason": "debrief", "text": "Heard more."}
    answer = client.post(url("score_revise", card.scores.first().pk), data, follow=True)

    assert answer.redirect_chain == [(url("scorecard_detail", card.pk), 302)]
    assert said(answer) == ["The score changed in another tab, so nothing was filed. Look at it again."]


@pytest.mark.parametrize("who", ["recruiter", "manager", "colleague", "stranger", "admin"])
def test_nobody_else_revises(
    request: pytest.FixtureRequest, client: Client, opening: Opening, interviewer: User, who: str
) -> None:
    score = make_scorecard(opening=opening, interviewer=interviewer, submitted=True).scores.first()
    client.force_login(request.getfixturevalue(who))

    assert client.get(url("score_revise", score.pk)).status_code == 404


def test_draft_score_has_nothing_to_revise(client: Client, opening: Opening, interviewer: User) -> None:
    score = make_scorecard(opening=opening, interviewer=interviewer, values=WHOLE).scores.first()
    client.force_login(interviewer)

    assert client.get(url("score_revise", score.pk)).status_code == 404
