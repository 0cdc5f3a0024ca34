"""Which files are taken as a CV: PDF or Word, whose content is what the name says, and bounded when unpacked."""

import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

MEGABYTE = 1024 * 1024
LARGEST_CV = 5 * MEGABYTE
LARGEST_UNPACKED = 50 * MEGABYTE
LARGEST_LINKS = MEGABYTE
MOST_PARTS = 2000
PDF_TYPE = "application/pdf"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CV_TYPES = {".pdf": PDF_TYPE, ".docx": DOCX_TYPE}
DOCX_PARTS = {"[Content_Types].xml", "word/document.xml"}
MACRO_PARTS = ("vbaproject.bin", "vbadata.xml", "activex")
MACROS = "The Word document holds macros. Save it as a PDF."
ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # old .doc files, and new ones with a password
# What may lie inside of a Word document; a program, a page or another archive is none of its own.
INNER = {"", ".xml", ".rels", ".xlsx", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".wdp"}
INNER |= {".svg", ".odttf", ".ttf", ".fntdata", ".vml", ".thmx"}
# What Word would fetch from elsewhere as the document is opened; a link that one clicks is not among it.
FETCHED = {"attachedtemplate", "oleobject", "frame", "subdocument", "image", "externallinkpath"}


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
    stream.seek(0)
    if ENCRYPTED_PDF.search(stream.read()):
        raise ValidationError("The PDF is protected by a password. Save it as a PDF without one.")


def _check_docx(stream: IO[bytes]) -> None:
    refusal = ValidationError("The file is named .docx but is no Word document. Save the CV from Word again.")
    stream.seek(0)
    beginning = stream.read(4)
    if beginning == OLD_OFFICE:
        raise ValidationError("The file has a password or is an old .doc. Save it as .docx without one, or as a PDF.")
    if beginning != b"PK\x03\x04":
        raise refusal
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            is_odd = len(parts) > MOST_PARTS or len(names) < len(parts) or not all(map(_is_plain, parts))
            if is_odd or not names >= DOCX_PARTS:
                raise refusal
            if any(macro in name.lower() for name in names for macro in MACRO_PARTS):
                raise ValidationError(MACROS)
            if any(Path(name).suffix.lower() not in INNER for name in names):
                raise ValidationError("The Word document holds other files. Take them out, or save it as a PDF.")
            _read_through(archive, parts)
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        ValueError,
        LookupError,
        ExpatError,
    ) as error:
        raise refusal from error


def _is_plain(part: zipfile.ZipInfo) -> bool:
    """Neither encrypted, nor packed in a way that Word does not use, nor named to land elsewhere."""
    leads_away = part.filename.startswith("/") or "\\" in part.filename or ".." in part.filename.split("/")
    is_usual = part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return is_usual and not leads_away and not part.flag_bits & 1


def _read_through(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack into nothing and stop at the bound: the sizes that an archive claims prove nothing."""
    unpacked = 0
    for part in parts:
        name = part.filename.lower()
        reader = _reader(name)
        most = min(LARGEST_UNPACKED, unpacked + LARGEST_LINKS) if name.endswith(".rels") else LARGEST_UNPACKED
        with archive.open(part) as content:
            while chunk := content.read(64 * 1024):
                unpacked += len(chunk)
                if unpacked > most:
                    raise ValidationError("The Word document is too large when unpacked. Save it as a PDF.")
                if reader:
                    reader.Parse(chunk, False)  # noqa: FBT003 - as expat has it
            if reader:
                reader.Parse(b"", True)  # noqa: FBT003


def _reader(name: str) -> XMLParserType | None:
    """What reads a part of XML, in whatever encoding and order it is written, and refuses what leads elsewhere."""
    if not name.endswith((".xml", ".rels")):
        return None
    reader = ParserCreate()
    reader.StartDoctypeDeclHandler = _refuse_declarations
    if name.endswith(".rels"):
        reader.StartElementHandler = _refuse_fetching
    return reader


def _refuse_declarations(*_declared: object) -> None:
    """Nothing declares entities."""
    raise ValidationError("The Word document holds declarations that Word does not write. Save it from Word again.")


def _refuse_fetching(_element: str, attributes: dict[str, str]) -> None:
    """Nothing is fetched from elsewhere when the document is opened."""
    kind = attributes.get("Type", "").strip().rpartition("/")[2].lower()
    if attributes.get("TargetMode", "").strip().lower() == "external" and kind in FETCHED:
        raise ValidationError("The Word document fetches parts from elsewhere. Save it as a PDF.")
