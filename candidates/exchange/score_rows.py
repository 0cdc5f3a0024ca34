"""Scorecards as rows of a table, one for each score: the columns, and what each may hold.

docs/score-files.md describes the columns to people. Import and export share this one list.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from candidates.exchange.tables import Fault, Row, Table
from candidates.models import NotObserved, Recommendation, Revision
from rubrics.file_format import UNSTORABLE
from rubrics.models import RATINGS

REQUIRED = ("candidate", "interviewer", "dimension", "rating")
COLUMNS = (
    *REQUIRED,
    "evidence",
    "interview",
    "recommendation",
    "not_observed",
    "candidate_email",
    "interviewer_email",
    "interview_at",
    "rubric_version",
    "focus",
    "shadow",
    "independent",
    "summary",
    "submitted_at",
    "revisions",
)
# Said once for a scorecard, on any of its rows or on all of them.
CARD_COLUMNS = ("recommendation", "rubric_version", "focus", "shadow", "independent", "summary", "submitted_at")


@dataclass(frozen=True)
class RevisionRow:
    """A second rating with its reason, as the column `revisions` holds it."""

    rating: int
    reason: str
    text: str
    revised_at: datetime


@dataclass(frozen=True)
class ScoreRow:
    """One score as the file has it, checked by itself; people and dimensions are still to be found."""

    number: int
    candidate: str
    candidate_email: str
    interviewer: str
    interviewer_email: str
    dimension: str
    rating: int | None
    not_observed: str
    evidence: str
    interview: str
    interview_at: datetime | None
    revisions: tuple[RevisionRow, ...]
    card: Mapping[str, Any]  # by CARD_COLUMNS, only what is given


class _Wrong(Exception):
    """A cell is wrong; the message says what would be right."""


def read_rows(table: Table) -> tuple[list[ScoreRow], list[Fault]]:
    """The rows that are right by themselves, and what is wrong with the others."""
    rows, faults = [], list(table.faults)
    for row in table.rows:
        found = _Cells(row)
        score = found.score_row()
        faults += found.faults
        if not found.faults:
            rows.append(score)
    return rows, faults


class _Cells:
    """One row on its way from texts to a ScoreRow, with the faults met."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[Fault] = []

    def read(self, column: str, parse: Callable[[str], Any]) -> Any:
        """The parsed cell, or None with a fault."""
        try:
            return parse(self.row.cells[column].strip())
        except _Wrong as wrong:
            self.faults.append(Fault(self.row.number, column, str(wrong)))
            return None

    def score_row(self) -> ScoreRow:
        """The row, to be used only where there are no faults."""
        rating = self.read("rating", _rating)
        not_observed = self.read("not_observed", _not_observed)
        if not self.faults and rating is None and not not_observed:
            self.fault("rating", "is empty. Give 1 to 5, or a reason in not_observed.")
        if rating is not None and not_observed:
            self.fault("not_observed", "has a reason although there is a rating. Leave one of them empty.")
        card = {column: self.read(column, parse) for column, parse in CARD_PARSERS.items()}
        card["summary"] = self.row.cells["summary"]
        return ScoreRow(
            number=self.row.number,
            candidate=self.read("candidate", _required("candidate’s name or e-mail")),
            candidate_email=self.read("candidate_email", _email),
            interviewer=self.read("interviewer", _required("interviewer’s e-mail or name")),
            interviewer_email=self.read("interviewer_email", _email),
            dimension=self.read("dimension", _required("dimension’s letter or name")),
            rating=rating,
            not_observed=not_observed or "",
            evidence=self.row.cells["evidence"],
            interview=self.read("interview", _short(120)),
            interview_at=self.read("interview_at", _instant),
            revisions=self.read("revisions", _revisions) or (),
            card={column: value for column, value in card.items() if value not in (None, "", [])},
        )

    def fault(self, column: str, text: str) -> None:
        """Note that a column is wrong."""
        self.faults.append(Fault(self.row.number, column, text))


def _rating(cell: str) -> int | None:
    if cell and cell not in {str(value) for value in RATINGS}:
        raise _Wrong(f"“{_shown(cell)}” is no rating. Give a whole number from 1 to 5.")
    return int(cell) if cell else None


def _not_observed(cell: str) -> str:
    wanted = _folded(cell)
    for reason in NotObserved:
        if wanted in (_folded(reason.value), _folded(str(reason.label))):
            return reason.value
    if wanted:
        raise _Wrong(f"“{_shown(cell)}” is no reason. Give one of {', '.join(NotObserved.values)}.")
    return ""


def _recommendation(cell: str) -> Recommendation | None:
    wanted = _folded(cell)
    for choice in Recommendation:
        if wanted in (_folded(choice.name), _folded(str(choice.label))):
            return choice
    if wanted:
        names = ", ".join(choice.name.lower() for choice in Recommendation)
        raise _Wrong(f"“{_shown(cell)}” is no recommendation. Give one of {names}.")
    return None


def _yes_or_no(cell: str) -> bool | None:
    if cell.lower() not in ("", "yes", "no"):
        raise _Wrong(f"“{_shown(cell)}” is neither “yes” nor “no”.")
    return cell.lower() == "yes" if cell else None


def _instant(cell: str) -> datetime | None:
    """An instant; without an offset it is in the time zone of the installation."""
    if not cell:
        return None
    try:
        parsed = parse_datetime(cell)
    except ValueError:
        parsed = None
    if parsed is None or not 1990 <= parsed.year <= 2200:
        raise _Wrong(f"“{_shown(cell)}” is no date and time. Write it as 2026-03-31T14:30+01:00.")
    return timezone.make_aware(parsed) if timezone.is_naive(parsed) else parsed


def _past_instant(cell: str) -> datetime | None:
    parsed = _instant(cell)
    if parsed and parsed > timezone.now():
        raise _Wrong(f"“{_shown(cell)}” is still to come.")
    return parsed


def _email(cell: str) -> str:
    if cell:
        try:
            validate_email(cell)
        except ValidationError:
            raise _Wrong(f"“{_shown(cell)}” is no e-mail address.") from None
    return cell.lower()


def _whole(cell: str) -> int | None:
    if cell and not (cell.isascii() and cell.isdigit() and len(cell) < 6):
        raise _Wrong(f"“{_shown(cell)}” is no number of a version.")
    return int(cell) if cell else None


def _revisions(cell: str) -> tuple[RevisionRow, ...]:
    """The column is a JSON list, because a score may have several; only exports write it."""
    if not cell:
        return ()
    try:
        entries = json.loads(cell)
        if isinstance(entries, list):
            return tuple(_revision(**entry) for entry in entries)
    except (ValueError, TypeError, RecursionError):
        pass
    raise _Wrong("is not what an export writes. Leave it empty, or copy it unchanged.")


def _revision(*, rating: int, reason: str, text: str, revised_at: str) -> RevisionRow:
    instant = parse_datetime(revised_at)
    if rating not in RATINGS or reason not in Revision.Reason.values or not isinstance(text, str) or not text:
        raise ValueError
    if instant is None or timezone.is_naive(instant) or UNSTORABLE.search(text):
        raise ValueError
    return RevisionRow(rating, reason, text, instant)


def _short(most: int) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        if len(cell) > most:
            raise _Wrong(f"has {len(cell)} characters; at most {most} fit.")
        return cell

    return parse


def _required(what: str) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        if not cell:
            raise _Wrong(f"is empty. Give the {what}.")
        return _short(150)(cell)

    return parse


# All but the summary, whose spaces are kept.
CARD_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "recommendation": _recommendation,
    "rubric_version": _whole,
    "focus": str.split,
    "shadow": _yes_or_no,
    "independent": _yes_or_no,
    "submitted_at": _past_instant,
}


def _folded(text: str) -> str:
    """A choice whatever its case, with spaces, hyphens or underscores."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _shown(cell: str) -> str:
    """A cell short enough for a message."""
    return cell if len(cell) <= 40 else cell[:39] + "…"
