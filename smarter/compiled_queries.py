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

_together: dict[Callable[..., Any], Together] = {}


def forget() -> None:
    """Have every statement put together anew; for tools that change the code of a function while it is loaded."""
    _together.clear()


def compiled(build: Callable[..., QuerySet[Any, Row]]) -> Callable[..., list[Row]]:
    """Turn a function of keys that builds a query set into one of the same keys that answers its rows.

    `build` is called once, with numbers that stand for the keys. Each must end up as a parameter of the statement
    (else a ValueError), so it may only be compared with a column; nothing that differs between two calls may come in
    by another way, such as the present moment. The answer is a list, since nothing can be added to a kept statement.
    """
    stand_ins = range(FIRST_STAND_IN, FIRST_STAND_IN + len(signature(build).parameters))

    @wraps(build)
    def ask(*keys: int) -> list[Row]:
        if build not in _together:
            _together[build] = _put_together(build, stand_ins)
        rows, compiler, statement, parameters = _together[build]
        given = dict(zip(stand_ins, keys, strict=True))
        values = tuple(given.get(value, value) if isinstance(value, int) else value for value in parameters)
        kept = copy(compiler)
        kept.connection = connections[rows.db]  # that of this thread
        kept.as_sql = lambda *_, **__: (statement, values)  # type: ignore[method-assign]
        asked = rows.all()
        asked.query.get_compiler = lambda *_, **__: kept  # type: ignore[method-assign]
        return list(asked)

    return ask


def _put_together(build: Callable[..., QuerySet[Any, Any]], stand_ins: range) -> Together:
    rows = build(*stand_ins)
    compiler = rows.query.get_compiler(rows.db)
    statement, parameters = compiler.as_sql()
    if absent := set(stand_ins).difference(value for value in parameters if isinstance(value, int)):
        raise ValueError(f"{build.__qualname__}: {len(absent)} of its keys are no parameters of the statement")
    return rows, compiler, statement, tuple(parameters)
