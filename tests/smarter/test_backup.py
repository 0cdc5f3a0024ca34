"""A backup is a restore: everything comes back, on either database, and a doubtful archive changes nothing."""

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from candidates.append_only import DECISIONS
from candidates.integrity import check_integrity
from candidates.models import Application, Candidate, Decision
from smarter.audit.models import AuditEvent
from smarter.audit.recording import record
from smarter.audit.triggers import AUDIT
from smarter.backup import encryption
from smarter.backup.tables import carried_models, columns_of
from smarter.migrations_state import known_migrations
from tests.factories import make_application, make_opening, make_scorecard, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PASSPHRASE = "correct horse battery staple"
TEXT = "“Größe” – 寸法 🙂\r\nsecond\tline, \\u0000 and \u2028 in it"
FILE_NAMES = ["cv/ö name with “quotes”.pdf", "cv/" + "n" * 90 + ".docx"]


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guesses need not be expensive here."""
    monkeypatch.setattr(encryption, "COST", 4)


@pytest.fixture
def filled() -> Callable[[], dict[str, list[Any]]]:
    """A round with every kind of value in it; calling it tells all that is stored."""
    recruiter = make_user(name=TEXT[:40], is_recruiter=True)
    opening = make_opening(recruiter=recruiter, hiring_manager=make_user())
    for name in FILE_NAMES:
        card = make_scorecard(application=make_application(opening=opening), values=[5, 4, 3, 2, 1], submitted=True)
        candidate = card.interview.application.candidate
        candidate.cv = default_storage.save(name, ContentFile(os.urandom(70_000)))
        candidate.note = TEXT
        candidate.save()
    Decision.objects.create(
        application=card.interview.application,
        outcome="offer",
        rationale=TEXT,
        decided_by=recruiter,
        snapshot={"b": 1.5},
    )
    record(actor=recruiter, act="opening.edit", subject=opening, fields=["title"], after={"z": 1, "a": 2})
    return stored


def bytes_of(name: str) -> bytes:
    """A stored file."""
    with default_storage.open(name) as file:
        content: bytes = file.read()
    return content


def stored() -> dict[str, list[Any]]:
    """Every row, and every file's bytes."""
    rows: dict[str, list[Any]] = {
        label: list(model._base_manager.order_by("pk").values_list(*columns_of(model)))
        for label, model in carried_models().items()
    }
    names = Candidate.objects.exclude(cv="").order_by("pk").values_list("cv", flat=True)
    return {"files": [(name, bytes_of(name)) for name in names]} | rows


def empty() -> None:
    """Make the installation as fresh as after its first `migrate`."""
    with AUDIT.changes_allowed(connection), DECISIONS.changes_allowed(connection):
        call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def command(*arguments: str) -> str:
    """What a command says, without its progress."""
    said = io.StringIO()
    call_command(*arguments, stdout=said, stderr=io.StringIO())
    return said.getvalue()


def without_restore(found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What is stored but for the event that a restore leaves."""
    place = columns_of(AuditEvent).index("act")
    events = [row for row in found["audit.auditevent"] if row[place] != "installation.restore"]
    return found | {"audit.auditevent": events}


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_restore_brings_everything_back(tmp_path, filled, passphrase):
    before = filled()
    (tmp_path / "passphrase").write_text(f"{passphrase}\n")
    secret = ["--passphrase-file", str(tmp_path / "passphrase")] if passphrase else []
    made = command("backup", str(tmp_path / "b"), *secret)
    empty()

    said = command("restore", str(tmp_path / "b"), *secret)

    rows = sum(len(found) for label, found in before.items() if label != "files")
    assert without_restore(filled()) == before
    assert made.endswith(f": {rows} rows and 2 files, {'encrypted' if passphrase else 'not encrypted'}.\n")
    assert said.startswith(f"Restored {rows} rows and 2 files, compared with the backup and found whole.")
    assert check_integrity() == []
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["b", "passphrase"]
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600


def test_restored_tables_go_on_counting_and_stay_append_only(tmp_path, filled):
    command("backup", str(tmp_path / "b"))
    last = Application.objects.order_by("-pk")[0]
    empty()
    command("restore", str(tmp_path / "b"))

    added = make_application(opening=last.opening)

    assert added.pk == last.pk + 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(act="x")
    with pytest.raises(DatabaseError, match="never change"), connection.cursor() as cursor:
        cursor.execute("UPDATE candidates_decision SET rationale = ''")


def test_restore_refuses_an_installation_that_is_not_empty(tmp_path, filled):
    command("backup", str(tmp_path / "b"))
    before = filled()

    with pytest.raises(CommandError, match=r"Nothing was restored. This installation is not empty: \d+ in accounts"):
        command("restore", str(tmp_path / "b"))

    assert filled() == before


def test_backup_never_overwrites_and_says_where_it_cannot_write(tmp_path, filled):
    (tmp_path / "b").write_text("mine")

    with pytest.raises(CommandError, match="exists already"):
        command("backup", str(tmp_path / "b"))
    with pytest.raises(CommandError, match=r"Can't write .*No such file or directory"):
        command("backup", str(tmp_path / "nowhere" / "b"))

    assert (tmp_path / "b").read_text() == "mine"


def repacked(path: Path, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The archive with each part changed, or left out where `change` gives None."""
    packed = io.BytesIO()
    with tarfile.open(path) as old, tarfile.open(fileobj=packed, mode="w:gz") as new:
        for entry in old:
            content = old.extractfile(entry)
            changed = change(entry.name, content.read() if content else b"")
            if changed is not None:
                entry.size = len(changed)
                new.addfile(entry, io.BytesIO(changed))
    return packed.getvalue()


def with_header(**changes: Any) -> Callable[[str, bytes], bytes]:
    """Another header, and a manifest that says so, as whoever made the file would have written it."""

    def change(name: str, content: bytes) -> bytes:
        return json.dumps(json.loads(content) | changes).encode() if name == "backup.json" else content

    return change


def newer(content: dict[str, Any]) -> dict[str, Any]:
    """Migrations of a version to come."""
    return content["migrations"] | {"candidates": [*content["migrations"]["candidates"], "9999_to_come"]}


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: path.read_bytes()[:-100], "changed or cut off"),
        (lambda path: path.read_bytes()[: len(path.read_bytes()) // 2], "changed or cut off"),
        (lambda _path: b"", "no backup of Smarter"),
        (lambda _path: b"PK\x03\x04 something else", "no backup of Smarter"),
        (lambda _path: gzip.compress(b"not a tar"), "no backup of Smarter"),
        (lambda path: repacked(path, lambda _name, old: old.replace(b"Person", b"Nosrep")), "changed or cut off"),
        (lambda path: repacked(path, lambda name, old: None if "score/" in name else old), "changed or cut off"),
        (lambda path: repacked(path, lambda name, old: None if "manifest" in name else old), "changed or cut off"),
        (lambda path: repacked(path, lambda name, old: None if name == "backup.json" else old), "no backup of Smarter"),
        (lambda path: repacked(path, with_header(format=2)), "has format 2, and this version of Smarter reads format"),
    ],
)
def test_restore_refuses_a_spoilt_archive_and_changes_nothing(tmp_path, filled, spoil, sentence):
    command("backup", str(tmp_path / "b"))
    (tmp_path / "b").write_bytes(spoil(tmp_path / "b"))
    empty()
    before = filled()

    with pytest.raises(CommandError, match=sentence):
        command("restore", str(tmp_path / "b"))

    assert filled() == before
    assert not Path(settings.MEDIA_ROOT).exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda known: known | {("candidates", "9999_to_come")},
            "newer than this one: it knows .*9999_to_come",
        ),
        (lambda known: known - {("candidates", "0001_initial")}, "older than this one: .*candidates.0001_initial"),
    ],
)
def test_restore_refuses_an_archive_of_another_version(tmp_path, filled, monkeypatch, change, sentence):
    by_app: dict[str, list[str]] = {}
    for app, name in sorted(change(known_migrations())):
        by_app.setdefault(app, []).append(name)
    monkeypatch.setattr("smarter.backup.making.applied_migrations", lambda: by_app)
    command("backup", str(tmp_path / "b"))
    empty()

    with pytest.raises(CommandError, match=sentence):
        command("restore", str(tmp_path / "b"))

    assert Candidate.objects.count() == 0


@pytest.mark.parametrize(
    ("passphrase", "spoil", "sentence"),
    [
        ("another passphrase", lambda data: data, "The passphrase is not the one"),
        (PASSPHRASE, lambda data: data[:-20], "changed or cut off"),
        (PASSPHRASE, lambda data: data[: 46 + 2 * (encryption.CHUNK + 16)], "changed or cut off"),
        (PASSPHRASE, lambda data: data[:-20] + bytes([data[-20] ^ 1]) + data[-19:], "changed or cut off"),
        (PASSPHRASE, lambda data: data[:30], "changed or cut off"),
        (PASSPHRASE, lambda data: data[:17] + b"\xff" + data[18:], "changed or cut off"),
    ],
)
def test_restore_refuses_a_wrong_passphrase_and_a_changed_chunk(tmp_path, filled, passphrase, spoil, sentence):
    (tmp_path / "right").write_text(PASSPHRASE)
    (tmp_path / "given").write_text(passphrase)
    command("backup", str(tmp_path / "b"), "--passphrase-file", str(tmp_path / "right"))
    encrypted = (tmp_path / "b").read_bytes()
    (tmp_path / "b").write_bytes(spoil(encrypted))
    empty()

    with pytest.raises(CommandError, match=sentence):
        command("restore", str(tmp_path / "b"), "--passphrase-file", str(tmp_path / "given"))

    assert b"Person" not in encrypted
    assert Candidate.objects.count() == 0


def test_restore_undoes_rows_and_files_when_the_last_step_fails(tmp_path, filled, monkeypatch):
    command("backup", str(tmp_path / "b"))
    empty()
    before = filled()
    monkeypatch.setattr("smarter.management.commands.restore.check_integrity", lambda: ["score 1: is wrong"])

    with pytest.raises(CommandError, match="does not hold together:\nscore 1: is wrong"):
        command("restore", str(tmp_path / "b"))

    assert filled() == before
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_backup_names_a_file_that_is_gone(tmp_path, filled):
    default_storage.delete(FILE_NAMES[0])
    said = io.StringIO()

    call_command("backup", str(tmp_path / "b"), stdout=io.StringIO(), stderr=said)

    assert f"Missing in the file store, so not in the backup: {FILE_NAMES[0]}" in said.getvalue()


def test_backup_asks_for_a_passphrase_worth_the_name(tmp_path):
    (tmp_path / "short").write_text("short\n")

    with pytest.raises(CommandError, match="needs 12 characters or more"):
        command("backup", str(tmp_path / "b"), "--passphrase-file", str(tmp_path / "short"))
    with pytest.raises(CommandError, match="Can't read the passphrase"):
        command("backup", str(tmp_path / "b"), "--passphrase-file", str(tmp_path / "absent"))


def test_backup_holds_one_moment_while_others_write(tmp_path, opening):
    make_application(opening=opening)
    ended = threading.Event()
    written = []

    def write() -> None:
        while not ended.is_set():
            with transaction.atomic():
                make_application(opening=opening)  # a candidate and its application, always both
            written.append(1)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    while len(written) < 10:
        ended.wait(0.01)
    command("backup", str(tmp_path / "b"))
    at_the_end = len(written)
    while len(written) < at_the_end + 5:
        ended.wait(0.01)
    ended.set()
    for writer in writers:
        writer.join()
    empty()
    command("restore", str(tmp_path / "b"))

    assert 10 < Application.objects.count() == Candidate.objects.count() <= at_the_end + 1 + 3
    assert check_integrity() == []


def manage(folder: Path, *arguments: str) -> str:
    """A command on a SQLite installation of its own."""
    env = os.environ | {"VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/other.sqlite3", "DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=env,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_team_grows_from_sqlite_to_the_other_database_and_back(tmp_path):
    for command_line in (["migrate"], ["demo"], ["backup", str(tmp_path / "first")]):
        manage(tmp_path / "one", *command_line)

    said = command("restore", str(tmp_path / "first"))
    command("backup", str(tmp_path / "second"))
    said_back = manage(tmp_path / "two", "restore", str(tmp_path / "second"))

    assert Application.objects.count() == 9
    rows = int(said.split()[1])
    assert said_back.startswith(f"Restored {rows + 1} rows and 0 files, compared with the backup and found whole.")
    assert manage(tmp_path / "two", "check_integrity").endswith("invariants hold.\n")
