"""How long files and synthetic rounds take: python bench/exchange.py

It runs on a database of its own that is thrown away (SQLite in memory, or a test database beside DATABASE_URL). Limits
are those of the product: 36 candidates × 9 interviewers × 5 dimensions (1,620 rows) come in within 15 s, 15,000 rows
at 5 s for each 10,000, and 3,000 candidates with 5 scorecards each are made within a minute.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

# The first place is this folder, whose statistics.py would stand before the library's.
sys.path[0] = str(Path(__file__).resolve().parent.parent)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarter.settings")

Result = TypeVar("Result")


def timed(label: str, limit: float | None, act: Callable[[], Result]) -> Result:
    """Do it once and say how long it took, elapsed and by processor."""
    elapsed, processor = perf_counter(), process_time()
    result = act()
    elapsed, processor = perf_counter() - elapsed, process_time() - processor
    verdict = "" if limit is None else f"   limit {limit:g} s {'held' if elapsed <= limit else 'MISSED'}"
    print(f"{label:52} {elapsed:6.2f} s elapsed {processor:6.2f} s processor{verdict}")
    return result


def file_of(candidates: int, raters: int) -> bytes:
    """A file of whole ratings, five rows for each scorecard."""
    rows = [
        f"Candidate {candidate},interviewer{rater}@example.com,{letter},{(candidate * 7 + rater * 3 + place) % 5 + 1}"
        for candidate in range(candidates)
        for rater in range(raters)
        for place, letter in enumerate("SMART")
    ]
    return "\n".join(["candidate,interviewer,dimension,rating", *rows]).encode()


def run() -> None:
    """Files first, then the large round."""
    from candidates.comparison.reading import read_everything
    from candidates.exchange.panel import Creating
    from candidates.exchange.score_export import score_rows, scores_of
    from candidates.exchange.score_import import import_scores, read_scores
    from candidates.exchange.score_rows import COLUMNS
    from candidates.exchange.summary import summary_of
    from candidates.exchange.tables import write_csv
    from candidates.integrity import check_integrity
    from candidates.models import Opening
    from candidates.synthetic import make_round

    everybody = Creating(candidates=True, interviewers=True)
    small = make_round(candidates=1, interviewers=1, per_candidate=1, seed=1)
    opening, other = (
        Opening.objects.create(title=title, rubric_version=small.rubric_version, created_by=small.created_by)
        for title in ("Import", "Larger import")
    )

    def take(into: Opening, content: bytes) -> None:
        import_scores(opening=into, table=read_scores(content), user=None, creating=everybody)

    timed("import of 1,620 rows", 15, lambda: take(opening, file_of(36, 9)))
    timed("the same again, which changes nothing", None, lambda: take(opening, file_of(36, 9)))
    timed("import of 15,000 rows", 7.5, lambda: take(other, file_of(300, 10)))
    timed("export of 1,620 rows", None, lambda: write_csv(COLUMNS, score_rows(scores_of(opening, None))))
    timed("summary of 36 candidates", None, lambda: summary_of(read_everything(opening)))
    timed(
        "round of 3,000 candidates with 5 scorecards",
        60,
        lambda: make_round(candidates=3000, interviewers=40, per_candidate=5, seed=1),
    )
    timed("check of the integrity of all that", None, check_integrity)


def main() -> None:
    """Set a database up, run, and throw it away."""
    import django
    from django.test.utils import setup_databases, teardown_databases

    django.setup()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        run()
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main()
