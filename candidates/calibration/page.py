"""The calibration page as a whole."""

from dataclasses import dataclass
from datetime import datetime

from candidates.calibration.charts import (
    ALPHA_AXIS,
    ALPHA_BAND,
    ALPHA_MARKS,
    DAY_MARK,
    HOURS_AXIS,
    LEAN_AXIS,
    LEAN_BAND,
    SHARE_AXIS,
)
from candidates.calibration.own import Own, find_own
from candidates.calibration.reading import Material
from candidates.calibration.team import Team, find_team
from candidates.models import Scorecard


@dataclass(frozen=True)
class Axes:
    """What the charts share."""

    lean = LEAN_AXIS
    lean_band = LEAN_BAND
    alpha = ALPHA_AXIS
    alpha_marks = ALPHA_MARKS
    alpha_band = ALPHA_BAND
    hours = HOURS_AXIS
    day = DAY_MARK
    share = SHARE_AXIS


@dataclass(frozen=True)
class Calibration:
    """The page; `team` is for those who lead openings only."""

    team: Team | None
    own: Own
    until: datetime
    axes: Axes = Axes()

    @property
    def cards(self) -> list[Scorecard]:
        """The scorecards that a figure on the page stands on."""
        return list({card.pk: card for card in (*(self.team.cards if self.team else ()), *self.own.cards)}.values())


def calibrate(material: Material, *, opening: int | None, until: datetime) -> Calibration:
    """Assemble the page; `opening` narrows the team's part to one of the openings led."""
    openings = [row for row in material.openings if opening in (None, row.pk)]
    team = find_team(material, openings) if openings else None
    return Calibration(team, find_own(material), until)
