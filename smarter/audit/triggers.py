"""The database itself keeps some rows as they were written: audit events, and whatever an app declares so."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class AppendOnly:
    """A table whose rows the database refuses to change or delete; `prefix` begins the names of its triggers.

    `door` is a condition on OLD and NEW under which a change is let through all the same; there is none by default.
    `columns` are those it asks for.
    """

    table: str
    prefix: str
    message: str
    door: str = ""
    columns: tuple[str, ...] = ()

    def refuse_changes(self, connection: BaseDatabaseWrapper) -> None:
        """From now on the database refuses to change or delete a row, whether it did so before or not."""
        self.allow_changes(connection)
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
        place = f" ON {self.table}" if connection.vendor == "postgresql" else ""
        statements = [f"DROP TRIGGER IF EXISTS {name}{place}" for name in sorted(self._triggers(connection))]
        if connection.vendor == "postgresql":
            statements.append(f"DROP FUNCTION IF EXISTS {self.prefix}_refuse()")
        _execute(connection, statements)

    def renew(self, connection: BaseDatabaseWrapper) -> None:
        """After `migrate`: make the triggers anew, because where SQLite rebuilds a table it loses them.

        Not where one has migrated back to before there was anything to keep.
        """
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            if self.table not in connection.introspection.table_names(cursor):
                return
            there = {column.name for column in connection.introspection.get_table_description(cursor, self.table)}
            if there.issuperset(self.columns):
                self.refuse_changes(connection)

    def is_refusing(self, connection: BaseDatabaseWrapper) -> bool:
        """Whether the triggers are there, and not switched off."""
        ask = {
            "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')",
            "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        }
        with connection.cursor() as cursor:
            cursor.execute(ask[connection.vendor], [self.table])
            return self._triggers(connection) <= {name for (name,) in cursor.fetchall()}

    def _triggers(self, connection: BaseDatabaseWrapper) -> set[str]:
        """The names of the triggers that refuse."""
        if connection.vendor == "sqlite":
            return {f"{self.prefix}_no_update", f"{self.prefix}_no_delete"}
        return {f"{self.prefix}_no_change", *([f"{self.prefix}_no_update"] if self.door else [])}

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
