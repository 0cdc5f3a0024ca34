"""The page of those who lead openings: how their panels rate, by name, in sentences first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from candidates.calibration.agreeing import Agreement, find_agreement
from candidates.calibration.leaning import Leaning, find_leaning
from candidates.calibration.reading import Material
from candidates.calibration.using import Evidence, Scale, Turnaround, find_evidence, find_scale, find_turnaround
from candidates.comparison.reasons import plural
from candidates.models import Application, Opening, Scorecard
from smarter.marks import figure, listed

WORDS = ("Nothing", "One thing is", "Two things are", "Three things are", "Four things are", "Five things are")


@dataclass(frozen=True)
class Finding:
    """One sentence that is worth a conversation: what it says, how it goes on, and where its proof stands."""

    anchor: str
    text: str
    rest: str


@dataclass(frozen=True)
class Team:
    """What the ratings of some openings say about how they were given."""

    openings: tuple[Opening, ...]
    cards: tuple[Scorecard, ...]
    interviewers: int
    versions: str
    left_out: tuple[str, ...]
    lede: str
    findings: tuple[Finding, ...]
    leaning: Leaning
    agreement: Agreement
    scale: Scale
    turnaround: Turnaround
    evidence: Evidence

    @property
    def scope(self) -> str:
        """`Your 3 openings`."""
        return self.openings[0].title if len(self.openings) == 1 else f"Your {len(self.openings)} openings"


def find_team(material: Material, openings: Sequence[Opening]) -> Team:
    """Everything stands on the candidates of these openings whose scores this person may read now."""
    chosen = {opening.pk for opening in openings}
    rows = [row for row in material.applications.values() if row.opening_id in chosen]
    readable = {row.pk for row in rows if row.is_readable}
    cards = tuple(card for card in material.cards if card.interview.application_id in readable)
    heard = tuple(row for row in material.heard if row.application in readable)
    apart = [card for card in material.not_independent if card.interview.application_id in readable]
    names = {card.interviewer_id: card.interviewer.name for card in cards}
    leaning = find_leaning(material, cards, heard)
    agreement = find_agreement(material.yardsticks, heard)
    scale = find_scale(names, heard)
    turnaround = find_turnaround(names, cards)
    findings = tuple(_findings(leaning, agreement, scale))
    return Team(
        openings=tuple(openings),
        cards=cards,
        interviewers=len(names),
        versions=_versions(material, {row.yardstick for row in heard}),
        left_out=tuple(_left_out(rows, len(apart))),
        lede=_lede(leaning, agreement, findings),
        findings=findings,
        leaning=leaning,
        agreement=agreement,
        scale=scale,
        turnaround=turnaround,
        evidence=find_evidence(names, heard),
    )


def _findings(leaning: Leaning, agreement: Agreement, scale: Scale) -> Iterable[Finding]:
    off = [
        f"{row.name} rates {figure(abs(row.points))} {'higher' if row.points > 0 else 'lower'}" for row in leaning.off
    ]
    if off:
        yield Finding("sev", listed(off), " than the others who met the same candidates.")
    if agreement.low:
        yield Finding(
            "alpha",
            f"Panels see {agreement.low_names} differently",
            f" (agreement {agreement.low_figures}). Read the evidence before the number.",
        )
    for row in scale.rows:
        if row.remark:
            yield Finding("dist", f"{row.name} {row.remark}", ", so these scores hardly tell candidates apart.")


def _lede(leaning: Leaning, agreement: Agreement, findings: Sequence[Finding]) -> str:
    """How the page begins; it never says "all alike" where there is too little to say it."""
    if findings:
        words = WORDS[len(findings)] if len(findings) < len(WORDS) else f"{len(findings)} things are"
        return f"{words} worth a conversation:"
    told = any(row.chart for row in leaning.rows) or any(row.chart for row in agreement.rows)
    if told:
        return "Nothing here asks for a conversation now."
    return "Too early to say how this panel rates."


def _versions(material: Material, used: Iterable[int]) -> str:
    """`rubric v1 and v2`, or by name where there are several rubrics."""
    numbers: dict[str, set[int]] = {}
    for place in used:
        row = material.yardsticks[place]
        numbers.setdefault(row.rubric, set()).update(row.versions)
    texts = [
        f"{rubric if len(numbers) > 1 else 'rubric'} {listed([f'v{number}' for number in sorted(found)])}"
        for rubric, found in sorted(numbers.items())
    ]
    return listed(texts)


def _left_out(rows: Iterable[Application], apart: int) -> Iterable[str]:
    """Whose scores are not in here, and when they will be."""
    rows = [row for row in rows if not row.is_readable and row.cards_in]
    sealed = sum(row.is_sealed for row in rows)
    waiting = len(rows) - sealed
    if sealed:
        yield f"{plural(sealed, 'candidate')} sealed for you until your own scorecard is in"
    if waiting:
        yield f"{plural(waiting, 'candidate')} whose panel is not complete"
    if apart:
        yield f"{plural(apart, 'scorecard')} written after a look at others’ scores"
