"""Files that are not what they say, or more than they say: made here, none taken from anywhere."""

import io
import json
import warnings
import zipfile
from datetime import UTC, date, datetime
from functools import cache

from openpyxl import Workbook
from openpyxl.styles import Alignment

from tests.candidates.documents import PDF, word

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
SCRIPT = b"<script>document.title='hit'</script>"
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=1">' + SCRIPT + b"</svg>"
HEADING = "name,email"
XXE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'
RELS = b'<Relationships><Relationship Id="r" Type="http://x/%s" Target="http://evil.example/" TargetMode="External"/>'
RELS += b"</Relationships>"
TURNED = (
    b'<Relationships><Relationship TargetMode="External" Target="http://evil.example/" Type="http://x/attached%s"/>'
)
TURNED += b"</Relationships>"
MEGABYTE = 1024 * 1024
LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, 999999, UTC).replace(tzinfo=None)


def archive(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A plain archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return stream.getvalue()


def doubled() -> bytes:
    """A Word document with two main parts, of which readers may choose either."""
    stream = io.BytesIO(word())
    with zipfile.ZipFile(stream, "a") as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        packed.writestr("word/document.xml", b"<w:other/>")
    return stream.getvalue()


def locked(content: bytes) -> bytes:
    """The same archive, its parts said to be encrypted."""
    changed = bytearray(content)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(sign)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(sign, at + 1)
    return bytes(changed)


def book(*rows: tuple[object, ...], merged: str = "", sheets: int = 1) -> bytes:
    """A workbook of these rows."""
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
        sheet["A1"].alignment = Alignment(horizontal="center")
    for _ in range(sheets - 1):
        made.create_sheet()
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def book_with(parts: dict[str, bytes], *, without: str = "") -> bytes:
    """A sound workbook with some parts put in, or one left out."""
    with zipfile.ZipFile(io.BytesIO(book(("name", "email"), ("Elif Aydin", "e@example.com")))) as packed:
        kept = {name: packed.read(name) for name in packed.namelist() if name != without}
    return archive(kept | parts)


def late_entities() -> bytes:
    """A sheet whose heading and row hold an entity, declared far behind the beginning."""
    cell = '<c r="A{0}" t="inlineStr"><is><t>&a;</t></is></c>'
    rows = "".join(f'<row r="{row}">{cell.format(row)}</row>' for row in (1, 2))
    late = b"<!--" + b"x" * 70_000 + b'--><!DOCTYPE worksheet [<!ENTITY a "name">]>'
    return late + sheet_of(rows)


def sheet_of(cells: str) -> bytes:
    """The XML of a sheet with these cells in its first rows."""
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'.encode()  # fmt: skip # noqa: E501


@cache
def cvs() -> dict[str, tuple[str, bytes]]:
    """What is offered as a CV, by what is odd about it: its name and its content."""
    return {
        "html named pdf": ("cv.pdf", HTML),
        "svg named pdf": ("cv.pdf", SVG),
        "program named pdf": ("cv.pdf", b"MZ\x90\0" + PDF),
        "word named pdf": ("cv.pdf", word()),
        "truncated pdf": ("cv.pdf", PDF[:40]),
        "empty pdf": ("cv.pdf", b""),
        "pdf of nothing but a heading": ("cv.pdf", b"%PDF-1.7\n"),
        "pdf with a password": ("cv.pdf", PDF.replace(b"/Root", b"/Encrypt 5 0 R/Root")),
        "pdf with rights": ("cv.pdf", PDF.replace(b"/Root", b"/Encrypt<</Filter/Standard>>/Root")),
        "huge pdf": ("cv.pdf", PDF + b"\0" * 5 * MEGABYTE + b"%%EOF"),
        "html": ("cv.html", HTML),
        "svg": ("cv.svg", SVG),
        "double ending": ("cv.pdf.html", HTML),
        "double ending of a program": ("cv.pdf.exe", PDF),
        "turned-round name of a program": ("cv\u202efdp.exe", PDF),
        "no ending": ("cv", PDF),
        "old word": ("cv.doc", OLE),
        "word with macros named so": ("cv.docm", word()),
        "rich text": ("cv.rtf", rb"{\rtf1\ansi hello}"),
        "plain text": ("cv.txt", b"hello"),
        "picture": ("cv.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40),
        "word with a password": ("cv.docx", OLE),
        "word with locked parts": ("cv.docx", locked(word())),
        "empty word": ("cv.docx", b""),
        "truncated word": ("cv.docx", word()[:-30]),
        "pdf named docx": ("cv.docx", PDF),
        "html named docx": ("cv.docx", HTML),
        "archive named docx": ("cv.docx", archive({"index.html": HTML})),
        "workbook named docx": ("cv.docx", book(("name",))),
        "word with macros": ("cv.docx", word(**{"word/vbaProject.bin": b"x"})),
        "word with a control": ("cv.docx", word(**{"word/activeX/activeX1.xml": b"<a/>"})),
        "word with a program": ("cv.docx", word(**{"word/embeddings/setup.exe": b"MZ"})),
        "word with an object": ("cv.docx", word(**{"word/embeddings/oleObject1.bin": OLE})),
        "word with an archive": ("cv.docx", word(**{"word/media/more.zip": archive({"a": b"b"})})),
        "word with a page": ("cv.docx", word(**{"word/media/page.html": HTML})),
        "word that unpacks without end": ("cv.docx", word(**{"word/media/a.png": b"\0" * 51 * MEGABYTE})),
        "word of too many parts": ("cv.docx", word(**{f"word/p{i}.xml": b"" for i in range(2001)})),
        "word with a path upwards": ("cv.docx", word(**{"../../evil.xml": b"x"})),
        "word with a path from the root": ("cv.docx", word(**{"/etc/evil.xml": b"x"})),
        "word with a path of another system": ("cv.docx", word(**{"..\\evil.xml": b"x"})),
        "word with two main parts": ("cv.docx", doubled()),
        "word with outside entities": ("cv.docx", word(**{"word/document.xml": XXE})),
        "word with entities that grow": ("cv.docx", word(**{"word/styles.xml": LAUGHS})),
        "word with a template from elsewhere": (
            "cv.docx",
            word(**{"word/_rels/settings.xml.rels": RELS % b"attachedTemplate"}),
        ),
        "word with a template late in the part": (
            "cv.docx",
            word(**{"word/_rels/settings.xml.rels": b"<!--" + b"x" * 70_000 + b"-->" + RELS % b"attachedTemplate"}),
        ),
        "word with a template in another order": (
            "cv.docx",
            word(**{"word/_rels/settings.xml.RELS": TURNED % b"&#84;emplate"}),
        ),
        "word with a template in UTF-16": (
            "cv.docx",
            word(**{"word/_rels/settings.xml.rels": (RELS % b"attachedTemplate").decode().encode("utf-16")}),
        ),
        "word with late entities": (
            "cv.docx",
            word(**{"word/footer.xml": b"<!--" + b"x" * 70_000 + b"-->" + XXE[21:]}),
        ),
        "word with broken links": ("cv.docx", word(**{"word/_rels/document.xml.rels": b"<Relationships>"})),
        "word with endless links": (
            "cv.docx",
            word(**{"word/_rels/document.xml.rels": b"<Relationships>" + b"<a/>" * 300_000 + b"</Relationships>"}),
        ),
        "word with a picture from elsewhere": ("cv.docx", word(**{"word/_rels/document.xml.rels": RELS % b"image"})),
        "word packed in an odd way": (
            "cv.docx",
            archive({"[Content_Types].xml": b"", "word/document.xml": b""}, zipfile.ZIP_LZMA),
        ),
    }


@cache
def odd_cvs() -> dict[str, tuple[str, bytes]]:
    """CVs that are taken, because nothing in them runs where they are served."""
    return {
        "pdf that is a page as well": ("cv.pdf", PDF.replace(b"%%EOF", HTML + b"\n%%EOF")),
        "pdf with a script of its own": ("cv.pdf", PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript>>")),
        "pdf that is an archive as well": ("cv.pdf", PDF + archive({"a": b"b"}) + b"%%EOF"),
        "turned-round name": ("cv\u202excod.pdf", PDF),
        "name that is a path": ("../../../etc/passwd.pdf", PDF),
        "name that is a formula": ("=cmd|' /C calc'!A0.pdf", PDF),
        "name with markup": ("<img src=x onerror=alert(1)>.pdf", PDF),
        "long name": ("a" * 4000 + ".pdf", PDF),
        "capital ending": ("CV.PDF", PDF),
        "word with a link": ("cv.docx", word(**{"word/_rels/document.xml.rels": RELS % b"hyperlink"})),
    }


@cache
def tables() -> dict[str, tuple[str, bytes]]:
    """What is offered as a spreadsheet, by what is odd about it."""
    row = "\nElif Aydin,elif@example.com"
    return {
        "html named csv": ("people.csv", HTML),
        "html named xlsx": ("people.xlsx", HTML),
        "svg named csv": ("people.csv", SVG),
        "pdf named csv": ("people.csv", PDF),
        "pdf named xlsx": ("people.xlsx", PDF),
        "program named xlsx": ("people.xlsx", b"MZ\x90\0" * 40),
        "picture named csv": ("people.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        "word named xlsx": ("people.xlsx", word()),
        "empty csv": ("people.csv", b""),
        "spaces only": ("people.csv", b"   \r\n  \r\n"),
        "heading only": ("people.csv", HEADING.encode()),
        "no heading that is known": ("people.csv", b"a,b\n1,2\n"),
        "utf-16": ("people.csv", (HEADING + row).encode("utf-16")),
        "utf-16 without a mark": ("people.csv", (HEADING + row).encode("utf-16-be")),
        "utf-32": ("people.csv", (HEADING + row).encode("utf-32")),
        "latin-1": ("people.csv", f"{HEADING}\nZoë Müller,z@example.com".encode("latin-1")),
        "null characters": ("people.csv", f"{HEADING}\nEl\0if,e@example.com".encode()),
        "half a character": ("people.csv", f"{HEADING}\nElif".encode() + b"\xc3"),
        "quotation mark left open": ("people.csv", f'{HEADING}\n"Elif,e@example.com'.encode()),
        "a cell without end": ("people.csv", f"{HEADING}\n{'x' * 300_000},e@example.com".encode()),
        "a million columns": ("people.csv", b"name" + b",x" * 1_000_000 + b"\nElif" + b",1" * 10),
        "too many rows": ("people.csv", (HEADING + row * 20_100).encode()),
        "more cells than the heading": ("people.csv", f"{HEADING}\nElif,e@example.com,,,,,,,,more".encode()),
        "column twice": ("people.csv", b"name,name,email\nElif,Aydin,e@example.com"),
        "address twice": ("people.csv", (HEADING + row + row).encode()),
        "address that is none": ("people.csv", f"{HEADING}\nElif,not an address".encode()),
        "name missing": ("people.csv", f"{HEADING}\n,e@example.com".encode()),
        "old workbook": ("people.xls", OLE),
        "workbook with a password": ("people.xlsx", OLE),
        "workbook with locked parts": ("people.xlsx", locked(book(("name",), ("Elif",)))),
        "truncated workbook": ("people.xlsx", book(("name",), ("Elif",))[:-200]),
        "empty workbook": ("people.xlsx", book()),
        "workbook of empty sheets": ("people.xlsx", book(sheets=3)),
        "workbook without its sheet": ("people.xlsx", book_with({}, without="xl/worksheets/sheet1.xml")),
        "workbook without its list": ("people.xlsx", book_with({}, without="xl/workbook.xml")),
        "workbook that unpacks without end": ("people.xlsx", book_with({"xl/media/a.png": b"\0" * 51 * MEGABYTE})),
        "workbook of too many parts": ("people.xlsx", book_with({f"xl/p{i}.xml": b"" for i in range(501)})),
        "workbook with outside entities": ("people.xlsx", book_with({"xl/worksheets/sheet1.xml": XXE})),
        "workbook with entities that grow": ("people.xlsx", book_with({"xl/sharedStrings.xml": LAUGHS})),
        "workbook with late entities": ("people.xlsx", book_with({"xl/worksheets/sheet1.xml": late_entities()})),
        "workbook with entities in UTF-16": (
            "people.xlsx",
            book_with({"xl/worksheets/sheet1.xml": late_entities().decode().encode("utf-16")}),
        ),
        "workbook with a broken sheet": ("people.xlsx", book_with({"xl/worksheets/sheet1.xml": b"<worksheet><sheet"})),
        "workbook with a row beyond all": (
            "people.xlsx",
            book_with({"xl/worksheets/sheet1.xml": sheet_of('<row r="99999999999"><c r="A9"><v>1</v></c></row>')}),
        ),
        "workbook with a cell beyond all": (
            "people.xlsx",
            book_with({"xl/worksheets/sheet1.xml": sheet_of('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>')}),
        ),
        "workbook with a text that is not there": (
            "people.xlsx",
            book_with({"xl/worksheets/sheet1.xml": sheet_of('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>')}),
        ),
        "workbook with a date beyond all": (
            "people.xlsx",
            book_with(
                {"xl/worksheets/sheet1.xml": sheet_of('<row r="1"><c r="A1" t="d"><v>99999-99-99</v></c></row>')}
            ),
        ),
        "archive named xlsx": ("people.xlsx", archive({"index.html": HTML})),
        "archive in an archive": ("people.xlsx", archive({"people.xlsx": book(("name",), ("Elif",))})),
        "rubric": ("people.csv", json.dumps({"format": "smarter-rubric"}).encode()),
        "deep json": ("people.csv", b"[" * 100_000),
    }


@cache
def odd_tables() -> dict[str, tuple[str, bytes]]:
    """Spreadsheets that are read, and mean no more than their texts."""
    filled = ("name", "email", "note")
    return {
        "formulas": ("people.csv", b'name,note\nElif,=HYPERLINK("http://evil.example")\n@SUM(A1),+1\n'),
        "formulas in a workbook": ("people.xlsx", book(filled, ("Elif", "e@example.com", '=WEBSERVICE("http://x")'))),
        "macros": ("people.xlsm", book_with({"xl/vbaProject.bin": OLE})),
        "links to other books": ("people.xlsx", book_with({"xl/externalLinks/externalLink1.xml": b"<a/>"})),
        "merged cells": ("people.xlsx", book(filled, ("Elif", "e@example.com", "n"), merged="A3:C3")),
        "dates and numbers": (
            "people.xlsx",
            book(
                filled,
                (12.0, "", date(2026, 1, 2)),
                (True, "", LAST_MOMENT),
            ),
        ),
        "byte order mark": ("people.csv", "\ufeffname,email\nZoë,z@example.com".encode()),
        "semicolons": ("people.csv", "name;email\nZoë;z@example.com".encode()),
        "tabs": ("people.csv", "name\temail\nZoë\tz@example.com".encode()),
        "lines of an old system": ("people.csv", b"name,email\rElif,e@example.com\r"),
        "markup": ("people.csv", b"name,note\n<script>alert(1)</script>,<img src=x onerror=alert(1)>\n"),
        "text turned round": ("people.csv", "name,note\nElif \u202enidyA,\u202e".encode()),
        "path names in the archive": ("people.xlsx", book_with({"../../evil": b"x"})),
        "workbook named csv": ("people.csv", book(filled, ("Elif", "e@example.com", ""))),
        "csv named xls": ("people.txt", b"name,email\nElif,e@example.com"),
    }
