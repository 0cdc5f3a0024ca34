"""The demo round is what people try the product on: its figures are worked out here, apart from the product’s code."""

import json
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ROUND: dict[str, Any] = json.loads((ROOT / "candidates" / "demo" / "round.json").read_text(encoding="utf-8"))
RUBRIC: dict[str, Any] = json.loads((ROOT / "rubrics" / "smart" / "rubric.json").read_text(encoding="utf-8"))
VICE_PRESIDENT, CHANNEL_SALES = ROUND["openings"]
CANDIDATES: list[dict[str, Any]] = [candidate for opening in ROUND["openings"] for candidate in opening["candidates"]]
INTERVIEWS: list[dict[str, Any]] = [interview for candidate in CANDIDATES for interview in candidate["interviews"]]
CARDS: list[dict[str, Any]] = [card for interview in INTERVIEWS for card in interview["cards"]]
SUBMITTED = [card for card in CARDS if card["state"] == "submitted"]
EMAILS = {person["email"] for person in ROUND["people"]}


def cards_of(candidate: dict[str, Any], *, shadow: bool = False) -> list[dict[str, Any]]:
    """The candidate's cards, with or without those that never count."""
    return [card for row in candidate["interviews"] for card in row["cards"] if card["shadow"] == shadow]


def ratings_of(candidate: dict[str, Any], letter: str) -> list[int]:
    """Counted ratings of one dimension, in the order of the panel."""
    counted = [card["scores"][letter] for card in cards_of(candidate) if card["state"] == "submitted"]
    return [score["value"] for score in counted if "value" in score]


def total_of(candidate: dict[str, Any], weights: dict[str, int]) -> Decimal:
    """Weighted mean of the panel's means, rounded to two decimals, a half upwards."""
    means = {letter: ratings_of(candidate, letter) for letter in weights}
    rated = {letter: Fraction(sum(values), len(values)) for letter, values in means.items() if values}
    total = sum(rated[letter] * weights[letter] for letter in rated) / sum(weights[letter] for letter in rated)
    return (Decimal(total.numerator) / total.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_round_is_marked_as_demo_and_names_only_example_addresses():
    addresses = [person["email"] for person in ROUND["people"]] + [row["email"] for row in CANDIDATES]

    assert ROUND["demo"] is True
    assert ROUND["rubric"] == RUBRIC["rubric"]["key"]
    assert [address for address in addresses if not re.fullmatch(r"[a-z.]+@example\.com", address)] == []
    assert [address for address, count in Counter(addresses).items() if count > 1] == []
    assert {f"{role}@example.com" for role in ("admin", "recruiter", "manager", "interviewer")} <= EMAILS


@pytest.mark.parametrize("opening", ROUND["openings"], ids=lambda opening: opening["title"])
def test_opening_has_a_team_and_weights_of_100(opening):
    assert sorted(member["role"] for member in opening["team"]) == ["hiring_manager", "recruiter"]
    assert {member["email"] for member in opening["team"]} <= EMAILS
    assert list(opening["weights"]) == list("SMART")
    assert sum(opening["weights"].values()) == 100


def test_official_totals_of_the_first_opening():
    weights = VICE_PRESIDENT["weights"]
    rated = [row for row in VICE_PRESIDENT["candidates"] if row["name"] != "Leila Haddad"]

    assert weights == {"S": 25, "M": 20, "A": 20, "R": 20, "T": 15}
    assert {row["name"]: str(total_of(row, weights)) for row in rated} == {
        "Ingrid Solheim": "4.16",
        "Tomasz Wieczorek": "3.96",
        "Marcus Oyelaran": "3.71",
        "Beatriz Carvalho": "3.31",
        "Jonas Keller": "2.83",
    }


def test_ratings_of_the_first_opening_one_by_one():
    ratings = {
        row["name"]: {letter: ratings_of(row, letter) for letter in "SMART"} for row in VICE_PRESIDENT["candidates"]
    }

    assert ratings == {
        "Ingrid Solheim": {
            "S": [5, 5, 4, 4],
            "M": [4, 5, 4, 4],
            "A": [4, 3, 3, 4],
            "R": [4, 4, 5, 4],
            "T": [4, 4, 5, 4],
        },
        "Tomasz Wieczorek": {
            "S": [4, 4, 3, 5],
            "M": [4, 4, 4, 4],
            "A": [5, 5, 3, 5],
            "R": [4, 3, 3, 4],
            "T": [4, 3, 4, 4],
        },
        "Marcus Oyelaran": {
            "S": [4, 3, 4, 3],
            "M": [2, 3, 4, 3],
            "A": [4, 3, 3, 4],
            "R": [5, 4, 5, 4],
            "T": [4, 4, 4, 5],
        },
        "Beatriz Carvalho": {
            "S": [3, 3, 4, 3],
            "M": [4, 5, 4, 4],
            "A": [3, 3, 2, 3],
            "R": [3, 3, 3, 4],
            "T": [3, 3, 3, 3],
        },
        "Jonas Keller": {"S": [4, 2], "M": [3, 3, 3], "A": [3, 3], "R": [2, 3], "T": [2, 3]},
        "Leila Haddad": {"S": [4, 4], "M": [3, 4], "A": [4, 4], "R": [4, 5], "T": [3, 4]},
    }


def test_recommendations_of_the_first_opening():
    tallies = {
        row["name"]: [card["recommendation"] for card in cards_of(row) if card["state"] == "submitted"]
        for row in VICE_PRESIDENT["candidates"]
    }

    assert tallies == {
        "Ingrid Solheim": ["strong_yes", "strong_yes", "yes", "yes"],
        "Tomasz Wieczorek": ["strong_yes", "yes", "no", "strong_yes"],
        "Marcus Oyelaran": ["yes", "no", "strong_yes", "yes"],
        "Beatriz Carvalho": ["no", "yes", "yes", "no"],
        "Jonas Keller": ["no", "strong_no", "no"],
        "Leila Haddad": ["yes", "strong_yes"],
    }


def test_round_shows_every_state_a_card_can_be_in():
    first = [card for row in VICE_PRESIDENT["candidates"] for card in cards_of(row)]
    overdue = [
        card["interviewer"]
        for interview in INTERVIEWS
        for card in interview["cards"]
        if card["state"] == "waiting" and interview["day_offset"] <= -2
    ]
    missing = Counter(
        score["not_observed"] for card in SUBMITTED for score in card["scores"].values() if "value" not in score
    )

    assert Counter(card["state"] for card in first) == {"submitted": 21, "draft": 2, "waiting": 1, "declined": 1}
    assert Counter(card["state"] for card in CARDS if card["shadow"]) == {"submitted": 1}
    assert [card["declined_reason"] for card in CARDS if card["state"] == "declined"] == ["conflict_of_interest"]
    assert {row["name"]: len(row["interviews"]) for row in CHANNEL_SALES["candidates"]} == {
        "Katrin Vogel": 1,
        "Henrik Aalto": 1,
        "Clara Nyström": 0,
    }
    assert [card["state"] for row in CHANNEL_SALES["candidates"] for card in cards_of(row)].count("submitted") == 1
    assert overdue == ["manager@example.com"]
    assert missing == {"ran_out_of_time": 2, "did_not_come_up": 1, "no_example": 1}


@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda candidate: candidate["name"])
def test_each_interviewer_holds_one_card_for_a_candidate(candidate):
    seats = [card["interviewer"] for interview in candidate["interviews"] for card in interview["cards"]]

    assert set(seats) <= EMAILS
    assert [seat for seat, count in Counter(seats).items() if count > 1] == []


@pytest.mark.parametrize("card", SUBMITTED, ids=lambda card: f"{card['interviewer']}-{card['recommendation']}")
def test_submitted_card_is_complete_and_every_rating_has_evidence(card):
    rated = [score for score in card["scores"].values() if "value" in score]

    assert list(card["scores"]) == list("SMART")
    assert {score["value"] for score in rated} <= {1, 2, 3, 4, 5}
    assert [score for score in rated if set(score) != {"value", "evidence"}] == []
    assert [score for score in card["scores"].values() if "value" not in score and set(score) != {"not_observed"}] == []
    assert [score["evidence"] for score in rated if not 5 <= len(score["evidence"].split()) <= 60] == []
    assert card["recommendation"] in {"strong_no", "no", "yes", "strong_yes"}
    assert 10 <= len(card["summary"].split()) <= 50


def test_no_evidence_is_used_twice():
    evidence = [score["evidence"] for card in CARDS for score in card["scores"].values() if score.get("evidence")]

    assert [text for text, count in Counter(evidence).items() if count > 1] == []


def test_unfinished_cards_recommend_nothing_and_notes_belong_to_questions():
    question_keys = {question["key"] for dimension in RUBRIC["dimensions"] for question in dimension["questions"]}
    unfinished = [card for card in CARDS if card["state"] != "submitted"]

    assert {(card["recommendation"], card["summary"]) for card in unfinished} == {(None, "")}
    assert [card for card in unfinished if card["state"] in {"waiting", "declined"} and card["scores"]] == []
    assert {key for card in CARDS for key in card["notes"]} <= question_keys
    assert sum(len(card["notes"]) for card in CARDS if card["state"] == "draft") == 5


def test_submitted_cards_came_after_an_interview_that_is_over():
    late = [
        interview["title"]
        for interview in INTERVIEWS
        for card in interview["cards"]
        if card["state"] == "submitted" and _hours_from_today(interview) + card["submitted_hours"] > 0
    ]

    assert late == []


def _hours_from_today(interview: dict[str, Any]) -> float:
    """End of the interview in hours from the midnight with which today begins."""
    hours, minutes = interview["start"].split(":")
    return interview["day_offset"] * 24 + int(hours) + (int(minutes) + interview["minutes"]) / 60
