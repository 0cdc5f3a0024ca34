"""Which candidates were scored on another version of the rubric than the opening's, and in what it differs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from candidates.comparison.naming import Naming
from candidates.comparison.reading import Reading
from rubrics.models import RATINGS, Dimension
from smarter.marks import listed

SAME = "the anchors are the same"

Anchors = Mapping[tuple[int, int], str]
"""The text of each anchor, by primary key of the dimension and value."""


@dataclass(frozen=True)
class VersionNote:
    """One other version; it weighs on the comparison where its anchors or its dimensions differ."""

    text: str
    weighs: bool


def version_notes(reading: Reading, columns: Sequence[int], naming: Naming, anchors: Anchors) -> Iterator[VersionNote]:
    """One sentence for each other version that a counted card in these columns was written on."""
    own = reading.opening.rubric_version
    scored: dict[int, set[int]] = {}
    for card in reading.counted:
        if card.interview.application_id in columns and card.interview.rubric_version_id != own.pk:
            scored.setdefault(card.interview.rubric_version_id or own.pk, set()).add(card.interview.application_id)
    for version, applications in sorted(scored.items()):
        names = listed(sorted(naming.candidates[pk] for pk in applications))
        dimensions = reading.dimensions_by_version.get(version, ())
        what = _what_differs(reading.dimensions_by_version[own.pk], dimensions, anchors)
        number = dimensions[0].version.number if dimensions else "?"
        text = f"{names}: scored on rubric v{number}, not v{own.number}; {what or SAME}."
        yield VersionNote(text, weighs=bool(what))


def _what_differs(own: Sequence[Dimension], other: Sequence[Dimension], anchors: Anchors) -> str:
    """The gravest difference between two versions: their dimensions or their anchors; empty where both are alike."""
    theirs = {dimension.key: dimension for dimension in other}
    absent = [dimension.name for dimension in own if dimension.key not in theirs]
    if absent:
        return f"{listed(absent)} can’t be compared"
    changed = [row.name for row in own if _anchors(row, anchors) != _anchors(theirs[row.key], anchors)]
    return f"the anchors of {listed(changed)} differ, so take its scores with care" if changed else ""


def _anchors(dimension: Dimension, anchors: Anchors) -> list[str]:
    return [anchors.get((dimension.pk, value), "") for value in RATINGS]
