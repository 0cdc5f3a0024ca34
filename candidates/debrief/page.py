"""The debrief page as a whole, from what one person may read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from candidates.comparison import Reading, Standing, Standings, place
from candidates.comparison.charts import AXIS, RECOMMENDATION_POSITIONS, AxisMark
from candidates.comparison.columns import Column, SideBySide, set_side_by_side
from candidates.comparison.naming import name_candidates, name_interviewers
from candidates.comparison.quotes import read_quotes
from candidates.comparison.seats import Closed, closed, read_seats
from candidates.comparison.versions import VersionsNotice, describe_versions
from candidates.debrief.items import Agreement, Item, Key, Known, find_agreements, find_items
from candidates.debriefing import to_debrief
from candidates.models import Application, Debrief, DebriefItem, Decision, Recommendation
from candidates.recommending import contradiction
from smarter.accounts.models import User

ENOUGH = 2
"""Ratings on a dimension from which a disagreement could show."""


@dataclass(frozen=True)
class Gap:
    """A dimension of a candidate that nobody rated, or only one."""

    application: Application
    dimension: str
    only: str  # who the one is; empty where nobody rated it


@dataclass(frozen=True)
class DecisionRow:
    """A candidate on whom the team decides."""

    application: Application
    column: Column
    decision: Decision | None


@dataclass(frozen=True)
class LeftOut:
    """A candidate whose scores the reader may not see now."""

    application: Application
    closed: Closed


@dataclass(frozen=True)
class DebriefPage:
    """The debrief, as one person may follow it."""

    debrief: Debrief
    items: tuple[Item, ...]
    agreements: tuple[Agreement, ...]
    gaps: tuple[Gap, ...]
    contradictions: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    decisions: tuple[DecisionRow, ...]  # the team's; empty for others
    room: tuple[tuple[str, str], ...]  # names and initials of those whose cards it is about
    versions: VersionsNotice | None  # what keeps scores from being like for like
    axis: tuple[AxisMark, ...] = AXIS
    positions: tuple[str, ...] = RECOMMENDATION_POSITIONS

    @property
    def query(self) -> str:
        """What addresses carry on where scores on changed anchors were confirmed to be compared."""
        return "?anchors=together" if self.versions and self.versions.together else ""

    @property
    def is_open(self) -> bool:
        """Items can be settled."""
        return self.debrief.closed_at is None

    @property
    def pairs_left_off(self) -> int:
        """How many pairs of candidate and dimension need no talk."""
        return sum(len(row.dimensions) for row in self.agreements)

    @property
    def settled(self) -> int:
        """How many items have an outcome."""
        return sum(item.settled is not None for item in self.items)


def read_debrief(user: User, reading: Reading, debrief: Debrief, *, together: bool = False) -> DebriefPage:
    """Assemble the page: two queries for what was heard, one each for seats, settled items and decisions.

    `together` is as for `place`. Whoever shows it calls `note_sight(user=user, cards=reading.cards)` in the same
    request.
    """
    official = place(reading, together=together)
    settled, earlier = _settled(user, debrief)
    decisions = _decisions(user, reading)
    talked = {pk for pk, _key in settled} | {
        pk for pk, decision in decisions.items() if decision.decided_at >= debrief.opened_at
    }
    about = {row.pk for row in to_debrief(reading.applications, talked)}
    rows = [row for row in official.rows if row.application.pk in about]
    readable = [row for row in rows if row.application.is_readable]
    seats = read_seats(user, [row.application for row in rows])
    columns = [row.application.pk for row in readable]
    names, initials = name_interviewers([*reading.cards, *seats])
    table = set_side_by_side(
        official,
        columns,
        name_candidates(reading),
        quotes=read_quotes(user, reading, columns),
        seats=seats,
        initials=initials,
        you=user.pk,
    )
    levels = {card.interviewer_id: card.interviewer.level for card in reading.cards}
    people = {card.interviewer_id for card in reading.cards if card.interview.application_id in columns}
    return DebriefPage(
        debrief=debrief,
        items=tuple(find_items(official, table, Known(user.pk, levels, settled, earlier))),
        agreements=tuple(find_agreements(official, table)),
        gaps=tuple(_gaps(readable, official)),
        contradictions=tuple(_contradictions(official, columns)),
        left_out=tuple(
            LeftOut(row.application, shut) for row in rows if (shut := closed(row.application, seats)) is not None
        ),
        decisions=tuple(_decision_rows(readable, table, decisions)) if reading.is_on_team else (),
        room=tuple(sorted((names[pk], initials[pk]) for pk in people)),
        versions=describe_versions(reading, official.differences, together=together),
    )


def _settled(user: User, debrief: Debrief) -> tuple[dict[Key, DebriefItem], dict[Key, DebriefItem]]:
    """What this debrief settled, and the last that earlier ones of the opening did."""
    now: dict[Key, DebriefItem] = {}
    before: dict[Key, DebriefItem] = {}
    items = DebriefItem.objects.visible_to(user).filter(debrief__opening=debrief.opening_id)
    for item in items.select_related("settled_by").order_by("settled_at", "pk"):
        found = now if item.debrief_id == debrief.pk else before
        found[item.application_id, item.dimension_key] = item
    return now, before


def _decisions(user: User, reading: Reading) -> dict[int, Decision]:
    """The latest decision on each application, as far as the reader may know of it."""
    rows = Decision.objects.visible_to(user).filter(application__opening=reading.opening)
    return {row.application_id: row for row in rows.select_related("decided_by").order_by("decided_at", "pk")}


def _decision_rows(
    rows: Sequence[Standing], table: SideBySide, decisions: dict[int, Decision]
) -> Iterator[DecisionRow]:
    for row, column in zip(rows, table.columns, strict=True):
        yield DecisionRow(row.application, column, decisions.get(row.application.pk))


def _gaps(rows: Sequence[Standing], official: Standings) -> Iterator[Gap]:
    """Dimensions of weight with fewer than two ratings, of candidates who were met."""
    reading = official.reading
    names = {card.interviewer_id: card.interviewer.name for card in reading.cards}
    for row in rows:
        for dimension in reading.dimensions if row.score else ():
            score = row.score.dimensions.get(dimension.key) if row.score else None
            raters = score.interviewers if score else ()
            if dimension.points and len(raters) < ENOUGH and dimension.key not in official.apart:
                yield Gap(row.application, dimension.name, names[raters[0]] if raters else "")


def _contradictions(official: Standings, columns: Sequence[int]) -> Iterator[str]:
    """One sentence for each interviewer whose recommendation and ratings pull apart."""
    reading = official.reading
    values: dict[tuple[int, int], list[float]] = {}
    for rating in reading.ratings():
        values.setdefault((rating.candidate_id, rating.interviewer_id), []).append(rating.value)
    for card in reading.counted:
        pk = card.interview.application_id
        leaning = contradiction(card.recommendation, values.get((pk, card.interviewer_id), ()))
        if pk in columns and leaning and card.recommendation:
            words = Recommendation(card.recommendation).label.lower()
            candidate = official.by_application[pk].application.candidate
            yield f"{card.interviewer} recommends “{words}” on {candidate}, and the ratings lean {leaning}."
