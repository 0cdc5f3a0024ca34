"""Recording and reading decisions, through their real addresses."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.deciding import record_decision
from candidates.looking import look_early
from candidates.models import Application, Decision, EarlyLook, Opening, Revision, Score, Scorecard, Sight
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_application, make_scorecard, make_user

RATINGS = {
    "Amara Okafor": [[5, 5, 4, 5, 4], [5, 4, 4, 5, 5], [4, 5, 4, 5, 4]],
    "Jonas Keller": [[3, 3, 3, 3, 4], [3, 4, 3, 3, 3], [3, 3, 3, 4, 3]],
}


@pytest.fixture
def panel(db: None) -> list[User]:
    """Three people who rate everybody."""
    return [make_user(name=name) for name in ("Daniel Achebe", "Dora Alvarez", "Olivier Fontaine")]


@pytest.fixture
def shortlist(opening: Opening, panel: list[User]) -> list[Application]:
    """Amara is clearly ahead of Jonas."""
    found = []
    for name, cards in RATINGS.items():
        application = make_application(opening=opening, name=name, stage=Application.Stage.DEBRIEF)
        for rater, values in zip(panel, cards, strict=True):
            make_scorecard(application=application, interviewer=rater, values=values, submitted=True)
        found.append(application)
    return found


def decide_url(application: Application) -> str:
    """Where one decides."""
    return reverse("candidates:decision_create", args=[application.pk])


def text_of(response: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_decision_keeps_what_was_known(client, manager, opening, panel, shortlist):
    score = Score.objects.get(scorecard__interviewer=panel[2], value=4, dimension__key="strategic")
    Revision.objects.create(score=score, value=5, reason="debrief", text="Heard the rest.")
    EarlyLook.objects.create(application=shortlist[0], viewer=manager, cards_in=2, cards_expected=3)
    shortlist[0].interviews.first().scorecards.update(is_independent=False)
    client.force_login(manager)

    response = client.post(decide_url(shortlist[0]), {"outcome": "offer", "rationale": "Forty accounts."}, follow=True)

    decision = Decision.objects.get()
    assert response.redirect_chain == [(reverse("candidates:decision_detail", args=[decision.pk]), 302)]
    assert (decision.outcome, decision.rationale, decision.against_order_reason) == ("offer", "Forty accounts.", "")
    assert decision.decided_by == manager
    known = decision.snapshot
    assert (known["before"]["total"], known["after"]["total"]) == (pytest.approx(68 / 15), pytest.approx(69 / 15))
    assert known["before"]["tier"] == 1
    assert known["before"]["coverage"] == 1
    assert known["before"]["interval"][0] < 68 / 15 < known["before"]["interval"][1]
    assert known["dimensions"][0] == {
        "key": "strategic",
        "letter": "S",
        "name": "Strategic",
        "points": 20,
        "is_apart": False,
        "before": pytest.approx(14 / 3),
        "after": 5,
        "ratings": 3,
    }
    assert (known["cards_in"], known["cards_expected"], known["recommendations"]) == (3, 3, "3 yes")
    assert known["rubric"] == {"id": opening.rubric_version_id, "name": "SMART", "number": 1}
    assert known["not_independent"] == [panel[0].pk]
    assert [look["viewer"] for look in known["early_looks"]] == [manager.pk]
    event = AuditEvent.objects.get(act="decision.record")
    assert (event.subject_id, event.candidate_id, event.detail) == (
        decision.pk,
        shortlist[0].candidate_id,
        {"outcome": "offer"},
    )
    said = text_of(response)
    for words in ("Offer: Amara Okafor", "Forty accounts.", "3 of 3 scorecards in", "4.53", "4.60", "Daniel Achebe"):
        assert words in said


def test_a_record_stays_as_it_was_when_the_weights_change(client, manager, opening, shortlist):
    client.force_login(manager)
    client.post(decide_url(shortlist[0]), {"outcome": "hold", "rationale": "Waits."})
    decision = Decision.objects.get()
    before = client.get(reverse("candidates:decision_detail", args=[decision.pk])).content
    opening.weights.filter(dimension_key="strategic").update(points=90)

    after = client.get(reverse("candidates:decision_detail", args=[decision.pk])).content

    table = re.compile(rb"<table.*</table>", re.DOTALL)
    assert table.findall(before) == table.findall(after) != []


@pytest.mark.parametrize(
    ("who", "outcome", "words"),
    [
        (0, "reject", "Amara Okafor is in a tier above Jonas Keller, who is still in play."),
        (1, "offer", "Amara Okafor is clearly ahead of Jonas Keller, and still in play."),
    ],
)
def test_against_the_order_asks_for_its_reason(client, manager, shortlist, who, outcome, words):
    client.force_login(manager)
    url = decide_url(shortlist[who])

    announced = text_of(client.get(url))
    refused = text_of(client.post(url, {"outcome": outcome, "rationale": "Because."}))

    assert words in announced
    assert f"This goes against the order: {words} Say why." in refused
    assert not Decision.objects.exists()
    data = {"outcome": outcome, "rationale": "Because.", "against_order_reason": "The references."}
    assert "Against the order, because The references." in text_of(client.post(url, data, follow=True))


@pytest.mark.parametrize(("who", "outcome"), [(0, "offer"), (1, "reject"), (1, "hold"), (0, "hold")])
def test_with_the_order_no_reason_beside_the_reason_is_asked_or_kept(client, manager, shortlist, who, outcome):
    client.force_login(manager)

    client.post(decide_url(shortlist[who]), {"outcome": outcome, "rationale": "R.", "against_order_reason": "Typed."})

    assert Decision.objects.get().against_order_reason == ""


def test_an_offer_to_somebody_rejected_before_goes_against_the_order_too(client, manager, shortlist):
    Application.objects.filter(pk=shortlist[1].pk).update(stage=Application.Stage.REJECTED)
    client.force_login(manager)

    response = client.post(decide_url(shortlist[1]), {"outcome": "offer", "rationale": "We changed our mind."})

    assert "Amara Okafor is clearly ahead of Jonas Keller, and still in play." in text_of(response)
    assert not Decision.objects.exists()


def test_who_is_out_of_play_is_no_order_to_go_against(client, manager, shortlist):
    Application.objects.filter(pk=shortlist[0].pk).update(stage=Application.Stage.WITHDRAWN)
    client.force_login(manager)

    client.post(decide_url(shortlist[1]), {"outcome": "offer", "rationale": "The one left."})

    assert Decision.objects.get().outcome == "offer"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Choose a decision."),
        ({"outcome": "hire"}, "Choose one of the three decisions."),
        ({"outcome": "hold", "rationale": "  "}, "Write the reason: which evidence decided it?"),
        ({"outcome": "hold", "rationale": "x" * 4001}, "at most 4000 characters"),
    ],
)
def test_what_is_wrong_is_said(client, manager, shortlist, data, message):
    client.force_login(manager)

    response = client.post(decide_url(shortlist[0]), data)

    assert message in text_of(response)
    assert not Decision.objects.exists()


def test_only_the_team_decides_and_reads_decisions(client, manager, panel, stranger, admin, shortlist):
    client.force_login(manager)
    client.post(decide_url(shortlist[0]), {"outcome": "hold", "rationale": "Waits."})
    record = reverse("candidates:decision_detail", args=[Decision.objects.get().pk])

    for person in (panel[0], stranger, admin):
        client.force_login(person)
        assert client.get(decide_url(shortlist[0])).status_code == 404
        assert client.post(decide_url(shortlist[0]), {"outcome": "hold", "rationale": "No."}).status_code == 404
        assert client.get(record).status_code == 404
    assert Decision.objects.count() == 1


def test_a_sealed_team_member_neither_decides_nor_reads(client, manager, recruiter, shortlist):
    client.force_login(manager)
    client.post(decide_url(shortlist[0]), {"outcome": "hold", "rationale": "Waits."})
    make_scorecard(application=shortlist[0], interviewer=recruiter)
    client.force_login(recruiter)

    shown = client.get(decide_url(shortlist[0]))
    posted = client.post(decide_url(shortlist[0]), {"outcome": "offer", "rationale": "Now."})

    assert "You can’t decide on Amara Okafor yet" in text_of(shown)
    assert "Hidden until you submit your scorecard. 3 of 4 scorecards in." in text_of(shown)
    assert "Waits." not in text_of(shown)
    assert "You can’t decide on Amara Okafor yet" in text_of(posted)
    assert client.get(reverse("candidates:decision_detail", args=[Decision.objects.get().pk])).status_code == 404
    assert not Sight.objects.filter(viewer=recruiter).exists()


def test_a_record_tells_nothing_of_candidates_who_are_hidden(client, manager, recruiter, panel, shortlist):
    """Not by the tier, nor by what was said of the order, of who may read the record but not whom it compares with."""
    ahead, behind = shortlist
    own = make_scorecard(application=ahead, interviewer=manager)
    look_early(user=recruiter, application_id=ahead.pk)
    decision = record_decision(
        user=recruiter, application=behind, outcome="offer", rationale="Ready now.", against_order_reason="Amara left."
    )
    address = reverse("candidates:decision_detail", args=[decision.pk])
    client.force_login(manager)
    sealed = text_of(client.get(address))
    Scorecard.objects.filter(pk=own.pk).update(state="declined", declined_at=timezone.now(), decline_reason="candidate")
    read = text_of(client.get(address))

    assert "Ready now." in sealed
    assert "Tier – –" in sealed
    assert "hidden from you for now" in sealed
    assert "Amara left." not in sealed
    assert "Tier 2 of 2, 2 compared" in read
    assert "Amara left." in read
    assert "hidden from you for now" not in read


def test_before_all_cards_are_in_a_look_early_comes_first(client, manager, panel, shortlist):
    make_scorecard(application=shortlist[0], interviewer=make_user(name="Sanna Late"))
    client.force_login(manager)

    said = text_of(client.get(decide_url(shortlist[0])))

    assert "You can’t decide on Amara Okafor yet" in said
    assert "Look early" in said


def test_nobody_met_can_still_be_declined_and_the_record_says_so(client, manager, opening):
    application = make_application(opening=opening, name="Clara New", stage=Application.Stage.SCREENING)
    client.force_login(manager)

    response = client.post(decide_url(application), {"outcome": "reject", "rationale": "No team led."}, follow=True)

    assert "0 of 0 scorecards in" in text_of(response)
    assert Decision.objects.get().snapshot["before"]["total"] is None


def test_a_later_decision_is_a_new_one_and_the_stage_moves_by_its_own_act(client, manager, shortlist):
    client.force_login(manager)
    client.post(decide_url(shortlist[0]), {"outcome": "hold", "rationale": "Waits."})
    client.post(decide_url(shortlist[0]), {"outcome": "offer", "rationale": "References are in."})
    later, first = Decision.objects.all()

    old = text_of(client.get(reverse("candidates:decision_detail", args=[first.pk])))
    new = text_of(client.get(reverse("candidates:decision_detail", args=[later.pk])))

    assert "A later decision took its place: Offer" in old
    assert "Amara Okafor is still in debrief." in new
    assert "Move to offer" in new
    assert Application.objects.get(pk=shortlist[0].pk).stage == "debrief"


def test_a_second_click_records_no_second_decision(client, manager, recruiter, shortlist):
    data = {"outcome": "hold", "rationale": "Waits."}
    client.force_login(manager)
    first, second = (client.post(decide_url(shortlist[0]), data).url for _ in range(2))
    client.force_login(recruiter)
    by_another = client.post(decide_url(shortlist[0]), data).url

    assert first == second
    assert by_another != first
    assert (Decision.objects.count(), AuditEvent.objects.filter(act="decision.record").count()) == (2, 2)


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts_are_flat(client, manager, opening, panel, count, django_assert_num_queries):
    for _ in range(count):
        application = make_application(opening=opening, stage=Application.Stage.DEBRIEF)
        for rater in panel:
            make_scorecard(application=application, interviewer=rater, submitted=True)
    client.force_login(manager)
    client.get(decide_url(application))
    client.post(decide_url(application), {"outcome": "hold", "rationale": "Waits."})
    record = reverse("candidates:decision_detail", args=[Decision.objects.get().pk])

    with django_assert_num_queries(16):
        client.get(decide_url(application))
    with django_assert_num_queries(7):
        client.get(record)
