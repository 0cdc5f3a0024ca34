"""Whether the database has the shape that the code expects."""

import functools

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Migration = tuple[str, str]


def applied_migrations() -> dict[str, list[str]]:
    """The names of the migrations that the database has had, by app."""
    by_app: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        by_app.setdefault(app, []).append(name)
    return by_app


def unapplied_migrations() -> set[Migration]:
    """Migrations that the code has and the database has not; empty where they fit. Takes two small queries."""
    return set(known_migrations() - MigrationRecorder(connection).applied_migrations().keys())


@functools.cache
def known_migrations() -> frozenset[Migration]:
    """Every migration of the code; they are files, so they are read once."""
    return frozenset(MigrationLoader(None).disk_migrations)
