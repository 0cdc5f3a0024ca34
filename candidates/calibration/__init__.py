"""What the calibration page shows, assembled from what one person may read and from the statistics.

`reading` fetches the rows, `team` and `own` assemble the two halves of the page; nothing here rewrites a score.
"""
