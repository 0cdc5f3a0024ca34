"""The first sheet of an Excel workbook as lines of texts, with bounds on what it may unpack to."""

import io
import struct
import warnings
import zipfile
import zlib
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from candidates.exchange.tables import TableRefused

LARGEST_UNPACKED = 50 * 1024 * 1024
MOST_PARTS = 500
MOST_CELLS = 1_000  # in a row
ENCRYPTED = b"\xd0\xcf\x11\xe0"
BROKEN = "The file is named .xlsx but can't be read as a workbook. Save it from Excel again, or as “CSV UTF-8”."


def xlsx_lines(content: bytes, *, most_rows: int) -> list[list[str]]:
    """The cells of each row of the first sheet, as they show; formulas give what they last came to.

    Raises TableRefused.
    """
    if content.startswith(ENCRYPTED):
        raise TableRefused("The workbook has a password or is of the old .xls kind. Save it as .xlsx without one.")
    try:
        _check_archive(content)
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # of the reader, on what it leaves out
            lines = _first_sheet(content, most_rows)
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        InvalidFileException,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        EOFError,
        OSError,
        ArithmeticError,
        RecursionError,
        NotImplementedError,
    ) as error:  # whatever a broken file does to the reader, it is the file that is at fault
        raise TableRefused(BROKEN) from error
    return lines


def _first_sheet(content: bytes, most_rows: int) -> list[list[str]]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    if not book.worksheets:
        raise TableRefused("The workbook has no sheet with cells. Put the table on its first sheet.")
    lines: list[list[str]] = []
    for row in book.worksheets[0].iter_rows(values_only=True):
        lines.append([_text(value) for value in row[:MOST_CELLS]])
        if len(lines) > most_rows + 1:
            raise TableRefused(f"The sheet has more than {most_rows:,} rows. Split it.")
    return lines


def _check_archive(content: bytes) -> None:
    """Unpack into nothing and stop at the bound; no part may declare entities, which could grow without end."""
    unpacked = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS:
            raise TableRefused("The workbook has too many parts. Save the sheet as “CSV UTF-8”.")
        if any(part.flag_bits & 1 for part in parts):
            raise TableRefused("The workbook is encrypted. Save it without a password.")
        for part in parts:
            before = b""
            with archive.open(part) as stream:
                while chunk := stream.read(64 * 1024):
                    text = (before + chunk).replace(b"\0", b"")  # UTF-16 writes the same signs with noughts between
                    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                        raise TableRefused(BROKEN)
                    before = chunk[-2 * len("<!DOCTYPE") :]
                    unpacked += len(chunk)
                    if unpacked > LARGEST_UNPACKED:
                        raise TableRefused("The workbook is too large when unpacked. Save the sheet as “CSV UTF-8”.")


def _text(value: Any) -> str:
    """A cell as it would stand in CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
