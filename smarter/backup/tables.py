"""Tables as lines of JSON that both databases read: which are carried, and a row there and back."""

import json
import uuid
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import models

Row = list[Any]
ROWS_A_PART = 5_000
# What is left out: made anew by `migrate`, or sessions, because after a restore everybody signs in again; a session
# that was ended since the backup must not come back to life.
LEFT_OUT = {
    "auth.permission",
    "contenttypes.contenttype",
    "sessions.session",
    "usersessions.usersession",
}


def carried_models() -> dict[str, type[models.Model]]:
    """Every table of a model by its label, those between two tables included, in the order of their labels."""
    found = {
        model._meta.label_lower: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return {label: found[label] for label in sorted(found.keys() - LEFT_OUT)}


def columns_of(model: type[models.Model]) -> list[str]:
    """The columns of a table, in the order in which its rows are written."""
    return [field.attname for field in model._meta.concrete_fields]


def read_parts(model: type[models.Model]) -> Iterator[list[Row]]:
    """All rows in the order of their keys, a bounded number at a time."""
    rows = model._base_manager.order_by("pk").values_list(*columns_of(model))
    coming = rows.iterator(chunk_size=ROWS_A_PART)
    while part := [list(row) for row in islice(coming, ROWS_A_PART)]:
        yield part


def write_lines(rows: list[Row]) -> bytes:
    """Rows as they are kept in an archive, one a line."""
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def read_lines(part: bytes) -> list[Row]:
    """Rows out of an archive: texts, numbers, truth values and objects, as JSON has them."""
    return [json.loads(line) for line in part.decode().split("\n") if line]


def make_objects(model: type[models.Model], rows: list[Row]) -> list[models.Model]:
    """Rows out of an archive as objects that can be inserted."""
    fields = model._meta.concrete_fields
    return [
        model(**{field.attname: field.to_python(value) for field, value in zip(fields, row, strict=True)})
        for row in rows
    ]


def file_names() -> Iterator[str]:
    """The name of every stored file that a row points to, each once."""
    known: set[str] = set()
    for model in carried_models().values():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                names = model._base_manager.order_by("pk").values_list(field.attname, flat=True)
                fresh = {str(name) for name in names.iterator(chunk_size=ROWS_A_PART) if name} - known
                known |= fresh
                yield from sorted(fresh)


def _plain(value: object) -> str:
    """A value that JSON has no form for; `to_python` of its field reads it back."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in a backup yet.")
