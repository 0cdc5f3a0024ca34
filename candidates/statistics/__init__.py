"""What the ratings say, and how sure they are: pure functions over plain rows (see docs/scoring.md)."""
