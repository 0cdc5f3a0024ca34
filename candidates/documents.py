"""Which files are taken as a CV: PDF or Word, whose content is what the name says, and bounded when unpacked."""

import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

MEGABYTE = 1024 * 1024
LARGEST_CV = 5 * MEGABYTE
LARGEST_UNPACKED = 50 * MEGABYTE
MOST_PARTS = 2000
PDF_TYPE = "application/pdf"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CV_TYPES = {".pdf": PDF_TYPE, ".docx": DOCX_TYPE}
DOCX_PARTS = {"[Content_Types].xml", "word/document.xml"}
MACRO_PARTS = ("vbaproject.bin", "vbadata.xml", "activex")


def check_cv(upload: "UploadedFile[Any]") -> None:
    """Raise ValidationError, with what to do, for a file that can't be taken as a CV. Leaves it rewound."""
    suffix = Path(upload.name or "").suffix.lower()
    if suffix not in CV_TYPES:
        raise ValidationError("Only PDF and Word (.docx) files can be kept. Save the CV as one of these.")
    if not upload.size:
        raise ValidationError("The file is empty. Choose the CV again.")
    if upload.size > LARGEST_CV:
        raise ValidationError("The file is larger than 5 MB. Save it without pictures, or as a PDF for the screen.")
    stream = upload.file
    assert stream is not None  # noqa: S101 - an upload that was parsed has a file
    try:
        (_check_pdf if suffix == ".pdf" else _check_docx)(stream)
    finally:
        stream.seek(0)


def _check_pdf(stream: IO[bytes]) -> None:
    stream.seek(0)
    beginning = stream.read(1024)
    stream.seek(-min(2048, stream.seek(0, 2)), 2)
    if not beginning.startswith(b"%PDF-") or b"%%EOF" not in stream.read():
        raise ValidationError("The file is named .pdf but is no complete PDF. Save the CV as a PDF again.")


def _check_docx(stream: IO[bytes]) -> None:
    refusal = ValidationError("The file is named .docx but is no Word document. Save the CV from Word again.")
    stream.seek(0)
    if stream.read(4) != b"PK\x03\x04":
        raise refusal
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MOST_PARTS or not names >= DOCX_PARTS or not all(map(_is_plain, parts)):
                raise refusal
            if any(macro in name.lower() for name in names for macro in MACRO_PARTS):
                raise ValidationError("The Word document holds macros. Save it as a PDF.")
            _measure(archive, parts)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError) as error:
        raise refusal from error


def _is_plain(part: zipfile.ZipInfo) -> bool:
    """Neither encrypted nor packed in a way that Word does not use."""
    return not part.flag_bits & 1 and part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _measure(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack into nothing and stop at the bound: the sizes that an archive claims prove nothing."""
    unpacked = 0
    for part in parts:
        with archive.open(part) as content:
            while chunk := content.read(64 * 1024):
                unpacked += len(chunk)
                if unpacked > LARGEST_UNPACKED:
                    raise ValidationError("The Word document is too large when unpacked. Save it as a PDF.")
