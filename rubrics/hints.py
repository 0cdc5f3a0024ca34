"""What could be better in a rubric's text, by plain rules: hints for whoever publishes it, never a bar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rubrics.file_format import Document

MOST_WORDS_IN_ANCHOR = 19  # so that all five fit a phone
MOST_WORDS_IN_QUESTION = 40


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


TWO_IN_ONE = _words(r"(?:and|or) (?:how|what|when|where|which|who|whom|why|did|do|would|will)")
LEADING = _words(
    "don[’']t you", "wouldn[’']t you", "isn[’']t it", "surely", "of course", "obviously", "would you agree"
)
DEGREES = _words("poor", "weak", "bad", "average", "adequate", "good", "strong", "great", "excellent", "outstanding")
# What an answer must not be judged by, whatever the law of the place says.
PROTECTED = {
    "age": _words("age", "aged", "born", "birth", "birthday", r"young\w*", r"retire\w*"),
    "family": _words(
        "married", "marriage", "spouse", "husband", "wife", r"child\w*", "kids?", r"pregnan\w*", "famil(?:y|ies)"
    ),
    "health": _words(r"health\w*", "ill", "illness", "sick", "sickness", r"disab\w*"),
    "religion": _words(r"religio\w*", "church", "faith"),
    "origin": _words(r"nationalit\w*", r"ethnic\w*", "race", "racial", "accent", r"citizen\w*", "mother tongue"),
    "sex or opinions": _words("gender", "sex", r"sexual\w*", r"politic\w*", "trade unions?"),
}


@dataclass(frozen=True)
class Hint:
    """One thing to look at again, and where."""

    dimension_key: str
    letter: str
    place: str
    text: str


def hints(document: Document) -> list[Hint]:
    """Every hint, in the order of the page."""
    return [
        Hint(row["key"], row["letter"], f"{row['name']}, {place}", text)
        for row in document["dimensions"]
        for place, text in _of_dimension(row)
    ]


def _of_dimension(row: Document) -> Iterator[tuple[str, str]]:
    for number, question in enumerate(row["questions"], start=1):
        for text in _of_question(question):
            yield f"question {number}", text
    for value, anchor in enumerate(row["anchors"], start=1):
        count = len(anchor.split())
        if count > MOST_WORDS_IN_ANCHOR:
            yield f"anchor {value}", f"has {count} words. Under 20, all five fit a phone."
        degree = DEGREES.search(anchor)
        if degree:
            yield f"anchor {value}", f"says “{degree[0]}”. Say what one would hear, so that two people agree on it."


def _of_question(question: Document) -> Iterator[str]:
    asked = [question["text"], *question["probes"]]
    for text in asked:
        if text.count("?") > 1 or TWO_IN_ONE.search(text):
            yield "asks two things at once. Make one of them a probe."
        leading = LEADING.search(text)
        if leading:
            yield f"leads the answer with “{leading[0]}”. Ask openly."
    for topic, words in PROTECTED.items():
        found = next((match for text in [*asked, question["listen_for"]] if (match := words.search(text))), None)
        if found:
            yield f"says “{found[0]}”: {topic} must not decide, so it must not be asked about. Ask about the work."
    if len(question["text"].split()) > MOST_WORDS_IN_QUESTION:
        yield f"has {len(question['text'].split())} words. Shorter is easier to ask aloud."
    if not question["probes"]:
        yield "has no probes."
    if not question["listen_for"].strip():
        yield "does not say what to listen for."
