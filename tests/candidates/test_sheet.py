"""The sheet of a card: its fields, what it lacks, and what is worth a second look."""

import json
from hashlib import sha256

import pytest

from candidates.models import NO_REASON_YET, Opening, QuestionNote, Scorecard
from candidates.sheet import load_sheet
from smarter.accounts.models import User
from smarter.autosave import fingerprint
from tests.factories import make_rubric_version, make_scorecard

NAMES = ("strategic", "measurable", "action", "relationships", "teams")
EVIDENCE = "Said what happened, what was done about it, and what came of it."


def whole(*ratings: str, evidence: str = EVIDENCE, recommendation: str = "3") -> dict[str, str]:
    """The fields of a card with these ratings, in order."""
    fields = {"recommendation": recommendation}
    for name, rating in zip(NAMES, ratings, strict=False):
        fields |= {f"rating.{name}": rating, f"evidence.{name}": evidence if rating else ""}
    return fields


@pytest.fixture
def card(db: None, interviewer: User) -> Scorecard:
    """An open card without focus: every dimension is asked for."""
    return make_scorecard(interviewer=interviewer)


def read(card: Scorecard) -> Scorecard:
    """The card as a page reads it."""
    return Scorecard.objects.with_context().with_typed().get(pk=card.pk)


def test_fields_are_what_is_stored(card: Scorecard) -> None:
    dimensions = list(card.interview.pinned_version().dimensions.all())
    card.scores.create(dimension=dimensions[0], value=4, evidence="Heard it.")
    card.scores.create(dimension=dimensions[1], not_observed="ran_out_of_time")
    card.scores.create(dimension=dimensions[2], not_observed=NO_REASON_YET)
    question = dimensions[4].questions.get()
    QuestionNote.objects.create(scorecard=card, question=question, text="quick")
    Scorecard.objects.filter(pk=card.pk).update(recommendation=2, summary="Because.")

    fields = load_sheet(read(card)).fields

    assert {name: value for name, value in fields.items() if value} == {
        "rating.strategic": "4",
        "evidence.strategic": "Heard it.",
        "rating.measurable": "no",
        "reason.measurable": "ran_out_of_time",
        "rating.action": "no",
        "reason.action": NO_REASON_YET,
        "note.teams.teams-0": "quick",
        "recommendation": "2",
        "summary": "Because.",
    }
    assert len(fields) == 5 * 4 + 2


def test_empty_card_lacks_every_dimension_and_the_recommendation(card: Scorecard) -> None:
    gaps = load_sheet(read(card)).gaps

    assert [(gap.target, gap.status) for gap in gaps] == [
        *((f"id_rating.{name}_1", "To score") for name in NAMES),
        ("id_recommendation_1", "Recommendation missing"),
    ]


def test_optional_dimensions_may_stay_empty_but_not_half_done(card: Scorecard) -> None:
    card.focus = ["strategic"]
    fields = whole("3") | {"evidence.teams": "Something.", "rating.action": "no"}

    gaps = load_sheet(card, fields | {"reason.action": NO_REASON_YET}).gaps

    assert [(gap.target, gap.status) for gap in gaps] == [
        ("id_reason.action", "Reason missing"),
        ("id_rating.teams_1", "Score missing"),
    ]


@pytest.mark.parametrize(("rating", "lacks"), [("1", True), ("2", False), ("4", False), ("5", True)])
def test_extremes_need_evidence(card: Scorecard, rating: str, lacks: bool) -> None:
    card.focus = ["strategic"]

    gaps = load_sheet(card, whole(rating, evidence="  \n ")).gaps

    assert [gap.target for gap in gaps] == (["id_evidence.strategic"] if lacks else [])


def test_not_observed_with_its_reason_is_complete(card: Scorecard) -> None:
    card.focus = ["teams"]
    sheet = load_sheet(card, {"rating.teams": "no", "reason.teams": "no_example", "recommendation": "1"})

    assert sheet.gaps == []
    assert (sheet.focus_done, sheet.parts[4].status) == (1, "Not observed")


@pytest.mark.parametrize(
    ("fields", "nudges"),
    [
        (whole("4", "4", "4", "4", "4"), ["All 5 ratings are 4. Is there nothing that stood out, or fell behind?"]),
        (whole("4", "4"), []),
        (whole("2", "3", "2", recommendation="4"), ["You recommend “strong yes”, and your ratings lean low."]),
        (whole("3", "4", "4", recommendation="2"), ["You recommend “no”, and your ratings lean high."]),
        (whole("3", "4", "3", recommendation="2"), []),
        (
            whole("3", "3") | {"evidence.measurable": "Fine.", "evidence.strategic": ""},
            ["Strategic and Measurable have little or no evidence."],
        ),
        ({}, []),
    ],
)
def test_nudges_say_what_is_worth_a_second_look(card: Scorecard, fields: dict[str, str], nudges: list[str]) -> None:
    found = load_sheet(card, fields).nudges

    assert len(found) == len(nudges)
    assert all(full.startswith(start) for full, start in zip(found, nudges, strict=True))


def test_marks_and_progress_follow_the_card(card: Scorecard) -> None:
    card.focus = ["strategic", "measurable", "action"]
    sheet = load_sheet(card, whole("4", "5") | {"rating.teams": "no", "evidence.measurable": ""})

    assert [(mark.letter, mark.value, mark.state) for mark in sheet.marks] == [
        ("S", 4, ""), ("M", 5, ""), ("A", None, "todo"), ("R", None, "todo"), ("T", None, "na"),
    ]  # fmt: skip
    assert (sheet.focus_done, len(sheet.focus_parts), sheet.minutes_each) == (1, 3, 15)
    assert [part.short for part in sheet.parts] == ["4", "5", "–", "opt.", "n/o"]


def test_sheet_shows_the_wording_of_the_pinned_version(opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=[5])
    opening.rubric_version = make_rubric_version(rubric=opening.rubric_version.rubric, number=2, dimensions=3)
    opening.save()
    fresh = Scorecard.objects.with_context().with_typed().get(pk=card.pk)

    assert len(load_sheet(fresh).parts) == 5


def test_fingerprint_is_that_of_canonical_json() -> None:
    fields = {"summary": "“Ja”\n\t\u0001 \U0001f600", "evidence.a": ""}
    canonical = '{"evidence.a":"","summary":"“Ja”\\n\\t\\u0001 \U0001f600"}'

    assert json.loads(canonical) == fields
    assert fingerprint(fields) == sha256(canonical.encode()).hexdigest()
