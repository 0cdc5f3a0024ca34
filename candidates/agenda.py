"""What a person's home page shows: scorecards to write, interviews to come, what has opened, openings to follow.

Nothing here stands on a rating of somebody else, so that opening the home page is no sight of others' scores.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Max, Q, QuerySet

from candidates.following import Follow, LateCard, Place, overdue_words, read_following, read_places
from candidates.generations import stamp_of_person
from candidates.keeping import recall
from candidates.models import Application, Opening, Scorecard
from candidates.practising import words_for_left
from candidates.sheet import read_version
from rubrics.models import Dimension
from smarter.accounts.models import User
from smarter.compiled_queries import compiled
from smarter.marks import Mark, listed

JUST_OPENED = timedelta(days=7)
MOST_OPENED, MOST_UPCOMING = 6, 10
MOST_RECENT = 50
APPLICATION = "interview__application__"
ON_A_TASK = (
    *("state", "focus", "is_shadow", "interview__title", "interview__starts_at", "interview__minutes"),
    *("interview__rubric_version", f"{APPLICATION}candidate__name", f"{APPLICATION}opening__title"),
    f"{APPLICATION}opening__rubric_version",
)
Given = dict[int, int | None]
"""Ratings by dimension; None where it was not observed, and no entry where it is still to be scored."""

COUNT_WORDS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"]


@dataclass(frozen=True)
class Task:
    """One own scorecard that is still to be submitted."""

    card: Scorecard
    rubric: int  # the number of the rubric it is scored with
    marks: list[Mark]
    progress: str
    due_at: datetime | None
    overdue: str  # "22 hours overdue", or empty
    is_running: bool  # the interview is going on


class Known(NamedTuple):
    """What is kept for this person until something moves in one of their openings."""

    places: list[Place]
    opened: list[tuple[datetime, Application]]
    has_scored: bool  # submitted a scorecard, ever


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
    known = recall(stamp_of_person(connection, user.pk), ("agenda", user.pk), lambda: _know(user, now), weigh=_weight)
    following = read_following(user, known.places, now)
    return Agenda(
        heading=_heading(len(due)),
        roles=_roles(user, tasks, following.follows),
        now=[task for task in due if not task.overdue],
        overdue=[task for task in due if task.overdue],
        upcoming=upcoming[:MOST_UPCOMING],
        later=max(0, len(upcoming) - MOST_UPCOMING),
        late=following.late,
        to_nudge=following.to_nudge,
        opened=[application for opened_at, application in known.opened if opened_at >= now - JUST_OPENED],
        follows=following.follows,
        practice="" if known.has_scored else _practice(user, tasks),
    )


def _practice(user: User, tasks: Sequence[Task]) -> str:
    rubrics = {task.rubric for task in tasks}
    return words_for_left(user, rubrics, tasks[0].card.rubrics_stamp) if tasks else ""


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
    return [_task(card, now) for card in _open_cards(user.pk)]


@compiled
def _open_cards(user: int) -> QuerySet[Scorecard]:
    cards = Scorecard.objects.editable_by(User(pk=user)).with_application().with_progress()
    return cards.only(*ON_A_TASK).order_by("interview__starts_at", "pk")


def _task(card: Scorecard, now: datetime) -> Task:
    version = read_version(card)
    given = {dimension: value for dimension, value, reason in card.given or [] if value or reason}
    asked = [dimension for dimension in version.dimensions.all() if card.covers(dimension.key)]
    done = sum(dimension.pk in given for dimension in asked)
    starts_at, ends_at, due_at = card.interview.starts_at, card.interview.ends_at, card.interview.due_at
    return Task(
        card=card,
        rubric=version.rubric_id,
        marks=[_mark(dimension, given) for dimension in asked],
        progress=_progress(card, done, len(asked)),
        due_at=due_at,
        overdue=overdue_words(now - due_at) if due_at and due_at < now else "",
        is_running=bool(starts_at and ends_at and starts_at <= now < ends_at),
    )


def _is_ahead(card: Scorecard, now: datetime) -> bool:
    """Not begun, and the interview is still to come or has no time yet."""
    starts_at = card.interview.starts_at
    return card.state == Scorecard.State.WAITING and (starts_at is None or starts_at > now)


def _mark(dimension: Dimension, given: Given) -> Mark:
    value = given.get(dimension.pk)
    is_absent = dimension.pk in given and value is None
    return Mark(dimension.letter, dimension.name, value, "na" if is_absent else "" if value else "todo")


def _progress(card: Scorecard, done: int, asked: int) -> str:
    kept = card.notes_kept
    if card.state == Scorecard.State.WAITING:
        return f"Not started; {kept} note{'' if kept == 1 else 's'} kept" if kept else "Not started"
    return f"{done} of {asked} {'focus ' if card.focus else ''}dimensions scored"


def _know(user: User, now: datetime) -> Known:
    has_scored = Scorecard.objects.held_by(user).submitted().exists()
    return Known(read_places(user), _opened(user, now), has_scored)


def _weight(known: Known) -> int:
    return len(known.opened) + sum(1 + len(place.applications) for place in known.places)


def _opened(user: User, now: datetime) -> list[tuple[datetime, Application]]:
    """Candidates whose scores came open to `user` by a scorecard of the last days, and when; the newest first."""
    mine = Application.objects.visible_to(user).running().filter(opening__state=Opening.State.OPEN)
    of_others = ~Q(interviews__scorecards__interviewer=user)
    recent = (
        mine.order_by()
        .values_list("pk")
        .annotate(latest_at=Max("interviews__scorecards__submitted_at", filter=of_others))
        .filter(latest_at__gte=now - JUST_OPENED)
        .order_by("-latest_at", "pk")[:MOST_RECENT]
    )
    times = dict(recent)
    if not times:
        return []
    rows = Application.objects.unsealed_for(user).filter(pk__in=times).select_related("candidate", "opening").in_bulk()
    return [(times[pk], rows[pk]) for pk in times if pk in rows][:MOST_OPENED]
