"""What is held about a person as one tree, from which both the page and the file are written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date

Value = str | int | float | bool | date | datetime | list[Any] | dict[str, Any] | None


@dataclass(frozen=True)
class Fact:
    """One thing that is held: its name in the file, its name on the page, and what it is."""

    key: str
    label: str
    value: Value

    @property
    def shown(self) -> str:
        """As it is read on the page."""
        if self.value is None:
            return ""
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        if isinstance(self.value, datetime):
            local = timezone.localtime(self.value)
            return format_date(local, "j F Y, H:i ") + (local.tzname() or "")
        if isinstance(self.value, date):
            return format_date(self.value, "j F Y")
        if isinstance(self.value, list):
            return ", ".join(map(str, self.value))
        if isinstance(self.value, dict):
            return "; ".join(f"{key.replace('_', ' ')}: {_plain(value)}" for key, value in self.value.items())
        return str(self.value)

    @property
    def stored(self) -> Any:
        """As it is written to the file."""
        return self.value.isoformat() if isinstance(self.value, date) else self.value


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_plain(each)}" for key, each in value.items())
    if isinstance(value, list):
        return " / ".join(map(_plain, value)) or "none"
    return "none" if value is None or value == "" else str(value)


@dataclass(frozen=True)
class Part:
    """Facts under one heading, and what belongs to it. `key` names the list it stands in."""

    key: str
    title: str
    facts: tuple[Fact, ...] = ()
    parts: tuple["Part", ...] = ()
    note: str = ""

    @property
    def held(self) -> list[Fact]:
        """The facts that say something the title does not; what is empty is in the file only."""
        said = [fact for fact in self.facts if fact.value not in ("", None, [], {})]
        return [fact for fact in said if not isinstance(fact.value, str) or fact.value not in self.title]

    @property
    def groups(self) -> list["Group"]:
        """What belongs to it, those that are alike together, in order."""
        return [Group(key, tuple(rows)) for key, rows in groupby(self.parts, key=lambda part: part.key)]

    def stored(self) -> dict[str, Any]:
        """The tree as it is written to the file."""
        found: dict[str, Any] = {fact.key: fact.stored for fact in self.facts}
        for part in self.parts:
            found.setdefault(part.key, []).append(part.stored())
        return found


TABLES = {"stages": "Stages", "early_looks": "Scores seen before all scorecards were in", "events": "Audit"}
"""What is read as a table, and what stands over it."""


@dataclass(frozen=True)
class Group:
    """Parts of one kind."""

    key: str
    parts: tuple[Part, ...]

    @property
    def title(self) -> str:
        """What stands over the table; empty where it is none."""
        return TABLES.get(self.key, "")

    @property
    def heading(self) -> list[str]:
        """The names of the columns."""
        return [fact.label for fact in self.parts[0].facts]


def facts(*rows: tuple[str, str, Value]) -> tuple[Fact, ...]:
    """Facts from their names and values."""
    return tuple(Fact(*row) for row in rows)


def parts(rows: Iterable[Part]) -> tuple[Part, ...]:
    """What stands under a heading, as a tuple."""
    return tuple(rows)
