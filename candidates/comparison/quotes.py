"""What interviewers heard: the evidence of each score beside the anchor that it was measured against."""

from collections.abc import Sequence
from dataclasses import dataclass

from candidates.comparison.reading import Reading, read_anchors
from candidates.comparison.versions import find_differences
from candidates.models import Application, NotObserved, Revision, Score, Scorecard
from smarter.accounts.models import User


@dataclass(frozen=True)
class Revised:
    """A second rating, after the seal was broken."""

    value: int
    note: str  # why, and in which words


@dataclass(frozen=True)
class Quote:
    """One interviewer on one dimension of one candidate."""

    application: int
    dimension: str
    letter: str
    dimension_name: str
    interviewer: int
    name: str
    version: int  # the number of the rubric version it was given on
    value: int | None
    evidence: str
    missing: str  # why it was not observed
    anchor: str  # what the rater's version of the rubric says of this value
    is_shadow: bool
    tags: tuple[str, ...]  # shadow, focus, not independent, and the rubric version where its dimension differs
    revisions: tuple[Revised, ...]

    @property
    def latest(self) -> int | None:
        """The rating that stands after the debrief."""
        return self.revisions[-1].value if self.revisions else self.value


def read_quotes(user: User, reading: Reading, applications: Sequence[int]) -> tuple[Quote, ...]:
    """Every score of the readable cards of these applications, the highest rating first; in two queries at most."""
    cards = {card.pk: card for card in reading.cards if card.interview.application_id in applications}
    within = Application.objects.filter(pk__in=applications)
    anchors = reading.anchors or read_anchors(reading.dimensions_by_version)
    numbers = {row.pk: row.version.number for rows in reading.dimensions_by_version.values() for row in rows}
    shown = {row.key: row for row in reading.dimensions}
    differing = {row.key for row in find_differences(reading)}
    scores = (
        Score.objects.visible_to(user, within=within)
        .filter(scorecard__in=list(cards))
        .order_by("pk")
        .values_list("pk", "scorecard_id", "dimension_id", "dimension__key", "value", "not_observed", "evidence")
    )
    quotes = [
        Quote(
            application=cards[card].interview.application_id,
            dimension=key,
            letter=shown[key].letter,
            dimension_name=shown[key].name,
            interviewer=cards[card].interviewer_id,
            name=cards[card].interviewer.name,
            version=numbers[dimension],
            value=value,
            evidence=evidence,
            missing=NotObserved(missing).label if missing else "",
            anchor=anchors.get((dimension, value), "") if value else "",
            is_shadow=cards[card].is_shadow,
            tags=(*card_tags(cards[card], key), *([f"rubric v{numbers[dimension]}"] if key in differing else [])),
            revisions=tuple(_revised(row) for row in reading.revisions.get(pk, ())),
        )
        for pk, card, dimension, key, value, missing, evidence in scores
        if key in shown
    ]
    quotes.sort(key=lambda quote: (-(quote.value or 0), quote.interviewer != user.pk, quote.name))
    return tuple(quotes)


def card_tags(card: Scorecard, dimension: str) -> tuple[str, ...]:
    """What a reader has to know of a card to weigh what it says."""
    tags = []
    if card.is_shadow:
        tags.append("shadow, not counted")
    if card.focus and dimension in card.focus:
        tags.append("focus")
    if not card.is_independent:
        tags.append("not independent")
    return tuple(tags)


def _revised(revision: Revision) -> Revised:
    return Revised(revision.value, f"{revision.get_reason_display()}: {revision.text}")
