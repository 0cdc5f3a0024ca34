"""Make a backup: everything stored at one moment, in one file."""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from smarter.backup.archive import FORMAT, Header, Manifest, Writer
from smarter.backup.encryption import EncryptingWriter
from smarter.backup.refusals import ArchiveRefused
from smarter.backup.standstill import standstill
from smarter.backup.tables import carried_models, columns_of, file_names, read_parts, write_lines
from smarter.migrations_state import applied_migrations, unapplied_migrations
from smarter.version import version

# Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


def make_backup(*, path: Path, passphrase: str = "", progress: Progress) -> Manifest:
    """Write everything stored to `path`, which must not exist; readable by its owner only, and there only when whole.

    Nobody has to stop working: what is written meanwhile is in the next backup. Raises ArchiveRefused.
    """
    if path.exists():
        raise ArchiveRefused(f"{path} exists already. Name a new file; a backup never overwrites another.")
    if unapplied_migrations():
        raise ArchiveRefused("The database is not up to date with the code. Run `manage.py migrate` first.")
    with _whole_or_nothing(path) as target:
        if not passphrase:
            return _write(target, path.parent, progress)
        with io.BufferedWriter(EncryptingWriter(target, passphrase)) as encrypted:
            return _write(encrypted, path.parent, progress)


@contextmanager
def _whole_or_nothing(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name once all is in it and on the disk."""
    half = path.with_name(f"{path.name}.part")
    try:
        half.unlink(missing_ok=True)
        half.touch(mode=0o600)
        with half.open("wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        half.rename(path)
    except OSError as error:
        raise ArchiveRefused(f"Can't write {path}: {error.strerror}.") from None
    finally:
        half.unlink(missing_ok=True)


def _write(target: IO[bytes], folder: Path, progress: Progress) -> Manifest:
    with standstill(folder), Writer(target, _header()) as archive:
        _add_rows(archive, progress)
        names = list(file_names())
        for done, name in enumerate(names, 1):
            _add_file(archive, name)
            progress("Files", done, len(names))
    return archive.manifest


def _header() -> Header:
    return Header(
        format=FORMAT,
        version=version(),
        made_at=timezone.now().isoformat(timespec="seconds"),
        database=connection.vendor,
        migrations=applied_migrations(),
        columns={label: columns_of(model) for label, model in carried_models().items()},
    )


def _add_rows(archive: Writer, progress: Progress) -> None:
    models = carried_models()
    total = sum(model._base_manager.count() for model in models.values())
    for label, model in models.items():
        archive.manifest.rows[label] = 0
        for number, rows in enumerate(read_parts(model), 1):
            archive.add(f"tables/{label}/{number:06}.jsonl", write_lines(rows))
            archive.manifest.rows[label] += len(rows)
            progress("Rows", sum(archive.manifest.rows.values()), total)


def _add_file(archive: Writer, name: str) -> None:
    """Add a stored file, or say that it is gone: a CV that was replaced or erased a moment ago, or one long lost."""
    try:
        with default_storage.open(name) as content:
            archive.add_stream(f"files/{name}", content, content.size)
    except FileNotFoundError:
        archive.manifest.missing.append(name)
