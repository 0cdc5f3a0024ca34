"""The scorecard's own pages: fill in, review, submit; without any script."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import Candidate, Opening, Scorecard
from candidates.scoring import CardChanged, decline_card
from candidates.sheet import load_sheet
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_rubric_version, make_scorecard, make_user

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


def test_text_for_a_card_that_closes_while_it_is_saved_is_handed_back(
    client: Client, card: Scorecard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**_save: Any) -> int:
        decline_card(user=card.interviewer, card=card, reason="could_not_attend")
        raise CardChanged

    monkeypatch.setattr("candidates.views.scorecards.save_draft", too_late)
    answer = client.post(url("scorecard_edit", card.pk), {"summary": "Typed since.", "version": "0"})

    assert answer.status_code == 409
    assert [(clash.name, clash.mine) for clash in answer.context["unsaved"]] == [("summary", "Typed since.")]


def test_a_card_of_an_erased_candidate_takes_no_text_and_says_why(client: Client, card: Scorecard) -> None:
    decline_card(user=card.interviewer, card=card, reason="could_not_attend")
    Candidate.objects.update(email="", erased_at=timezone.now())
    answer = client.post(url("scorecard_edit", card.pk), {"summary": "Typed since.", "version": "0"}, follow=True)

    assert answer.redirect_chain == [(url("scorecard_detail", card.pk), 302)]
    assert [str(message) for message in answer.context["messages"]] == [
        "This candidate’s data were erased, so nothing is written about them any more."
    ]


def test_a_declined_card_tells_nothing_of_an_erasure(client: Client, card: Scorecard) -> None:
    decline_card(user=card.interviewer, card=card, reason="could_not_attend")
    answer = client.get(url("scorecard_edit", card.pk), follow=True)

    assert answer.redirect_chain == [(url("scorecard_detail", card.pk), 302)]
    assert list(answer.context["messages"]) == []


def test_page_names_the_panel_in_the_order_of_its_seats(client: Client, card: Scorecard, stranger: User) -> None:
    make_scorecard(interview=card.interview, interviewer=make_user(name="Abel Last"))
    make_scorecard(application=card.interview.application, interviewer=stranger)

    page = client.get(url("scorecard_edit", card.pk))

    assert page.context["panel"] == [("Daniel Interviewer", "DI"), ("Abel Last", "AL")]
    assert page.context["show_gaps"] is False


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


@pytest.mark.parametrize("name", ["scorecard_edit", "scorecard_review", "scorecard_decline", "scorecard_detail"])
@pytest.mark.parametrize("pk", [2**31, 2**63 - 1, 2**63, 10**25])
def test_a_number_that_no_card_can_have_is_absent(client: Client, card: Scorecard, name: str, pk: int) -> None:
    assert client.get(url(name, pk)).status_code == 404


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


def test_saving_goes_on_to_the_review_if_asked(client: Client, card: Scorecard) -> None:
    answer = client.post(url("scorecard_edit", card.pk), {"summary": "So.", "version": "0", "act": "review"})

    assert (answer.status_code, answer["Location"]) == (302, url("scorecard_review", card.pk))
    assert stored(card) == {"summary": "So."}


def test_review_is_of_an_open_card_and_finds_no_fault_before_anything_is_sent(client: Client, card: Scorecard) -> None:
    form = client.get(url("scorecard_review", card.pk)).context["form"]
    decline_card(user=card.interviewer, card=card, reason="could_not_attend")
    closed = client.get(url("scorecard_review", card.pk))

    assert (form.is_bound, form.initial) == (False, {"version": 0})
    assert (closed.status_code, closed["Location"]) == (302, url("scorecard_detail", card.pk))


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
    assert [str(message) for message in answer.context["messages"]] == [
        "This scorecard changed in another tab after you opened its review. Read it again."
    ]
    assert answer.context["form"].initial == {"version": 1}
    assert fresh(card).state == "draft"


def test_a_card_that_closes_while_it_is_submitted_is_shown_as_it_is(
    client: Client, card: Scorecard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**_act: Any) -> None:
        decline_card(user=card.interviewer, card=card, reason="could_not_attend")
        raise CardChanged

    monkeypatch.setattr("candidates.views.scorecards.submit_card", too_late)
    answer = client.post(url("scorecard_review", card.pk), {"version": "0", "submission_key": str(uuid4())})

    assert (answer.status_code, answer["Location"]) == (302, url("scorecard_detail", card.pk))


def test_a_card_that_is_in_is_not_submitted_again_and_shown_as_it_is(
    client: Client, opening: Opening, interviewer: User
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=WHOLE, recommendation=3)
    client.force_login(interviewer)
    addresses = []
    for _ in range(2):
        data = {"version": "0", "submission_key": str(uuid4())}
        answer = client.post(url("scorecard_review", card.pk), data, follow=True)
        addresses += answer.redirect_chain

    assert addresses == [(url("scorecard_detail", card.pk), 302)] * 2
    assert list(answer.context["messages"]) == []
    assert (fresh(card).state, fresh(card).version) == ("submitted", 1)


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
