"""Take scorecards over from the rows of a table: all of them, or none and a list of what is wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.exchange.directory import Dimensions, NoMatch, Versions
from candidates.exchange.panel import Creating, Panel
from candidates.exchange.score_rows import COLUMNS, REQUIRED, ScoreRow, read_rows
from candidates.exchange.tables import Fault, Table, read_csv
from candidates.looking import note_sight
from candidates.models import Candidate, CandidateErased, Interview, Opening, Revision, Score, Scorecard
from rubrics.models import Dimension
from smarter.accounts.models import User
from smarter.audit.recording import record

MOST_ROWS = 200_000
# What an import writes to a seat that was waiting.
SEAT_FIELDS = (
    "state",
    "focus",
    "is_shadow",
    "is_independent",
    "recommendation",
    "summary",
    "version",
    "opened_at",
    "saved_at",
    "submitted_at",
)


class ImportRefused(Exception):
    """Rows are wrong, so nothing was imported."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do."""

    rows: int
    new_cards: int
    same_cards: int
    new_candidates: list[str]
    new_interviewers: list[str]
    ignored_columns: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What an import would do, or why it would be refused."""

    imported: Imported | None
    faults: list[Fault]


def preview_scores(*, opening: Opening, table: Table, user: User, creating: Creating) -> Preview:
    """Check everything as the import does, and change nothing."""
    try:
        imported = import_scores(opening=opening, table=table, user=user, creating=creating, dry_run=True)
    except ImportRefused as refused:
        return Preview(None, refused.faults)
    return Preview(imported, [])


def read_scores(content: bytes, *, most_rows: int = MOST_ROWS) -> Table:
    """The table of a scores file. Raises TableRefused."""
    return read_csv(content, known=COLUMNS, required=REQUIRED, most_rows=most_rows)


@transaction.atomic
def import_scores(
    *, opening: Opening, table: Table, user: User | None, creating: Creating, dry_run: bool = False
) -> Imported:
    """Take over every scorecard of a table, submitted as they stand. Raises ImportRefused with every fault.

    `user` is whoever imports on a page: what they may not see of others' scores can't be found out by trying.
    None is the operator of the installation, who may see all.
    """
    opening = Opening.objects.select_for_update(of=("self",)).select_related("rubric_version").get(pk=opening.pk)
    plan = _Plan(opening, table, user, creating)
    rows, faults = read_rows(table)
    for card, card_rows in plan.by_card(rows):
        plan.add_card(card, card_rows)
    faults += plan.faults
    if faults:
        raise ImportRefused(sorted(faults, key=lambda fault: (fault.row, fault.column)))
    if plan.cards and not dry_run:
        plan.save()
    return Imported(
        rows=len(rows),
        new_cards=len(plan.cards),
        same_cards=plan.same,
        new_candidates=[each.candidate.name for each in plan.panel.new_applications],
        new_interviewers=[person.name for person in plan.panel.new_people],
        ignored_columns=table.ignored,
    )


class _Plan:
    """What is to be made of the rows: unsaved rows of the database, or faults."""

    def __init__(self, opening: Opening, table: Table, user: User | None, creating: Creating) -> None:
        self.opening = opening
        self.user = user
        self.has_focus = "focus" in table.columns
        self.now = timezone.now()
        self.versions = Versions(opening)
        self.panel = Panel(opening, user, table.columns, creating)
        self.faults: list[Fault] = []
        self.cards: list[Scorecard] = []
        self.scores: list[Score] = []
        self.revisions: list[Revision] = []
        self.same = 0

    def by_card(self, rows: Iterable[ScoreRow]) -> Iterable[tuple[Scorecard, list[ScoreRow]]]:
        """The rows of each scorecard together, whatever their order in the file; lost rows become faults."""
        found: dict[int, tuple[Scorecard, list[ScoreRow]]] = {}
        for row in rows:
            try:
                card = self.panel.seat(row)
            except NoMatch as missing:
                self.faults.append(Fault(row.number, missing.column, missing.text))
            else:
                found.setdefault(id(card), (card, []))[1].append(row)
        return found.values()

    def add_card(self, card: Scorecard, rows: Sequence[ScoreRow]) -> None:
        """Plan one scorecard with all its rows, or note what is wrong with it."""
        before = len(self.faults)
        given = self._given(rows)
        try:
            dimensions = self.versions.of(card.interview, given.get("rubric_version"))
            if "focus" in given:
                given["focus"] = [dimensions.find(name, "focus").key for name in given["focus"]]
        except NoMatch as missing:
            self._fault(rows[0], missing.column, missing.text)
            return
        scored = self._scored(rows, dimensions)
        refusal = self.panel.refusal(card)
        if refusal:
            self._fault(rows[0], "interviewer", refusal)
        if len(self.faults) > before:
            return
        if card.state == Scorecard.State.SUBMITTED:
            self._compare(card, given, scored)
        else:
            self._fill(card, given, scored, dimensions.all)

    def _fault(self, row: ScoreRow, column: str, text: str) -> None:
        self.faults.append(Fault(row.number, column, text))

    def _given(self, rows: Sequence[ScoreRow]) -> dict[str, Any]:
        """What the rows say of the scorecard as a whole; rows that disagree are faults."""
        given: dict[str, tuple[Any, int]] = {}
        for row in rows:
            for column, value in row.card.items():
                first, number = given.setdefault(column, (value, row.number))
                if first != value:
                    self._fault(row, column, f"differs from row {number} of the same scorecard.")
        return {column: value for column, (value, _number) in given.items()}

    def _scored(self, rows: Sequence[ScoreRow], dimensions: Dimensions) -> dict[Dimension, ScoreRow]:
        """The row of each dimension; an unknown or repeated one is a fault."""
        scored: dict[Dimension, ScoreRow] = {}
        for row in rows:
            try:
                dimension = dimensions.find(row.dimension, "dimension")
            except NoMatch as missing:
                self._fault(row, missing.column, missing.text)
                continue
            first = scored.setdefault(dimension, row)
            if first is not row:
                self._fault(row, "dimension", f"repeats row {first.number}. Keep one of them.")
        return scored

    def _compare(self, card: Scorecard, given: dict[str, Any], scored: dict[Dimension, ScoreRow]) -> None:
        """A scorecard that is in stays as it is: the file must say the same, as far as it says anything."""
        before = len(self.faults)
        stored = {
            "recommendation": card.recommendation,
            "shadow": card.is_shadow,
            "summary": card.summary,
            "submitted_at": card.submitted_at,
        }
        first = next(iter(scored.values()))
        for column in stored.keys() & given.keys():
            if given[column] != stored[column]:
                self._fault(first, column, "differs from the scorecard that is in, and what is in never changes.")
        for dimension, row in scored.items():
            score = self.panel.scores[card.pk].get(dimension.pk)
            if score is None or (row.rating, row.not_observed) != (score.value, score.not_observed):
                self._fault(row, "rating", "differs from the score that is in, and a submitted score never changes.")
            elif row.evidence and row.evidence != score.evidence:
                self._fault(row, "evidence", "differs from the score that is in, and a submitted score never changes.")
        self.same += len(self.faults) == before

    def _fill(
        self, card: Scorecard, given: dict[str, Any], scored: dict[Dimension, ScoreRow], dimensions: list[Dimension]
    ) -> None:
        """Make a seat a submitted scorecard."""
        complete = len(scored) == len(dimensions)
        if self.has_focus or card.focus:
            card.focus = given.get("focus", []) if self.has_focus else card.focus
            missing = [each.name for each in dimensions if card.covers(each.key) and each not in scored]
            if missing:
                text = f"the scorecard has no row for {', '.join(missing)}. Add a rating or a reason in not_observed."
                self._fault(next(iter(scored.values())), "dimension", text)
                return
        elif not complete:
            card.focus = [dimension.key for dimension in dimensions if dimension in scored]
        card.state = Scorecard.State.SUBMITTED
        card.recommendation = given.get("recommendation")
        card.summary = given.get("summary", "")
        card.is_shadow = given.get("shadow", card.is_shadow)
        card.is_independent = given.get("independent", True) and not self.panel.has_seen(card)
        card.submitted_at = given.get("submitted_at", self.now)
        card.opened_at = card.opened_at or card.submitted_at
        card.saved_at = card.submitted_at
        card.version += 1
        self.cards.append(card)
        for dimension, row in scored.items():
            self._add_score(card, dimension, row)

    def _add_score(self, card: Scorecard, dimension: Dimension, row: ScoreRow) -> None:
        score = Score(
            scorecard=card,
            dimension=dimension,
            value=row.rating,
            not_observed=row.not_observed,
            evidence=row.evidence,
            is_final=True,
        )
        self.scores.append(score)
        self.revisions += [
            Revision(score=score, value=each.rating, reason=each.reason, text=each.text, revised_at=each.revised_at)
            for each in row.revisions
        ]

    def save(self) -> None:
        """Write everything that was planned, in a handful of queries, and record it."""
        people = (card.interview.application.candidate_id for card in self.cards)
        try:
            Candidate.objects.hold(key for key in people if key)
        except CandidateErased as error:
            fault = Fault(2, "", "somebody’s data were erased just now. Import it again.")
            raise ImportRefused([fault]) from error
        seats = [card for card in self.cards if card.pk]
        locked = Scorecard.objects.select_for_update().filter(pk__in=[card.pk for card in seats], state="waiting")
        if len(locked) < len(seats):
            raise ImportRefused([Fault(2, "", "somebody began a scorecard of this file just now. Import it again.")])
        pinned = {card.interview_id: card.interview for card in self.cards if card.interview_id}
        self.panel.save_new()
        Interview.objects.bulk_update(pinned.values(), ["rubric_version"])
        Scorecard.objects.bulk_create(card for card in self.cards if not card.pk)
        Scorecard.objects.bulk_update(seats, SEAT_FIELDS)
        Score.objects.bulk_create(self.scores)
        Revision.objects.bulk_create(self.revisions)
        record(
            actor=self.user,
            act="opening.import",
            subject=self.opening,
            opening_id=self.opening.pk,
            cards=len(self.cards),
            scores=len(self.scores),
            candidates=len(self.panel.new_applications),
            people=len(self.panel.new_people),
        )
        if self.user:
            note_sight(user=self.user, cards=self.cards)
