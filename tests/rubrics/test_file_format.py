"""A bad rubric file is refused with the path of every fault."""

import copy
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.exchange import BUILT_IN
from rubrics.file_format import MOST_BYTES, RubricFileRefused, read_document
from tests.rubrics.documents import documents, small_document


def as_file(document: Any) -> bytes:
    """The document as a file; half surrogates go through as escapes."""
    return json.dumps(document).encode()


def faults_of(content: bytes) -> list[str]:
    """What the file is refused for."""
    with pytest.raises(RubricFileRefused) as refused:
        read_document(content)
    return refused.value.faults


def changed(path: list[Any], value: Any) -> bytes:
    """The small document with one value replaced, or removed where `value` is ...."""
    document = small_document()
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return as_file(document)


def test_built_in_file_is_read_as_it_stands():
    content = BUILT_IN.read_bytes()

    assert read_document(content) == json.loads(content)


@given(documents())
def test_any_allowed_document_is_read_as_it_stands(document):
    assert read_document(as_file(document)) == document


def test_note_and_exercises_may_be_left_out_and_spaces_at_the_ends_are_dropped():
    document = small_document()
    del document["note"], document["exercises"]
    document["dimensions"][0]["meaning"] = "  " + "x" * 500 + "\n"

    read = read_document(as_file(document))

    assert (read["note"], read["exercises"], read["dimensions"][0]["meaning"]) == ("", [], "x" * 500)


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (["format"], "other", "format: must be “smarter-rubric”. This is no rubric file."),
        (["format_version"], 2, "format_version: is 2; this installation reads 1."),
        (["format_version"], True, "format_version: must be a whole number from 1 to 1."),
        (["colour"], "red", "colour: is not a field of this format."),
        (["rubric"], [], "rubric: must be an object, not a list."),
        (["rubric", "key"], "Smart", "rubric.key: must be a key: 1 to 64 small letters, digits and single hyphens, "),
        (["rubric", "name"], " ", "rubric.name: must not be empty."),
        (["dimensions"], [], "dimensions: has 0 entries; it must have 1 to 12."),
        (["dimensions", 1, "letter"], "S", "dimensions[1].letter: is the same as dimensions[0].letter; it must be"),
        (["dimensions", 1, "name"], "STRATEGIC", "dimensions[1].name: is the same as dimensions[0].name; it must be"),
        (["dimensions", 0, "weight"], 20.0, "dimensions[0].weight: must be a whole number from 0 to 100."),
        (["dimensions", 0, "anchors", 4], None, "dimensions[0].anchors[4]: must be a text, not empty."),
        (["dimensions", 0, "anchors"], ["a"] * 4, "dimensions[0].anchors: has 4 entries; it must have 5."),
        (
            ["dimensions", 1, "questions", 0, "probes", 0],
            "x" * 201,
            "dimensions[1].questions[0].probes[0]: has 201 characters; at most 200 fit.",
        ),
        (
            ["dimensions", 1, "questions", 0, "kind"],
            "trick",
            "dimensions[1].questions[0].kind: must be “past_behaviour” or “situational”.",
        ),
        (["dimensions", 1, "questions", 0, "text"], ..., "dimensions[1].questions[0].text: is missing."),
        (
            ["dimensions", 1, "questions", 0, "text"],
            "nul\x00",
            "dimensions[1].questions[0].text: holds a character that can't be stored.",
        ),
        (
            ["dimensions", 1, "meaning"],
            "half \ud83d",
            "dimensions[1].meaning: holds a character that can't be stored.",
        ),
        (["exercises", 0, "rating"], 6, "exercises[0].rating: must be a whole number from 1 to 5."),
        (
            ["exercises", 0, "dimension"],
            "lost",
            "exercises[0].dimension: no dimension of this file has the key “lost”.",
        ),
        (["exercises", 0, "question"], "strategic-1", "exercises[0].question: “teams” has no question “strategic-1”."),
    ],
)
def test_fault_is_named_by_its_path(path, value, fault):
    faults = faults_of(changed(path, value))

    assert len(faults) == 1
    assert faults[0].startswith(fault)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "file: is no rubric file. Choose one as “Download file” writes it, which is JSON."),
        (b"PK\x03\x04", "file: is no rubric file. Choose one as “Download file” writes it, which is JSON."),
        (b"[" * 100_000, "file: is nested too deeply to be a rubric. Download the file again."),
        (b"[]", "file: must be an object, not a list."),
        (b"\xef\xbb\xbf{}", "file: begins with a byte order mark. Save it as UTF-8 without one."),
        ("{}".encode("utf-16"), "file: begins with a byte order mark. Save it as UTF-8 without one."),
        (b'{"a": "\xe9"}', "file: is not UTF-8 from byte 7 on. Save it as UTF-8."),
        (b'{"a": NaN}', "file: can't be read as JSON (NaN is not allowed)."),
        (b" " * (MOST_BYTES + 1), "file: is larger than 1 MB."),
    ],
)
def test_file_that_is_no_document_is_refused(content, fault):
    assert faults_of(content) == [fault]


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"a":' * 100_000, b'{"format_version": ' + b"9" * 5000 + b"}"])
def test_file_made_to_exhaust_the_reader_is_refused(content):
    assert faults_of(content)[0].startswith("file: ")


def test_field_given_twice_is_refused():
    content = as_file(small_document()).replace(b'"note": "First."', b'"note": "First.", "note": "Second."')

    assert faults_of(content) == ["note: is there twice."]


def test_all_faults_are_told_at_once():
    document = small_document()
    document["dimensions"][0]["weight"] = 101
    document["dimensions"][1]["anchors"][2] = 3
    del document["exercises"][0]["reason"]

    assert faults_of(as_file(document)) == [
        "dimensions[0].weight: must be a whole number from 0 to 100.",
        "dimensions[1].anchors[2]: must be a text, not a number.",
        "exercises[0].reason: is missing.",
    ]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a document."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for step, inner in steps for place in places(inner, (*path, step)))]


PLACES = [place for place in places(small_document()) if place]
WRONG: list[Any] = [None, True, -1, 101.5, 10**400, "\x00", "\ud800", {}, {"x": 1}, [[]], "x" * 5000]


@given(st.sampled_from(PLACES), st.sampled_from(WRONG))
def test_any_wrong_value_anywhere_is_refused_by_path(path, wrong):
    document: Any = copy.deepcopy(small_document())
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = wrong

    faults = faults_of(as_file(document))

    assert faults
    assert [fault for fault in faults if not re.match(r"[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*: \S", fault)] == []
