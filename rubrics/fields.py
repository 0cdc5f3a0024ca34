"""A dimension of a draft as flat named texts: the same in the page, in an autosave and where two texts are compared.

`name`, `letter`, `meaning`, `anchor.<1 to 5>` and for each question `kind.<key>`, `text.<key>`, `probes.<key>` (one a
line) and `listen.<key>` are of the one dimension that a page edits. With it go what the page shows of all of them:
`weight.<key>`, and `order.questions` and `order.dimensions` as keys with a space between. Pure, on documents.
"""

from collections.abc import Mapping

from rubrics.file_format import Document
from rubrics.models import RATINGS, Question
from smarter.autosave import Fields

KIND, TEXT, PROBES, LISTEN = "kind.", "text.", "probes.", "listen."
ANCHOR, WEIGHT = "anchor.", "weight."
QUESTIONS, DIMENSIONS = "order.questions", "order.dimensions"
ORDERS = (QUESTIONS, DIMENSIONS)
OF_A_QUESTION = (KIND, TEXT, PROBES, LISTEN)
PLAIN = {"name": "Name", "letter": "Letter", "meaning": "What it means"}


def find_dimension(document: Document, key: str) -> Document | None:
    """The dimension with this key; without a key, the first."""
    return next((row for row in document["dimensions"] if key in ("", row["key"])), None)


def fields_of(document: Document, key: str) -> Fields:
    """Everything that the page of a dimension may change."""
    row = next(row for row in document["dimensions"] if row["key"] == key)
    fields = {name: row[name] for name in PLAIN}
    for each in document["dimensions"]:
        fields[WEIGHT + each["key"]] = str(each["weight"])
    for question in row["questions"]:
        fields |= question_fields(question)
    fields |= {f"{ANCHOR}{value}": row["anchors"][value - 1] for value in RATINGS}
    fields[QUESTIONS] = " ".join(question["key"] for question in row["questions"])
    fields[DIMENSIONS] = " ".join(each["key"] for each in document["dimensions"])
    return fields


def changed_fields(before: Document, after: Document, key: str) -> set[str]:
    """The fields of a dimension that say something else than in another document; of a new question, all."""
    known = fields_of(before, key) if any(row["key"] == key for row in before["dimensions"]) else {}
    return {name for name, text in fields_of(after, key).items() if known.get(name) != text}


def question_fields(question: Document) -> Fields:
    """The fields of one question."""
    key = question["key"]
    return {
        KIND + key: question["kind"],
        TEXT + key: question["text"],
        PROBES + key: "\n".join(question["probes"]),
        LISTEN + key: question["listen_for"],
    }


def labels_of(document: Document, key: str) -> Fields:
    """What each field is called where two texts of it are compared, in the order of the page."""
    row = next(row for row in document["dimensions"] if row["key"] == key)
    labels = dict(PLAIN)
    labels |= {WEIGHT + each["key"]: f"Weight of {each['name']}" for each in document["dimensions"]}
    for number, question in enumerate(row["questions"], start=1):
        words = (f"Kind of question {number}", f"Question {number}", f"Probes of question {number}")
        names = [part + question["key"] for part in OF_A_QUESTION]
        labels |= dict(zip(names, (*words, f"Listen for, question {number}"), strict=True))
    labels |= {f"{ANCHOR}{value}": f"Anchor {value}" for value in RATINGS}
    return labels | {QUESTIONS: "Order of questions", DIMENSIONS: "Order of dimensions"}


def in_words(name: str, value: str) -> str:
    """A value as the page would say it."""
    return dict(Question.Kind.choices).get(value, "") if name.startswith(KIND) else value


def as_typed(data: Mapping[str, str]) -> Fields:
    """The fields among what a page sent, cleaned as the form cleans them, so that they compare with what is saved."""
    parts = (*OF_A_QUESTION, ANCHOR, WEIGHT)
    typed = {}
    for name, text in data.items():
        if name in PLAIN or name in ORDERS or name.startswith(parts):
            plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
            lines = (line.strip() for line in plain.split("\n"))
            typed[name] = "\n".join(line for line in lines if line) if name.startswith(PROBES) else plain
    return typed


def with_fields(document: Document, key: str, fields: Mapping[str, str]) -> Document:
    """The document after these cleaned fields; whatever they do not name stays."""
    full = fields_of(document, key) | dict(fields)
    rows = [
        (_dimension(row, full) if row["key"] == key else row) | {"weight": int(full[WEIGHT + row["key"]])}
        for row in document["dimensions"]
    ]
    return {**document, "dimensions": in_order(rows, full[DIMENSIONS])}


def _dimension(row: Document, full: Mapping[str, str]) -> Document:
    questions = [
        {
            "key": question["key"],
            "kind": full[KIND + question["key"]],
            "text": full[TEXT + question["key"]],
            "probes": [line for line in full[PROBES + question["key"]].split("\n") if line],
            "listen_for": full[LISTEN + question["key"]],
        }
        for question in row["questions"]
    ]
    return {
        **row,
        **{name: full[name] for name in PLAIN},
        "anchors": [full[f"{ANCHOR}{value}"] for value in RATINGS],
        "questions": in_order(questions, full[QUESTIONS]),
    }


def in_order(rows: list[Document], order: str) -> list[Document]:
    """The rows in the order of these keys; those that it does not name stay at their place."""
    places = {key: place for place, key in reversed(list(enumerate(order.split())))}
    ordered = sorted((row for row in rows if row["key"] in places), key=lambda row: places[row["key"]])
    for place, row in enumerate(rows):
        if row["key"] not in places:
            ordered.insert(place, row)
    return ordered
