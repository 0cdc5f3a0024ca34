"""Which files are taken as a CV."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError

from candidates.documents import LARGEST_CV, check_cv
from tests.candidates.documents import PDF, upload, word

NO_PDF = "The file is named .pdf but is no complete PDF. Save the CV as a PDF again."
NO_WORD = "The file is named .docx but is no Word document. Save the CV from Word again."
OTHER = "Only PDF and Word (.docx) files can be kept. Save the CV as one of these."


def packed(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A plain archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def locked() -> bytes:
    """A Word document whose parts say that they are encrypted."""
    content = bytearray(word())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(sign)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(sign, at + 1)
    return bytes(content)


@pytest.mark.parametrize(("name", "content"), [("cv.pdf", PDF), ("CV.PDF", PDF), ("cv.docx", word())])
def test_check_cv_takes_pdf_and_word(name: str, content: bytes) -> None:
    file = upload(name, content)

    check_cv(file)

    assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("cv.exe", PDF, OTHER),
        ("cv.svg", b"<svg/>", OTHER),
        ("cv.html", b"<html>", OTHER),
        ("cv.doc", b"\xd0\xcf\x11\xe0", OTHER),
        ("cv.docm", word(), OTHER),
        ("cv.pdf.html", PDF, OTHER),
        ("cv", PDF, OTHER),
        ("cv.pdf", b"", "The file is empty. Choose the CV again."),
        ("cv.pdf", b"<html><script>alert(1)</script>", NO_PDF),
        ("cv.pdf", b"MZ" + PDF, NO_PDF),
        ("cv.pdf", PDF[:30], NO_PDF),
        ("cv.pdf", word(), NO_PDF),
        ("cv.docx", PDF, NO_WORD),
        ("cv.docx", b"PK\x03\x04 and no more", NO_WORD),
        ("cv.docx", word()[:-30], NO_WORD),
        ("cv.docx", packed({"index.html": b"<html>"}), NO_WORD),
        ("cv.docx", locked(), NO_WORD),
        ("cv.docx", packed({"[Content_Types].xml": b"", "word/document.xml": b""}, zipfile.ZIP_LZMA), NO_WORD),
        ("cv.docx", packed({f"p{i}": b"" for i in range(2001)}), NO_WORD),
        ("cv.docx", word(**{"word/vbaProject.bin": b"x"}), "The Word document holds macros. Save it as a PDF."),
        (
            "cv.docx",
            word(**{"word/media/a.png": b"\0" * 51 * 1024 * 1024}),
            "The Word document is too large when unpacked. Save it as a PDF.",
        ),
        (
            "cv.pdf",
            PDF + b"\0" * LARGEST_CV,
            "The file is larger than 5 MB. Save it without pictures, or as a PDF for the screen.",
        ),
    ],
)
def test_check_cv_says_why_not(name: str, content: bytes, message: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        check_cv(upload(name, content))

    assert refusal.value.messages == [message]


def test_check_cv_does_not_believe_the_size_that_an_archive_claims() -> None:
    content = bytearray(word(**{"word/media/a.png": b"\0" * 51 * 1024 * 1024}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")

    with pytest.raises(ValidationError):
        check_cv(upload("cv.docx", bytes(content)))
