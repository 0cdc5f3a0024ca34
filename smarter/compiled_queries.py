"""Query sets that are put together once and asked many times, each time with other keys.

Django puts the statement of a query set together anew whenever it is asked, which for those of the busiest pages takes
longer than the database takes to answer. Here it is kept, and only its parameters change. See docs/adr/0017.
"""

from collections.abc import Callable
from copy import copy
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
Together = tuple[QuerySet[Any, Any], SQLCompiler, str, tuple[Any, ...]]  # the query set, and its statement with values
FIRST_STAND_IN = 1_987_654_321
"""Stands for the first key while the statement is put together: no number that a query would hold by itself."""
KEYS = range(-(2**63), 2**63)
"""What a column may be compared with. SQLite refuses others; Django knows what they come to."""

_together: dict[Callable[..., Any], Together] = {}


def forget() -> None:
    """Have every statement put together anew; for tools that change the code of a function while it is loaded."""
    _together.clear()


def compiled(build: Callable[..., QuerySet[Any, Row]]) -> Callable[..., list[Row]]:
    """Turn a function of keys that builds a query set into one of the same keys that answers its rows.

    `build` is called with numbers that stand for the keys. Each must end up as a parameter of the statement, so it may
    only be compared with a column, and nothing else may differ between two calls, such as the present moment (else a
    ValueError). The answer is a list, since nothing can be added to a kept statement.
    """
    stand_ins = range(FIRST_STAND_IN, FIRST_STAND_IN + len(signature(build).parameters))

    @wraps(build)
    def ask(*keys: int) -> list[Row]:
        if build not in _together:
            _together[build] = _put_together(build, stand_ins)
        rows, compiler, statement, parameters = _together[build]
        given = dict(zip(stand_ins, keys, strict=True))
        if not all(key in KEYS for key in keys):
            return list(build(*keys))
        kept = copy(compiler)
        kept.connection = connections[rows.db]  # that of this thread
        values = _exchanged(parameters, given)
        kept.as_sql = lambda *_, **__: (statement, values)  # type: ignore[method-assign]
        asked = rows.all()
        asked.query.get_compiler = lambda *_, **__: kept  # type: ignore[method-assign]
        return list(asked)

    return ask


def _put_together(build: Callable[..., QuerySet[Any, Any]], stand_ins: range) -> Together:
    """Twice, with other numbers, so that what does not come from the keys alone is noticed."""
    rows, compiler, statement, parameters = _compile(build(*stand_ins))
    if absent := set(stand_ins).difference(value for value in parameters if isinstance(value, int)):
        raise ValueError(f"{build.__qualname__}: {len(absent)} of its keys are no parameters of the statement")
    others = range(stand_ins.stop, stand_ins.stop + 2 * len(stand_ins), 2)  # not as far apart as the first
    *_, again, found = _compile(build(*others))
    if (again, found) != (statement, _exchanged(parameters, dict(zip(stand_ins, others, strict=True)))):
        raise ValueError(f"{build.__qualname__}: its statement differs by more than its keys")
    return rows, compiler, statement, parameters


def _compile(rows: QuerySet[Any, Any]) -> Together:
    compiler = rows.query.get_compiler(rows.db)
    statement, parameters = compiler.as_sql()
    compiler.connection = None  # which would stay open when its thread is gone
    return rows, compiler, statement, tuple(parameters)


def _exchanged(parameters: tuple[Any, ...], given: dict[int, int]) -> tuple[Any, ...]:
    return tuple(given.get(value, value) if isinstance(value, int) else value for value in parameters)
