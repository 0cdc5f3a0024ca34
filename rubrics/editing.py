"""Edits of a draft, as pure functions on its document: rows move, come and go, and their keys never change."""

import copy
import string
from collections.abc import Iterable

from rubrics.file_format import Document

MOST_QUESTIONS = 20
MOST_DIMENSIONS = 12


def with_dimension(document: Document, dimension: Document) -> Document:
    """The document with the dimension of the same key replaced."""
    edited = copy.deepcopy(document)
    edited["dimensions"] = [dimension if row["key"] == dimension["key"] else row for row in edited["dimensions"]]
    return without_lost_exercises(edited)


def add_dimension(document: Document) -> Document:
    """The document with an empty dimension at its end."""
    edited = copy.deepcopy(document)
    rows = edited["dimensions"]
    letters = (sign for sign in string.ascii_uppercase if sign not in {row["letter"] for row in rows})
    key = _free_key("dimension", (row["key"] for row in rows))
    rows.append(
        {
            "key": key,
            "letter": next(letters),
            "name": key.capitalize().replace("-", " "),
            "meaning": "",
            "weight": 0,
            "anchors": [""] * 5,
            "questions": [],
        }
    )
    return edited


def remove_dimension(document: Document, key: str) -> Document:
    """The document without a dimension and its practice answers."""
    edited = copy.deepcopy(document)
    edited["dimensions"] = [row for row in edited["dimensions"] if row["key"] != key]
    return without_lost_exercises(edited)


def move(rows: list[Document], key: str, step: int) -> list[Document]:
    """The rows with one of them moved up (-1) or down (1), as far as there is room."""
    moved = list(rows)
    place = next((place for place, row in enumerate(moved) if row["key"] == key), None)
    if place is not None and 0 <= place + step < len(moved):
        moved[place], moved[place + step] = moved[place + step], moved[place]
    return moved


def add_question(document: Document, dimension: Document) -> Document:
    """The dimension with an empty question at its end; its key is new to the whole document."""
    taken = (row["key"] for each in document["dimensions"] for row in each["questions"])
    key = _free_key(f"{dimension['key'][:50]}-question", [*taken, *(row["key"] for row in dimension["questions"])])
    question = {"key": key, "kind": "past_behaviour", "text": "", "probes": [], "listen_for": ""}
    return {**dimension, "questions": [*dimension["questions"], question]}


def remove_question(dimension: Document, key: str) -> Document:
    """The dimension without one of its questions."""
    return {**dimension, "questions": [row for row in dimension["questions"] if row["key"] != key]}


def without_lost_exercises(document: Document) -> Document:
    """The document without practice answers to questions that are gone."""
    asked = {(row["key"], question["key"]) for row in document["dimensions"] for question in row["questions"]}
    kept = [row for row in document["exercises"] if (row["dimension"], row["question"]) in asked]
    return {**document, "exercises": kept}


def _free_key(stem: str, taken: Iterable[str]) -> str:
    """The stem with the first number that makes a key nobody has."""
    known = set(taken)
    return next(key for key in (f"{stem}-{number}" for number in range(1, len(known) + 2)) if key not in known)
