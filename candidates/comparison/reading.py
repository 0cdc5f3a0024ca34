"""The rows on which everything about an opening's candidates stands, as far as one person may read them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from candidates.models import Application, Opening, OpeningWeight, Revision, Score, Scorecard
from candidates.statistics.totals import Rating
from candidates.statistics.voices import Cell
from rubrics.models import Anchor, Dimension
from smarter.accounts.models import User

UNREAD = (
    *("summary", "created_at", "opened_at", "saved_at", "declined_at", "handed_back_at"),
    *("interview__created_at", "interview__calendar_uid"),
    *("interviewer__password", "interviewer__last_login", "interviewer__date_joined"),
)
"""What a card's figures do not need; with thousands of cards, reading it takes longer than working them out."""

official_points = attrgetter("points")
"""The opening's points for a dimension, as `_dimensions` annotates them."""


Anchors = Mapping[tuple[int, int], str]
"""The text of each anchor, by primary key of the dimension and value."""


@dataclass(frozen=True)
class WeighedDimension:
    """A dimension of the opening's rubric with its official weight, in points."""

    key: str
    letter: str
    name: str
    points: int


@dataclass(frozen=True)
class Reading:
    """What one person may read of an opening. Sealed applications are among `applications`, with no card and no rating.

    Ratings carry application and interviewer by their primary keys and the dimension by its key. Shadow cards are
    among `cards` but have no ratings here.
    """

    opening: Opening
    dimensions: tuple[WeighedDimension, ...]
    applications: tuple[Application, ...]  # with their candidate and what `user` may know of the panel
    cards: tuple[Scorecard, ...]  # those that may be read, with interview and interviewer
    dimensions_by_version: Mapping[int, tuple[Dimension, ...]]
    first_ratings: Mapping[int, Rating]  # by the primary key of the score
    not_observed: Sequence[Cell]
    revisions: Mapping[int, tuple[Revision, ...]]  # by the primary key of the score, oldest first
    anchors: Anchors  # of all versions where there are several; empty where there is only the opening's

    @cached_property
    def counted(self) -> tuple[Scorecard, ...]:
        """The cards that figures stand on."""
        return tuple(card for card in self.cards if not card.is_shadow)

    @property
    def opening_dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions of the opening's own version."""
        return self.dimensions_by_version[self.opening.rubric_version_id]

    @cached_property
    def weights(self) -> dict[str, float]:
        """The official weights; where an opening gives none to anything, all count the same."""
        points = {dimension.key: float(dimension.points) for dimension in self.dimensions}
        return points if any(points.values()) else dict.fromkeys(points, 1.0)

    @cached_property
    def expected(self) -> set[Cell]:
        """Who was asked to rate whom on what: the focus of each card, and what else it says was not observed."""
        in_focus = {
            (card.interview.application_id, card.interviewer_id, dimension.key)
            for card in self.counted
            for dimension in self.dimensions_of(card)
            if card.covers(dimension.key)
        }
        return in_focus.union(self.not_observed)

    @property
    def is_on_team(self) -> bool:
        """Whether `user` is on the opening's team; an opening without applications says no."""
        return any(application.is_on_team for application in self.applications)

    def dimensions_of(self, card: Scorecard) -> tuple[Dimension, ...]:
        """The dimensions as the card's rater saw them."""
        return self.dimensions_by_version[card.interview.rubric_version_id or self.opening.rubric_version_id]

    def ratings(self, *, after_debrief: bool = False) -> list[Rating]:
        """The first ratings, which are independent; after the debrief, the latest revision stands for the first."""
        if not after_debrief:
            return list(self.first_ratings.values())
        return [
            rating._replace(value=self.revisions[score][-1].value) if score in self.revisions else rating
            for score, rating in self.first_ratings.items()
        ]


def read_opening(user: User, opening: Opening) -> Reading:
    """Fetch it all in five queries whatever the number of candidates, six where cards are of several versions.

    Whoever shows a figure made of this calls `note_sight(user=user, cards=reading.cards)` in the same request.
    """
    applications = tuple(
        Application.objects.visible_to(user).filter(opening=opening).with_seal(user).select_related("candidate")
    )
    readable = Application.objects.filter(pk__in=[row.pk for row in applications if row.is_readable])
    return _assemble(
        opening,
        applications,
        cards=Scorecard.objects.visible_to(user, within=readable).filter(interview__application__in=readable),
        scores=Score.objects.visible_to(user, within=readable).filter(scorecard__interview__application__in=readable),
        revisions=Revision.objects.visible_to(user, within=readable).filter(
            score__scorecard__interview__application__in=readable
        ),
    )


def read_application(user: User, application: Application) -> Reading:
    """The same of one application that `user` may see, as it was read `with_seal`, whatever others there are."""
    here = Application.objects.filter(pk=application.pk)
    return _assemble(
        application.opening,
        (application,),
        cards=Scorecard.objects.visible_to(user, within=here).filter(interview__application=application),
        scores=Score.objects.visible_to(user, within=here).filter(scorecard__interview__application=application),
        revisions=Revision.objects.visible_to(user, within=here).filter(
            score__scorecard__interview__application=application
        ),
    )


def read_everything(opening: Opening) -> Reading:
    """The same for the operator of the installation at the command line, whom the seal does not bind."""
    cards = Scorecard.objects.filter(interview__application__opening=opening)
    submitted = cards.filter(state=Scorecard.State.SUBMITTED)
    scored = set(submitted.order_by().values_list("interview__application", flat=True))
    applications = tuple(Application.objects.filter(opening=opening).select_related("candidate"))
    for row in applications:  # what the seal would say to somebody from whom nothing is hidden
        row.is_sealed, row.is_readable, row.cards_in = False, row.pk in scored, 0
    return _assemble(
        opening,
        applications,
        cards=cards,
        scores=Score.objects.filter(scorecard__interview__application__opening=opening),
        revisions=Revision.objects.filter(score__scorecard__interview__application__opening=opening),
    )


def _assemble(
    opening: Opening,
    applications: tuple[Application, ...],
    *,
    cards: QuerySet[Scorecard],
    scores: QuerySet[Score],
    revisions: QuerySet[Revision],
) -> Reading:
    submitted = tuple(
        cards.filter(state=Scorecard.State.SUBMITTED).select_related("interview", "interviewer").defer(*UNREAD)
    )
    dimensions = _dimensions(opening, {card.interview.rubric_version_id or 0 for card in submitted})
    second: dict[int, tuple[Revision, ...]] = {}
    for revision in revisions:
        second[revision.score_id] = (*second.get(revision.score_id, ()), revision)
    ratings, not_observed = _scored(scores, {card.pk: card for card in submitted})
    own = dimensions[opening.rubric_version_id]
    return Reading(
        opening=opening,
        dimensions=tuple(WeighedDimension(row.key, row.letter, row.name, official_points(row)) for row in own),
        applications=applications,
        cards=submitted,
        dimensions_by_version=dimensions,
        first_ratings=ratings,
        not_observed=not_observed,
        revisions=second,
        anchors=read_anchors(dimensions) if len(dimensions) > 1 else {},
    )


def _dimensions(opening: Opening, versions: Iterable[int]) -> dict[int, tuple[Dimension, ...]]:
    """The dimensions of the opening's version and of those its cards were written on, annotated with `points`."""
    weight = OpeningWeight.objects.filter(opening=opening, dimension_key=OuterRef("key")).values("points")
    rows = Dimension.objects.select_related("version").filter(version__in={opening.rubric_version_id, *versions})
    rows = rows.annotate(points=Coalesce(Subquery(weight), F("weight"), output_field=IntegerField()))
    found: dict[int, tuple[Dimension, ...]] = {opening.rubric_version_id: ()}
    for row in rows:
        found[row.version_id] = (*found.get(row.version_id, ()), row)
    return found


def read_anchors(versions: Iterable[int]) -> Anchors:
    """The anchors of these versions."""
    texts = Anchor.objects.filter(dimension__version__in=list(versions))
    return {(dimension, value): text for dimension, value, text in texts.values_list("dimension_id", "value", "text")}


def _scored(scores: QuerySet[Score], cards: Mapping[int, Scorecard]) -> tuple[dict[int, Rating], list[Cell]]:
    """The ratings on the counted ones of these cards by score, and the cells that are said to be not observed."""
    rows = (
        scores.filter(scorecard__state=Scorecard.State.SUBMITTED, scorecard__is_shadow=False)
        .order_by()
        .values_list("pk", "scorecard_id", "dimension__key", "value")
    )
    ratings, not_observed = {}, []
    for score, pk, key, value in rows:
        application, interviewer = cards[pk].interview.application_id, cards[pk].interviewer_id
        if value is None:
            not_observed.append((application, interviewer, key))
        else:
            ratings[score] = Rating(application, interviewer, key, value)
    return ratings, not_observed
