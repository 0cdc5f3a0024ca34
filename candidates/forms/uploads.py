"""A file that is checked first and imported later: read within bounds, and kept for the second step."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from candidates.exchange.keeping import TooLargeToKeep, keep
from candidates.exchange.tables import TableRefused

MEGABYTE = 1024 * 1024
LARGEST_FILE = 5 * MEGABYTE

Read = TypeVar("Read")


def read_upload(
    upload: "UploadedFile[Any]", read: Callable[[bytes], Read], *, purpose: str, too_much: str
) -> tuple[Read, str]:
    """What `read` makes of the file, and the file kept for `purpose`.

    Raises ValidationError for a file that is too large, can't be read, or holds `too_much` to be kept.
    """
    if (upload.size or 0) > LARGEST_FILE:
        raise forms.ValidationError("The file is larger than 5 MB. Split it.")
    content = upload.read()
    try:
        return read(content), keep(content, purpose=purpose)
    except TableRefused as refusal:
        raise forms.ValidationError(str(refusal)) from None
    except TooLargeToKeep:
        raise forms.ValidationError(too_much) from None
