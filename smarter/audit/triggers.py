"""The database itself keeps some rows as they were written: audit events, and whatever an app declares so."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class AppendOnly:
    """A table whose rows the database refuses to change or delete; `prefix` begins the names of its triggers.

    `door` is a condition on OLD and NEW under which a change is let through all the same; there is none by default.
    """

    table: str
    prefix: str
    message: str
    door: str = ""

    def refuse_changes(self, connection: BaseDatabaseWrapper) -> None:
        """From now on the database refuses to change or delete a row."""
        acts = "DELETE OR TRUNCATE" if self.door else "UPDATE OR DELETE OR TRUNCATE"
        refuse = {
            "postgresql": [
                f"""CREATE FUNCTION {self.prefix}_refuse() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'restrict_violation'; END $$""",
                f"""CREATE TRIGGER {self.prefix}_no_change BEFORE {acts} ON {self.table}
                    FOR EACH STATEMENT EXECUTE FUNCTION {self.prefix}_refuse()""",
            ],
            "sqlite": [
                f"CREATE TRIGGER {self.prefix}_no_{act.lower()} BEFORE {act} ON {self.table} "
                f"{self._unless_let_through(act)} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
                for act in ("UPDATE", "DELETE")
            ],
        }
        if self.door:
            refuse["postgresql"].append(
                f"""CREATE TRIGGER {self.prefix}_no_update BEFORE UPDATE ON {self.table} FOR EACH ROW
                    {self._unless_let_through("UPDATE")} EXECUTE FUNCTION {self.prefix}_refuse()"""
            )
        _execute(connection, refuse[connection.vendor])

    def allow_changes(self, connection: BaseDatabaseWrapper) -> None:
        """Take the refusal away: when migrating back, and where tests empty their database."""
        allow = {
            "postgresql": [
                f"DROP TRIGGER {self.prefix}_no_change ON {self.table}",
                f"DROP TRIGGER IF EXISTS {self.prefix}_no_update ON {self.table}",
                f"DROP FUNCTION {self.prefix}_refuse()",
            ],
            "sqlite": [f"DROP TRIGGER {self.prefix}_no_update", f"DROP TRIGGER {self.prefix}_no_delete"],
        }
        _execute(connection, allow[connection.vendor])

    def _unless_let_through(self, act: str) -> str:
        """A comparison with nothing says neither yes nor no; only a yes opens the door."""
        return f"WHEN (NOT COALESCE(({self.door}), FALSE))" if self.door and act == "UPDATE" else ""

    @contextmanager
    def changes_allowed(self, connection: BaseDatabaseWrapper) -> Iterator[None]:
        """For tests only: they empty all tables between each other."""
        self.allow_changes(connection)
        yield
        self.refuse_changes(connection)


AUDIT = AppendOnly("audit_auditevent", "audit", "audit events are append-only")


def _execute(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
