"""Edits of a draft, as pure functions on its document: rows move, come and go, and their keys never change."""

import copy
import string
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rubrics.file_format import Document

MOST_QUESTIONS = 20
MOST_DIMENSIONS = 12
STEPS = {"up": -1, "down": 1}


def with_dimension(document: Document, dimension: Document) -> Document:
    """The document with the dimension of the same key replaced."""
    edited = copy.deepcopy(document)
    edited["dimensions"] = [dimension if row["key"] == dimension["key"] else row for row in edited["dimensions"]]
    return without_lost_exercises(edited)


def add_dimension(document: Document, taken: Iterable[str] = ()) -> Document:
    """The document with an empty dimension at its end; its key is none of `taken`."""
    edited = copy.deepcopy(document)
    rows = edited["dimensions"]
    key = _free_key("dimension", {*taken, *(row["key"] for row in rows)})
    number = key.rpartition("-")[2]
    rows.append(
        {
            "key": key,
            "letter": _free_letter({row["letter"] for row in rows}),
            "name": f"New dimension {number}",
            "meaning": "",
            "weight": 0,
            "anchors": [""] * 5,
            "questions": [],
        }
    )
    return edited


@dataclass(frozen=True)
class Edit:
    """A document after an act: what it is called in the audit, where the editor goes on, and what was taken out."""

    document: Document
    change: str
    key: str
    at: str = ""
    removed: "Removed | None" = None


def perform(document: Document, key: str, act: str, taken: Collection[str] = ()) -> Edit:
    """What a button of the dimension `key` does; an unknown one saves and does no more.

    Keys of rows that were removed are `taken`: they may be put back.
    """
    name, _colon, question = act.partition(":")
    row = _dimension(document, key)
    if name in STEPS:
        questions = move(row["questions"], question, STEPS[name])
        moved = with_dimension(document, {**row, "questions": questions})
        return Edit(moved, "move_question", key, f"question-{question}")
    if name == "add" and len(row["questions"]) < MOST_QUESTIONS:
        row = add_question(document, row, taken)
        return Edit(with_dimension(document, row), "add_question", key, f"id_text.{row['questions'][-1]['key']}")
    if name == "remove" and any(each["key"] == question for each in row["questions"]):
        edited, removed = remove_question(document, key, question)
        return Edit(edited, "remove_question", key, "removed", removed)
    return _perform_on_dimension(document, key, name, taken)


def _perform_on_dimension(document: Document, key: str, name: str, taken: Collection[str]) -> Edit:
    step = STEPS.get(name.removeprefix("dimension-"))
    if step:
        moved = {**document, "dimensions": move(document["dimensions"], key, step)}
        return Edit(moved, "move_dimension", key)
    if name == "add-dimension" and len(document["dimensions"]) < MOST_DIMENSIONS:
        edited = add_dimension(document, taken)
        return Edit(edited, "add_dimension", edited["dimensions"][-1]["key"], "id_name")
    if name == "remove-dimension" and len(document["dimensions"]) > 1:
        edited, removed = remove_dimension(document, key)
        return Edit(edited, "remove_dimension", edited["dimensions"][0]["key"], "removed", removed)
    if name == "equal":
        return Edit(make_weights_equal(document), "equal_weights", key)
    return Edit(document, "text", key)


@dataclass(frozen=True)
class Removed:
    """What was taken out of a document, so that it can be put back: a dimension, or a question of it."""

    dimension_key: str
    question_key: str
    content: Document


def remove_dimension(document: Document, key: str) -> tuple[Document, Removed]:
    """The document without a dimension and its practice answers, and what was taken out."""
    edited = copy.deepcopy(document)
    place = next(place for place, row in enumerate(edited["dimensions"]) if row["key"] == key)
    row = edited["dimensions"].pop(place)
    exercises = [each for each in edited["exercises"] if each["dimension"] == key]
    content = {"row": row, "place": place, "exercises": exercises}
    return without_lost_exercises(edited), Removed(key, "", content)


def remove_question(document: Document, dimension_key: str, key: str) -> tuple[Document, Removed]:
    """The document without a question and its practice answers, and what was taken out."""
    edited = copy.deepcopy(document)
    questions = _dimension(edited, dimension_key)["questions"]
    place = next(place for place, row in enumerate(questions) if row["key"] == key)
    row = questions.pop(place)
    exercises = [each for each in edited["exercises"] if (each["dimension"], each["question"]) == (dimension_key, key)]
    content = {"row": row, "place": place, "exercises": exercises}
    return without_lost_exercises(edited), Removed(dimension_key, key, content)


def put_back(document: Document, removed: Removed) -> Document:
    """The document with what was taken out at its old place, as far as that is still there.

    A letter or name that another dimension has taken meanwhile gives way. Where its dimension is gone, a question
    stays out.
    """
    edited, content = copy.deepcopy(document), copy.deepcopy(removed.content)
    row, place = content["row"], content["place"]
    here = {each["key"] for each in edited["dimensions"]}
    asked = {question["key"] for each in edited["dimensions"] for question in each["questions"]}
    if row["key"] in (asked if removed.question_key else here):
        return edited
    if not removed.question_key:
        _give_way(row, edited["dimensions"])
        edited["dimensions"].insert(place, row)
    elif removed.dimension_key in here:
        _dimension(edited, removed.dimension_key)["questions"].insert(place, row)
    keys = {each["key"] for each in edited["exercises"]}
    edited["exercises"] += [each for each in content["exercises"] if each["key"] not in keys]
    return without_lost_exercises(edited)


def _give_way(row: Document, others: list[Document]) -> None:
    letters = {each["letter"] for each in others}
    names = {each["name"].casefold() for each in others}
    if row["letter"] in letters:
        row["letter"] = _free_letter(letters)
    stem, number = row["name"][:50], 2
    while row["name"].casefold() in names:
        row["name"], number = f"{stem} ({number})", number + 1


def _dimension(document: Document, key: str) -> Document:
    row: Document = next(row for row in document["dimensions"] if row["key"] == key)
    return row


def _free_letter(taken: Collection[str]) -> str:
    return next(sign for sign in string.ascii_uppercase + string.digits if sign not in taken)


def make_weights_equal(document: Document) -> Document:
    """The document with the same weight for every dimension, the first ones a point more where 100 can't be shared."""
    edited = copy.deepcopy(document)
    share, rest = divmod(100, len(edited["dimensions"]))
    for place, row in enumerate(edited["dimensions"]):
        row["weight"] = share + (place < rest)
    return edited


def move(rows: list[Document], key: str, step: int) -> list[Document]:
    """The rows with one of them moved up (-1) or down (1), as far as there is room."""
    moved = list(rows)
    place = next((place for place, row in enumerate(moved) if row["key"] == key), None)
    if place is not None and 0 <= place + step < len(moved):
        moved[place], moved[place + step] = moved[place + step], moved[place]
    return moved


def add_question(document: Document, dimension: Document, taken: Iterable[str] = ()) -> Document:
    """The dimension with an empty question at its end; its key is new to the whole document and none of `taken`."""
    known = {row["key"] for each in [*document["dimensions"], dimension] for row in each["questions"]}
    key = _free_key(f"{dimension['key'][:50]}-question", {*taken, *known})
    question = {"key": key, "kind": "past_behaviour", "text": "", "probes": [], "listen_for": ""}
    return {**dimension, "questions": [*dimension["questions"], question]}


def without_lost_exercises(document: Document) -> Document:
    """The document without practice answers to questions that are gone."""
    asked = {(row["key"], question["key"]) for row in document["dimensions"] for question in row["questions"]}
    kept = [row for row in document["exercises"] if (row["dimension"], row["question"]) in asked]
    return {**document, "exercises": kept}


def _free_key(stem: str, taken: Collection[str]) -> str:
    """The stem with the first number that makes a key nobody has."""
    return next(key for key in (f"{stem}-{number}" for number in range(1, len(taken) + 2)) if key not in taken)
