"""What keeps a draft from being published: in words, with the field that mends it."""

import pytest

from rubrics.checks import faults_of
from tests.rubrics.documents import small_document


def first(document):
    return document["dimensions"][0]


@pytest.mark.parametrize(
    ("edit", "place", "text", "target"),
    [
        (
            lambda document: first(document).update(weight=70),
            "Weights",
            "the weights add up to 110; they must add up to 100.",
            "id_weight.strategic",
        ),
        (lambda document: first(document).update(meaning=" "), "Strategic, what it means", "is empty.", "id_meaning"),
        (
            lambda document: first(document)["anchors"].__setitem__(2, ""),
            "Strategic, anchor 3",
            "is empty.",
            "id_anchor.3",
        ),
        (
            lambda document: first(document)["anchors"].__setitem__(4, "Strategic  WORTH 2"),
            "Strategic, anchor 5",
            "says the same as anchor 2.",
            "id_anchor.5",
        ),
        (
            lambda document: first(document)["questions"][0].update(kind="situational"),
            "Strategic, questions",
            "needs at least one question about past behaviour.",
            "id_kind.strategic-1",
        ),
        (
            lambda document: first(document)["questions"].clear(),
            "Strategic, questions",
            "needs at least one question about past behaviour.",
            "id_order.questions",
        ),
        (
            lambda document: first(document)["questions"][0].update(text=""),
            "Strategic, question 1",
            "is empty.",
            "id_text.strategic-1",
        ),
    ],
)
def test_fault_names_the_place_as_people_count_and_the_field(edit, place, text, target):
    document = small_document()
    edit(document)

    [fault] = faults_of(document)

    assert (fault.dimension_key, fault.place, fault.text, fault.target) == ("strategic", place, text, target)


def test_finished_document_has_none():
    assert faults_of(small_document()) == []
