"""The file of a backup: a tar, packed by gzip, whose last part lists every other with its size and SHA-256.

The first part, `backup.json`, says what the backup is of; `tables/…` hold rows, `files/…` files under their own names.
Any tar reads it. Reading trusts nothing: a part that is not listed as it came, or missing, is a refusal.
"""

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import IO, Any, Protocol, Self

from smarter.backup.encryption import CHANGED
from smarter.backup.refusals import ArchiveRefused

FORMAT = 1
HEADER, MANIFEST = "backup.json", "manifest.json"
NO_BACKUP = "This file is no backup of Smarter."
BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Header:
    """What a backup is of; it comes first, so that an archive that can't be used is refused at once."""

    format: int
    version: str
    made_at: str
    database: str
    migrations: dict[str, list[str]]
    columns: dict[str, list[str]]


@dataclass(frozen=True)
class Part:
    """One part of the archive as it was written."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """Everything the archive holds; files that a row points to and that were gone already are named in `missing`."""

    rows: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, Part]:
        """The stored files by their names."""
        return {name.removeprefix("files/"): part for name, part in self.parts.items() if name.startswith("files/")}


class Writer:
    """Writes parts one after the other, and the manifest when its `with` ends well."""

    def __init__(self, target: IO[bytes], header: Header) -> None:
        self.manifest = Manifest()
        self._gzip = gzip.GzipFile(fileobj=target, mode="wb", compresslevel=5, mtime=0)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115  by exit
        self.add(HEADER, _json(asdict(header)))

    def add(self, name: str, content: bytes) -> None:
        """Add a part that is at hand."""
        self.add_stream(name, io.BytesIO(content), len(content))

    def add_stream(self, name: str, content: "Content", size: int) -> None:
        """Add a part of `size` bytes while it is read."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        counted = _Counted(content)
        self._tar.addfile(entry, counted)
        self.manifest.parts[name] = Part(size, counted.sha256.hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, problem: type[BaseException] | None, *_details: object) -> None:
        if problem is None:
            self.add(MANIFEST, _json(asdict(self.manifest)))
            self._tar.close()
            self._gzip.close()
            return
        with suppress(OSError):  # the disk that was full a moment ago; what is written here is thrown away
            self._gzip.close()


class Reader:
    """Reads an archive from beginning to end; the manifest, which comes last, is checked against what came."""

    def __init__(self, source: IO[bytes]) -> None:
        self._gzip = gzip.GzipFile(fileobj=source, mode="rb")
        self._came: dict[str, Part] = {}
        self.manifest = Manifest()
        with _refused_as(NO_BACKUP):
            self._tar = tarfile.open(fileobj=self._gzip, mode="r|")  # noqa: SIM115  ends with its source
            self.header = self._read_header()

    def parts(self) -> Iterator[tuple[str, "Content"]]:
        """Each part after the header with its content; ends with an archive that was checked as a whole, or raises."""
        with _refused_as(CHANGED):
            while (entry := self._tar.next()) is not None:
                content = _Counted(self._open(entry))
                if entry.name == MANIFEST:
                    self.manifest = _read_manifest(content.read())
                    break
                yield entry.name, content
                while content.read(BLOCK):
                    pass
                self._came[entry.name] = Part(entry.size, content.sha256.hexdigest())
            while self._gzip.read(BLOCK):
                pass
        if not self.manifest.parts or self._came != self.manifest.parts:
            raise ArchiveRefused(CHANGED)

    def _read_header(self) -> Header:
        entry = self._tar.next()
        if entry is None or entry.name != HEADER:
            raise ArchiveRefused(NO_BACKUP)
        content = _Counted(self._open(entry))
        header = _parse(content.read())
        self._came[HEADER] = Part(entry.size, content.sha256.hexdigest())
        if header.get("format") != FORMAT:
            raise ArchiveRefused(
                f"The backup has format {header.get('format')}, and this version of Smarter reads format {FORMAT}. "
                "Restore it with the version that made it, or a later one."
            )
        try:
            return Header(**header)
        except TypeError:
            raise ArchiveRefused(CHANGED) from None

    def _open(self, entry: tarfile.TarInfo) -> IO[bytes]:
        content = self._tar.extractfile(entry)
        if content is None or entry.name in self._came:
            raise ArchiveRefused(CHANGED)
        return content


class Content(Protocol):
    """Bytes to be read once, from beginning to end."""

    def read(self, size: int = -1, /) -> bytes:
        """The next of them."""


class _Counted:
    """Content that counts its hash while it is read."""

    def __init__(self, content: "Content") -> None:
        self._content = content
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        with _refused_as(CHANGED):
            data = self._content.read(size)
        self.sha256.update(data)
        return data


@contextmanager
def _refused_as(sentence: str) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError):
        raise ArchiveRefused(sentence) from None


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _parse(content: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(content)
    except ValueError:
        raise ArchiveRefused(CHANGED) from None
    if not isinstance(parsed, dict):
        raise ArchiveRefused(CHANGED)
    return parsed


def _read_manifest(content: bytes) -> Manifest:
    parsed = _parse(content)
    try:
        parts = {name: Part(**part) for name, part in parsed.pop("parts").items()}
        return Manifest(**parsed, parts=parts)
    except (AttributeError, KeyError, TypeError):
        raise ArchiveRefused(CHANGED) from None
