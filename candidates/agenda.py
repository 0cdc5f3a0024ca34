"""What a person's home page shows: scorecards to write, interviews to come, what has opened, openings to follow.

Nothing here stands on a rating of somebody else, so that opening the home page is no sight of others' scores.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from candidates.following import Follow, LateCard, overdue_words, read_following
from candidates.models import Application, Opening, QuestionNote, Score, Scorecard
from candidates.practising import offer_practice
from rubrics.models import Dimension
from smarter.accounts.models import User
from smarter.marks import Mark, listed

JUST_OPENED = timedelta(days=7)
MOST_OPENED, MOST_UPCOMING = 6, 10
MOST_RECENT = 50
COUNT_WORDS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"]


@dataclass(frozen=True)
class Task:
    """One own scorecard that is still to be submitted."""

    card: Scorecard
    marks: list[Mark]
    progress: str
    overdue: str  # "22 hours overdue", or empty
    is_running: bool  # the interview is going on
    notes_kept: int


@dataclass(frozen=True)
class Agenda:
    """The home page of one person."""

    heading: str
    roles: str
    now: list[Task]
    overdue: list[Task]
    upcoming: list[Task]
    later: int
    late: tuple[LateCard, ...]
    to_nudge: list[Opening]
    opened: list[Application]
    follows: tuple[Follow, ...]
    practice: str  # "5 sample answers" for somebody about to score for the first time, or empty

    @property
    def is_empty(self) -> bool:
        """Nothing waits and nothing is followed: a page for somebody new."""
        return not (self.now or self.overdue or self.upcoming or self.opened or self.follows)


def read_agenda(user: User, now: datetime) -> Agenda:
    """What waits for `user` at the moment `now`, in a fixed number of queries."""
    tasks = _tasks(user, now)
    upcoming = [task for task in tasks if _is_ahead(task.card, now)]
    due = [task for task in tasks if not _is_ahead(task.card, now)]
    following = read_following(user, now)
    return Agenda(
        heading=_heading(len(due)),
        roles=_roles(user, tasks, following.follows),
        now=[task for task in due if not task.overdue],
        overdue=[task for task in due if task.overdue],
        upcoming=upcoming[:MOST_UPCOMING],
        later=max(0, len(upcoming) - MOST_UPCOMING),
        late=following.late,
        to_nudge=following.to_nudge,
        opened=_opened(user, now),
        follows=following.follows,
        practice=offer_practice(user, {_version_id(task.card) for task in tasks}) if tasks else "",
    )


def _heading(count: int) -> str:
    if not count:
        return "Nothing to score now"
    word = COUNT_WORDS[count] if count < len(COUNT_WORDS) else str(count)
    return f"{word} scorecard{'' if count == 1 else 's'} to write"


def _roles(user: User, tasks: Sequence[Task], follows: Sequence[Follow]) -> str:
    """What this person is here, as one line: "Interviewer and hiring manager"."""
    found = {role for follow in follows for role in follow.role.split(" and ")}
    if tasks:
        found.add("interviewer")
    if user.is_admin:
        found.add("admin")
    if user.is_recruiter:
        found.add("recruiter")
    return listed(sorted(found)).capitalize()


# Own scorecards


def _tasks(user: User, now: datetime) -> list[Task]:
    cards = list(
        Scorecard.objects.editable_by(user)
        .select_related("interview__application__candidate", "interview__application__opening")
        .order_by("interview__starts_at", "pk")
    )
    dimensions: dict[int, list[Dimension]] = {_version_id(card): [] for card in cards}
    for dimension in Dimension.objects.filter(version__in=dimensions.keys()):
        dimensions[dimension.version_id].append(dimension)
    scores: dict[int, dict[int, Score]] = {card.pk: {} for card in cards}
    for score in Score.objects.held_by(user).filter(scorecard__in=[card.pk for card in cards]):
        scores[score.scorecard_id][score.dimension_id] = score
    kept = _notes_kept(user, scores)
    return [_task(card, dimensions[_version_id(card)], scores[card.pk], kept.get(card.pk, 0), now) for card in cards]


def _notes_kept(user: User, cards: Iterable[int]) -> dict[int, int]:
    """How many questions have a note, by scorecard."""
    written = QuestionNote.objects.visible_to(user).filter(scorecard__in=cards).exclude(text="")
    return dict(written.order_by().values_list("scorecard").annotate(Count("pk")))


def _version_id(card: Scorecard) -> int:
    interview = card.interview
    return interview.rubric_version_id or interview.application.opening.rubric_version_id


def _task(card: Scorecard, dimensions: list[Dimension], scores: Mapping[int, Score], kept: int, now: datetime) -> Task:
    asked = [dimension for dimension in dimensions if card.covers(dimension.key)]
    done = sum(1 for dimension in asked if dimension.pk in scores and _is_done(scores[dimension.pk]))
    starts_at, ends_at, due_at = card.interview.starts_at, card.interview.ends_at, card.interview.due_at
    return Task(
        card=card,
        marks=[_mark(dimension, scores.get(dimension.pk)) for dimension in asked],
        progress=_progress(card, kept, done, len(asked)),
        overdue=overdue_words(now - due_at) if due_at and due_at < now else "",
        is_running=bool(starts_at and ends_at and starts_at <= now < ends_at),
        notes_kept=kept,
    )


def _is_ahead(card: Scorecard, now: datetime) -> bool:
    """Not begun, and the interview is still to come or has no time yet."""
    starts_at = card.interview.starts_at
    return card.state == Scorecard.State.WAITING and (starts_at is None or starts_at > now)


def _is_done(score: Score) -> bool:
    return score.value is not None or bool(score.not_observed)


def _mark(dimension: Dimension, score: Score | None) -> Mark:
    if score is not None and score.value is not None:
        return Mark(dimension.letter, dimension.name, score.value)
    is_absent = score is not None and bool(score.not_observed)
    return Mark(dimension.letter, dimension.name, state="na" if is_absent else "todo")


def _progress(card: Scorecard, kept: int, done: int, asked: int) -> str:
    if card.state == Scorecard.State.WAITING:
        return f"Not started; {kept} note{'' if kept == 1 else 's'} kept" if kept else "Not started"
    return f"{done} of {asked} {'focus ' if card.focus else ''}dimensions scored"


def _opened(user: User, now: datetime) -> list[Application]:
    """Candidates whose scores came open to `user` by a scorecard of the last days, the newest first."""
    mine = Application.objects.visible_to(user).running().filter(opening__state=Opening.State.OPEN)
    of_others = ~Q(interviews__scorecards__interviewer=user)
    recent = (
        mine.order_by()
        .values_list("pk")
        .annotate(latest_at=Max("interviews__scorecards__submitted_at", filter=of_others))
        .filter(latest_at__gte=now - JUST_OPENED)
        .order_by("-latest_at", "pk")[:MOST_RECENT]
    )
    places = {pk: place for place, (pk, _) in enumerate(recent)}
    if not places:
        return []
    rows = Application.objects.unsealed_for(user).filter(pk__in=places).select_related("candidate", "opening")
    return sorted(rows, key=lambda row: places[row.pk])[:MOST_OPENED]
