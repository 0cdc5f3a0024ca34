"""The debrief page and its acts, through their real addresses."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from candidates.models import Application, Debrief, DebriefItem, Opening, OpeningMember, Revision, Score, Sight
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_application, make_interview, make_opening, make_scorecard, make_user

LEADERS = {
    "Amara Okafor": [[5, 5, 4, 5, 3], [5, 4, 4, 5, 5], [4, 5, 4, 4, 4]],
    "Jonas Keller": [[4, 4, 5, 5, 4], [4, 4, 4, 4, 4], [2, 4, 5, 4, 4]],
}


@pytest.fixture
def panel(db: None) -> list[User]:
    """Three people who rate everybody, the most senior first."""
    levels = zip(("Dora Alvarez", "Daniel Achebe", "Olivier Fontaine"), User.Level.values[::-1], strict=True)
    return [make_user(name=name, level=level) for name, level in levels]


def rate(opening: Opening, name: str, panel: list[User], *ratings: list[int | None], **fields: Any) -> Application:
    """A candidate in debrief with one submitted card from each of the panel."""
    application = make_application(opening=opening, name=name, stage=fields.pop("stage", "debrief"))
    for rater, values in zip(panel, ratings, strict=True):
        evidence = f"What {rater.name} heard of {name}."
        make_scorecard(
            application=application, interviewer=rater, values=values, evidence=evidence, submitted=True, **fields
        )
    return application


@pytest.fixture
def shortlist(opening: Opening, panel: list[User]) -> list[Application]:
    """Amara leads Jonas by little; they differ on Teams of Amara and on Strategic of Jonas."""
    return [rate(opening, name, panel, *ratings) for name, ratings in LEADERS.items()]


@pytest.fixture
def debrief(opening: Opening, shortlist: list[Application], manager: User) -> Debrief:
    """An open debrief on them."""
    return Debrief.objects.create(opening=opening, opened_by=manager)


def page_of(opening: Opening) -> str:
    """The address of the debrief."""
    return reverse("candidates:opening_debrief", args=[opening.pk])


def settle_url(debrief: Debrief, application: Application, dimension: str = "strategic") -> str:
    """Where an item is settled."""
    return reverse("candidates:debrief_item_settle", args=[debrief.pk, application.pk, dimension])


def text_of(response: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_before_the_debrief_the_team_opens_it_and_others_wait(client, manager, panel, opening, shortlist):
    client.force_login(manager)
    before = text_of(client.get(page_of(opening)))
    client.force_login(panel[0])
    waiting = text_of(client.get(page_of(opening)))

    assert "All scorecards are in It will be about Amara Okafor , Jonas Keller ." in before
    assert "What Dora Alvarez heard" not in before
    assert "The debrief is not open yet" in waiting
    assert not Sight.objects.exists()


def test_opening_it_is_the_teams_and_audited(client, manager, panel, opening, shortlist):
    url = reverse("candidates:debrief_open", args=[opening.pk])
    client.force_login(panel[0])
    assert client.post(url).status_code == 404

    client.force_login(manager)
    response = client.post(url, follow=True)

    assert response.redirect_chain == [(page_of(opening), 302)]
    assert "The debrief is open." in text_of(response)
    assert Debrief.objects.get().opened_by == manager
    event = AuditEvent.objects.get(act="debrief.open")
    assert (event.opening_id, event.detail) == (opening.pk, {"cards_missing": 0})
    assert "was open already" in text_of(client.post(url, follow=True))
    assert Debrief.objects.count() == 1


def test_missing_cards_are_named_and_confirmed(client, recruiter, panel, opening, shortlist):
    make_scorecard(application=shortlist[0], interviewer=make_user(name="Sanna Late"))
    url = reverse("candidates:debrief_open", args=[opening.pk])
    client.force_login(recruiter)

    named = text_of(client.get(page_of(opening)))
    refused = client.post(url)

    assert "Some scorecards are still missing" in named
    assert "Amara Okafor : 3 of 4 in, waiting for Sanna Late" in named
    assert "Scorecards are missing. Tick this to open without them, or wait." in text_of(refused)
    assert not Debrief.objects.exists()

    client.post(url, {"is_confirmed": "on"})
    assert AuditEvent.objects.get(act="debrief.open").detail == {"cards_missing": 1}


def test_a_sealed_team_member_learns_no_names_of_who_is_missing(client, recruiter, opening, shortlist):
    make_scorecard(application=shortlist[0], interviewer=recruiter)
    make_scorecard(application=shortlist[0], interviewer=make_user(name="Sanna Late"))
    client.force_login(recruiter)

    said = text_of(client.get(page_of(opening)))

    assert "Amara Okafor : 3 of 5 in" in said
    assert "Sanna Late" not in said


def test_the_agenda_puts_first_what_could_change_the_order(client, manager, opening, debrief):
    client.force_login(manager)

    response = client.get(page_of(opening))
    page = response.context["page"]

    assert [(item.application.candidate.name, item.dimension.name, item.low, item.high) for item in page.items] == [
        ("Amara Okafor", "Teams", 3, 5),
        ("Jonas Keller", "Strategic", 2, 4),
    ]
    assert [item.effect.words for item in page.items] == [
        "Settled at 3, Jonas Keller would be in tier 1, not 2.",
        "Settled at 4, Jonas Keller would be in tier 1, not 2.",
    ]
    assert page.pairs_left_off == 8
    said = text_of(response)
    for words in (
        "What Olivier Fontaine heard of Jonas Keller.",
        "Anchor 2. Strategic worth 2",
        "8 pairs left off: ratings within 1",
        "Jonas Keller 4.07",
        "Not decided yet",
    ):
        assert words in said
    assert {row.viewer for row in Sight.objects.all()} == {manager}


def test_the_most_junior_speaks_first(client, manager, opening, debrief):
    client.force_login(manager)

    item = client.get(page_of(opening)).context["page"].items[1]

    assert [[quote.name for quote in side.quotes] for side in item.sides] == [
        ["Olivier Fontaine"],
        ["Daniel Achebe", "Dora Alvarez"],
    ]


def test_gaps_and_contradictions_are_listed(client, manager, opening, panel, debrief):
    rate(opening, "Beatriz Lima", panel, [4, 4, 4, 4, None], [4, 5, 4, 4, None], [4, 4, 4, 4, 4], recommendation=1)
    client.force_login(manager)

    said = text_of(client.get(page_of(opening)))

    assert "Beatriz Lima , Teams: only Olivier Fontaine rated it." in said
    assert "Dora Alvarez recommends “strong no” on Beatriz Lima, and the ratings lean high." in said


def test_sealed_candidates_are_left_out_and_said_so(client, recruiter, opening, panel, debrief, shortlist):
    OpeningMember.objects.create(opening=opening, user=panel[0], role=OpeningMember.Role.RECRUITER)
    card = make_scorecard(interview=make_interview(application=shortlist[0]), interviewer=panel[0])
    DebriefItem.objects.create(
        debrief=debrief, application=shortlist[0], dimension_key="teams", outcome="stays", note="Secret of Amara."
    )
    client.force_login(panel[0])

    response = client.get(page_of(opening))
    said = text_of(response)

    page = response.context["page"]
    assert [item.application for item in page.items] == [shortlist[1]]
    assert [row.application for row in page.decisions] == [shortlist[1]]
    assert "Amara Okafor (3 of 4 scorecards in). Hidden until you submit your scorecard." in said.replace(" (", " (")
    assert "Secret of Amara." not in said
    assert "heard of Amara" not in said
    follow = client.get(reverse("candidates:debrief_follow", args=[debrief.pk]))
    assert "Secret of Amara." not in text_of(follow)
    assert client.post(settle_url(debrief, shortlist[0]), {"outcome": "stays"}).status_code == 404
    assert card.state == "waiting"


def test_the_panel_follows_and_sees_no_decisions(client, panel, opening, debrief):
    client.force_login(panel[1])

    response = client.get(page_of(opening))

    assert len(response.context["page"].items) == 2
    assert response.context["page"].decisions == ()
    assert "Close the debrief" not in text_of(response)
    score = Score.objects.get(
        scorecard__interviewer=panel[1],
        dimension__key="strategic",
        scorecard__interview__application__candidate__name="Jonas Keller",
    )
    assert reverse("candidates:score_revise", args=[score.pk]) in response.content.decode()


def test_an_item_is_settled_by_whoever_may_read_it(client, panel, opening, debrief, shortlist):
    client.force_login(panel[1])
    url = settle_url(debrief, shortlist[1])

    response = client.post(url, {"outcome": "ask_again", "note": "Ask for a second example.", "seen": ""}, follow=True)

    item = DebriefItem.objects.get()
    assert (item.application, item.dimension_key, item.outcome, item.note, item.settled_by) == (
        shortlist[1],
        "strategic",
        "ask_again",
        "Ask for a second example.",
        panel[1],
    )
    assert response.redirect_chain == [(f"{page_of(opening)}#item-{shortlist[1].pk}-strategic", 302)]
    assert "Ask again. Ask for a second example. Settled by Daniel Achebe" in text_of(response)
    event = AuditEvent.objects.get(act="debrief.settle")
    assert event.candidate_id == shortlist[1].candidate_id
    assert event.detail == {"item": item.pk, "outcome": "ask_again"}
    Sight.objects.all().delete()
    follow = client.get(reverse("candidates:debrief_follow", args=[debrief.pk]))
    assert "Ask again. Ask for a second example. Settled by Daniel Achebe" in text_of(follow)
    assert [(sight.viewer, sight.application) for sight in Sight.objects.all()] == [(panel[1], shortlist[1])]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Choose an outcome."),
        ({"outcome": "liked"}, "Choose one of the three outcomes."),
        ({"outcome": "ask_again", "note": ""}, "Say what to ask again, and whom."),
        ({"outcome": "stays", "seen": "yesterday"}, "Reload the page, then settle the item again."),
        ({"outcome": "stays", "seen": "2026-99-99T10:00:00"}, "Reload the page, then settle the item again."),
        ({"outcome": "stays", "note": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(client, manager, debrief, shortlist, data, message):
    client.force_login(manager)

    response = client.post(settle_url(debrief, shortlist[1]), {"note": "Typed before.", **data})

    assert response.status_code == 200
    assert message in text_of(response)
    assert not DebriefItem.objects.exists()


def test_two_people_never_overwrite_each_other(client, manager, panel, debrief, shortlist):
    url = settle_url(debrief, shortlist[1])
    client.force_login(panel[1])
    client.post(url, {"outcome": "stays", "note": "Theirs.", "seen": ""})
    client.force_login(manager)

    clash = client.post(url, {"outcome": "revised", "note": "Mine.", "seen": ""})

    assert clash.status_code == 409
    said = text_of(clash)
    assert "Daniel Achebe settled this while you wrote." in said
    assert "Mine." in said
    assert "Both stand. Theirs." in said
    assert DebriefItem.objects.get().note == "Theirs."

    seen = re.search(r'name="seen" value="([^"]+)"', clash.content.decode())
    assert seen
    client.post(url, {"outcome": "revised", "note": "Mine.", "seen": seen[1]})
    assert DebriefItem.objects.get().note == "Mine."


def test_a_closed_debrief_takes_nothing_more(client, manager, panel, opening, debrief, shortlist):
    close = reverse("candidates:debrief_close", args=[debrief.pk])
    client.force_login(panel[0])
    assert client.post(close).status_code == 404
    client.force_login(manager)

    closed = text_of(client.post(close, follow=True))
    refused = client.post(settle_url(debrief, shortlist[1]), {"outcome": "stays"}, follow=True)

    assert "The debrief is closed. What was settled stays here." in closed
    assert "Open another debrief" in closed
    assert "so it was not kept" in text_of(refused)
    assert not DebriefItem.objects.exists()
    assert "closed already" in text_of(client.post(close, follow=True))
    assert AuditEvent.objects.filter(act="debrief.close").count() == 1


def test_another_debrief_shows_what_the_last_one_settled(client, manager, opening, debrief, shortlist):
    client.force_login(manager)
    client.post(settle_url(debrief, shortlist[1]), {"outcome": "ask_again", "note": "Ask the sponsor.", "seen": ""})
    client.post(reverse("candidates:debrief_close", args=[debrief.pk]))

    said = text_of(client.post(reverse("candidates:debrief_open", args=[opening.pk]), follow=True))

    assert "An earlier debrief settled: Ask again. Ask the sponsor." in said
    assert "0 of 2 items settled" in said


def test_a_revision_stands_beside_the_first_score(client, manager, opening, debrief, panel):
    score = Score.objects.get(scorecard__interviewer=panel[2], value=2)
    Revision.objects.create(score=score, value=4, reason="debrief", text="Heard the rest.")
    client.force_login(manager)

    response = client.get(page_of(opening))

    assert "Debrief: Heard the rest." in text_of(response)
    assert response.context["page"].items[1].low == 2


def test_who_has_nothing_to_do_with_the_opening_finds_nothing(client, stranger, admin, opening, debrief, shortlist):
    for person in (stranger, admin):
        client.force_login(person)
        assert client.get(page_of(opening)).status_code == 404
        assert client.get(reverse("candidates:debrief_follow", args=[debrief.pk])).status_code == 404
        assert client.post(settle_url(debrief, shortlist[0]), {"outcome": "stays"}).status_code == 404
        assert client.post(reverse("candidates:debrief_open", args=[opening.pk])).status_code == 404
        assert client.post(reverse("candidates:debrief_close", args=[debrief.pk])).status_code == 404


def test_only_what_belongs_together_is_settled(client, manager, debrief, shortlist):
    elsewhere = make_scorecard(
        application=make_application(opening=make_opening(recruiter=manager)), submitted=True
    ).interview.application
    client.force_login(manager)

    assert client.post(settle_url(debrief, elsewhere), {"outcome": "stays"}).status_code == 404
    assert client.post(settle_url(debrief, shortlist[0], "charm"), {"outcome": "stays"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_is_flat(
    client: Client, manager: User, opening: Opening, panel: list[User], count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        rate(opening, f"Candidate {number}", panel, *LEADERS["Jonas Keller"])
    Debrief.objects.create(opening=opening, opened_by=manager)
    client.force_login(manager)
    client.get(page_of(opening))

    with django_assert_num_queries(9):
        response = client.get(page_of(opening))

    assert len(response.context["page"].items) == count
