"""The t and F distributions of scipy, which is imported when the first figure needs it.

Importing it takes a server as long as the rest of its start, and a page of a form needs none of it.
"""

from typing import Any

from numpy.typing import ArrayLike


def stdtr(df: float, t: ArrayLike) -> Any:
    """The probability of a value below ``t`` under Student's t with ``df`` degrees of freedom."""
    from scipy import special

    return special.stdtr(df, t)


def stdtrit(df: float, p: ArrayLike) -> Any:
    """The value below which lies the probability ``p`` under Student's t."""
    from scipy import special

    return special.stdtrit(df, p)


def fdtri(dfn: float, dfd: float, p: ArrayLike) -> Any:
    """The value below which lies the probability ``p`` under the F distribution."""
    from scipy import special

    return special.fdtri(dfn, dfd, p)
