"""Small files for tests: a PDF, a Word document, and ones that are not what they say."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
WORD_PARTS = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}


def upload(name: str, content: bytes, kind: str = "application/octet-stream") -> SimpleUploadedFile:
    """A file as a browser sends it; its declared kind is never believed."""
    return SimpleUploadedFile(name, content, content_type=kind)


def word(**more: bytes) -> bytes:
    """A Word document with further parts by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (WORD_PARTS | more).items():
            archive.writestr(name, content)
    return stream.getvalue()
