"""The panels of interviews: who sits there with which focus, and how far each card is where one may know it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from candidates.comparison.reading import WeighedDimension
from candidates.comparison.seats import STATES, read_seats
from candidates.models import Application, Interview, Opening, Scorecard
from smarter.accounts.models import User
from smarter.initials import initials


@dataclass(frozen=True)
class PanelSeat:
    """Somebody on a panel: the focus, and how far the card is where one may know it."""

    name: str
    initials: str
    state: str  # done, draft, none; empty where it must not show
    words: str  # submitted, draft, waiting, declined; empty likewise
    focus: tuple[WeighedDimension, ...]  # empty: all dimensions
    is_shadow: bool


@dataclass(frozen=True)
class Conversation:
    """One interview with its panel."""

    interview: Interview
    seats: tuple[PanelSeat, ...]


def panel_initials(user: User, opening: Opening, cards: Iterable[Scorecard] = ()) -> dict[str, str]:
    """The initials of everybody on panels of the opening that one may see, and of those who wrote `cards`."""
    seats = Scorecard.objects.seats_visible_to(user).filter(interview__application__opening=opening)
    names = seats.order_by().values_list("interviewer__name", flat=True).distinct()
    return initials([*names, *(card.interviewer.name for card in cards)])


def read_conversation(user: User, application: Application, interview: Interview) -> Conversation:
    """The panel of one interview, with the states that `user` may know; `application` carries the seal of `user`."""
    own = Scorecard.objects.visible_to(user).filter(interview=interview)
    cards = [*read_seats(user, [application]), *own]
    states = {card.pk: Scorecard.State(card.state) for card in cards}
    seats = list(Scorecard.objects.seats_visible_to(user).filter(interview=interview).select_related("interviewer"))
    short = panel_initials(user, interview.application.opening)
    dimensions = [
        WeighedDimension(row.key, row.letter, row.name, row.weight)
        for row in interview.pinned_version().dimensions.all()
    ]
    return Conversation(interview, tuple(panel_seat(seat, states, dimensions, short) for seat in seats))


def read_panels(user: User, application: Application) -> dict[Interview, list[Scorecard]]:
    """The interviews one may see, with the seats of their panels."""
    interviews = {row.pk: row for row in Interview.objects.visible_to(user).filter(application=application)}
    panels: dict[Interview, list[Scorecard]] = {row: [] for row in interviews.values()}
    for seat in Scorecard.objects.seats_visible_to(user).filter(interview__in=interviews).select_related("interviewer"):
        panels[interviews[seat.interview_id]].append(seat)
    return panels


def panel_seat(
    card: Scorecard,
    states: Mapping[int, Scorecard.State],
    dimensions: Sequence[WeighedDimension],
    short: Mapping[str, str],
) -> PanelSeat:
    """One seat as this reader may know it; `states` holds those of the cards they may know of."""
    state = states.get(card.pk)
    return PanelSeat(
        name=card.interviewer.name,
        initials=short[card.interviewer.name],
        state=STATES.get(state, "") if state else "",
        words=state.label.lower() if state else "",
        focus=tuple(dimension for dimension in dimensions if card.focus and dimension.key in card.focus),
        is_shadow=card.is_shadow,
    )
