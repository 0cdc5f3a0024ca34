"""How far scores compare across the versions of the rubric that an opening's cards were written on.

The one place that decides it, for every page and file. Where versions differ in wording only, scores compare and a note
says so. Where the anchors of a dimension changed, its scores compare only once the reader has confirmed it. What a
version does not have compares with nothing. A dimension that does not compare is shown version by version, and no
total, tier or order stands on it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from candidates.comparison.naming import Naming
from candidates.comparison.reading import Reading
from candidates.statistics.totals import PanelScore, panel_scores
from rubrics.diff import Piece, word_diff
from rubrics.models import RATINGS, Dimension
from smarter.marks import listed

SAME = "the anchors are the same"


@dataclass(frozen=True)
class Difference:
    """A dimension of the opening that is not the same in all versions that its counted cards were written on."""

    key: str
    name: str
    is_absent: bool  # a version lacks it, and nothing can confirm that away; otherwise its anchors changed
    numbers: tuple[int, ...]  # of the versions that lack it, or of those between which its anchors changed


@dataclass(frozen=True)
class AnchorChange:
    """An anchor in one version and the next in use, word by word."""

    name: str
    value: int
    before: int
    after: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class VersionsNotice:
    """What a page says above its figures where versions differ in more than wording."""

    sentences: tuple[str, ...]
    changes: tuple[AnchorChange, ...]  # what confirming is about; empty where there is nothing to confirm
    together: bool
    left_out: str  # the dimensions on which no total stands, by name


def find_differences(reading: Reading) -> tuple[Difference, ...]:
    """The dimensions that differ between the versions of the counted cards that this person may read, in order."""
    if not reading.anchors:
        return ()
    used = _in_use(reading)
    found = []
    for dimension in reading.opening_dimensions:
        theirs = {number: _of_key(rows, dimension.key) for number, rows in used.items()}
        absent = tuple(number for number, row in theirs.items() if row is None)
        texts = {tuple(_anchors(row, reading.anchors)) for row in theirs.values() if row is not None}
        if absent or len(texts) > 1:
            found.append(Difference(dimension.key, dimension.name, bool(absent), absent or tuple(theirs)))
    return tuple(found)


def left_out(differences: Iterable[Difference], *, together: bool) -> frozenset[str]:
    """The keys of the dimensions that no total may stand on, given whether changed anchors were confirmed."""
    return frozenset(row.key for row in differences if row.is_absent or not together)


def without(weights: Mapping[str, float], apart: Collection[str]) -> dict[str, float]:
    """The weights on which totals may stand: none on what does not compare."""
    return {key: 0.0 if key in apart else points for key, points in weights.items()}


def score_panels(
    reading: Reading, weights: Mapping[str, float], apart: Collection[str], *, after_debrief: bool = False
) -> dict[int, PanelScore]:
    """Score every application that was rated, with totals on what compares under these weights.

    Where an application's own cards are of several versions, a dimension that does not compare has no mean at all.
    """
    ratings = reading.ratings(after_debrief=after_debrief)
    counted = without(weights, apart)
    if any(counted.values()):
        scores = panel_scores(ratings, counted, reading.expected)
    else:
        whole = panel_scores(ratings, dict.fromkeys(weights, 1.0), reading.expected) if weights else {}
        scores = {pk: replace(score, total=None, coverage=0.0, complete=False) for pk, score in whole.items()}
    for pk in _of_several_versions(reading) & scores.keys() if apart else ():
        known = {key: score for key, score in scores[pk].dimensions.items() if key not in apart}
        scores[pk] = replace(scores[pk], dimensions=known)
    return scores


def _of_several_versions(reading: Reading) -> set[int]:
    """The applications whose own counted cards were written on more than one version."""
    own = reading.opening.rubric_version_id
    pairs = {(row.interview.application_id, row.interview.rubric_version_id or own) for row in reading.counted}
    times = Counter(application for application, _ in pairs)
    return {application for application, number in times.items() if number > 1}


def describe_versions(reading: Reading, differences: Sequence[Difference], *, together: bool) -> VersionsNotice | None:
    """What to say above the figures; None where all that is compared was measured against the same anchors."""
    if not differences:
        return None
    ordered = sorted(differences, key=lambda row: (row.is_absent, row.numbers))
    out = left_out(differences, together=together)
    return VersionsNotice(
        sentences=tuple(
            _sentence(listed([row.name for row in rows]), numbers, is_absent=is_absent, together=together)
            for (is_absent, numbers), group in groupby(ordered, key=lambda row: (row.is_absent, row.numbers))
            for rows in [list(group)]
        ),
        changes=tuple(change for row in differences if not row.is_absent for change in _changes(reading, row)),
        together=together,
        left_out=listed([row.name for row in differences if row.key in out]),
    )


def version_notes(reading: Reading, columns: Sequence[int], naming: Naming) -> Iterator[str]:
    """One sentence for each version other than the opening's on which counted cards in these columns were written."""
    own = reading.opening.rubric_version
    scored: dict[int, set[int]] = {}
    for card in reading.counted:
        if card.interview.application_id in columns and card.interview.rubric_version_id not in (None, own.pk):
            scored.setdefault(card.interview.rubric_version_id or own.pk, set()).add(card.interview.application_id)
    for version, applications in sorted(scored.items()):
        names = listed(sorted(naming.candidates[pk] for pk in applications))
        dimensions = reading.dimensions_by_version.get(version, ())
        what = _what_differs(reading, dimensions)
        number = dimensions[0].version.number if dimensions else "?"
        yield f"{names}: scored on rubric v{number}, not v{own.number}; {what or SAME}."


def _sentence(names: str, numbers: Sequence[int], *, is_absent: bool, together: bool) -> str:
    versions = listed([f"v{number}" for number in numbers])
    if is_absent:
        return (
            f"Rubric {versions} has no {names}, so only the dimensions that all versions share compare: totals, tiers "
            f"and order leave {names} out."
        )
    if together:
        return (
            f"The anchors of {names} differ between rubric {versions}. You compare their scores all the same: they "
            "count in totals, tiers and order."
        )
    return (
        f"The anchors of {names} differ between rubric {versions}, so the same figure may not mean the same. Each "
        f"version stands by itself, and totals, tiers and order leave {names} out."
    )


def _changes(reading: Reading, difference: Difference) -> Iterator[AnchorChange]:
    used = _in_use(reading)
    for (before, old), (after, new) in pairwise((number, used[number]) for number in difference.numbers):
        first, second = _of_key(old, difference.key), _of_key(new, difference.key)
        if first is None or second is None:
            continue
        texts = zip(_anchors(first, reading.anchors), _anchors(second, reading.anchors), strict=True)
        for value, (was, now) in zip(RATINGS, texts, strict=True):
            if was != now:
                yield AnchorChange(difference.name, value, before, after, tuple(word_diff(was, now)))


def _in_use(reading: Reading) -> dict[int, Sequence[Dimension]]:
    """The dimensions of each version that counted cards were written on, by the number of the version."""
    own = reading.opening.rubric_version_id
    versions = {card.interview.rubric_version_id or own for card in reading.counted}
    found = (reading.dimensions_by_version.get(version, ()) for version in versions)
    return {rows[0].version.number: rows for rows in sorted((rows for rows in found if rows), key=_number)}


def _number(rows: Sequence[Dimension]) -> int:
    return rows[0].version.number


def _of_key(rows: Sequence[Dimension], key: str) -> Dimension | None:
    return next((row for row in rows if row.key == key), None)


def _what_differs(reading: Reading, other: Sequence[Dimension]) -> str:
    """The gravest difference from the opening's version: dimensions, then anchors; empty where only words differ."""
    own = reading.opening_dimensions
    theirs = {dimension.key: dimension for dimension in other}
    absent = [dimension.name for dimension in own if dimension.key not in theirs]
    if absent:
        return f"it has no {listed(absent)}"
    changed = [row.name for row in own if _anchors(row, reading.anchors) != _anchors(theirs[row.key], reading.anchors)]
    return f"the anchors of {listed(changed)} differ" if changed else ""


def _anchors(dimension: Dimension, anchors: Mapping[tuple[int, int], str]) -> list[str]:
    return [anchors.get((dimension.pk, value), "") for value in RATINGS]
