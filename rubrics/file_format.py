"""The rubric file: what it may hold, and the path of every fault. docs/rubric-format.md describes it to people."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

FORMAT = "smarter-rubric"
FORMAT_VERSION = 1
MOST_BYTES = 1_000_000
MOST_FAULTS = 100
KEY_SHAPE = re.compile(r"[a-z](-?[a-z0-9])*")
# What PostgreSQL can't store: the null character, and halves of surrogate pairs.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Document = dict[str, Any]
"""A rubric version as the file holds it: objects, lists, texts and whole numbers."""


class RubricFileRefused(Exception):
    """The file is at fault; `faults` has a sentence for each, beginning with its path."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Shape(Protocol):
    """What a value in the file must be."""

    def check(self, value: object, path: str, faults: list[str]) -> Any:
        """Give the value back cleaned; add what is wrong to `faults`."""


@dataclass(frozen=True)
class Text:
    """A text within limits; spaces at both ends are dropped before they are counted."""

    most: int
    least: int = 0

    def check(self, value: object, path: str, faults: list[str]) -> str:
        """Give the text back without spaces at both ends."""
        if not isinstance(value, str):
            faults.append(f"{path}: must be a text, not {_kind(value)}.")
            return ""
        text = value.strip()
        if UNSTORABLE.search(text):
            faults.append(f"{path}: holds a character that can't be stored.")
        if len(text) < self.least:
            faults.append(f"{path}: must not be empty.")
        if len(text) > self.most:
            faults.append(f"{path}: has {len(text):,} characters; at most {self.most:,} fit.")
        return text


@dataclass(frozen=True)
class Pattern:
    """A text of a given form; `form` says which."""

    pattern: re.Pattern[str]
    form: str

    def check(self, value: object, path: str, faults: list[str]) -> str:
        """Give the text back."""
        if not isinstance(value, str) or not self.pattern.fullmatch(value):
            faults.append(f"{path}: must be {self.form}.")
            return ""
        return value


@dataclass(frozen=True)
class Whole:
    """A whole number in a range."""

    low: int
    high: int

    def check(self, value: object, path: str, faults: list[str]) -> int:
        """Give the number back."""
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            faults.append(f"{path}: must be a whole number from {self.low} to {self.high}.")
            return self.low
        return value


@dataclass(frozen=True)
class Rows:
    """A list of values of one shape."""

    shape: Shape
    least: int
    most: int

    def check(self, value: object, path: str, faults: list[str]) -> list[Any]:
        """Give the list back, each value cleaned."""
        if not isinstance(value, list):
            faults.append(f"{path}: must be a list, not {_kind(value)}.")
            return []
        if not self.least <= len(value) <= self.most:
            wanted = str(self.least) if self.least == self.most else f"{self.least} to {self.most}"
            faults.append(f"{path}: has {len(value)} entries; it must have {wanted}.")
        return [self.shape.check(row, f"{path}[{place}]", faults) for place, row in enumerate(value[: self.most])]


@dataclass(frozen=True)
class Fields:
    """An object with exactly these fields; those with a default may be left out."""

    shapes: Mapping[str, Shape]
    defaults: Mapping[str, Any]

    def check(self, value: object, path: str, faults: list[str]) -> dict[str, Any]:
        """Give the object back with its fields in the documented order."""
        if not isinstance(value, dict):
            faults.append(f"{path or 'file'}: must be an object, not {_kind(value)}.")
            return {}
        prefix = f"{path}." if path else ""
        doubled = getattr(value, "doubled", ())
        faults += [f"{prefix}{_shown(name)}: is there twice." for name in doubled]
        faults += [
            f"{prefix}{_shown(name)}: is not a field of this format." for name in sorted(value.keys() - self.shapes)
        ]
        cleaned = {}
        for name, shape in self.shapes.items():
            if name in value:
                cleaned[name] = shape.check(value[name], prefix + name, faults)
            elif name in self.defaults:
                cleaned[name] = self.defaults[name]
            else:
                faults.append(f"{prefix}{name}: is missing.")
        return cleaned


KEY = Pattern(
    re.compile(rf"(?=.{{1,64}}\Z){KEY_SHAPE.pattern}"),
    "a key: 1 to 64 small letters, digits and single hyphens, beginning with a letter",
)
QUESTION = Fields(
    {
        "key": KEY,
        "kind": Pattern(re.compile("past_behaviour|situational"), "“past_behaviour” or “situational”"),
        "text": Text(300),
        "probes": Rows(Text(200), 0, 6),
        "listen_for": Text(300),
    },
    {},
)
DIMENSION = Fields(
    {
        "key": KEY,
        "letter": Pattern(re.compile("[A-Z0-9]"), "one capital letter or digit"),
        "name": Text(60, 1),
        "meaning": Text(500),
        "weight": Whole(0, 100),
        "anchors": Rows(Text(200), 5, 5),
        "questions": Rows(QUESTION, 0, 20),
    },
    {},
)
EXERCISE = Fields(
    {
        "key": KEY,
        "dimension": KEY,
        "question": KEY,
        "answer": Text(1500, 1),
        "rating": Whole(1, 5),
        "reason": Text(800, 1),
    },
    {},
)
RUBRIC_FILE = Fields(
    {
        "format": Pattern(re.compile(FORMAT), f"“{FORMAT}”"),
        "format_version": Whole(1, FORMAT_VERSION),
        "rubric": Fields({"key": KEY, "name": Text(120, 1), "description": Text(500)}, {}),
        "note": Text(500),
        "dimensions": Rows(DIMENSION, 1, 12),
        "exercises": Rows(EXERCISE, 0, 20),
    },
    {"note": "", "exercises": []},
)


def read_document(content: bytes) -> Document:
    """The document in a file. Raises RubricFileRefused with every fault that can be told at once."""
    raw = _parse(content)
    if not isinstance(raw, dict):
        raise RubricFileRefused([f"file: must be an object, not {_kind(raw)}."])
    if raw.get("format") != FORMAT:
        raise RubricFileRefused([f"format: must be “{FORMAT}”. This is no rubric file."])
    version = raw.get("format_version")
    if isinstance(version, int) and not isinstance(version, bool) and version > FORMAT_VERSION:
        raise RubricFileRefused([f"format_version: is {version}; this installation reads {FORMAT_VERSION}."])
    document, faults = check_document(raw)
    if faults:
        raise RubricFileRefused(faults if len(faults) <= MOST_FAULTS else [*faults[:MOST_FAULTS], "… and more."])
    return document


def check_document(raw: Document) -> tuple[Document, list[str]]:
    """The document cleaned, and what is wrong with it; usable only where nothing is."""
    faults: list[str] = []
    document = RUBRIC_FILE.check(raw, "", faults)
    if not faults:
        faults = [*_doubled_keys(document), *_lost_references(document)]
    return document, faults


class _Object(dict[str, Any]):
    """An object of the file that remembers which fields it held twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _value in pairs]
        self.doubled = sorted({name for name in names if names.count(name) > 1}) if len(self) < len(names) else []


def _parse(content: bytes) -> object:
    """The JSON in a file, or RubricFileRefused with the place at which it stops being JSON."""

    def refuse_constant(name: str) -> NoReturn:
        raise ValueError(f"{name} is not allowed")

    if len(content) > MOST_BYTES:
        raise RubricFileRefused([f"file: is larger than {MOST_BYTES // 1_000_000} MB."])
    marks = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
    if not content.lstrip().startswith((b"{", b"[", *marks)):
        raise RubricFileRefused(["file: is no rubric file. Choose one as “Download file” writes it, which is JSON."])
    if content.startswith(marks):
        raise RubricFileRefused(["file: begins with a byte order mark. Save it as UTF-8 without one."])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RubricFileRefused([f"file: is not UTF-8 from byte {error.start} on. Save it as UTF-8."]) from None
    try:
        parsed: object = json.loads(text, object_pairs_hook=_Object, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        raise RubricFileRefused([f"file: line {error.lineno}, column {error.colno}: {error.msg}."]) from None
    except RecursionError:
        raise RubricFileRefused(["file: is nested too deeply to be a rubric. Download the file again."]) from None
    except ValueError as error:
        raise RubricFileRefused([f"file: can't be read as JSON ({error})."]) from None
    return parsed


def _doubled_keys(document: Document) -> list[str]:
    dimensions = list(enumerate(document["dimensions"]))
    questions = [
        (f"dimensions[{place}].questions[{row}].key", question["key"])
        for place, dimension in dimensions
        for row, question in enumerate(dimension["questions"])
    ]
    exercises = [(f"exercises[{place}].key", row["key"]) for place, row in enumerate(document["exercises"])]
    return [
        *_doubled((f"dimensions[{place}].key", row["key"]) for place, row in dimensions),
        *_doubled((f"dimensions[{place}].letter", row["letter"]) for place, row in dimensions),
        *_doubled((f"dimensions[{place}].name", row["name"].casefold()) for place, row in dimensions),
        *_doubled(questions),
        *_doubled(exercises),
    ]


def _doubled(named: Iterable[tuple[str, str]]) -> list[str]:
    first: dict[str, str] = {}
    return [
        f"{path}: is the same as {first[value]}; it must be unique in the file."
        for path, value in named
        if first.setdefault(value, path) != path
    ]


def _lost_references(document: Document) -> list[str]:
    questions = {row["key"]: {question["key"] for question in row["questions"]} for row in document["dimensions"]}
    faults = []
    for place, row in enumerate(document["exercises"]):
        if row["dimension"] not in questions:
            faults.append(f"exercises[{place}].dimension: no dimension of this file has the key “{row['dimension']}”.")
        elif row["question"] not in questions[row["dimension"]]:
            faults.append(f"exercises[{place}].question: “{row['dimension']}” has no question “{row['question']}”.")
    return faults


def _kind(value: object) -> str:
    """What a value is, in words."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "empty"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), "a number")


def _shown(name: str) -> str:
    """A field name from the file, safe to print."""
    return UNSTORABLE.sub("�", name[:40])
