"""No text runs as a formula, and every text comes back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.exchange.formulas import SIGNS, neutralise, restore

ODD = st.text(alphabet=st.sampled_from("=+-@＝＋－＠' \t\r\n\"a1\u00a0,;"), max_size=12)


@given(st.one_of(ODD, st.text()))
def test_any_text_comes_back(text):
    assert restore(neutralise(text)) == text


@given(ODD)
def test_no_line_begins_with_what_a_spreadsheet_would_run(text):
    cell = neutralise(text)

    starts = [line.lstrip()[:1] for line in cell.splitlines() if not line.startswith("'")]
    assert [start for start in starts if start and start in SIGNS] == []
    assert cell[:1] not in set("=+-@＝＋－＠\t\r\n ")


@given(st.lists(ODD, min_size=1, max_size=4))
def test_any_row_comes_back_through_csv(cells):
    file = io.StringIO(newline="")
    csv.writer(file).writerow(["row", *map(neutralise, cells)])

    [row] = csv.reader(io.StringIO(file.getvalue(), newline=""), strict=True)

    assert [restore(cell) for cell in row[1:]] == cells


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("Two points:\n- one\n- two", "Two points:\n'- one\n'- two"),
        ("’twas", "’twas"),
        ("'tis", "''tis"),
        ("  =1", "'  =1"),
        ("\n=1", "'\n'=1"),
        ("rose by 3 = a lot", "rose by 3 = a lot"),
    ],
)
def test_cell_of_a_text(text, cell):
    assert neutralise(text) == cell


def test_apostrophe_typed_by_hand_stays():
    assert restore("'twas a deal") == "'twas a deal"
