"""Hold a file between its preview and its import: signed, in the page itself, so that nothing waits on the server.

What comes back is checked again like any file; the signature only makes sure that it is the one that was previewed.
"""

import base64
import zlib

from django.core import signing

LARGEST = 2_000_000  # characters; Django takes forms of 2.5 MB
KEPT_FOR = 24 * 60 * 60  # seconds


class TooLargeToKeep(Exception):
    """The file does not fit into a page even when packed."""


class NotKept(Exception):
    """The text is not one that was kept here, for this purpose, within a day."""


def keep(content: bytes, *, purpose: str) -> str:
    """The content as a signed text; `purpose` says whose it is and what for. Raises TooLargeToKeep."""
    kept = signing.dumps(base64.b85encode(zlib.compress(content)).decode(), salt=purpose)
    if len(kept) > LARGEST:
        raise TooLargeToKeep
    return kept


def fetch(kept: str, *, purpose: str) -> bytes:
    """The content that `keep` made the text of. Raises NotKept."""
    try:
        packed: str = signing.loads(kept, salt=purpose, max_age=KEPT_FOR)
    except signing.BadSignature:
        raise NotKept from None
    return zlib.decompress(base64.b85decode(packed))
