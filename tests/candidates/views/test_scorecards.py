"""The scorecard's pages: fill in, review, submit, read, decline, hand back, revise; without any script."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import Opening, QuestionNote, Revision, Scorecard
from candidates.scoring import revise_score
from candidates.sheet import load_sheet
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_rubric_version, make_scorecard

WHOLE = [4, 3, 2, None, 3]


def url(name: str, pk: int) -> str:
    """The address of a page of the scorecard."""
    return reverse(f"candidates:{name}", args=[pk])


def fresh(card: Scorecard) -> Scorecard:
    """The card as the database has it."""
    return Scorecard.objects.with_context().get(pk=card.pk)


def stored(card: Scorecard) -> dict[str, str]:
    """The fields of the card that say anything."""
    return {name: value for name, value in load_sheet(fresh(card)).fields.items() if value}


@pytest.fixture
def card(client: Client, opening: Opening, interviewer: User) -> Scorecard:
    """An unbegun seat of the person who is signed in."""
    client.force_login(interviewer)
    return fresh(make_scorecard(opening=opening, interviewer=interviewer))


# Filling it in


def test_page_holds_the_kit_and_the_card(client: Client, card: Scorecard) -> None:
    page = client.get(url("scorecard_edit", card.pk)).content.decode()

    for text in ("Strategic question 0?", "And then?", "Who else?", "A reason.", "What Strategic means.", "Your focus"):
        assert text in page
    for value in range(1, 6):
        assert f"Teams worth {value}" in page
    assert page.index("Teams worth 5") < page.index("would you hire")
    assert not re.search(r'type="radio"[^>]* checked', page)
    assert fresh(card).opened_at is not None


def test_dimensions_out_of_focus_are_folded_and_optional(client: Client, opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, focus=["strategic"])
    client.force_login(interviewer)
    page = client.get(url("scorecard_edit", card.pk)).content.decode()

    assert '<details class="dim" id="strategic" data-part data-focus open>' in page
    assert '<details class="dim" id="teams" data-part>' in page


def test_saving_keeps_incomplete_input(client: Client, card: Scorecard) -> None:
    note = "note.strategic.strategic-0"
    typed = {"rating.strategic": "5", "rating.action": "no", note: " a\r\nb ", "summary": "So."}
    answer = client.post(url("scorecard_edit", card.pk), typed | {"version": "0", "act": "save"})

    assert (answer.status_code, answer["Location"]) == (302, url("scorecard_edit", card.pk))
    assert stored(card) == {
        "rating.strategic": "5",
        "rating.action": "no",
        "reason.action": "no_reason_yet",
        note: " a\nb ",
        "summary": "So.",
    }
    assert fresh(card).state == "draft"
    page = client.get(url("scorecard_edit", card.pk)).content.decode()
    assert "Evidence missing" in page
    assert "Saved " in page


def test_rating_drops_the_reason_that_stands_beside_it(client: Client, card: Scorecard) -> None:
    typed = {"rating.strategic": "4", "reason.strategic": "no_example", "version": "0"}
    client.post(url("scorecard_edit", card.pk), typed)

    assert stored(card) == {"rating.strategic": "4"}


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("rating.strategic", "6", "6 is not one of the available choices"),
        ("reason.strategic", "bored", "bored is not one of the available choices"),
        ("recommendation", "0", "0 is not one of the available choices"),
        ("evidence.strategic", "x" * 8001, "at most 8000 characters"),
        ("summary", "a\x00b", "Null characters are not allowed"),
    ],
)
def test_bad_input_is_named_and_nothing_is_lost(
    client: Client, card: Scorecard, field: str, value: str, error: str
) -> None:
    typed = {"version": "0", "evidence.teams": "Typed beside it.", field: value}
    answer = client.post(url("scorecard_edit", card.pk), typed)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert error in page
    assert "Typed beside it." in page
    assert stored(card) == {}


def test_saving_over_another_tab_shows_both_texts_and_keeps_what_is_chosen(client: Client, card: Scorecard) -> None:
    address = url("scorecard_edit", card.pk)
    other = {"evidence.teams": "Other tab.", "evidence.action": "Only there.", "rating.teams": "2"}
    client.post(address, other | {"version": "0"})
    mine = {"evidence.teams": "This tab.", "evidence.action": "", "rating.teams": "4", "summary": "Mine alone."}
    answer = client.post(address, mine | {"version": "0"})
    page = answer.content.decode()

    assert answer.status_code == 409
    assert stored(card) == other
    for text in ("Changed in another tab", "Other tab.", "This tab.", "Evidence on Action", "Why, in two sentences"):
        assert text in page
    assert answer.context["sheet"].card.version == 1

    choices = {"keep.evidence.teams": "both", "keep.evidence.action": "theirs", "keep.rating.teams": "mine"}
    client.post(address, mine | choices | {"version": "1"})
    assert stored(card) == {
        "evidence.teams": "Other tab.\n\nThis tab.",
        "evidence.action": "Only there.",
        "rating.teams": "4",
        "summary": "Mine alone.",
    }


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999"])
def test_unreadable_version_is_a_conflict_not_a_save(client: Client, card: Scorecard, version: str) -> None:
    answer = client.post(url("scorecard_edit", card.pk), {"summary": "Mine.", "version": version})

    assert answer.status_code == 409
    assert stored(card) == {}


def test_text_for_a_card_that_closed_meanwhile_is_handed_back(client: Client, card: Scorecard) -> None:
    Scorecard.objects.filter(pk=card.pk).update(
        state="declined", declined_at=timezone.now(), decline_reason="could_not_attend"
    )
    answer = client.post(url("scorecard_edit", card.pk), {"summary": "Typed since.", "version": "0"})

    assert answer.status_code == 409
    assert "Typed since." in answer.content.decode()
    assert client.get(url("scorecard_edit", card.pk)).status_code == 302


def test_own_earlier_cards_are_out_of_sight_while_rating(client: Client, card: Scorecard, interviewer: User) -> None:
    earlier = make_scorecard(
        interview=make_interview(application=card.interview.application),
        interviewer=interviewer,
        submitted=True,
        evidence="Earlier impression.",
        summary="Earlier verdict.",
    )
    page = client.get(url("scorecard_edit", card.pk)).content.decode()

    assert "Earlier" not in page
    assert url("scorecard_detail", earlier.pk) not in page


def test_old_card_keeps_the_wording_it_was_opened_with(client: Client, card: Scorecard, opening: Opening) -> None:
    client.get(url("scorecard_edit", card.pk))
    opening.rubric_version = make_rubric_version(rubric=opening.rubric_version.rubric, number=2, dimensions=2)
    opening.save()

    assert "Teams worth 5" in client.get(url("scorecard_edit", card.pk)).content.decode()


@pytest.mark.parametrize("who", ["recruiter", "manager", "colleague", "stranger", "admin"])
@pytest.mark.parametrize("name", ["scorecard_edit", "scorecard_review", "scorecard_decline", "scorecard_detail"])
def test_anothers_open_card_is_absent(
    request: pytest.FixtureRequest, client: Client, card: Scorecard, who: str, name: str
) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.get(url(name, card.pk)).status_code == 404
    assert client.post(url(name, card.pk), {"version": "0"}).status_code in (404, 405)
    assert client.get(url(name, 99999)).status_code == 404


@pytest.mark.parametrize("candidates", [1, 3, 30])
def test_query_count_is_flat(
    client: Client, opening: Opening, interviewer: User, django_assert_num_queries: Any, candidates: int
) -> None:
    cards = [
        make_scorecard(
            application=make_application(opening=opening), interviewer=interviewer, values=WHOLE, focus=["strategic"]
        )
        for _ in range(candidates)
    ]
    client.force_login(interviewer)

    with django_assert_num_queries(10):
        client.get(url("scorecard_edit", cards[0].pk))


# Reviewing and submitting


def test_review_shows_gaps_nudges_and_the_way_to_the_first_gap(
    client: Client, opening: Opening, interviewer: User
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=[5, 5, 5], evidence="", recommendation=1)
    client.force_login(interviewer)
    page = client.get(url("scorecard_review", card.pk)).content.decode()

    assert "5 things still to fill in" in page
    assert "All 3 ratings are 5" in page
    assert "You recommend “strong no”, and your ratings lean high." in page
    assert f"{url('scorecard_edit', card.pk)}?gaps=1#id_evidence.strategic" in page
    assert "Submit scorecard" not in page


def test_submitting_with_gaps_leads_to_the_first_with_the_rest_untouched(
    client: Client, opening: Opening, interviewer: User
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=[3, 5, 3], evidence="", recommendation=1)
    client.force_login(interviewer)
    before = stored(card)
    answer = client.post(url("scorecard_review", card.pk), {"version": "0", "submission_key": str(uuid4())})

    assert answer["Location"] == f"{url('scorecard_edit', card.pk)}?gaps=1#id_evidence.measurable"
    assert (fresh(card).state, stored(card)) == ("draft", before)
    page = client.get(answer["Location"]).content.decode()
    assert "A 5 needs what you heard that earned it, before you submit." in page
    assert page.count('aria-invalid="true"') == 1


def test_submitting_breaks_the_seal_and_leads_to_what_is_visible(
    client: Client, opening: Opening, interviewer: User, colleague: User
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=WHOLE, recommendation=3)
    theirs = make_scorecard(interview=card.interview, interviewer=colleague, submitted=True)
    client.force_login(interviewer)
    assert client.get(url("scorecard_detail", theirs.pk)).status_code == 404

    answer = client.post(
        url("scorecard_review", card.pk), {"version": "0", "submission_key": str(uuid4())}, follow=True
    )

    assert answer.redirect_chain == [(url("scorecard_detail", card.pk), 302)]
    assert url("scorecard_detail", theirs.pk) in answer.content.decode()
    assert client.get(url("scorecard_detail", theirs.pk)).status_code == 200


def test_same_key_again_gives_the_same_answer(client: Client, opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=WHOLE, recommendation=3)
    client.force_login(interviewer)
    data = {"version": "0", "submission_key": str(uuid4())}
    answers = [client.post(url("scorecard_review", card.pk), data) for _ in range(3)]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, url("scorecard_detail", card.pk))}
    assert fresh(card).version == 1


def test_review_of_a_card_that_changed_since_is_shown_again(
    client: Client, opening: Opening, interviewer: User
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=WHOLE, recommendation=3)
    client.force_login(interviewer)
    client.post(url("scorecard_edit", card.pk), {"version": "0", "summary": "From another tab."})
    answer = client.post(url("scorecard_review", card.pk), {"version": "0", "submission_key": str(uuid4())})

    assert answer.status_code == 409
    assert "From another tab." in answer.content.decode()
    assert fresh(card).state == "draft"


@pytest.mark.parametrize("data", [{}, {"version": "0", "submission_key": "x"}, {"submission_key": str(uuid4())}])
def test_unreadable_submission_submits_nothing(
    client: Client, opening: Opening, interviewer: User, data: dict[str, str]
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=WHOLE, recommendation=3)
    client.force_login(interviewer)
    answer = client.post(url("scorecard_review", card.pk), data)

    assert answer.status_code == 200
    assert "Open it again from your scorecard" in answer.content.decode()
    assert fresh(card).state == "draft"


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

    with django_assert_num_queries(15):
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
    assert "stay hidden from you" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 200
    assert fresh(card).state == "waiting"

    answer = client.post(address, {"reason": "could_not_attend"}, follow=True)
    assert (fresh(card).state, fresh(card).decline_reason) == ("declined", "could_not_attend")
    assert "Declined: could not attend" in answer.content.decode()
    assert client.get(address).status_code == 404


def test_recruiter_of_the_opening_hands_back(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True)
    client.force_login(recruiter)

    interview = reverse("candidates:interview_detail", args=[card.interview_id])
    assert url("scorecard_hand_back", card.pk) in client.get(interview).content.decode()
    assert "Hand the scorecard back" in client.get(url("scorecard_hand_back", card.pk)).content.decode()
    assert client.post(url("scorecard_hand_back", card.pk))["Location"] == interview
    assert fresh(card).state == "draft"
    assert url("scorecard_hand_back", card.pk) not in client.get(interview).content.decode()
    client.force_login(interviewer)
    assert "Handed back to you as a draft" in client.get(url("scorecard_edit", card.pk)).content.decode()


def test_hand_back_of_a_card_that_was_read_changes_nothing(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True, first_seen_at=timezone.now())
    client.force_login(recruiter)
    answer = client.post(url("scorecard_hand_back", card.pk), follow=True).content.decode()

    assert fresh(card).state == "submitted"
    assert "can’t be handed back: somebody has read scores in between" in answer
    assert url("scorecard_hand_back", card.pk) not in answer


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
    assert "Strategic worth 5" in client.get(address).content.decode()

    same = client.post(address, {"value": "3", "reason": "slip", "text": "Same."})
    assert "3 is the score that stands" in same.content.decode()
    bare = client.post(address, {"value": "4", "reason": "", "text": " "})
    assert bare.status_code == 200
    assert not Revision.objects.exists()

    answer = client.post(address, {"value": "4", "reason": "debrief", "text": "Heard more."}, follow=True)
    assert "Debrief: Heard more." in answer.content.decode()
    assert score.revisions.get().value == 4


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
