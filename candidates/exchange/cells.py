"""Text that a spreadsheet opens as text."""

import re

# A sheet takes what starts a cell like this for a formula, also after a line break inside it; full-width signs too.
_FORMULA = re.compile(r"(?:^|(?<=[\r\n]))(?=[=+\-@\t\r \uFF1D\uFF0B\uFF0D\uFF20])")


def neutralised(text: str) -> str:
    """The text with an apostrophe before each place where a formula could start."""
    return _FORMULA.sub("'", text)
