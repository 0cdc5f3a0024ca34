"""What follows from publishing: the changes counted, and what comparing across the two versions will do. Pure."""

from collections.abc import Sequence

from rubrics.diff import Change, Kind
from smarter.marks import listed

WORDS = {
    Kind.SHAPE: ("row added, removed or moved", "rows added, removed or moved"),
    Kind.WORDING: ("text reworded", "texts reworded"),
    Kind.ANCHORS: ("anchor reworded", "anchors reworded"),
    Kind.WEIGHTS: ("weight changed", "weights changed"),
}


def count_changes(changes: Sequence[Change]) -> str:
    """`1 text reworded, 3 anchors reworded`; of an equal version, that it says the same."""
    counts = {kind: sum(change.kind == kind for change in changes) for kind in WORDS}
    told = [f"{count} {WORDS[kind][count > 1]}" for kind, count in counts.items() if count]
    return ", ".join(told) or "none: it says the same"


def comparing_sentence(changes: Sequence[Change], old: int, new: int) -> str:
    """What the compare page does with ratings of both versions (PRODUCT.md, rule 4)."""
    kinds = {change.kind for change in changes}
    versions = f"v{old} and v{new}"
    places = [change.place.split(",")[0] for change in changes if change.kind == Kind.ANCHORS]
    if any(change.place.endswith((", new dimension", ", dimension removed")) for change in changes):
        return f"Dimensions came or went, so ratings of {versions} compare on the shared ones only."
    if places:
        names = list(dict.fromkeys(places))
        have = "has" if len(names) == 1 else "have"
        return f"{listed(names)} {have} other anchors, so the compare page asks before it sets {versions} side by side."
    if Kind.WORDING in kinds:
        return f"Only the wording differs, so ratings of {versions} compare, with a flag."
    return f"Ratings of {versions} compare as they are."
