"""Tables in files: CSV as people and their spreadsheets write it, read strictly and told clearly."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from candidates.exchange.formulas import neutralise, restore
from rubrics.file_format import UNSTORABLE

DELIMITERS = ",;\t"
MOST_COLUMNS = 1_000
OTHER_KINDS = {
    (b"%PDF-",): "a PDF",
    (b"<",): "a web page",
    (b'{"', b"{\n", b"[{", b"[["): "JSON",
    (b"\x89PNG", b"\xff\xd8\xff", b"GIF8"): "a picture",
    (b"MZ\x90", b"\x7fELF"): "a program",
}
"""What other files begin with, and no heading does."""
_NOT_IN_XLSX = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")

Value = str | int | float | None


class TableRefused(Exception):
    """The file can't be read as the table that is wanted; the message says why and what to do."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row, and what would be right."""

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        place = f"Row {self.row}, {self.column}" if self.column else f"Row {self.row}"
        return f"{place}: {self.text}"


@dataclass(frozen=True)
class Row:
    """One row by its number in the spreadsheet, where the heading is row 1."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A heading and its rows. `columns` are those known, `ignored` what else the heading holds."""

    columns: frozenset[str]
    ignored: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read_csv(content: bytes, *, known: Sequence[str], required: Sequence[str], most_rows: int) -> Table:
    """Read CSV separated by commas, semicolons or tabs. Raises TableRefused."""
    return _table(csv_lines(content, known=known, most_rows=most_rows), known, required)


def csv_lines(content: bytes, *, known: Sequence[str], most_rows: int) -> list[list[str]]:
    """The cells of each line, split by the sign that gives most of the `known` columns. Raises TableRefused."""
    text = _decoded(content)
    lines: list[list[str]] = []
    try:
        delimiter = max(DELIMITERS, key=lambda sign: _fit(_first_line(text, sign), known))
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            lines.append(line)
            if len(line) > MOST_COLUMNS:
                count = f"Row {len(lines)} has {len(line):,} cells; at most {MOST_COLUMNS:,} are read."
                raise TableRefused(f"{count} Save only the columns that are needed.")
            if len(lines) > most_rows + 1:
                raise TableRefused(f"The file has more than {most_rows:,} rows. Split it.")
    except csv.Error as error:
        raise TableRefused(f"Row {len(lines) + 1} can't be read as CSV ({error}). Check its quotation marks.") from None
    return lines


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:2]:
        raise TableRefused("The file is not UTF-8; it looks like UTF-16. Save it as “CSV UTF-8”.")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TableRefused("The file is a workbook, not CSV. Save its sheet as “CSV UTF-8”.")
    for signs, kind in OTHER_KINDS.items():
        if content.lstrip().startswith(signs):
            raise TableRefused(f"The file is {kind}, not CSV. Save the table from a spreadsheet as “CSV UTF-8”.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise TableRefused(f"The file is not UTF-8 (line {row}). Save it as “CSV UTF-8”.") from None


def _first_line(text: str, delimiter: str) -> list[str]:
    """As this sign splits it; nothing where it leaves a cell too long to be one."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _fit(heading: Sequence[str], known: Sequence[str]) -> tuple[int, int]:
    """How well a heading is split: by the known columns in it, then by the columns at all."""
    return len(set(column_names(heading)) & set(known)), len(heading)


def column_names(cells: Iterable[str]) -> list[str]:
    """Column names whatever their case, with spaces or hyphens for underscores."""
    return [re.sub(r"[\s_-]+", "_", cell.strip().lower()) for cell in cells]


def _table(lines: list[list[str]], known: Sequence[str], required: Sequence[str]) -> Table:
    if not lines:
        raise TableRefused("The file is empty.")
    heading = column_names(lines[0])
    missing = [name for name in required if name not in heading]
    if missing:
        raise TableRefused(f"The heading has no column {_listed(missing)}. It needs {_listed(required)}.")
    doubled = sorted({name for name in heading if name and heading.count(name) > 1})
    if doubled:
        raise TableRefused(f"The heading has the column {_listed(doubled)} more than once.")
    rows, faults = [], []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if any(cell.strip() for cell in line[len(heading) :]):
            faults.append(Fault(number, "", f"has {len(line)} cells, the heading {len(heading)}. Quote the commas."))
        elif any(UNSTORABLE.search(cell) for cell in line):
            faults.append(Fault(number, "", "holds a null character, which can't be stored."))
        else:
            cells = dict.fromkeys(known, "") | dict(zip(heading, map(restore, line), strict=False))
            rows.append(Row(number, cells))
    ignored = tuple(name for name in heading if name and name not in known)
    return Table(frozenset(heading).intersection(known), ignored, tuple(rows), tuple(faults))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def write_csv(heading: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """The table as CSV with commas and Windows line ends, without a byte order mark; no cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows([neutralise(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()


def write_xlsx(heading: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """The table as a workbook; texts are written as texts, and signs that XLSX has no room for become �."""
    # Imported here because it takes a server longer to import than Django, and few ever ask for a workbook.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Smarter")
    for row in (heading, *rows):
        cells = []
        for value in row:
            if isinstance(value, str):
                cell = WriteOnlyCell(sheet, value=_NOT_IN_XLSX.sub("�", neutralise(value)))
                cell.data_type = "s"
                cells.append(cell)
            else:
                cells.append(value)
        sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
