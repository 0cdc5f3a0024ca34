"""Cells of exports."""

import pytest

from candidates.exchange.cells import neutralised


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("", ""),
        ("plain - with = signs + inside @ it", "plain - with = signs + inside @ it"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("one\n=1", "one\n'=1"),
        ("one\r\n@x", "one\r\n'@x"),
    ],
)
def test_formulas_become_text(text: str, cell: str) -> None:
    assert neutralised(text) == cell
