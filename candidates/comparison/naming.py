"""What candidates and interviewers are called on a page: by name, or candidates by a letter while names are masked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from candidates.comparison.reading import Reading
from candidates.models import Application, Scorecard
from smarter.initials import initials


@dataclass(frozen=True)
class Naming:
    """Names by primary key: of candidates by their application, of interviewers by their account."""

    candidates: Mapping[int, str]
    employers: Mapping[int, str]  # empty while masked
    is_masked: bool

    def of(self, application: Application) -> str:
        """What the candidate of this application is called here."""
        return self.candidates[application.pk]


def name_candidates(reading: Reading, *, masked: bool = False) -> Naming:
    """Name everybody in the opening; masked, by letters in the order in which they applied."""
    if masked:
        ordered = sorted(row.pk for row in reading.applications)
        return Naming({pk: f"Candidate {letters(number)}" for number, pk in enumerate(ordered)}, {}, is_masked=True)
    return Naming(
        {row.pk: row.candidate.name for row in reading.applications},
        {row.pk: employer_of(row.candidate.current_role) for row in reading.applications},
        is_masked=False,
    )


def name_interviewers(cards: Iterable[Scorecard]) -> tuple[dict[int, str], dict[int, str]]:
    """Names and initials of the holders of these cards, by primary key; initials are unlike for unlike people."""
    names = {card.interviewer_id: card.interviewer.name for card in cards}
    short = initials(names.values())
    return names, {pk: short[name] for pk, name in names.items()}


def letters(number: int) -> str:
    """A, B … Z, AA, AB … for 0, 1 …"""
    return (letters(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


def employer_of(role: str) -> str:
    """What follows the last "at" of "Sales Director at Kvistad Logistics"; the whole where there is none."""
    return role.rpartition(" at ")[2]
