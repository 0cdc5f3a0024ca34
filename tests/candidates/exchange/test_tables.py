"""CSV in the ways in which people and spreadsheets write it, and workbooks that hold no formula."""

import io

import pytest
from openpyxl import load_workbook

from candidates.exchange.tables import Table, TableRefused, read_csv, write_csv, write_xlsx

KNOWN = ("name", "rating", "not_observed")


def read(content: bytes, **options: int) -> Table:
    """The table, with a name needed."""
    return read_csv(content, known=KNOWN, required=["name"], most_rows=options.get("most_rows", 10))


def cells(table: Table) -> list[tuple[int, str, str]]:
    """Number, name and rating of each row."""
    return [(row.number, row.cells["name"], row.cells["rating"]) for row in table.rows]


@pytest.mark.parametrize(
    "content",
    [
        b"name,rating\nAnna,3\n",
        b"\xef\xbb\xbfname,rating\nAnna,3\n",
        b"name;rating\r\nAnna;3\r\n",
        b"name\trating\nAnna\t3",
        b"NAME , Rating\n Anna,3\n\n",
        b'"name","rating"\n"Anna","3"\n',
        b"rating,name\n3,Anna\n",
        b"name,rating\nAnna,3,,\n,\n",
    ],
)
def test_ways_of_writing_the_same_table(content):
    [(number, name, rating)] = cells(read(content))

    assert (number, name.strip(), rating) == (2, "Anna", "3")


def test_row_numbers_are_those_of_the_spreadsheet():
    table = read(b'name,rating\n"An\nna",3\n\nBo,4\n')

    assert cells(table) == [(2, "An\nna", "3"), (4, "Bo", "4")]


def test_unknown_columns_are_told_and_column_names_are_lenient():
    table = read(b"Name,Not observed,colour\nAnna,x,red\n")

    assert (table.columns, table.ignored) == (frozenset({"name", "not_observed"}), ("colour",))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"rating\n3\n", "The heading has no column “name”. It needs “name”."),
        (b"name,name\nA,B\n", "The heading has the column “name” more than once."),
        ("name\nÄnna\n".encode("utf-16"), "The file is not UTF-8; it looks like UTF-16. Save it as “CSV UTF-8”."),
        ("name\nÄnna\n".encode("utf-16-le"), "The file is not UTF-8; it looks like UTF-16. Save it as “CSV UTF-8”."),
        ("name\nÄnna\n".encode("latin-1"), "The file is not UTF-8 (line 2). Save it as “CSV UTF-8”."),
        (b"PK\x03\x04rest", "The file is a workbook, not CSV. Save its sheet as “CSV UTF-8”."),
        (b'name\n"Anna\n', "Row 2 can't be read as CSV (unexpected end of data). Check its quotation marks."),
        (b'name\n"An"na\n', "Row 2 can't be read as CSV (',' expected after '\"'). Check its quotation marks."),
        (b"name\n" + b"x" * 200_000, "Row 2 can't be read as CSV (field larger than field limit (131072)). Check its"),
        (b"x" * 200_000, "Row 1 can't be read as CSV (field larger than field limit (131072)). Check its"),
        (b"name\n" + b"Anna\n" * 11, "The file has more than 10 rows. Split it."),
    ],
)
def test_file_that_can_not_be_read_says_why(content, reason):
    with pytest.raises(TableRefused) as refused:
        read(content)

    assert str(refused.value).startswith(reason)


def test_rows_that_do_not_fit_are_faults():
    table = read(b"name,rating\nAnna, who left,3\nnul\x00l,3\nBo,4\n")

    assert cells(table) == [(4, "Bo", "4")]
    assert [str(fault) for fault in table.faults] == [
        "Row 2: has 3 cells, the heading 2. Quote the commas.",
        "Row 3: holds a null character, which can't be stored.",
    ]


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", "fine\n=1", "'=1", '"', "null \x0b here"]


def test_csv_goes_out_and_comes_back():
    rows = [[text, 3] for text in HOSTILE]

    table = read_csv(write_csv(["name", "rating"], rows).encode(), known=KNOWN, required=["name"], most_rows=len(rows))

    assert cells(table) == [(number, text, "3") for number, text in enumerate(HOSTILE, start=2)]


def test_workbook_holds_no_formula():
    content = write_xlsx(["name", "rating"], [[text, 3] for text in HOSTILE])

    sheet = load_workbook(io.BytesIO(content)).active

    assert {cell.data_type for row in sheet.iter_rows(max_col=1) for cell in row} == {"s"}
    assert [cell.value for cell in sheet["B"]] == ["rating", *[3] * len(HOSTILE)]
    assert sheet["A2"].value == "'=1+1"
    assert sheet["A11"].value == "null � here"
