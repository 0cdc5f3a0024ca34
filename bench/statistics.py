"""How long the statistics of an opening take: python bench/statistics.py

Elapsed time is what a page waits; processor time is what remains of it on a machine that does nothing else. The floor
is one plain pass over the same rows that adds up each candidate's ratings, both in processor time. Limits are those of
the product: totals, fit and tiers together in 50 ms for 300 candidates with 5 cards each, in 500 ms for 3,000.
"""

import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from candidates.statistics.ranking import rank_shares, tiers
from candidates.statistics.severity import PanelFit, fit_panel
from candidates.statistics.totals import Rating, panel_scores
from candidates.statistics.weighting import first_shares, local_first_shares, stability_ranges

WEIGHTS = {0: 25.0, 1: 20.0, 2: 20.0, 3: 15.0, 4: 20.0}
LIMITS = {300: 50.0, 3_000: 500.0}


def make_rows(candidates: int, cards: int = 5, interviewers: int = 40) -> list[Rating]:
    """Complete cards with random ratings."""
    generator = np.random.default_rng(candidates)
    return [
        Rating(candidate, interviewer, dimension, rating)
        for candidate in range(candidates)
        for interviewer in generator.choice(interviewers, cards, replace=False).tolist()
        for dimension, rating in enumerate(generator.integers(1, 6, size=5).tolist())
    ]


def milliseconds(act: Callable[[], object], times: int) -> tuple[float, float]:
    """The median elapsed and processor time of an act, after one run to warm up."""
    act()
    taken = []
    for _ in range(times):
        elapsed, processor = perf_counter(), process_time()
        act()
        taken.append((1000 * (perf_counter() - elapsed), 1000 * (process_time() - processor)))
    elapsed, processor = np.median(taken, axis=0)
    return float(elapsed), float(processor)


def floor(rows: list[Rating]) -> dict[int, float]:
    """Add up the ratings of each candidate, and nothing else."""
    sums: dict[int, float] = defaultdict(float)
    for row in rows:
        sums[row.candidate_id] += row.value
    return sums


def fitted(rows: list[Rating]) -> PanelFit:
    """The fit of a panel that is known to allow one."""
    fit = fit_panel(rows, WEIGHTS)
    if not isinstance(fit, PanelFit):
        raise TypeError(fit.reason)
    return fit


def everything(rows: list[Rating]) -> None:
    """What the ranked table of an opening needs."""
    panel_scores(rows, WEIGHTS)
    fit = fitted(rows)
    tiers(fit)
    fit.standard_errors  # noqa: B018


def main() -> None:
    print(f"{'candidates':>10}  {'what':<32}{'elapsed ms':>12}{'processor ms':>14}{'x floor':>9}{'limit ms':>10}")
    for candidates in (6, 30, 300, 3_000, 30_000):
        rows, times = make_rows(candidates), 5 if candidates > 3_000 else 21
        fit = fitted(rows)
        _, base = milliseconds(lambda rows=rows: floor(rows), times)
        acts: dict[str, Callable[[], object]] = {
            "panel_scores": lambda rows=rows: panel_scores(rows, WEIGHTS),
            "fit_panel": lambda rows=rows: fit_panel(rows, WEIGHTS),
            "tiers": lambda fit=fit: tiers(fit),
            "all of these, with intervals": lambda rows=rows: everything(rows),
        }
        if candidates <= 30:
            means = np.random.default_rng(1).uniform(1, 5, (candidates, 5))
            acts |= {
                "rank_shares": lambda fit=fit: rank_shares(fit),
                "stability_ranges": lambda means=means: stability_ranges(list(WEIGHTS.values()), means),
                "first_shares": lambda means=means: first_shares(means),
                "local_first_shares": lambda means=means: local_first_shares(means, list(WEIGHTS.values())),
            }
        for name, act in acts.items():
            elapsed, processor = milliseconds(act, times)
            limit = f"{LIMITS[candidates]:.0f}" if name.startswith("all") and candidates in LIMITS else ""
            print(f"{candidates:>10}  {name:<32}{elapsed:>12.2f}{processor:>14.2f}{processor / base:>9.1f}{limit:>10}")


if __name__ == "__main__":
    main()
