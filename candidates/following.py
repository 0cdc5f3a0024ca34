"""The openings that a person follows: how far their panels are, and which scorecards are late.

Of candidates for whom the person is sealed, only the number of scorecards in is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from candidates.models import Application, Opening, OpeningMember, Scorecard
from candidates.progress import Boxes, Column, draw_boxes
from smarter.accounts.models import User

MOST_FOLLOWED, MOST_LATE = 6, 8
DAY_HOURS = 24


class Known(NamedTuple):
    """What one may know of the panel of an application."""

    pk: int
    cards_in: int
    cards_expected: int
    is_sealed: bool


class Place(NamedTuple):
    """What somebody is in an opening, in words, and the applications there that are in the running."""

    opening: Opening
    roles: list[str]
    applications: list[Known]


@dataclass
class Wait:
    """What an application still waits for: drafts, and cards that are late."""

    drafts: int = 0
    late: int = 0


@dataclass(frozen=True)
class LateCard:
    """A scorecard of somebody else that was due."""

    card: Scorecard
    overdue: str


@dataclass(frozen=True)
class Follow:
    """An opening one has to do with, and how far its panels are."""

    opening: Opening
    role: str
    candidates: int
    boxes: Boxes
    cards_in: int
    cards_expected: int
    overdue: int

    @property
    def overdue_words(self) -> str:
        """`2 scorecards overdue`."""
        return f"{self.overdue} scorecard{'' if self.overdue == 1 else 's'} overdue"


@dataclass(frozen=True)
class Following:
    """The openings, and the late scorecards of those on whose team one is, the longest overdue first."""

    follows: tuple[Follow, ...]
    late: tuple[LateCard, ...]

    @property
    def to_nudge(self) -> list[Opening]:
        """The openings these late scorecards belong to."""
        return list(dict.fromkeys(row.card.interview.application.opening for row in self.late))


def read_places(user: User) -> list[Place]:
    """What `user` is in each opening that they follow and who is in the running there, in three queries.

    Everything it stands on moves `candidates.generations.stamp_of_person`.
    """
    found = {row.pk: Place(row, [], []) for row in Opening.objects.visible_to(user).not_closed()[:MOST_FOLLOWED]}
    for member in OpeningMember.objects.filter(user=user, opening__in=found):
        found[member.opening_id].roles.append(member.get_role_display().lower())
    for row in Application.objects.visible_to(user).running().filter(opening__in=found).with_seal(user):
        known = Known(row.pk, row.cards_in, row.cards_expected, row.is_sealed)
        found[row.opening_id].applications.append(known)
    return list(found.values())


def read_following(user: User, places: Sequence[Place], now: datetime) -> Following:
    """How far the panels of these openings are at the moment `now`, in one query for those on whose team one is."""
    unsealed = {row.pk for place in places for row in place.applications if not row.is_sealed}
    cards = [
        card
        for card in _open_cards(user, [place.opening.pk for place in places if place.roles])
        if card.interview.application_id in unsealed
    ]
    waits = _waits(cards, now)
    return Following(follows=tuple(_follow(place, waits) for place in places), late=_late(cards, now))


def overdue_words(late: timedelta) -> str:
    """How long ago something was due: `22 hours overdue`, `3 days overdue`."""
    hours = int(late.total_seconds() // 3600)
    if hours < 1:
        return "Due just now"
    if hours < 2 * DAY_HOURS:
        return f"{hours} hour{'' if hours == 1 else 's'} overdue"
    return f"{hours // DAY_HOURS} days overdue"


def _open_cards(user: User, openings: Sequence[int]) -> Iterable[Scorecard]:
    """Counted cards still to come, of openings on whose team `user` is."""
    if not openings:
        return []
    cards = Scorecard.objects.managed_by(user).open().filter(is_shadow=False)
    return cards.filter(interview__application__opening__in=openings).select_related(
        "interviewer", "interview__application__candidate", "interview__application__opening"
    )


def _waits(cards: Iterable[Scorecard], now: datetime) -> dict[int, Wait]:
    found: dict[int, Wait] = defaultdict(Wait)
    for card in cards:
        wait = found[card.interview.application_id]
        wait.drafts += card.state == Scorecard.State.DRAFT
        wait.late += _is_late(card, now)
    return found


def _late(cards: Iterable[Scorecard], now: datetime) -> tuple[LateCard, ...]:
    late = sorted((card.interview.due_at or now, card.pk, card) for card in cards if _is_late(card, now))
    return tuple(LateCard(card, overdue_words(now - due_at)) for due_at, _, card in late[:MOST_LATE])


def _is_late(card: Scorecard, now: datetime) -> bool:
    due_at = card.interview.due_at
    return bool(due_at and due_at < now)


def _follow(place: Place, waits: Mapping[int, Wait]) -> Follow:
    rows = place.applications
    columns = [Column(row.cards_in, waits[row.pk].drafts if row.pk in waits else 0, row.cards_expected) for row in rows]
    return Follow(
        opening=place.opening,
        role=" and ".join(place.roles) or "interviewer",
        candidates=len(rows),
        boxes=draw_boxes([column for column in columns if column.expected]),
        cards_in=sum(column.done for column in columns),
        cards_expected=sum(column.expected for column in columns),
        overdue=sum(waits[row.pk].late for row in rows if row.pk in waits),
    )
