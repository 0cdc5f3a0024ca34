"""Practice on sample answers: rate one, see the rating agreed on, and how near one's own come to it in all.

An answer that a later version of the rubric took over word for word counts as one answer, and is not asked again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from django.db import transaction
from django.db.models import QuerySet

from candidates.comparison.reasons import plural
from candidates.keeping import recall
from candidates.models import PracticeRating, Scorecard
from candidates.statistics.agreement import LEAST_PAIRS, kappa_words, weighted_kappa
from rubrics.models import SampleAnswer
from smarter.accounts.models import User
from smarter.audit.recording import record
from smarter.compiled_queries import compiled
from smarter.marks import figure

Identity = tuple[int, str, str, int]
IDENTITY = ("version__rubric", "key", "answer", "rating")


@dataclass(frozen=True)
class Try:
    """One answer to practise on, with one's own rating once it is given."""

    number: int
    answer: SampleAnswer
    rating: PracticeRating | None

    @property
    def words(self) -> str:
        """`You 3, agreed 4: 1 lower`; before the rating nothing that would give it away."""
        if self.rating is None:
            return "To rate"
        return f"You {self.rating.value}, agreed {self.answer.rating}: {distance_words(self.rating.distance)}"


@dataclass(frozen=True)
class Exercise:
    """The answers of a rubric's newest version."""

    rubric: str
    number: int  # of the version
    tries: tuple[Try, ...]

    @property
    def done(self) -> int:
        """How many are rated."""
        return sum(row.rating is not None for row in self.tries)

    @property
    def next(self) -> Try | None:
        """The first that is not."""
        return next((row for row in self.tries if row.rating is None), None)


@dataclass(frozen=True)
class Nearness:
    """How near one's ratings come to those agreed on."""

    rated: int
    exact: int
    within_one: int
    kappa: str  # empty where there is none
    words: str  # what the kappa says, or why there is none


@dataclass(frozen=True)
class Practice:
    """The page of one person."""

    exercises: tuple[Exercise, ...]
    history: tuple[PracticeRating, ...]  # newest first
    nearness: Nearness | None

    @property
    def next(self) -> Try | None:
        """The answer to go on with."""
        return next((row.next for row in self.exercises if row.next), None)


@transaction.atomic
def rate_answer(*, user: User, answer: SampleAnswer, value: int) -> PracticeRating:
    """Keep what `user` gives an answer. A first rating stays: it was made before the agreed one was seen.

    The audit notes that an answer of this version was rated, never how.
    """
    rating, is_new = PracticeRating.objects.get_or_create(user=user, answer=answer, defaults={"value": value})
    if is_new:
        record(actor=user, act="practice.rate", subject=answer.version, number=answer.version.number)
    return rating


def read_practice(user: User) -> Practice:
    """What there is to practise on and what `user` made of it, in two queries."""
    history = tuple(PracticeRating.objects.held_by(user).with_answer())
    given = {identity(row.answer): row for row in history}  # the oldest of one answer comes last, and stays
    by_version: dict[int, list[SampleAnswer]] = {}
    for answer in SampleAnswer.objects.newest().with_place():
        by_version.setdefault(answer.version_id, []).append(answer)
    exercises = tuple(
        Exercise(
            rubric=answers[0].version.rubric.name,
            number=answers[0].version.number,
            tries=tuple(Try(place, row, given.get(identity(row))) for place, row in enumerate(answers, 1)),
        )
        for answers in by_version.values()
    )
    return Practice(exercises, history, measure(list(given.values())))


def identity(answer: SampleAnswer) -> Identity:
    """What makes two answers of different versions the same."""
    return answer.version.rubric_id, answer.key, answer.answer, answer.rating


def measure(ratings: Sequence[PracticeRating]) -> Nearness | None:
    """Own ratings beside the agreed ones; None before the first, and a kappa from 10 on."""
    if not ratings:
        return None
    distances = [abs(row.distance) for row in ratings]
    kappa, words = "", f"A single figure for it needs {LEAST_PAIRS} rated answers; you have {len(ratings)}."
    if len(ratings) >= LEAST_PAIRS:
        found = weighted_kappa([row.value for row in ratings], [row.answer.rating for row in ratings])
        kappa = "" if isnan(found) else figure(found, 2)
        words = "Every rating is the same, so there is nothing to tell apart." if isnan(found) else kappa_words(found)
    return Nearness(len(ratings), distances.count(0), sum(row <= 1 for row in distances), kappa, words)


def distance_words(distance: int) -> str:
    """`as agreed`, `1 lower`, `2 higher`."""
    return "as agreed" if not distance else f"{abs(distance)} {'higher' if distance > 0 else 'lower'}"


def offer_practice(user: User, rubrics: Iterable[int], stamp: str | None) -> str:
    """What to offer somebody who has never submitted a scorecard and has answers left to rate; empty otherwise."""
    if _submitted(user.pk):
        return ""
    return words_for_left(user, rubrics, stamp)


def words_for_left(user: User, rubrics: Iterable[int], stamp: str | None) -> str:
    """`5 sample answers` that this person has not rated; empty for none.

    `rubrics` are those of the scorecards that wait: where they have no answers, there is nothing to offer. `stamp` is
    that of all rubrics, as it came with these scorecards.
    """
    newest = recall(stamp, "practice", _newest_answers, weigh=len)
    answers = {answer for answer in newest if answer[0] in set(rubrics)}
    if answers:
        answers.difference_update(_rated(user.pk))
    return plural(len(answers), "sample answer") if answers else ""


@compiled
def _submitted(user: int) -> QuerySet[Scorecard, int]:
    """One of their submitted scorecards."""
    return Scorecard.objects.held_by(User(pk=user)).submitted().order_by().values_list("pk", flat=True)[:1]


@compiled
def _rated(user: int) -> QuerySet[PracticeRating, Identity]:
    """The answers that they have rated."""
    return PracticeRating.objects.held_by(User(pk=user)).order_by().values_list(*(f"answer__{at}" for at in IDENTITY))


def _newest_answers() -> frozenset[Identity]:
    return frozenset(SampleAnswer.objects.newest().order_by().values_list(*IDENTITY))
