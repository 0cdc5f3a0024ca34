"""What a reader of an opening's pages sees, worked out once for each generation; that it was seen is noted with it.

Sight is noted when a thing is made, not each time it is shown again: under the same stamp the same cards stay seen.
"""

from collections.abc import Mapping

from candidates.comparison.ladder import Ladder, make_ladder
from candidates.comparison.reading import Reading, read_opening
from candidates.comparison.standings import Standings, place
from candidates.conversations import panel_initials
from candidates.keeping import keep
from candidates.looking import note_sight
from candidates.models import Opening
from smarter.accounts.models import User

ROWS_OF_A_CARD = 12
"""What a scorecard with its ratings weighs, in rows of a list."""


def read_seen(user: User, opening: Opening) -> Reading:
    """What `user` may read of the opening; shared with later requests, so nobody may change it."""
    return keep(
        user, opening, "reading", lambda: _read(user, opening), weigh=lambda made: ROWS_OF_A_CARD * len(made.cards)
    )


def read_standings(
    user: User,
    opening: Opening,
    *,
    weights: Mapping[str, float] | None = None,
    after_debrief: bool = False,
    together: bool = False,
) -> Standings:
    """Where each of the opening's candidates stands, under the official weights or under others on trial."""
    return keep(
        user,
        opening,
        ("standings", after_debrief, together, *sorted((weights or {}).items())),
        lambda: place(read_seen(user, opening), weights, after_debrief=after_debrief, together=together),
        weigh=lambda made: ROWS_OF_A_CARD * len(made.reading.cards),
    )


def read_ladder(
    user: User,
    opening: Opening,
    *,
    weights: Mapping[str, float] | None = None,
    after_debrief: bool = False,
    together: bool = False,
) -> Ladder:
    """The same as lists need it, which is little enough to be kept for thousands."""

    def make() -> Ladder:
        found = read_standings(user, opening, weights=weights, after_debrief=after_debrief, together=together)
        return make_ladder(found, panel_initials(user, opening, found.reading.cards))

    view = ("ladder", after_debrief, together, *sorted((weights or {}).items()))
    return keep(user, opening, view, make, weigh=lambda made: len(made.rungs))


def _read(user: User, opening: Opening) -> Reading:
    reading = read_opening(user, opening)
    note_sight(user=user, cards=reading.cards)
    return reading
