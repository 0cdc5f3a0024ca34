"""The database itself keeps audit events as they were written."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "audit_auditevent"
MESSAGE = "audit events are append-only"
REFUSE = {
    "postgresql": [
        f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$""",
        f"""CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    ],
    "sqlite": [
        f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for act in ("UPDATE", "DELETE")
    ],
}
ALLOW = {
    "postgresql": [f"DROP TRIGGER audit_no_change ON {TABLE}", "DROP FUNCTION audit_refuse()"],
    "sqlite": ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"],
}


def refuse_changes(connection: BaseDatabaseWrapper) -> None:
    """From now on the database refuses to change or delete an event."""
    with connection.cursor() as cursor:
        for statement in REFUSE[connection.vendor]:
            cursor.execute(statement)


def allow_changes(connection: BaseDatabaseWrapper) -> None:
    """Take the refusal away: when migrating back, and where tests empty their database."""
    with connection.cursor() as cursor:
        for statement in ALLOW[connection.vendor]:
            cursor.execute(statement)


@contextmanager
def changes_allowed(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For tests only: they empty all tables between each other."""
    allow_changes(connection)
    yield
    refuse_changes(connection)
