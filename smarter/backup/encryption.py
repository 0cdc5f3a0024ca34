"""A file that only a passphrase opens: AES-256-GCM in chunks, under a key that scrypt makes of the passphrase.

After a head of 46 bytes come chunks of 64 KiB, each with its tag. The nonce of a chunk is seven random bytes of the
head, its number, and whether it is the last; the head is bound into every tag. So no chunk can be changed, left out,
moved or cut off at the end unnoticed, and nothing is believed before its tag was checked.
"""

import io
import secrets
import struct
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from smarter.backup.refusals import ArchiveRefused

MAGIC = b"smarter-backup-1\n"
HEAD = struct.Struct(f">{len(MAGIC)}sBBB16s7s3x")
CHUNK = 64 * 1024
TAG = 16
# Of scrypt: 128 MB of memory and half a second for each guess. A file may not ask for much more.
COST, BLOCK, PARALLEL = 17, 8, 1
HIGHEST_COST = 20

WRONG = "The passphrase is not the one of this backup, or its file was changed."
CHANGED = "The backup was changed or cut off, so nothing of it can be trusted. Use another copy."


class EncryptingWriter(io.RawIOBase):
    """Writes what it is given to `target`, encrypted. Close it: the last chunk says that it is the last."""

    def __init__(self, target: IO[bytes], passphrase: str) -> None:
        super().__init__()
        salt, prefix = secrets.token_bytes(16), secrets.token_bytes(7)
        self._head = HEAD.pack(MAGIC, COST, BLOCK, PARALLEL, salt, prefix)
        self._cipher = _cipher(passphrase, salt, COST, BLOCK, PARALLEL)
        self._prefix = prefix
        self._target = target
        self._number = 0
        self._waiting = bytearray()
        target.write(self._head)

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, data: Any) -> int:
        """Take `data`; whole chunks go out as soon as more than one is there."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        """Write the last chunk."""
        if not self.closed:
            self._put(bytes(self._waiting), is_last=True)
        super().close()

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._prefix, self._number, is_last), chunk, self._head))
        self._number += 1


class DecryptingReader(io.RawIOBase):
    """Reads back what EncryptingWriter wrote; raises ArchiveRefused where a chunk is not as it was written."""

    def __init__(self, source: IO[bytes], passphrase: str) -> None:
        super().__init__()
        self._head = source.read(HEAD.size)
        if len(self._head) < HEAD.size:
            raise ArchiveRefused(CHANGED)
        _magic, cost, block, parallel, salt, self._prefix = HEAD.unpack(self._head)
        if not (1 <= cost <= HIGHEST_COST and block == BLOCK and parallel == PARALLEL):
            raise ArchiveRefused(CHANGED)
        self._cipher = _cipher(passphrase, salt, cost, block, parallel)
        self._source = source
        self._number = 0
        self._next: bytes | None = source.read(CHUNK + TAG)
        self._plain = memoryview(b"")

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` with what was checked; 0 only after the last chunk was."""
        while not self._plain and self._next is not None:
            self._take()
        size = min(len(buffer), len(self._plain))
        buffer[:size] = self._plain[:size]
        self._plain = self._plain[size:]
        return size

    def _take(self) -> None:
        """Check the chunk at hand and fetch the next, which tells whether this is the last."""
        chunk, following = self._next, self._source.read(CHUNK + TAG)
        nonce = _nonce(self._prefix, self._number, not following)
        try:
            self._plain = memoryview(self._cipher.decrypt(nonce, chunk or b"", self._head))
        except (InvalidTag, ValueError):
            raise ArchiveRefused(CHANGED if self._number else WRONG) from None
        self._next = following or None
        self._number += 1


def is_encrypted(source: IO[bytes]) -> bool:
    """Whether a file begins as EncryptingWriter begins it; leaves it at its beginning."""
    beginning = source.read(len(MAGIC))
    source.seek(0)
    return beginning == MAGIC


def _cipher(passphrase: str, salt: bytes, cost: int, block: int, parallel: int) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**cost, r=block, p=parallel).derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, is_last: bool) -> bytes:  # noqa: FBT001
    return prefix + struct.pack(">IB", number, is_last)
