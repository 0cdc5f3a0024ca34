"""A scorecard laid out as one sheet: the interview kit, what is typed in it, and what it still lacks.

Everything typed on a card is a flat set of named texts, the same in the page's form, in an autosave, in the browser's
own store and in the comparison of two tabs: `rating.<dimension>`, `reason.<dimension>`, `evidence.<dimension>`,
`note.<dimension>.<question>`, `recommendation` and `summary`. Keys are slugs, so the dots never clash.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import uuid4

from candidates.keeping import recall
from candidates.models import NO_REASON_YET, NotObserved, Recommendation, Scorecard
from candidates.recommending import contradiction
from rubrics.models import Anchor, Dimension, Question, RubricVersion
from smarter.marks import Mark, listed

NOT_OBSERVED = "no"
EXTREMES = (1, 5)
OPEN_QUESTIONS = 3
THIN_EVIDENCE = 40
RECOMMENDATION_PLACES = (7, 22, 42, 57)
REASONS = [(NO_REASON_YET, "Choose a reason"), *NotObserved.choices]

Fields = dict[str, str]


def rating_name(dimension: Dimension) -> str:
    """The field of a dimension's rating: "", "1" to "5", or "no" for not observed."""
    return f"rating.{dimension.key}"


def reason_name(dimension: Dimension) -> str:
    """The field of the reason for "not observed"."""
    return f"reason.{dimension.key}"


def evidence_name(dimension: Dimension) -> str:
    """The field of a dimension's evidence."""
    return f"evidence.{dimension.key}"


def note_name(dimension: Dimension, question: Question) -> str:
    """The field of the quick notes on a question."""
    return f"note.{dimension.key}.{question.key}"


@dataclass(frozen=True)
class Gap:
    """Something without which a card can't be submitted, and the control that would fill it."""

    target: str
    label: str
    status: str
    message: str


@dataclass(frozen=True)
class Asked:
    """A question of the kit, with the notes typed under it."""

    question: Question
    name: str
    label: str
    note: str


@dataclass(frozen=True)
class Part:
    """One dimension of a card: what to ask, and what was given."""

    dimension: Dimension
    is_focus: bool
    rating: str
    reason: str
    evidence: str
    asked: tuple[Asked, ...]

    @property
    def value(self) -> int | None:
        """The rating, if there is one."""
        return int(self.rating) if self.rating.isdigit() else None

    @property
    def is_not_observed(self) -> bool:
        """Marked as not observed, whether or not the reason is there yet."""
        return self.rating == NOT_OBSERVED

    @property
    def reason_label(self) -> str:
        """The reason for "not observed" in words."""
        return dict(NotObserved.choices).get(self.reason, "")

    @property
    def anchors(self) -> list[Anchor]:
        """The five anchors, lowest first."""
        return list(self.dimension.anchors.all())

    @property
    def anchor_text(self) -> str:
        """The wording over which the rating was given."""
        return self.dimension.anchor_text(self.value) if self.value else ""

    @property
    def open_questions(self) -> tuple[Asked, ...]:
        """Those in view."""
        return self.asked[:OPEN_QUESTIONS]

    @property
    def folded_questions(self) -> tuple[Asked, ...]:
        """Those in the fold."""
        return self.asked[OPEN_QUESTIONS:]

    @property
    def rating_name(self) -> str:
        """The name of the field."""
        return rating_name(self.dimension)

    @property
    def reason_name(self) -> str:
        """The name of the field."""
        return reason_name(self.dimension)

    @property
    def evidence_name(self) -> str:
        """The name of the field."""
        return evidence_name(self.dimension)

    @cached_property
    def gap(self) -> Gap | None:
        """What this dimension lacks before the card can be submitted."""
        if self.is_not_observed and self.reason == NO_REASON_YET:
            return self._gap(self.reason_name, "Reason missing", "Say why it was not observed.")
        if self.value in EXTREMES and not self.evidence.strip():
            message = f"A {self.value} needs what you heard that earned it, before you submit."
            return self._gap(self.evidence_name, "Evidence missing", message)
        if self.rating:
            return None
        if self.is_focus:
            message = "Choose the line closest to what you heard, or not observed."
            return self._gap(self.rating_name, "To score", message)
        if self.evidence.strip():
            message = "There is evidence here and no score. Choose a line, or empty the evidence."
            return self._gap(self.rating_name, "Score missing", message)
        return None

    def _gap(self, name: str, status: str, message: str) -> Gap:
        target = f"id_{name}_1" if name == self.rating_name else f"id_{name}"
        return Gap(target, self.dimension.name, status, message)

    @property
    def status(self) -> str:
        """How far it is, in two words."""
        if self.gap:
            return self.gap.status
        if self.value:
            return f"Scored {self.value}"
        return "Not observed" if self.is_not_observed else "Optional"

    @property
    def is_warning(self) -> bool:
        """Begun and incomplete, which is worth a tint; merely untouched is not."""
        return self.gap is not None and self.gap.status != "To score"

    @property
    def short(self) -> str:
        """The state in the strip of a narrow screen."""
        if self.is_not_observed:
            return "n/o"
        return self.rating or ("–" if self.is_focus else "opt.")

    @property
    def state(self) -> str:
        """The state of its tile where it has no rating."""
        return "na" if self.is_not_observed else "" if self.value else "todo"

    @property
    def mark(self) -> Mark:
        """Its tile in the row of tiles."""
        return Mark(self.dimension.letter, self.dimension.name, self.value, self.state)  # type: ignore[arg-type]


@dataclass(frozen=True)
class RecommendationChoice:
    """One of the four recommendations, with its place on the line drawn over it."""

    value: str
    label: str
    x: int
    is_chosen: bool


@dataclass(frozen=True)
class Sheet:
    """A card with its kit: what the page shows and what a save is compared with."""

    card: Scorecard
    stamp: str  # under which parts of the kit may be kept as they were drawn
    version: RubricVersion
    parts: tuple[Part, ...]
    recommendation: str
    summary: str

    @cached_property
    def fields(self) -> Fields:
        """All that is typed on the card, by field."""
        fields = {"recommendation": self.recommendation, "summary": self.summary}
        for part in self.parts:
            fields |= {
                part.rating_name: part.rating,
                part.reason_name: part.reason,
                part.evidence_name: part.evidence,
                **{asked.name: asked.note for asked in part.asked},
            }
        return fields

    @cached_property
    def labels(self) -> dict[str, str]:
        """What each field is called where two texts of it are compared."""
        labels = {"recommendation": "Recommendation", "summary": "Why, in two sentences"}
        for part in self.parts:
            name = part.dimension.name
            labels |= {
                part.rating_name: f"Score on {name}",
                part.reason_name: f"Reason on {name}",
                part.evidence_name: f"Evidence on {name}",
                **{asked.name: f"Notes on {name}, {asked.label}" for asked in part.asked},
            }
        return labels

    @cached_property
    def gaps(self) -> list[Gap]:
        """What must be there before the card can be submitted, in the order of the page."""
        gaps = [part.gap for part in self.parts if part.gap]
        if not self.recommendation:
            gaps.append(Gap("id_recommendation_1", "Overall", "Recommendation missing", "Choose a recommendation."))
        return gaps

    @property
    def recommendation_label(self) -> str:
        """The recommendation in words."""
        return Recommendation(int(self.recommendation)).label if self.recommendation else ""

    @property
    def recommendations(self) -> list[RecommendationChoice]:
        """The four to choose from, none of them chosen beforehand."""
        return [
            RecommendationChoice(str(value), label, x, str(value) == self.recommendation)
            for (value, label), x in zip(Recommendation.choices, RECOMMENDATION_PLACES, strict=True)
        ]

    @property
    def marks(self) -> list[Mark]:
        """The progress of the card as a row of tiles."""
        return [part.mark for part in self.parts]

    @property
    def focus_parts(self) -> list[Part]:
        """The dimensions this interviewer covers."""
        return [part for part in self.parts if part.is_focus]

    @property
    def focus_done(self) -> int:
        """How many of them lack nothing."""
        return sum(part.gap is None for part in self.focus_parts)

    @property
    def minutes_each(self) -> int:
        """A share of the interview for each dimension in focus, a quarter of an hour kept for the rest."""
        share = (self.card.interview.minutes - 15) / max(1, len(self.focus_parts))
        return max(5, int(share // 5) * 5)

    @property
    def nudges(self) -> list[str]:
        """What is worth a second look; none of it blocks."""
        return [nudge for nudge in (self._all_equal(), self._contradiction(), self._thin_evidence()) if nudge]

    @property
    def _values(self) -> list[int]:
        return [part.value for part in self.parts if part.value]

    def _all_equal(self) -> str:
        values = self._values
        if len(values) < 3 or len(set(values)) > 1:
            return ""
        return f"All {len(values)} ratings are {values[0]}. Is there nothing that stood out, or fell behind?"

    def _contradiction(self) -> str:
        leaning = contradiction(int(self.recommendation or 0), self._values)
        words = self.recommendation_label.lower()
        return leaning and f"You recommend “{words}”, and your ratings lean {leaning}. Which of the two is right?"

    def _thin_evidence(self) -> str:
        names = [part.dimension.name for part in self.parts if part.value and len(part.evidence) < THIN_EVIDENCE]
        if not names:
            return ""
        verb = "has" if len(names) == 1 else "have"
        return f"{listed(names)} {verb} little or no evidence. Two sentences now save guessing at the debrief."


def load_sheet(card: Scorecard, fields: Mapping[str, str] | None = None) -> Sheet:
    """The sheet of a card as it was read, `with_typed`, or with `fields` as they were typed on a page.

    The card comes `with_interview` or `with_context`. This takes a query for each of the four tables of the version
    where this process has not kept it, and none otherwise.
    """
    version = read_version(card)
    typed = _stored_fields(card, version) if fields is None else fields
    parts = tuple(_part(card, dimension, typed) for dimension in version.dimensions.all())
    return Sheet(
        card,
        card.rubrics_stamp or uuid4().hex,
        version,
        parts,
        typed.get("recommendation", ""),
        typed.get("summary", ""),
    )


def read_version(card: Scorecard) -> RubricVersion:
    """The version of a card that comes `with_interview`, with everything that an interviewer reads.

    It is shared, so nobody may change it.
    """
    pk = card.interview.pinned_version_id
    return recall(
        card.rubrics_stamp, ("version", pk), lambda: RubricVersion.objects.with_content().get(pk=pk), weigh=_weight
    )


def _weight(version: RubricVersion) -> int:
    return 20 * len(version.dimensions.all())


def _part(card: Scorecard, dimension: Dimension, typed: Mapping[str, str]) -> Part:
    names = [(question, note_name(dimension, question)) for question in dimension.questions.all()]
    asked = tuple(
        Asked(question, name, f"question {number}", typed.get(name, ""))
        for number, (question, name) in enumerate(names, start=1)
    )
    rating = typed.get(rating_name(dimension), "")
    return Part(
        dimension=dimension,
        is_focus=card.covers(dimension.key),
        rating=rating,
        reason=typed.get(reason_name(dimension), "") if rating == NOT_OBSERVED else "",
        evidence=typed.get(evidence_name(dimension), ""),
        asked=asked,
    )


def _stored_fields(card: Scorecard, version: RubricVersion) -> Fields:
    """What is saved. Rows name dimensions and questions by number, and the version at hand has their keys."""
    fields = {"recommendation": str(card.recommendation or ""), "summary": card.summary}
    given = {row[0]: row for row in card.typed_scores or []}
    noted = dict(card.typed_notes or [])
    for dimension in version.dimensions.all():
        if dimension.pk in given:
            _, value, not_observed, evidence = given[dimension.pk]
            fields[rating_name(dimension)] = NOT_OBSERVED if not_observed else str(value or "")
            fields[reason_name(dimension)] = not_observed
            fields[evidence_name(dimension)] = evidence
        for question in dimension.questions.all():
            fields[note_name(dimension, question)] = noted.get(question.pk, "")
    return fields
