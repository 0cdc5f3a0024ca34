"""What could be better in a rubric's text, by plain rules: hints for whoever publishes it, never a bar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rubrics.fields import ANCHOR, LISTEN, PROBES, TEXT
from rubrics.file_format import Document

MOST_WORDS_IN_ANCHOR = 19  # so that all five fit a phone
MOST_WORDS_IN_QUESTION = 40
MOST_WORDS_IN_MEANING = 70
MOST_WORDS_ASIDE = 30  # of a probe, and of what to listen for: read while somebody talks
ASK_INSTEAD = "In many places the law forbids it. Ask about the work."


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


TWO_IN_ONE = _words(r"(?:and|or) (?:how|what|when|where|which|who|whom|why|did|do|would|will)")
LEADING = _words(
    "don[’']t you", "wouldn[’']t you", "isn[’']t it", "surely", "of course", "obviously", "would you agree"
)
DEGREES = _words("poor", "weak", "bad", "average", "adequate", "good", "strong", "great", "excellent", "outstanding")
# What an answer must not be judged by, whatever the law of the place says.
PROTECTED = {
    "age": _words("how old", "years? old", "age", "aged", "born", "birth", "birthday", r"young\w*", r"retire\w*"),
    "family": _words(
        *("married", "marriage", "spouse", "husband", "wife", "maiden", r"child\w*", "kids?", "bab(?:y|ies)"),
        *(r"pregnan\w*", "maternity", "paternity", "famil(?:y|ies)"),
    ),
    "health": _words(r"health\w*", "ill", "illness", "sick", "sickness", r"disab\w*", r"medica\w*"),
    "religion": _words(r"religio\w*", "church", "mosque", "synagogue", "faith", r"pray\w*"),
    "origin": _words(
        *("where (?:are|were|do) you (?:really |originally )?(?:come )?from", "originally from"),
        *("native (?:language|speaker|country)", r"nationalit\w*", r"ethnic\w*", r"immigra\w*", "race", "racial"),
        *("accent", r"citizen\w*", "mother tongue"),
    ),
    "sex or opinions": _words("gender", "sex", r"sexual\w*", "gay", "lesbian", r"politic\w*", "trade unions?"),
}


@dataclass(frozen=True)
class Hint:
    """One thing to look at again: where for people, and the field of the editor."""

    dimension_key: str
    letter: str
    place: str
    text: str
    field: str

    @property
    def target(self) -> str:
        """Where the link to the field leads."""
        return f"id_{self.field}"


def hints(document: Document) -> list[Hint]:
    """Every hint, in the order of the page."""
    return [
        Hint(row["key"], row["letter"], f"{row['name']}, {place}", text, field)
        for row in document["dimensions"]
        for place, text, field in _of_dimension(row)
    ]


def _of_dimension(row: Document) -> Iterator[tuple[str, str, str]]:
    if (count := len(row["meaning"].split())) > MOST_WORDS_IN_MEANING:
        yield "what it means", f"has {count} words. Interviewers read it before they ask; shorten it.", "meaning"
    for number, question in enumerate(row["questions"], start=1):
        for text, part in _of_question(question):
            yield f"question {number}", text, part + question["key"]
    for value, anchor in enumerate(row["anchors"], start=1):
        for text in _of_anchor(anchor):
            yield f"anchor {value}", text, f"{ANCHOR}{value}"


def _of_anchor(anchor: str) -> Iterator[str]:
    if (count := len(anchor.split())) > MOST_WORDS_IN_ANCHOR:
        yield f"has {count} words. Under 20, all five fit a phone."
    if degree := DEGREES.search(anchor):
        yield f"says “{degree[0]}”. Say what one would hear, so that two people agree on it."


def _too_long(question: tuple[str, str], beside: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    if (count := len(question[1].split())) > MOST_WORDS_IN_QUESTION:
        yield f"has {count} words. Shorter is easier to ask aloud.", question[0]
    for part, text in beside:
        if (count := len(text.split())) > MOST_WORDS_ASIDE:
            yield f"has a text of {count} words beside it, to be read while somebody talks. Shorten it.", part


def _of_question(question: Document) -> Iterator[tuple[str, str]]:
    asked = [(TEXT, question["text"]), *((PROBES, probe) for probe in question["probes"])]
    for part, text in asked:
        if text.count("?") > 1 or TWO_IN_ONE.search(text):
            yield "asks two things at once. Make one of them a probe.", part
        if leading := LEADING.search(text):
            yield f"leads the answer with “{leading[0]}”. Ask openly.", part
    for topic, words in PROTECTED.items():
        texts = [*asked, (LISTEN, question["listen_for"])]
        found = next(((match[0], part) for part, text in texts if (match := words.search(text))), None)
        if found:
            yield f"says “{found[0]}”: {topic} must not decide, so it must not be asked about. {ASK_INSTEAD}", found[1]
    yield from _too_long(asked[0], [*asked[1:], (LISTEN, question["listen_for"])])
    if not question["probes"]:
        yield "has no probes.", PROBES
    if not question["listen_for"].strip():
        yield "does not say what to listen for.", LISTEN
