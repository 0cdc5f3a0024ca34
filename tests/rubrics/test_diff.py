"""Changes between versions, by what they touch."""

import copy

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rubrics.diff import Kind, diff, word_diff
from tests.rubrics.documents import documents, small_dimension, small_document

NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]  # of a whole document it takes minutes
TEXTS = st.text(alphabet=st.sampled_from("ab ,.\n"), max_size=20)


def rewrite_question(document):
    document["dimensions"][0]["questions"][0]["text"] += " Why?"


def rename(document):
    document["dimensions"][1]["name"] += " and friends"


def add_probe(document):
    document["dimensions"][0]["questions"][0]["probes"].append("Who else?")


def change_listening(document):
    document["dimensions"][0]["questions"][0]["listen_for"] = "Dates."


def change_practice(document):
    document["exercises"][0]["rating"] = 3


def rewrite_anchor(document):
    document["dimensions"][1]["anchors"][4] += " and more"


def reweigh(document):
    document["dimensions"][0]["weight"] -= 10
    document["dimensions"][1]["weight"] += 10


def add_dimension(document):
    document["dimensions"].append(small_dimension("A", "action", 0))


def remove_question(document):
    document["dimensions"][0]["questions"].clear()


def reorder(document):
    document["dimensions"].reverse()


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (rewrite_question, Kind.WORDING),
        (rename, Kind.WORDING),
        (add_probe, Kind.WORDING),
        (change_listening, Kind.WORDING),
        (change_practice, Kind.WORDING),
        (rewrite_anchor, Kind.ANCHORS),
        (reweigh, Kind.WEIGHTS),
        (add_dimension, Kind.SHAPE),
        (remove_question, Kind.SHAPE),
        (reorder, Kind.SHAPE),
    ],
)
def test_edit_is_told_by_what_it_touches(edit, kind):
    before = small_document()
    after = copy.deepcopy(before)
    edit(after)

    assert {change.kind for change in diff(before, after)} == {kind}
    assert {change.kind for change in diff(after, before)} == {kind}


@given(documents())
def test_version_does_not_differ_from_itself(document):
    assert diff(document, copy.deepcopy(document)) == []


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40)
@given(documents(), documents())
def test_any_two_versions_can_be_compared(before, after):
    is_same = (before["dimensions"], before["exercises"]) == (after["dimensions"], after["exercises"])

    assert (diff(before, after) == []) == is_same


@given(TEXTS, TEXTS)
def test_pieces_give_both_texts_back(before, after):
    pieces = word_diff(before, after)

    assert "".join(piece.text for piece in pieces if piece.state != "ins") == before
    assert "".join(piece.text for piece in pieces if piece.state != "del") == after


def test_words_that_stay_are_not_marked():
    pieces = word_diff("moves the deal forward", "moves the decision forward")

    assert [(piece.text, piece.state) for piece in pieces] == [
        ("moves the ", "same"),
        ("deal", "del"),
        ("decision", "ins"),
        (" forward", "same"),
    ]


def test_places_are_named_as_people_find_them():
    before, after = small_document(), small_document()
    rewrite_anchor(after)
    rewrite_question(after)

    assert [(change.letter, change.place) for change in diff(before, after)] == [
        ("S", "Strategic, question 1"),
        ("T", "Teams, anchor 5"),
    ]


TEXT_FIELDS = st.sampled_from(["name", "meaning", "text", "probes", "listen_for", "kind"])


def edited(document, kind, data):
    """A copy of a document after one edit that touches nothing but `kind`."""
    after = copy.deepcopy(document)
    row = data.draw(st.sampled_from(after["dimensions"]))
    if kind == Kind.WEIGHTS:
        row["weight"] = (row["weight"] + data.draw(st.integers(1, 100))) % 101
    elif kind == Kind.ANCHORS:
        row["anchors"][data.draw(st.integers(0, 4))] += " more"
    elif kind == Kind.SHAPE:
        change_shape(after, row, data.draw(st.sampled_from(["add", "remove", "ask", "turn"])))
    else:
        reword(row, data.draw(TEXT_FIELDS))
    return after


def change_shape(after, row, act):
    """Add or remove a dimension, add a question, or turn the order round."""
    if act == "remove" and len(after["dimensions"]) > 1:
        after["dimensions"].remove(row)
        after["exercises"] = [each for each in after["exercises"] if each["dimension"] != row["key"]]
    elif act == "turn" and len(after["dimensions"]) > 1:
        after["dimensions"].reverse()
    elif act == "ask":
        row["questions"].append({**small_dimension("Q", "new-one", 0)["questions"][0]})
    else:
        after["dimensions"].append(small_dimension("Q", "brand-new", 0))


def reword(row, field):
    """Change one text of a dimension, or of its first question."""
    if field in ("name", "meaning") or not row["questions"]:
        row["meaning" if field != "name" else "name"] += " more"
        return
    question = row["questions"][0]
    if field == "probes":
        question["probes"] = [*question["probes"], "And more?"]
    elif field == "kind":
        question["kind"] = "situational" if question["kind"] == "past_behaviour" else "past_behaviour"
    else:
        question[field] += " more"


@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60, phases=NO_SHRINKING
)
@given(documents(), st.sampled_from(Kind), st.data())
def test_any_edit_of_one_kind_is_told_as_exactly_that_kind(document, kind, data):
    after = edited(document, kind, data)
    lost = {change.place for change in diff(document, after) if change.place.startswith("Practice answer")}

    told = {change.kind for change in diff(document, after) if change.place not in lost}

    assert told == {kind}
    assert not lost or kind == Kind.SHAPE  # what was practised on a dimension goes with it
