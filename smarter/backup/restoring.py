"""Restore a backup into an empty installation: all of it, or nothing."""

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, models, transaction

from smarter.audit.recording import record
from smarter.backup.archive import Content, Header, Manifest, Reader
from smarter.backup.encryption import CHANGED, DecryptingReader, is_encrypted
from smarter.backup.making import Progress
from smarter.backup.refusals import ArchiveRefused
from smarter.backup.tables import carried_models, columns_of, make_objects, read_lines, read_parts, write_lines
from smarter.migrations_state import applied_migrations

MEGABYTE = 1024 * 1024
# Finds what does not hold of the restored data; each finding is a sentence.
FindFaults = Callable[[], list[str]]


def restore_backup(*, path: Path, passphrase: str = "", find_faults: FindFaults, progress: Progress) -> Manifest:
    """Fill an empty installation with what `path` holds. Raises ArchiveRefused, with nothing changed.

    The archive is read three times: checked as a whole, loaded, and compared with what the database and the storage
    then hold. `find_faults` is asked before the transaction ends.
    """
    header, manifest = _check(path, passphrase, progress)
    _refuse_other_shape(header)
    _refuse_what_is_not_empty()
    with _files_of_a_failure_removed() as saved, transaction.atomic():
        _load(path, passphrase, manifest, saved, progress)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(carried_models().values())):
                cursor.execute(statement)
        connection.check_constraints()
        _compare(path, passphrase, manifest, progress)
        if faults := find_faults():
            raise ArchiveRefused("\n".join(["What the backup holds does not hold together:", *faults]))
        record(actor=None, act="installation.restore", version=header.version, rows=sum(manifest.rows.values()))
    return manifest


@contextmanager
def _opened(path: Path, passphrase: str) -> Iterator[tuple[Reader, IO[bytes]]]:
    """The archive, and the file it is read from."""
    try:
        with path.open("rb") as source:
            if not is_encrypted(source):
                yield Reader(source), source
            elif passphrase:
                yield Reader(io.BufferedReader(DecryptingReader(source, passphrase))), source
            else:
                raise ArchiveRefused("The backup is encrypted. Give its passphrase with --passphrase-file.")
    except FileNotFoundError:
        raise ArchiveRefused(f"There is no file {path}.") from None


def _check(path: Path, passphrase: str, progress: Progress) -> tuple[Header, Manifest]:
    """Read all of the archive and believe it only then."""
    with _opened(path, passphrase) as (archive, source):
        size = path.stat().st_size
        for _name, content in archive.parts():
            while content.read(MEGABYTE):
                progress("Checking", min(source.tell(), size - 1), size)
        progress("Checking", size, size)
        return archive.header, archive.manifest


def _refuse_other_shape(header: Header) -> None:
    here = {(app, name) for app, names in applied_migrations().items() for name in names}
    there = {(app, name) for app, names in header.migrations.items() for name in names}
    if there - here:
        raise ArchiveRefused(
            f"The backup was made by Smarter {header.version}, which is newer than this one: it knows "
            f"{_some(there - here)}. Update Smarter, run `manage.py migrate`, and restore again."
        )
    if here - there:
        raise ArchiveRefused(
            f"The backup was made by Smarter {header.version}, which is older than this one: it does not know "
            f"{_some(here - there)}. Restore it with the version that made it, then upgrade."
        )
    if header.columns != {label: columns_of(model) for label, model in carried_models().items()}:
        raise ArchiveRefused(CHANGED)


def _some(migrations: set[tuple[str, str]]) -> str:
    named = [".".join(each) for each in sorted(migrations)]
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")


def _refuse_what_is_not_empty() -> None:
    held = {label: model._base_manager.count() for label, model in carried_models().items()}
    if filled := [f"{count:,} in {label}" for label, count in held.items() if count]:
        raise ArchiveRefused(
            f"This installation is not empty: {', '.join(filled[:4])}. A restore never overwrites; make an empty "
            "database, run `manage.py migrate` and nothing else, and restore into that."
        )


@contextmanager
def _files_of_a_failure_removed() -> Iterator[list[str]]:
    """The names of files as they are saved; where the restore fails they go again, as the rows do."""
    saved: list[str] = []
    try:
        yield saved
    except BaseException:
        for name in saved:
            default_storage.delete(name)
        raise


def _load(path: Path, passphrase: str, manifest: Manifest, saved: list[str], progress: Progress) -> None:
    total, done = sum(manifest.rows.values()), 0
    with _opened(path, passphrase) as (archive, _source):
        for name, content in archive.parts():
            kind, _, rest = name.partition("/")
            if kind == "files":
                _save_file(rest, content, saved)
                progress("Files", len(saved), len(manifest.files))
            else:
                model = _model_of(rest)
                objects = make_objects(model, read_lines(content.read()))
                model._base_manager.bulk_create(objects)
                done += len(objects)
                progress("Rows", done, total)


def _model_of(rest: str) -> type[models.Model]:
    model = carried_models().get(rest.partition("/")[0])
    if model is None:
        raise ArchiveRefused(CHANGED)
    return model


def _save_file(name: str, content: Content, saved: list[str]) -> None:
    if default_storage.exists(name):
        raise ArchiveRefused(f"The file store holds {name} already. Restore into an empty one.")
    with SpooledTemporaryFile(max_size=8 * MEGABYTE) as whole:
        shutil.copyfileobj(content, whole)
        whole.seek(0)
        saved.append(default_storage.save(name, File(whole)))
    if saved[-1] != name:
        raise ArchiveRefused(f"The file store would keep {name} under another name, where its row does not find it.")


def _compare(path: Path, passphrase: str, manifest: Manifest, progress: Progress) -> None:
    """Read everything back and hold it against the archive, row by row and byte by byte."""
    total, done = sum(manifest.rows.values()), 0
    here = _rows_here()
    with _opened(path, passphrase) as (archive, _source):
        for name, content in archive.parts():
            kind, _, rest = name.partition("/")
            written = content.read()
            if kind == "files":
                with default_storage.open(rest) as stored:
                    same = stored.read() == written
            else:
                rows = read_lines(written)
                label, found = next(here, ("", []))
                same = label == rest.partition("/")[0] and all(one == other for one, other in zip_longest(rows, found))
                done += len(rows)
                progress("Comparing", done, total)
            if not same:
                raise ArchiveRefused(f"What was restored differs from {name} in the backup.")
    if next(here, None) is not None:
        raise ArchiveRefused("The database holds more than the backup.")


def _rows_here() -> Iterator[tuple[str, list[list[object]]]]:
    """What the database holds, in the parts and forms of an archive; of objects, the order of keys does not count."""
    for label, model in carried_models().items():
        for rows in read_parts(model):
            yield label, read_lines(write_lines(rows))
