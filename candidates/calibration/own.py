"""The mirror: what an interviewer sees of themselves, against all co-raters as one group."""

from dataclasses import dataclass

from candidates.calibration.agreeing import telling_apart
from candidates.calibration.charts import Estimate, Histogram, highest_share, histogram, lean_estimate
from candidates.calibration.leaning import TOO_FEW, UNSURE, lean_words
from candidates.calibration.reading import Material
from candidates.calibration.using import Timing, time_cards
from candidates.comparison.reasons import plural
from candidates.models import Scorecard
from candidates.statistics.mirror import LEAST_CARDS, Gap, Mirror, MirrorRefusal, interviewer_mirror
from smarter.marks import figure

ALIKE = "Like the others"


@dataclass(frozen=True)
class OwnRow:
    """One dimension: own points above or below the co-raters'."""

    chart_id: str
    letter: str
    name: str
    sub: str
    chart: Estimate | None
    words: str
    is_off: bool


@dataclass(frozen=True)
class Reflection:
    """The mirror itself, where there is enough to see."""

    heading: str
    overall: str
    rows: tuple[OwnRow, ...]
    scale_heading: str
    you: Histogram
    others: Histogram
    your_ratings: int
    other_ratings: int
    shared: int
    alike: str


@dataclass(frozen=True)
class Own:
    """The private half of the page. Without a reflection, `refusal` says why and what would change it."""

    cards: tuple[Scorecard, ...]  # whose scores the reflection stands on
    reflection: Reflection | None
    refusal: str
    timing: Timing | None
    left_out: str


def find_own(material: Material) -> Own:
    """Everything stands on own scorecards, and on those of the same candidates that may be read now."""
    me = material.user.pk
    mine = [card for card in material.cards if card.interviewer_id == me]
    met = {card.interview.application_id for card in mine}
    heard = [row for row in material.heard if row.application in met]
    found = interviewer_mirror((row.rating() for row in heard), me)
    refused = isinstance(found, MirrorRefusal)
    return Own(
        cards=() if refused else tuple(card for card in material.cards if card.interview.application_id in met),
        reflection=None if isinstance(found, MirrorRefusal) else _reflect(material, found),
        refusal=_refusal(found, len(mine)) if isinstance(found, MirrorRefusal) else "",
        timing=time_cards(mine),
        left_out=_left_out(sum(not material.applications[pk].is_readable for pk in met)),
    )


def _reflect(material: Material, mirror: Mirror) -> Reflection:
    overall = (mirror.gap.mean, mirror.gap.low, mirror.gap.high)
    words, points = lean_words(*overall, alike=ALIKE)
    places = sorted(mirror.dimensions)
    subs = telling_apart([material.yardsticks[place] for place in places])
    highest = highest_share(mirror.own, mirror.others)
    return Reflection(
        heading=_heading(words, points),
        overall=lean_estimate("Overall", *overall, others="your co-raters").title,
        rows=tuple(
            _row(material, place, sub, mirror.dimensions[place]) for place, sub in zip(places, subs, strict=True)
        ),
        scale_heading=_scale_heading(mirror),
        you=histogram("You", mirror.own, highest),
        others=histogram("Your co-raters", mirror.others, highest),
        your_ratings=sum(mirror.own.values()),
        other_ratings=sum(mirror.others.values()),
        shared=mirror.shared,
        alike=_alike(mirror),
    )


def _row(material: Material, place: int, sub: str, gap: Gap | None) -> OwnRow:
    yardstick = material.yardsticks[place]
    if gap is None:
        return OwnRow(f"own-{place}", yardstick.letter, yardstick.name, sub, None, TOO_FEW, is_off=False)
    words, points = lean_words(gap.mean, gap.low, gap.high, alike=ALIKE)
    chart = lean_estimate(yardstick.name, gap.mean, gap.low, gap.high, others="your co-raters")
    return OwnRow(f"own-{place}", yardstick.letter, yardstick.name, sub, chart, words, is_off=points != 0)


def _heading(words: str, points: float) -> str:
    if points:
        way = "higher" if points > 0 else "lower"
        return f"You rate {figure(abs(points))} {way} than the others on the same candidates"
    if words == UNSURE:
        return "Too uncertain to say whether you rate like the others"
    return "You rate like the others on the same candidates"


def _scale_heading(mirror: Mirror) -> str:
    if mirror.narrow:
        return "Your ratings lie close together"
    own = f"You use {_reach(mirror.own)}"
    alike = _reach(mirror.own) == _reach(mirror.others)
    return f"{own}, as they do" if alike else f"{own}; they use {_reach(mirror.others)}"


def _reach(given: dict[float, int]) -> str:
    low, high = min(given), max(given)
    if (low, high) == (1, 5):
        return "the whole scale"
    return f"only {low:.0f}" if low == high else f"the scale from {low:.0f} to {high:.0f}"


def _alike(mirror: Mirror) -> str:
    """The remark on scorecards whose ratings are all the same."""
    if mirror.cards_alike is None:
        return f"remarked on only from {LEAST_CARDS} scorecards; you have {mirror.cards}"
    return f"on {mirror.cards_alike} of {plural(mirror.cards, 'scorecard')}"


def _refusal(found: MirrorRefusal, own: int) -> str:
    """What is missing, and what would mend it."""
    if not own:
        return (
            f"You have no submitted scorecard in this period. The mirror opens once you have rated {found.needed} "
            "candidates whom others rated too."
        )
    more = found.needed - found.shared
    so_far = plural(found.shared, "candidate") if found.shared else "no candidate"
    return (
        f"You share {so_far} with other interviewers whose scores you may read. The mirror needs {found.needed}, "
        f"so {more} more: below that, a gap says more about the candidates than about you."
    )


def _left_out(sealed: int) -> str:
    """Own candidates whose other scorecards may not be read now."""
    if not sealed:
        return ""
    who = plural(sealed, "candidate")
    return f"{who} of yours {'is' if sealed == 1 else 'are'} left out: a scorecard for them is still open."
