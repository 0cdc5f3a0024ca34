"""Rubric documents for tests: a small one, and any that the format allows."""

from typing import Any

from hypothesis import strategies as st

STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")


def texts(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """Texts within limits once spaces at both ends are dropped."""
    return st.text(STORABLE, max_size=min(most, 12)).map(str.strip).filter(lambda text: len(text) >= least)


KEYS = st.from_regex(r"[a-z](-?[a-z0-9]){0,20}", fullmatch=True)


def small_document(**changes: Any) -> dict[str, Any]:
    """A publishable document with two dimensions and one exercise."""
    document = {
        "format": "smarter-rubric",
        "format_version": 1,
        "rubric": {"key": "small", "name": "Small", "description": "Two things to judge."},
        "note": "First.",
        "dimensions": [small_dimension("S", "strategic", 60), small_dimension("T", "teams", 40)],
        "exercises": [
            {
                "key": "practice",
                "dimension": "teams",
                "question": "teams-1",
                "answer": "We won.",
                "rating": 2,
                "reason": "No “who”.",
            }
        ],
    }
    return {**document, **changes}


def small_dimension(letter: str, key: str, weight: int) -> dict[str, Any]:
    """A dimension with one question."""
    return {
        "key": key,
        "letter": letter,
        "name": key.capitalize(),
        "meaning": f"What {key} means.",
        "weight": weight,
        "anchors": [f"{key} worth {value}" for value in range(1, 6)],
        "questions": [
            {
                "key": f"{key}-1",
                "kind": "past_behaviour",
                "text": "Tell me about a deal.",
                "probes": ["And then?"],
                "listen_for": "Names.",
            }
        ],
    }


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Any document that the format allows, drafts with gaps included."""
    rows = draw(st.lists(st.tuples(KEYS, texts(60, 1)), min_size=1, max_size=3, unique_by=(_key, _name)))
    keys = iter(draw(st.lists(KEYS, min_size=9, max_size=9, unique=True)))
    dimensions = [
        {
            "key": key,
            "letter": letter,
            "name": name,
            "meaning": draw(texts(500)),
            "weight": draw(st.integers(0, 100)),
            "anchors": draw(st.lists(texts(200), min_size=5, max_size=5)),
            "questions": [draw(questions(next(keys))) for _ in range(draw(st.integers(0, 2)))],
        }
        for letter, (key, name) in zip("X7A", rows, strict=False)
    ]
    asked = [(row["key"], question["key"]) for row in dimensions for question in row["questions"]]
    return small_document(
        note=draw(texts(500)),
        dimensions=dimensions,
        exercises=[
            {
                "key": f"exercise-{place}",
                "dimension": dimension,
                "question": question,
                "answer": draw(texts(1500, 1)),
                "rating": draw(st.integers(1, 5)),
                "reason": draw(texts(800, 1)),
            }
            for place, (dimension, question) in enumerate(asked)
        ],
    )


@st.composite
def questions(draw: st.DrawFn, key: str) -> dict[str, Any]:
    """A question with the key given."""
    return {
        "key": key,
        "kind": draw(st.sampled_from(["past_behaviour", "situational"])),
        "text": draw(texts(300)),
        "probes": draw(st.lists(texts(200), max_size=2)),
        "listen_for": draw(texts(300)),
    }


def _key(row: tuple[str, str]) -> str:
    return row[0]


def _name(row: tuple[str, str]) -> str:
    return row[1].casefold()
