"""Scores on changed anchors, through the real addresses: kept apart, then compared once that is confirmed."""

import csv
import io
import re
from typing import Any

import pytest
from django.urls import reverse

from candidates.models import Application, Debrief, Decision, Opening
from rubrics.models import Anchor, RubricVersion
from smarter.accounts.models import User
from tests.factories import make_application, make_opening, make_rubric_version, make_scorecard, make_user

APART = (
    "The anchors of Measurable differ between rubric v1 and v2, so the same figure may not mean the same. Each version "
    "stands by itself, and totals, tiers and order leave Measurable out."
)
TOGETHER = (
    "The anchors of Measurable differ between rubric v1 and v2. You compare their scores all the same: they count in "
    "totals, tiers and order."
)
KEY = "?anchors=together"


@pytest.fixture
def opening(recruiter: User, manager: User) -> Opening:
    """On v1 of a rubric whose v2 asks for something else in anchor 3 of Measurable."""
    first = make_rubric_version(dimensions=2, weights=[60, 40])
    second = make_rubric_version(dimensions=2, weights=[60, 40], rubric=first.rubric, number=2)
    anchor = Anchor.objects.filter(dimension__version=second, dimension__key="measurable", value=3)
    anchor.update(text="Measurable worth more than 3")
    return make_opening(recruiter=recruiter, hiring_manager=manager, rubric_version=first, weights=[60, 40])


@pytest.fixture
def pair(opening: Opening) -> list[Application]:
    """Amara on v1: 5 and 1, in all 3.4. Jonas on v2: 3 and 5, in all 3.8; one of his raters gives Measurable a 3."""
    panel = [make_user(name=name) for name in ("Daniel Achebe", "Dora Alvarez", "Olivier Fontaine")]
    found = []
    versions = RubricVersion.objects.filter(rubric=opening.rubric_version.rubric).order_by("number")
    for name, version, cards in (
        ("Amara Okafor", versions[0], [[5, 1], [5, 1], [5, 1]]),
        ("Jonas Keller", versions[1], [[3, 5], [3, 3], [3, 5]]),
    ):
        application = make_application(opening=opening, name=name, stage="debrief")
        interview = application.interviews.create(rubric_version=version, created_by=opening.created_by)
        for rater, values in zip(panel, cards, strict=True):
            make_scorecard(interview=interview, interviewer=rater, values=values, submitted=True)
        found.append(application)
    return found


def url(name: str, pk: int, query: str = "") -> str:
    """An address of the app."""
    return reverse(f"candidates:{name}", args=[pk]) + query


def text_of(response: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_compare_asks_before_it_compares_and_a_link_is_the_answer(client, recruiter, opening, pair):
    client.force_login(recruiter)

    apart = client.get(url("opening_compare", opening.pk, "?middle=both"))
    link = re.search(r'href="([^"]+)">Compare them all the same', apart.content.decode())
    assert link
    together = client.get(url("opening_compare", opening.pk) + link[1].replace("&amp;", "&"))

    assert APART in text_of(apart)
    assert "Measurable 3 v1 to v2 Measurable worth more than 3" in text_of(apart)
    assert [(row.name, row.total) for row in apart.context["comparison"].ranking.order.rows] == [
        ("Amara Okafor", "5.00"),
        ("Jonas Keller", "3.00"),
    ]
    assert "90% interval, without Measurable" in text_of(apart)
    assert TOGETHER in text_of(together)
    assert [(row.name, row.total) for row in together.context["comparison"].ranking.order.rows] == [
        ("Jonas Keller", "3.53"),
        ("Amara Okafor", "3.40"),
    ]
    assert together.context["comparison"].choice.middle == "both"
    for address in (url("opening_debrief", opening.pk, KEY), url("summary_export", opening.pk, "?format=xlsx")):
        assert address in together.content.decode()


@pytest.mark.parametrize(("query", "sentence", "first"), [("", APART, "5.00"), (KEY, TOGETHER, "3.53")])
def test_list_debrief_and_decision_follow_the_same_rule(client, recruiter, opening, pair, query, sentence, first):
    Debrief.objects.create(opening=opening, opened_by=recruiter)
    client.force_login(recruiter)

    ranked = client.get(url("opening_ranking", opening.pk, query))
    debrief = client.get(url("opening_debrief", opening.pk, query))
    decide = client.get(url("decision_create", pair[0].pk, query))

    for response in (ranked, debrief, decide):
        assert sentence in text_of(response)
    assert ranked.context["rows"][0].total == first
    assert debrief.context["page"].decisions[0].column.total == first
    assert f'{url("decision_create", pair[0].pk)}{query}"' in debrief.content.decode()


def test_a_decision_keeps_how_versions_were_compared(client, recruiter, opening, pair):
    client.force_login(recruiter)
    for query in ("", KEY):
        client.post(
            url("decision_create", pair[0].pk, query),
            {"outcome": "hold", "rationale": "Ask the sponsor.", "against_order_reason": "No hurry."},
        )

    together, apart = Decision.objects.all()

    assert (apart.snapshot["versions_differ"], together.snapshot["versions_differ"]) == ([APART], [TOGETHER])
    assert (apart.snapshot["before"]["total"], together.snapshot["before"]["total"]) == (5.0, 3.4)
    assert APART in text_of(client.get(url("decision_detail", apart.pk)))


def test_settling_an_item_keeps_the_view(client, recruiter, opening, pair):
    debrief = Debrief.objects.create(opening=opening, opened_by=recruiter)
    client.force_login(recruiter)
    settle = reverse("candidates:debrief_item_settle", args=[debrief.pk, pair[1].pk, "measurable"])
    page = client.get(url("opening_debrief", opening.pk, KEY))
    assert f'action="{settle}{KEY}"' in page.content.decode()

    answer = client.post(settle + KEY, {"outcome": "stays"})

    assert answer.url == url("opening_debrief", opening.pk, KEY) + f"#item-{pair[1].pk}-measurable"


def test_a_disagreement_inside_a_version_is_on_the_agenda_and_says_that_no_total_stands_on_it(
    client, recruiter, opening, pair
):
    Debrief.objects.create(opening=opening, opened_by=recruiter)
    client.force_login(recruiter)

    (item,) = client.get(url("opening_debrief", opening.pk)).context["page"].items

    assert (item.application, item.low, item.high) == (pair[1], 3, 5)
    assert item.effect.words == "2 apart. No total stands on it, because rubric versions differ."


def test_the_file_of_figures_follows_the_same_rule(client, recruiter, opening, pair):
    client.force_login(recruiter)

    rows = []
    for query in ("", KEY):
        content = client.get(url("summary_export", opening.pk, query)).content.decode("utf-8-sig")
        rows.append({row["candidate"]: (row["total"], row["left_out"]) for row in csv.DictReader(io.StringIO(content))})

    assert rows == [
        {"Amara Okafor": ("5.0", "Measurable"), "Jonas Keller": ("3.0", "Measurable")},
        {"Jonas Keller": ("3.533333", ""), "Amara Okafor": ("3.4", "")},
    ]


def test_opening_and_candidate_say_on_what_the_score_does_not_stand(client, recruiter, opening, pair):
    client.force_login(recruiter)

    assert APART in text_of(client.get(url("opening_detail", opening.pk)))
    said = text_of(client.get(url("candidate_detail", pair[0].candidate_id)))
    assert "Without Measurable: rubric versions differ." in said


def test_a_wrong_answer_to_the_question_is_said_or_as_good_as_none(client, recruiter, opening, pair):
    Debrief.objects.create(opening=opening, opened_by=recruiter)
    client.force_login(recruiter)
    wrong = "?anchors=perhaps"

    for name in ("opening_compare", "opening_ranking"):
        said = text_of(client.get(url(name, opening.pk, wrong)))
        assert "perhaps is not one of the available choices" in said
        assert APART in said
    assert APART in text_of(client.get(url("opening_debrief", opening.pk, wrong)))
    assert client.get(url("summary_export", opening.pk, wrong)).status_code == 400
