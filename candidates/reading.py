"""What the read view of one scorecard shows, computed from what its reader may see."""

from dataclasses import dataclass
from datetime import timedelta

from candidates.models import Application, Revision, Score, Scorecard
from candidates.sheet import Part, load_sheet
from smarter.accounts.models import User


@dataclass(frozen=True)
class Round:
    """One revision, with the value that stood before it, so that both stay in view."""

    before: int | None
    after: int
    note: str


@dataclass(frozen=True)
class ReadPart:
    """One dimension of a submitted card: the score, the wording it was chosen over, and what came after."""

    part: Part
    score: Score | None
    revisions: list[Revision]

    @property
    def rounds(self) -> list[Round]:
        """The revisions in order, each with the value before it, its reason and its text."""
        before = [self.part.value, *(revision.value for revision in self.revisions)]
        return [
            Round(value, revision.value, f"{revision.get_reason_display()}: {revision.text}")
            for value, revision in zip(before, self.revisions, strict=False)
        ]


@dataclass(frozen=True)
class CardReading:
    """One card and its surroundings, for one reader."""

    card: Scorecard
    application: Application
    is_own: bool
    parts: list[ReadPart]
    recommendation: str
    others: list[Scorecard]
    delay: str


def read_card(*, user: User, card: Scorecard) -> CardReading:
    """What `user`, who may read `card`, sees of it; `others` are the panel's cards that are open to them too."""
    sheet = load_sheet(card)
    application = Application.objects.with_seal(user).get(pk=card.interview.application_id)
    within = Application.objects.filter(pk=application.pk)
    others = (
        Scorecard.objects.visible_to(user, within=within)
        .submitted()
        .filter(interview__application=application)
        .exclude(pk=card.pk)
    )
    scores = {score.dimension_id: score for score in card.scores.prefetch_related("revisions")}
    parts = [
        ReadPart(part, score, list(score.revisions.all()) if score else [])
        for part in sheet.parts
        for score in [scores.get(part.dimension.pk)]
    ]
    return CardReading(
        card=card,
        application=application,
        is_own=card.interviewer_id == user.pk,
        parts=parts,
        recommendation=sheet.recommendation_label,
        others=list(others.select_related("interviewer", "interview")),
        delay=delay_in_words(card.delay),
    )


def delay_in_words(delay: timedelta | None) -> str:
    """How long after the interview a card came in: `40 minutes after the interview`."""
    if delay is None:
        return ""
    if delay < timedelta(0):
        return "before the interview’s planned end"
    for unit, size in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        count = delay // size
        if count >= (2 if unit != "minute" else 1):
            return f"{count} {unit}{'' if count == 1 else 's'} after the interview"
    return "right after the interview"
