"""Interviews and scorecards as a disclosure tells them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from candidates.models import (
    Application,
    Interview,
    NotObserved,
    QuestionNote,
    Recommendation,
    Score,
    Scorecard,
)
from candidates.privacy.parts import Part, facts, parts
from smarter.accounts.models import User

UNSEEN = "Not handed in; until then only its writer reads it."


class Teller(Protocol):
    """Who makes the disclosure, and how people are called in it."""

    user: User | None

    def colleague(self, person: User | None) -> str:
        """How somebody who works here is called."""

    def clean(self, text: str) -> str:
        """A text without names that are not to be told."""


def read_interviews(maker: Teller, application: Application) -> tuple[tuple[Part, ...], list[Scorecard]]:
    """The interviews with their scorecards, and those cards whose content is told."""
    interviews = list(Interview.objects.filter(application=application).select_related("created_by"))
    told = _cards(maker, application)
    scores, notes = _scores(maker, application), _notes(maker, application)
    seats: dict[int, list[Part]] = defaultdict(list)
    for card in told:
        seats[card.interview_id].append(_card(maker, card, scores[card.pk], notes[card.pk]))
    for seat in _unseen(maker, application, told):
        seats[seat.interview_id].append(_seat(maker, seat))
    found = parts(_interview(maker, interview, seats[interview.pk]) for interview in interviews)
    return found, told


def _cards(maker: Teller, application: Application) -> list[Scorecard]:
    """What a recruiter may read is submitted; the operator reads drafts as well."""
    if maker.user is None:
        cards = Scorecard.objects.all()
    else:
        within = Application.objects.filter(pk=application.pk)
        cards = Scorecard.objects.visible_to(maker.user, within=within).submitted()
    found = cards.filter(interview__application=application).select_related("interviewer", "interview")
    return list(found.order_by("pk"))


def _unseen(maker: Teller, application: Application, told: Sequence[Scorecard]) -> list[Scorecard]:
    if maker.user is None:
        return []
    seats = Scorecard.objects.managed_by(maker.user).filter(interview__application=application)
    return list(seats.exclude(pk__in=[card.pk for card in told]).select_related("interviewer").order_by("pk"))


def _scores(maker: Teller, application: Application) -> dict[int, list[Score]]:
    within = Application.objects.filter(pk=application.pk)
    scores = Score.objects.visible_to(maker.user, within=within) if maker.user else Score.objects.all()
    rows = scores.filter(scorecard__interview__application=application).select_related("dimension")
    found: dict[int, list[Score]] = defaultdict(list)
    for score in rows.prefetch_related("dimension__anchors", "revisions"):
        found[score.scorecard_id].append(score)
    return found


def _notes(maker: Teller, application: Application) -> dict[int, list[QuestionNote]]:
    within = Application.objects.filter(pk=application.pk)
    notes = QuestionNote.objects.disclosed_to(maker.user, within=within) if maker.user else QuestionNote.objects.all()
    rows = notes.filter(scorecard__interview__application=application).exclude(text="").select_related("question")
    found: dict[int, list[QuestionNote]] = defaultdict(list)
    for note in rows:
        found[note.scorecard_id].append(note)
    return found


def _interview(maker: Teller, interview: Interview, seats: Sequence[Part]) -> Part:
    return Part(
        "interviews",
        maker.clean(interview.title),
        facts(
            ("title", "Title", maker.clean(interview.title)),
            ("starts_at", "Starts", interview.starts_at),
            ("minutes", "Length in minutes", interview.minutes),
            ("time_zone", "Time zone", interview.time_zone),
            ("place", "Place or link", maker.clean(interview.place)),
            ("cancelled_at", "Cancelled", interview.cancelled_at),
            ("created_by", "Planned by", maker.colleague(interview.created_by)),
            ("created_at", "Planned", interview.created_at),
        ),
        tuple(seats),
    )


def _card(maker: Teller, card: Scorecard, scores: Sequence[Score], notes: Sequence[QuestionNote]) -> Part:
    return Part(
        "scorecards",
        f"Scorecard of {maker.colleague(card.interviewer)}",
        facts(
            ("interviewer", "Interviewer", maker.colleague(card.interviewer)),
            ("state", "State", card.get_state_display()),
            ("decline_reason", "Declined because", card.get_decline_reason_display()),
            ("is_shadow", "Shadow, not counted", card.is_shadow),
            ("is_independent", "Rated before seeing others’ scores", card.is_independent),
            ("focus", "Focus", card.focus),
            ("recommendation", "Recommendation", _recommendation(card)),
            ("summary", "Why", maker.clean(card.summary)),
            ("opened_at", "Opened", card.opened_at),
            ("saved_at", "Last saved", card.saved_at),
            ("submitted_at", "Submitted", card.submitted_at),
            ("declined_at", "Declined", card.declined_at),
            ("handed_back_at", "Handed back", card.handed_back_at),
        ),
        (*(_score(maker, score) for score in scores), *(_note(maker, note) for note in notes)),
    )


def _seat(maker: Teller, seat: Scorecard) -> Part:
    name = maker.colleague(seat.interviewer)
    state = Scorecard.State(seat.state).label
    known = facts(("interviewer", "Interviewer", name), ("state", "State", state))
    return Part("scorecards", f"Scorecard of {name}", known, note="" if state == "Declined" else UNSEEN)


def _recommendation(card: Scorecard) -> str:
    return Recommendation(card.recommendation).label if card.recommendation else ""


def _score(maker: Teller, score: Score) -> Part:
    return Part(
        "scores",
        score.dimension.name,
        facts(
            ("dimension", "Dimension", score.dimension.name),
            ("value", "Rating, 1 to 5", score.value),
            ("anchor", "What this rating means", score.dimension.anchor_text(score.value) if score.value else ""),
            ("not_observed", "Not observed", _missing(score)),
            ("evidence", "Evidence", maker.clean(score.evidence)),
        ),
        parts(
            Part(
                "revisions",
                f"Revised to {row.value}",
                facts(
                    ("value", "New rating", row.value),
                    ("reason", "Reason", row.get_reason_display()),
                    ("text", "What changed", maker.clean(row.text)),
                    ("at", "At", row.revised_at),
                ),
            )
            for row in score.revisions.all()
        ),
    )


def _missing(score: Score) -> str:
    """In a draft the reason may still be to come."""
    reasons = dict(NotObserved.choices)
    return str(reasons.get(score.not_observed, "no reason given yet")) if score.not_observed else ""


def _note(maker: Teller, note: QuestionNote) -> Part:
    return Part(
        "notes",
        "Note on a question",
        facts(("question", "Question", note.question.text), ("text", "Note", maker.clean(note.text))),
    )
