"""The ratings calibration stands on, over all openings, as far as one person may read them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from candidates.models import Application, Interview, Opening, OpeningWeight, Score, Scorecard
from candidates.statistics.voices import Cell, Rating
from rubrics.models import Anchor, Dimension
from smarter.accounts.models import User

UNREAD = (
    *("summary", "recommendation", "created_at", "opened_at", "saved_at", "declined_at", "handed_back_at"),
    *("interview__title", "interview__place", "interview__calendar_uid"),
    *("interviewer__password", "interviewer__last_login", "interviewer__date_joined"),
)
"""What calibration needs of no card."""


@dataclass(frozen=True)
class Yardstick:
    """A dimension as it was worded when it was rated: the versions of a rubric whose anchors for it are the same.

    Ratings against different anchors are never held against each other, so reworded anchors make another yardstick.
    """

    rubric: str
    letter: str
    name: str
    versions: tuple[int, ...]  # of those that were scored on
    position: int


@dataclass(frozen=True)
class Heard:
    """One rating: where it was given, on which yardstick, and whether with evidence."""

    card: Scorecard
    application: int
    interviewer: int
    key: str
    yardstick: int
    value: int
    has_evidence: bool

    def rating(self) -> Rating:
        """For the statistics, on its yardstick."""
        return Rating(self.application, self.interviewer, self.yardstick, self.value)


@dataclass(frozen=True)
class Material:
    """What one person may read: counted cards written without a look at others' scores, with their ratings."""

    user: User
    openings: tuple[Opening, ...]  # those the user leads, all of them
    applications: Mapping[int, Application]  # seen, with what the user may know of each panel
    cards: tuple[Scorecard, ...]
    heard: tuple[Heard, ...]
    yardsticks: tuple[Yardstick, ...]
    dimensions_by_version: Mapping[int, tuple[Dimension, ...]]
    weights: Mapping[int, Mapping[str, float]]  # official ones, by opening and by the key of the dimension
    measures: Mapping[int, tuple[int, ...]]  # the yardsticks of each version scored on
    not_independent: tuple[Scorecard, ...]  # readable and counted elsewhere, left out here

    @cached_property
    def names(self) -> dict[int, str]:
        """The interviewers, by account."""
        return {card.interviewer_id: card.interviewer.name for card in self.cards}

    def opening_of(self, card: Scorecard) -> int:
        """The opening of a card's application."""
        return self.applications[card.interview.application_id].opening_id

    def measured(self, card: Scorecard) -> tuple[int, tuple[int, ...]]:
        """Whom a card is about, and against which anchors: only cards alike in both are held against each other."""
        return card.interview.application_id, self.measures[card.interview.rubric_version_id or 0]

    def expected(self, card: Scorecard) -> set[Cell]:
        """What a card was asked to rate: its focus."""
        version = card.interview.rubric_version_id or 0
        return {
            (self.measured(card), card.interviewer_id, dimension.key)
            for dimension in self.dimensions_by_version.get(version, ())
            if card.covers(dimension.key)
        }


def read_material(user: User, openings: tuple[Opening, ...], *, since: datetime | None) -> Material:
    """Fetch it all in six queries whatever the number of openings; interviews before `since` are left out.

    Whoever shows a figure made of this calls `note_sight` with the cards it stands on in the same request.
    """
    seen = Application.objects.visible_to(user).filter(_held(since)).with_seal(user).select_related("opening")
    applications = {row.pk: row for row in seen}
    readable = Application.objects.filter(pk__in=[pk for pk, row in applications.items() if row.is_readable])
    counted = Scorecard.objects.visible_to(user, within=readable).counted().filter(_within(since, "interview__"))
    cards = tuple(
        counted.filter(interview__application__in=list(applications))
        .select_related("interview", "interviewer")
        .defer(*UNREAD)
    )
    independent = {card.pk: card for card in cards if card.is_independent}
    scored_on = {card.interview.rubric_version_id or 0 for card in cards}
    scored_in = {applications[card.interview.application_id].opening for card in cards}
    versions = scored_on | {opening.rubric_version_id for opening in scored_in}
    dimensions = tuple(Dimension.objects.filter(version__in=versions).select_related("version__rubric"))
    by_version = _by_version(dimensions)
    yardsticks, place = _yardsticks([row for row in dimensions if row.version_id in scored_on])
    scores = Score.objects.visible_to(user, within=readable).counted().filter(_within(since, "scorecard__interview__"))
    return Material(
        user=user,
        openings=openings,
        applications=applications,
        cards=tuple(independent.values()),
        heard=tuple(_heard(scores, independent, place)),
        yardsticks=yardsticks,
        dimensions_by_version=by_version,
        weights=_weights(scored_in, by_version),
        measures={pk: tuple(place[row.pk] for row in rows) for pk, rows in by_version.items() if pk in scored_on},
        not_independent=tuple(card for card in cards if not card.is_independent),
    )


def _within(since: datetime | None, path: str) -> Q:
    """Interviews from then on; one without a time counts from when it was planned."""
    if since is None:
        return Q()
    untimed = Q(**{f"{path}starts_at": None, f"{path}created_at__gte": since})
    return Q(**{f"{path}starts_at__gte": since}) | untimed


def _held(since: datetime | None) -> Q:
    """Applications with an interview from then on."""
    interviews = Interview.objects.filter(_within(since, ""), application=OuterRef("pk"))
    return Q(Exists(interviews))


def _heard(scores: QuerySet[Score], cards: Mapping[int, Scorecard], place: Mapping[int, int]) -> Iterable[Heard]:
    """The ratings on these cards; what was not observed has none."""
    rows = (
        scores.filter(value__isnull=False)
        .order_by("pk")
        .annotate(has_evidence=~Q(evidence=""))
        .values_list("scorecard_id", "dimension_id", "dimension__key", "value", "has_evidence")
    )
    places = {pk: (card.interview.application_id, card.interviewer_id) for pk, card in cards.items()}
    for card, dimension, key, value, has_evidence in rows:
        if card in cards and value is not None:
            yield Heard(cards[card], *places[card], key, place[dimension], value, has_evidence)


def _yardsticks(dimensions: Sequence[Dimension]) -> tuple[tuple[Yardstick, ...], dict[int, int]]:
    """The yardsticks in the order of their rubric, and the place of each dimension's among them."""
    texts: dict[int, tuple[str, ...]] = {}
    for dimension, text in Anchor.objects.filter(dimension__in=dimensions).values_list("dimension", "text"):
        texts[dimension] = (*texts.get(dimension, ()), text)
    alike: dict[tuple[int, str, tuple[str, ...]], list[Dimension]] = {}
    for row in sorted(dimensions, key=lambda row: row.version.number):
        alike.setdefault((row.version.rubric_id, row.key, texts.get(row.pk, ())), []).append(row)
    groups = sorted(alike.values(), key=_order)
    yardsticks = tuple(
        Yardstick(
            rubric=rows[-1].version.rubric.name,
            letter=rows[-1].letter,
            name=rows[-1].name,
            versions=tuple(row.version.number for row in rows),
            position=rows[-1].position,
        )
        for rows in groups
    )
    return yardsticks, {row.pk: number for number, rows in enumerate(groups) for row in rows}


def _order(rows: Sequence[Dimension]) -> tuple[str, int, int, str, int]:
    """By rubric, then as it stands in the rubric, then by version."""
    last = rows[-1]
    return (last.version.rubric.name, last.version.rubric_id, last.position, last.key, last.version.number)


def _by_version(dimensions: Iterable[Dimension]) -> dict[int, tuple[Dimension, ...]]:
    found: dict[int, tuple[Dimension, ...]] = {}
    for row in dimensions:
        found[row.version_id] = (*found.get(row.version_id, ()), row)
    return found


def _weights(openings: Iterable[Opening], by_version: Mapping[int, Sequence[Dimension]]) -> dict[int, dict[str, float]]:
    """The official weights as the comparison takes them; where an opening gives none to anything, all count alike."""
    openings = tuple(openings)
    rows = OpeningWeight.objects.filter(opening__in=openings)
    points = {(row.opening_id, row.dimension_key): float(row.points) for row in rows}
    found = {}
    for opening in openings:
        dimensions = by_version.get(opening.rubric_version_id, ())
        own = {row.key: points.get((opening.pk, row.key), float(row.weight)) for row in dimensions}
        found[opening.pk] = own if any(own.values()) else dict.fromkeys(own, 1.0)
    return found
