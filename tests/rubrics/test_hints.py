"""Hints for whoever publishes a rubric; the built-in one needs none."""

import pytest
from hypothesis import given

from rubrics.exchange import BUILT_IN
from rubrics.file_format import read_document
from rubrics.hints import hints
from tests.rubrics.documents import documents, small_document


def told(change):
    """The hints after one change to the first question, or to anchor 5."""
    document = small_document()
    row = document["dimensions"][0]
    if "anchor" in change:
        row["anchors"][4] = change["anchor"]
    else:
        row["questions"][0].update(change)
    return [(hint.letter, hint.place, hint.text) for hint in hints(document)]


def test_built_in_rubric_needs_no_hint():
    assert hints(read_document(BUILT_IN.read_bytes())) == []


@pytest.mark.parametrize(
    ("change", "place", "text"),
    [
        ({"text": "What did you do? Why?"}, "question 1", "asks two things at once."),
        ({"probes": ["Who was there, and what did they say?"]}, "question 1", "asks two things at once."),
        ({"text": "Surely you called them?"}, "question 1", "leads the answer with “Surely”."),
        ({"text": "How old are you, by birth?"}, "question 1", "says “How old”: age must not decide"),
        ({"probes": ["Do you plan to have children?"]}, "question 1", "says “children”: family must not decide"),
        ({"listen_for": "Good health."}, "question 1", "says “health”: health must not decide"),
        ({"text": "Where is your accent from?"}, "question 1", "says “accent”: origin must not decide"),
        ({"text": "word " * 41}, "question 1", "has 41 words."),
        ({"listen_for": "word " * 31}, "question 1", "has a text of 31 words beside it, "),
        ({"probes": ["word " * 31]}, "question 1", "has a text of 31 words beside it, "),
        ({"probes": []}, "question 1", "has no probes."),
        ({"listen_for": ""}, "question 1", "does not say what to listen for."),
        ({"anchor": "word " * 20}, "anchor 5", "has 20 words."),
        ({"anchor": "Gives an excellent answer."}, "anchor 5", "says “excellent”."),
    ],
)
def test_hint_names_the_place_and_what_to_do(change, place, text):
    [(letter, where, hint)] = told(change)

    assert (letter, where, hint.startswith(text)) == ("S", f"Strategic, {place}", True)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("How old are you?", "age"),
        ("Are you planning a baby?", "family"),
        ("What is your maiden name?", "family"),
        ("Is there any medical condition we have to plan for?", "health"),
        ("When do you pray?", "religion"),
        ("Where are you from?", "origin"),
        ("Where do you really come from?", "origin"),
        ("What is your native language?", "origin"),
    ],
)
def test_the_commonest_of_what_must_not_be_asked_gets_a_hint(question, topic):
    assert [hint for *_, hint in told({"text": question}) if f": {topic} must not decide" in hint]


def test_words_within_words_are_no_hint():
    assert told({"text": "Tell me about a manager on your stage of the race car package."})[0][2].startswith(
        "says “race”"
    )
    assert told({"text": "Tell me about a manager you engaged on the web page."}) == []


def test_long_meaning_is_told():
    document = small_document()
    document["dimensions"][0]["meaning"] = "word " * 71

    [hint] = hints(document)

    assert (hint.place, hint.target) == ("Strategic, what it means", "id_meaning")
    assert hint.text.startswith("has 71 words.")


@given(documents())
def test_any_document_can_be_looked_through(document):
    keys = {row["key"] for row in document["dimensions"]}

    assert {hint.dimension_key for hint in hints(document)} <= keys
