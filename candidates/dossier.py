"""What a candidate's page shows: each application with its scores and scorecards, as far as one person may read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from candidates.comparison import WeighedDimension
from candidates.comparison.charts import AXIS, Line, Rater, RatingChart, extra_height, place_on_scale, scale_x, stack
from candidates.comparison.ladder import Ladder, Rung
from candidates.comparison.reading import read_application
from candidates.comparison.seats import Closed, closed, read_seats
from candidates.comparison.seen import read_ladder
from candidates.comparison.versions import score_panels
from candidates.conversations import Conversation, panel_seat, read_panels
from candidates.looking import note_sight
from candidates.models import Application, Candidate, NotObserved, Recommendation, Score, Scorecard
from candidates.statistics.totals import DimensionScore, PanelScore
from smarter.accounts.models import User
from smarter.marks import Mark, figure, listed

SPREAD = 2
"""Ratings so far apart are a disagreement."""
CHART_HEIGHT, CHART_BASE, AXIS_RISE = 52, 28, 15


@dataclass(frozen=True)
class Dimension:
    """How the panel rated one dimension."""

    dimension: WeighedDimension
    mean: float | None
    spread: int  # how far apart the ratings are; 0 below the threshold
    chart: RatingChart | None
    missing: str  # why there is no mean

    @property
    def spread_words(self) -> str:
        """`spread 2`."""
        return f"spread {self.spread}"


@dataclass(frozen=True)
class Heard:
    """One score on a card, with the anchor it was chosen over and what came after it."""

    score: Score
    missing: str
    anchor: str
    revisions: tuple[tuple[int, str], ...]  # the new value, and why


@dataclass(frozen=True)
class CardStory:
    """What one interviewer submitted: profile, recommendation, and evidence in the order of the rubric."""

    card: Scorecard
    initials: str
    is_own: bool
    recommendation: str
    marks: tuple[Mark, ...]
    heard: tuple[Heard, ...]


@dataclass(frozen=True)
class Chapter:
    """One application of the candidate."""

    application: Application
    standing: Rung
    closed: Closed | None  # why there are no scores to see
    dimensions: tuple[Dimension, ...]
    conversations: tuple[Conversation, ...]
    stories: tuple[CardStory, ...]
    peers: tuple[str, ...]  # who shares the tier
    without: str  # dimensions on which the score does not stand, because rubric versions differ

    @property
    def axis(self) -> object:
        """The whole numbers of the scale, for the charts."""
        return AXIS


def read_applications(user: User, candidate: Candidate) -> list[Application]:
    """Those of the candidate that `user` may see, the newest first, with the seal of `user`, their openings stamped."""
    mine = Application.objects.visible_to(user).filter(candidate=candidate).with_seal(user).with_stamp()
    rows = list(mine.select_related("candidate", "opening__rubric_version__rubric").order_by("-created_at", "-pk"))
    for row in rows:
        row.opening.stamp = row.stamp
    return rows


def read_chapter(user: User, application: Application) -> Chapter:
    """Everything of one application that `user` may read; that scores were shown is noted.

    Where it stands among the others comes from what is kept of its opening, and only its own cards are read.
    """
    ladder = read_ladder(user, application.opening)
    reading = read_application(user, application)
    note_sight(user=user, cards=reading.cards)
    standing = ladder.by_application[application.pk]
    score = score_panels(reading, ladder.weights, ladder.apart).get(application.pk)
    seats = read_seats(user, [application])
    states = {card.pk: Scorecard.State(card.state) for card in [*seats, *reading.cards]}
    return Chapter(
        application=application,
        standing=standing,
        closed=closed(application, seats),
        dimensions=_dimensions(user, ladder, score, reading.cards) if score else (),
        conversations=tuple(
            Conversation(
                interview, tuple(panel_seat(seat, states, ladder.dimensions, ladder.initials) for seat in panel)
            )
            for interview, panel in read_panels(user, application).items()
        ),
        stories=_stories(user, application, reading.cards, ladder.initials),
        peers=_peers(ladder, standing),
        without=listed([row.name for row in ladder.dimensions if row.key in ladder.apart]),
    )


def _peers(ladder: Ladder, standing: Rung) -> tuple[str, ...]:
    """Who shares the tier."""
    if not standing.tier:
        return ()
    return tuple(rung.name for rung in ladder.rungs if rung.tier == standing.tier and rung is not standing)


def _dimensions(user: User, ladder: Ladder, score: PanelScore, cards: Sequence[Scorecard]) -> tuple[Dimension, ...]:
    """Every dimension of the opening with its mean and its ratings."""
    people = {card.interviewer_id: card.interviewer for card in cards}
    extra = extra_height([list(found.values) for found in score.dimensions.values()])
    rows = []
    for dimension in ladder.dimensions:
        found = score.dimensions.get(dimension.key)
        wide = int(found.spread) if found and found.spread >= SPREAD else 0
        chart = _chart(user, dimension, found, people, ladder.initials, extra) if found else None
        missing = "Rubric versions differ" if dimension.key in ladder.apart else "Nobody observed it"
        rows.append(Dimension(dimension, found.mean if found else None, wide, chart, missing))
    return tuple(rows)


def _chart(
    user: User,
    dimension: WeighedDimension,
    score: DimensionScore,
    people: Mapping[int, User],
    short: Mapping[str, str],
    extra: int,
) -> RatingChart:
    raters = [
        Rater(
            position=place_on_scale(value),
            initials=short[people[pk].name],
            label=f"{people[pk].name} {value:g}",
            is_you=pk == user.pk,
        )
        for pk, value in zip(score.interviewers, score.values, strict=True)
    ]
    said = ", ".join(rater.label for rater in raters)
    return RatingChart(
        height=CHART_HEIGHT + extra,
        base=CHART_BASE + AXIS_RISE + extra,
        dots=stack(raters, CHART_BASE + extra),
        mean=scale_x(score.mean),
        median="",
        spread=Line.on_scale(min(score.values), max(score.values)) if score.spread >= SPREAD else None,
        title=f"{dimension.name}: {said}; mean {figure(score.mean)}",
    )


def _stories(
    user: User, application: Application, cards: Sequence[Scorecard], short: Mapping[str, str]
) -> tuple[CardStory, ...]:
    """The submitted cards with their evidence, own first."""
    scores: dict[int, list[Score]] = {card.pk: [] for card in cards}
    within = Application.objects.filter(pk=application.pk)
    rows = Score.objects.visible_to(user, within=within).filter(scorecard__in=scores)
    for score in rows.select_related("dimension").prefetch_related("dimension__anchors", "revisions"):
        scores[score.scorecard_id].append(score)
    ordered = sorted(cards, key=lambda card: (card.interviewer_id != user.pk, card.interviewer.name, card.pk))
    return tuple(_story(user, card, scores[card.pk], short) for card in ordered)


def _story(user: User, card: Scorecard, scores: Sequence[Score], short: Mapping[str, str]) -> CardStory:
    return CardStory(
        card=card,
        initials=short[card.interviewer.name],
        is_own=card.interviewer_id == user.pk,
        recommendation=Recommendation(card.recommendation).label if card.recommendation else "",
        marks=tuple(
            Mark(score.dimension.letter, score.dimension.name, score.value, "" if score.value else "na")
            for score in scores
        ),
        heard=tuple(_heard(score) for score in scores),
    )


def _heard(score: Score) -> Heard:
    return Heard(
        score=score,
        missing=NotObserved(score.not_observed).label if score.not_observed else "",
        anchor=score.dimension.anchor_text(score.value) if score.value else "",
        revisions=tuple((row.value, f"{row.get_reason_display()}: {row.text}") for row in score.revisions.all()),
    )
