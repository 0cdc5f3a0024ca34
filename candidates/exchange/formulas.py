"""Keep text that a spreadsheet would run as a formula from running, in a way that can be undone.

A line that begins with `= + - @`, one of their full-width forms, white space or an apostrophe gets an apostrophe before
it. Reading back drops one apostrophe before such a line, so that every text comes back exactly as it was.
"""

import re

SIGNS = "=+-@＝＋－＠﹢﹣﹦﹫'"
_LINE_ENDS = re.compile(r"([\r\n])")


def neutralise(text: str) -> str:
    """The text as it may stand in a cell of a spreadsheet."""
    lines = _LINE_ENDS.split(text)
    lines[::2] = [f"'{line}" if _is_risky(line, opens=opens) else line for line, opens in _opening(lines)]
    return "".join(lines)


def restore(cell: str) -> str:
    """The text that `neutralise` made the cell of; a cell written by hand stays as it is unless it looks like one."""
    lines = _LINE_ENDS.split(cell)
    lines[::2] = [
        line[1:] if line.startswith("'") and _is_risky(line[1:], opens=opens) else line
        for line, opens in _opening(lines)
    ]
    return "".join(lines)


def _opening(lines: list[str]) -> list[tuple[str, bool]]:
    """Each line, and whether it opens a text of several lines."""
    return [(line, place == 0 and len(lines) > 1) for place, line in enumerate(lines[::2])]


def _is_risky(line: str, *, opens: bool) -> bool:
    """Whether a line must not begin a cell as it is; a line end at the very start of a cell is risky too."""
    if not line:
        return opens
    return line[0] in SIGNS or line[0].isspace()
