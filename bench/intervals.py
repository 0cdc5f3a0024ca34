"""Do the intervals and the words keep what they promise? python bench/intervals.py

Panels are made up with known true scores: candidates, strict and lenient interviewers, an impression of the whole that
colours every rating of a card, and ratings in whole points from 1 to 5. A true score is the mean composite of a crowd
of interviewers. Wanted: 90% intervals that cover 86 to 95% of them, and "clearly ahead" right at least 85% of the time.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray

from candidates.statistics.ranking import probability_ahead, score_intervals
from candidates.statistics.severity import PanelFit, fit_panel
from candidates.statistics.totals import Rating

Figures = NDArray[np.float64]

WEIGHTS = np.array([0.25, 0.2, 0.2, 0.15, 0.2])
PANELS, CROWD = 400, 1_000
BOUNDS = {"slightly": (0.55, 0.75), "probably": (0.75, 0.9), "clearly": (0.9, 1.01)}


@dataclass(frozen=True)
class Scene:
    """A kind of panel; ``severity`` is the standard deviation of interviewers, that of a card's impression is 0.45."""

    candidates: int
    interviewers: int
    cards: int
    severity: float
    spread: float = 0.5

    def __str__(self) -> str:
        return f"{self.candidates} met by {self.cards} of {self.interviewers}"


SCENES = [
    Scene(candidates, interviewers, cards, severity)
    for candidates, interviewers, cards in ((4, 4, 4), (6, 4, 4), (6, 6, 3), (8, 6, 2), (12, 8, 3), (30, 10, 3))
    for severity in (0.0, 0.32, 0.5)
]


def ratings(generator: np.random.Generator, level: Figures, severity: Figures) -> Figures:
    """Ratings of cards, [cards, dimensions], from the candidates' levels and the severity of each card's rater."""
    impression = generator.normal(0, 0.45, size=(len(level), 1))
    noise = generator.normal(0, 0.5, size=level.shape)
    return np.clip(np.rint(level + severity[:, None] + impression + noise), 1, 5)


def simulate(scene: Scene, generator: np.random.Generator) -> tuple[int, int, dict[str, list[int]]]:
    """One panel: intervals that cover, intervals in all, and for each word how often it was right."""
    level = generator.normal(3.2, scene.spread, (scene.candidates, 1)) + generator.normal(0, 0.3, (scene.candidates, 5))
    severity = generator.normal(0, scene.severity, scene.interviewers)
    truth = np.array(
        [
            (ratings(generator, np.tile(row, (CROWD, 1)), generator.normal(0, scene.severity, CROWD)) @ WEIGHTS).mean()
            for row in level
        ]
    )
    pairs = [
        (i, j) for i in range(scene.candidates) for j in generator.choice(len(severity), scene.cards, replace=False)
    ]
    given = ratings(generator, level[[i for i, _ in pairs]], severity[[j for _, j in pairs]])
    rows = [Rating(i, j, d, value) for (i, j), card in zip(pairs, given, strict=True) for d, value in enumerate(card)]
    fit = fit_panel(rows, dict(enumerate(WEIGHTS)))
    words: dict[str, list[int]] = {word: [] for word in BOUNDS}
    if not isinstance(fit, PanelFit):
        return 0, 0, words
    low, high = score_intervals(fit).T
    ahead = probability_ahead(fit)
    for word, (least, most) in BOUNDS.items():
        words[word] = [int(truth[i] > truth[k]) for i, k in np.argwhere((ahead > least) & (ahead <= most))]
    return int(((low <= truth) & (truth <= high)).sum()), len(truth), words


def main() -> None:
    print(f"{'panel':<18}{'severity':>9}{'covered':>9}", *(f"{word:>20}" for word in BOUNDS))
    covered_of_all = total_of_all = 0
    right_of_all: dict[str, list[int]] = {word: [] for word in BOUNDS}
    for number, scene in enumerate(SCENES):
        generator = np.random.default_rng(number)
        results = [simulate(scene, generator) for _ in range(PANELS)]
        covered, total = sum(result[0] for result in results), sum(result[1] for result in results)
        right = {word: [hit for result in results for hit in result[2][word]] for word in BOUNDS}
        print_row(str(scene), f"{scene.severity:.2f}", covered / total, right)
        covered_of_all, total_of_all = covered_of_all + covered, total_of_all + total
        right_of_all = {word: right_of_all[word] + right[word] for word in BOUNDS}
    print_row("all", "", covered_of_all / total_of_all, right_of_all)
    print('"clearly ahead", "probably ahead" and "slightly ahead": how often right, and of how many.')


def print_row(panel: str, severity: str, covered: float, right: dict[str, list[int]]) -> None:
    """One line of the table."""
    words = (f"{np.mean(hits):>12.1%} of {len(hits):<5}" if hits else f"{'–':>20}" for hits in right.values())
    print(f"{panel:<18}{severity:>9}{covered:>9.1%}", *words)


if __name__ == "__main__":
    main()
