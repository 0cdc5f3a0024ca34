"""Workbooks are read within bounds; hostile, locked and broken ones are told why."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from candidates.exchange.tables import TableRefused
from candidates.exchange.workbooks import xlsx_lines


def book(*rows):
    """A workbook with these rows."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def changed(content, part, new):
    """The workbook with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            archive.writestr(name, new if name == part else old.read(name))
    return out.getvalue()


def refused(content, most_rows=10):
    """Why the workbook is refused."""
    with pytest.raises(TableRefused) as refusal:
        xlsx_lines(content, most_rows=most_rows)
    return str(refusal.value)


def test_cells_come_as_they_would_stand_in_csv():
    assert xlsx_lines(book(["name", "n"], ["Anna", 3], ["Bo", 3.5], [None, True]), most_rows=10) == [
        ["name", "n"],
        ["Anna", "3"],
        ["Bo", "3.5"],
        ["", "yes"],
    ]


def test_formulas_are_not_worked_out():
    assert xlsx_lines(book(["name"], ['=HYPERLINK("http://x","y")']), most_rows=10) == [["name"], [""]]


SHEET = "xl/worksheets/sheet1.xml"
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
SMALL = book(["name"], ["Anna"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04 cut short", "can't be read as a workbook"),
        (b"<html>renamed</html>", "can't be read as a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 locked", "has a password or is of the old .xls kind"),
        (SMALL[: len(SMALL) // 2], "can't be read as a workbook"),
        (changed(SMALL, SHEET, BOMB), "can't be read as a workbook"),
        (changed(SMALL, SHEET, b"<worksheet>"), "can't be read as a workbook"),
        (changed(SMALL, SHEET, b"\x00" * 60_000_000), "too large when unpacked"),
        (changed(SMALL, "xl/workbook.xml", b"<workbook/>"), "no sheet with cells"),
        (book(*[["x"]] * 12), "has more than 10 rows"),
    ],
    ids=["cut", "html", "locked", "half", "entities", "unclosed", "bomb", "no-sheets", "rows"],
)
def test_hostile_and_broken_workbooks_are_told_why(content, reason):
    assert reason in refused(content)


def test_too_many_parts_are_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(501):
            archive.writestr(f"{number}.xml", "")

    assert "too many parts" in refused(content.getvalue())


def test_zip_of_something_else_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    assert "can't be read as a workbook" in refused(content.getvalue())
