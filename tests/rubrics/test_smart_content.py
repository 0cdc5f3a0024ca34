"""The built-in rubric is text that interviewers work with; these checks keep its form and its manners."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

RUBRIC_FILE = Path(__file__).parents[2] / "rubrics" / "smart" / "rubric.json"
RUBRIC: dict[str, Any] = json.loads(RUBRIC_FILE.read_text(encoding="utf-8"))
DIMENSIONS: list[dict[str, Any]] = RUBRIC["dimensions"]
QUESTIONS: list[dict[str, Any]] = [question for dimension in DIMENSIONS for question in dimension["questions"]]
EXERCISES: list[dict[str, Any]] = RUBRIC["exercises"]

KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
DOUBLE_BARRELLED = re.compile(r"\b(and|or) (how|what|when|where|which|who|whom|why|did|do|would|will)\b", re.IGNORECASE)
LEADING = re.compile(r"\b(don’t you|wouldn’t you|isn’t it|surely|of course|obviously|would you agree)\b", re.IGNORECASE)
MUST_NOT_BE_ASKED = re.compile(
    r"\b(age|aged|born|birth\w*|young\w*|retire\w*|married|marriage|spouse|husband|wife|child\w*|kids?|pregnan\w*|famil\w*|"
    r"mother\w*|father\w*|health\w*|ill|illness\w*|sick\w*|disab\w*|religio\w*|church|faith|national\w*|origin\w*|ethnic\w*|"
    r"race|racial|accent|citizen\w*|gender|sex\w*|politic\w*|hobb\w*)\b",
    re.IGNORECASE,
)
ADJECTIVES_OF_RANK = re.compile(
    r"\b(poor\w*|weak\w*|bad\w*|average|adequate\w*|fair\w*|good|strong\w*|great|excellent\w*|outstanding|exceptional\w*|very)\b",
    re.IGNORECASE,
)


def by_key(rows: list[dict[str, Any]]) -> list[Any]:
    """The rows as test cases named by their keys."""
    return [pytest.param(row, id=row["key"]) for row in rows]


def words(text: str) -> int:
    """Number of words, as an author would count them."""
    return len(text.split())


def test_rubric_has_the_documented_fields():
    assert (RUBRIC["format"], RUBRIC["format_version"]) == ("smarter-rubric", 1)
    assert list(RUBRIC) == ["format", "format_version", "rubric", "note", "dimensions", "exercises"]
    assert list(RUBRIC["rubric"]) == ["key", "name", "description"]
    assert {tuple(dimension) for dimension in DIMENSIONS} == {
        ("key", "letter", "name", "meaning", "weight", "anchors", "questions")
    }
    assert {tuple(question) for question in QUESTIONS} == {("key", "kind", "text", "probes", "listen_for")}
    assert {tuple(exercise) for exercise in EXERCISES} == {
        ("key", "dimension", "question", "answer", "rating", "reason")
    }


def test_rubric_file_is_written_for_reviewers():
    text = RUBRIC_FILE.read_text(encoding="utf-8")

    assert text == json.dumps(RUBRIC, ensure_ascii=False, indent=2) + "\n"


def test_dimensions_spell_smart_and_weights_add_up():
    assert [(dimension["letter"], dimension["name"]) for dimension in DIMENSIONS] == [
        ("S", "Strategic"),
        ("M", "Measurable"),
        ("A", "Action"),
        ("R", "Relationships"),
        ("T", "Teams"),
    ]
    assert [dimension["weight"] for dimension in DIMENSIONS] == [25, 20, 20, 20, 15]


@pytest.mark.parametrize("rows", [DIMENSIONS, QUESTIONS, EXERCISES], ids=["dimensions", "questions", "exercises"])
def test_keys_are_stable_slugs_and_unique(rows):
    keys = [row["key"] for row in rows]

    assert [key for key in keys if not KEY.fullmatch(key) or len(key) > 64] == []
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize("dimension", by_key(DIMENSIONS))
def test_dimension_offers_both_kinds_of_question(dimension):
    kinds = Counter(question["kind"] for question in dimension["questions"])

    assert set(kinds) == {"past_behaviour", "situational"}
    assert kinds["past_behaviour"] >= 3
    assert kinds["situational"] >= 1
    assert all(question["key"].startswith(dimension["key"] + "-") for question in dimension["questions"])


@pytest.mark.parametrize("dimension", by_key(DIMENSIONS))
def test_anchors_are_five_distinct_behaviours_under_20_words(dimension):
    anchors = dimension["anchors"]

    assert len(anchors) == len(set(anchors)) == 5
    assert [anchor for anchor in anchors if not 0 < words(anchor) < 20] == []
    assert [anchor for anchor in anchors if ADJECTIVES_OF_RANK.search(anchor)] == []
    assert [anchor for anchor in anchors if not anchor.endswith(".")] == []


def test_anchors_and_questions_never_repeat_across_the_rubric():
    texts = [anchor for dimension in DIMENSIONS for anchor in dimension["anchors"]]
    texts += [question["text"] for question in QUESTIONS]
    texts += [question["listen_for"] for question in QUESTIONS]

    assert [text for text, count in Counter(texts).items() if count > 1] == []


@pytest.mark.parametrize("question", by_key(QUESTIONS))
def test_question_asks_one_thing_and_says_what_to_listen_for(question):
    asked = [question["text"], *question["probes"]]

    assert 2 <= len(question["probes"]) <= 3
    assert question["listen_for"].endswith(".")
    assert [text for text in asked if text.count("?") > 1] == []
    assert [text for text in asked if DOUBLE_BARRELLED.search(text)] == []
    assert [text for text in asked if LEADING.search(text)] == []
    assert all(probe.endswith("?") for probe in question["probes"])


@pytest.mark.parametrize("question", by_key(QUESTIONS))
def test_question_keeps_off_what_must_not_be_asked(question):
    asked = [question["text"], *question["probes"], question["listen_for"]]

    assert [text for text in asked if MUST_NOT_BE_ASKED.search(text)] == []


@pytest.mark.parametrize("question", by_key(QUESTIONS))
def test_question_begins_as_its_kind_demands(question):
    past = question["text"].startswith(("Tell me about", "Think of", "Choose a client who"))

    assert past == (question["kind"] == "past_behaviour")


def test_texts_keep_within_the_documented_limits():
    over = [dimension["key"] for dimension in DIMENSIONS if len(dimension["meaning"]) > 500]
    over += [anchor for dimension in DIMENSIONS for anchor in dimension["anchors"] if len(anchor) > 200]
    over += [question["key"] for question in QUESTIONS if max(len(question["text"]), len(question["listen_for"])) > 300]
    over += [probe for question in QUESTIONS for probe in question["probes"] if len(probe) > 200]
    over += [row["key"] for row in EXERCISES if len(row["answer"]) > 1500 or len(row["reason"]) > 800]

    assert over == []


def test_exercises_cover_every_dimension_and_every_rating():
    question_keys = {dimension["key"]: {row["key"] for row in dimension["questions"]} for dimension in DIMENSIONS}

    assert [row["dimension"] for row in EXERCISES] == list(question_keys)
    assert [row["key"] for row in EXERCISES if row["question"] not in question_keys[row["dimension"]]] == []
    assert sorted(row["rating"] for row in EXERCISES) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("exercise", by_key(EXERCISES))
def test_exercise_reason_quotes_what_was_heard(exercise):
    quotes = re.findall(r"“([^”]+)”", exercise["reason"])

    assert 80 <= words(exercise["answer"]) <= 140
    assert quotes != []
    assert [quote for quote in quotes if quote.rstrip(".").lower() not in exercise["answer"].lower()] == []
