"""How far interviewers agree, dimension by dimension."""

from collections.abc import Sequence
from dataclasses import dataclass

from candidates.calibration.charts import Estimate, alpha_estimate
from candidates.calibration.reading import Heard, Yardstick
from candidates.statistics.agreement import (
    LEAST_CANDIDATES,
    RELY,
    TENTATIVE,
    AgreementRefusal,
    DimensionAgreement,
    agreement_words,
    dimension_agreement,
)
from candidates.statistics.voices import Rating
from smarter.marks import figure, listed


@dataclass(frozen=True)
class AgreementRow:
    """One dimension with its alpha, or why there is none."""

    letter: str
    name: str
    sub: str  # which versions or rubric, where the name alone would not tell
    chart: Estimate | None
    alpha: str
    interval_alpha: str
    words: str
    ordinal: float | None
    candidates: int

    @property
    def is_low(self) -> bool:
        """Whether it is worth a conversation."""
        return self.ordinal is not None and self.ordinal < TENTATIVE


@dataclass(frozen=True)
class Agreement:
    """The section on agreement."""

    heading: str
    rows: tuple[AgreementRow, ...]

    @property
    def low(self) -> tuple[AgreementRow, ...]:
        """Dimensions that panels see differently."""
        return tuple(row for row in self.rows if row.is_low)

    @property
    def low_names(self) -> str:
        """The same in words."""
        return "every dimension" if len(self.low) == len(self.rows) > 1 else listed([row.name for row in self.low])

    @property
    def low_figures(self) -> str:
        """Their alphas: each, or from the lowest to the highest where there are many."""
        figures = sorted(row.ordinal or 0.0 for row in self.low)
        if len(figures) > 2:
            return f"{figure(figures[0], 2)} to {figure(figures[-1], 2)}"
        return listed([row.alpha for row in self.low])


def find_agreement(yardsticks: Sequence[Yardstick], heard: Sequence[Heard]) -> Agreement:
    """Every yardstick that anybody rated on, each for itself."""
    ratings: dict[int, list[Rating]] = {}
    for row in heard:
        ratings.setdefault(row.yardstick, []).append(row.rating())
    used = sorted(ratings)
    subs = telling_apart([yardsticks[place] for place in used])
    rows = tuple(
        _row(yardsticks[place], sub, dimension_agreement(ratings[place], place))
        for place, sub in zip(used, subs, strict=True)
    )
    return Agreement(_heading(rows), rows)


def telling_apart(yardsticks: Sequence[Yardstick]) -> list[str]:
    """What stands under each name where another has the same: its rubric, or the versions with these anchors."""
    rubrics = {row.rubric for row in yardsticks}
    found = []
    for row in yardsticks:
        same = [other for other in yardsticks if (other.rubric, other.name) == (row.rubric, row.name)]
        parts = [row.rubric] if len(rubrics) > 1 else []
        parts += [" and ".join(f"v{number}" for number in row.versions)] if len(same) > 1 else []
        found.append(", ".join(parts))
    return found


def _row(yardstick: Yardstick, sub: str, found: DimensionAgreement | AgreementRefusal) -> AgreementRow:
    """One dimension; a refusal says what is missing."""
    if isinstance(found, AgreementRefusal):
        words = (
            "Everybody gave the same rating"
            if found.reason == "no_variation"
            else f"Needs {LEAST_CANDIDATES} candidates rated by two or more; there {_are(found.candidates)}"
        )
        return AgreementRow(yardstick.letter, yardstick.name, sub, None, "–", "–", words, None, found.candidates)
    return AgreementRow(
        letter=yardstick.letter,
        name=yardstick.name,
        sub=sub,
        chart=alpha_estimate(yardstick.name, found.ordinal, found.low, found.high),
        alpha=figure(found.ordinal, 2),
        interval_alpha=figure(found.interval, 2),
        words=agreement_words(found.ordinal).capitalize(),
        ordinal=found.ordinal,
        candidates=found.candidates,
    )


def _are(number: int) -> str:
    return f"{'is' if number == 1 else 'are'} {number or 'none'}"


def _heading(rows: Sequence[AgreementRow]) -> str:
    """The finding."""
    told = [row for row in rows if row.ordinal is not None]
    if not told:
        return "Too early to say how far panels agree"
    good = [row.name for row in told if (row.ordinal or 0) >= RELY]
    fair = [row.name for row in told if TENTATIVE <= (row.ordinal or 0) < RELY]
    low = [row.name for row in told if row.is_low]
    if len(low) == len(rows) > 1:
        return "Panels see every dimension differently"
    if not low and not fair:
        return "Panels agree on every dimension" if len(told) > 1 else f"Panels agree on {good[0]}"
    if not low:
        return f"Panels agree on {listed(good)}, tentatively on {listed(fair)}" if good else "Panels agree tentatively"
    if good or fair:
        return f"Panels agree on {listed(good or fair)}, less on {listed(low)}"
    return f"Panels see {listed(low)} differently"
