"""What the comparison pages show, assembled from what one person may read and from the statistics.

`read_opening` fetches the rows, `place` puts every candidate in place; the other modules each hold one part of a page.
"""

from candidates.comparison.reading import Reading, WeighedDimension, read_opening
from candidates.comparison.standings import Standing, Standings, place

__all__ = ["Reading", "Standing", "Standings", "WeighedDimension", "place", "read_opening"]
