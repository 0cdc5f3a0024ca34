"""The database as it was at one moment, while others go on writing."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from smarter.backup.refusals import ArchiveRefused


@contextmanager
def standstill(folder: Path) -> Iterator[None]:
    """Inside, this thread reads a database that does not move, and can't write.

    PostgreSQL keeps the moment for a transaction, and nobody waits. SQLite would make writers wait for as long as the
    transaction is open, so the file is copied into `folder` in one go, for which they wait, and read from the copy.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    scratch = Path(tempfile.mkdtemp(prefix=".smarter-backup-", dir=folder))
    try:
        _copy(scratch / "copy.sqlite3")
        with _reading(scratch / "copy.sqlite3"):
            yield
    except sqlite3.Error as error:
        raise ArchiveRefused(f"Can't copy the database into {folder}: {error}.") from None
    finally:
        shutil.rmtree(scratch)


def _copy(path: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA synchronous=OFF")  # if the power goes, the backup is made again
        connection.connection.backup(copy)
        if copy.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            raise ArchiveRefused("The database file is damaged; `PRAGMA integrity_check` in sqlite3 says where.")


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Let this thread's connection be one to the copy, which refuses to write."""
    live = connections[DEFAULT_DB_ALIAS]
    read_only = {"init_command": "PRAGMA query_only=ON;"}
    still = type(live)(live.settings_dict | {"NAME": str(path), "OPTIONS": read_only}, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = still
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = live
        still.close()
