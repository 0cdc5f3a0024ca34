"""What the comparison pages show, assembled from what one person may read and from the statistics.

`read_opening` fetches the rows, `standings` places every candidate; the other modules each hold one part of a page.
"""

from candidates.comparison.reading import Reading, WeighedDimension, read_opening
from candidates.comparison.standings import Standing, Standings, place, standings

__all__ = ["Reading", "Standing", "Standings", "WeighedDimension", "place", "read_opening", "standings"]
