"""The demo round: invented people who have scored invented candidates, for trying the product out."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from candidates.demo.history import write_history
from candidates.models import (
    Application,
    Candidate,
    Interview,
    Opening,
    OpeningMember,
    OpeningWeight,
    QuestionNote,
    Recommendation,
    Score,
    Scorecard,
)
from rubrics.exchange import BUILT_IN, publish_rubric
from rubrics.file_format import read_document
from rubrics.models import Dimension, Question, RubricVersion
from smarter.accounts.models import User
from smarter.audit.recording import record

ROUND = Path(__file__).parent / "round.json"
PASSWORD = "smarter-demo"  # noqa: S105  everybody may know it: the demo round never loads in production
PERSONAS = ("admin@example.com", "recruiter@example.com", "manager@example.com", "interviewer@example.com")
FRIDAY = 4
MARK = "Demo: invented for trying Smarter out."

Row = dict[str, Any]


class DemoRefused(Exception):
    """This is no place for invented people."""


@transaction.atomic
def load_demo() -> list[Opening]:
    """Make the demo round around today. Raises DemoRefused in production and where there are candidates already."""
    if not settings.DEBUG:
        raise DemoRefused("The demo round has a password that everybody knows, so it loads with DEBUG=1 only.")
    if Candidate.objects.exists():
        raise DemoRefused("There are candidates already. The demo round loads into an empty database only.")
    content = json.loads(ROUND.read_text(encoding="utf-8"))
    people = _people(content["people"])
    version = publish_rubric(document=read_document(BUILT_IN.read_bytes()), user=None).version
    openings = [_DemoOpening(row, people, version).load() for row in content["openings"]]
    write_history(openings)
    record(actor=None, act="demo.load", openings=[opening.pk for opening in openings])
    return openings


def working_day(today: date, offset: int) -> date:
    """So many working days before or after today; at a weekend, no offset is the Friday before."""
    day, step = today, timedelta(days=1 if offset > 0 else -1)
    while day.weekday() > FRIDAY and offset <= 0:
        day -= timedelta(days=1)
    for _ in range(abs(offset)):
        day += step
        while day.weekday() > FRIDAY:
            day += step
    return day


def _people(rows: list[Row]) -> dict[str, User]:
    """Everybody by address; one hash for all, because hashing is slow on purpose."""
    hashed = make_password(PASSWORD)
    for row in rows:
        roles = {f"is_{role}": True for role in row["roles"]}
        User.objects.get_or_create(
            email=row["email"],
            defaults={"name": row["name"], "job_title": row["job_title"], "password": hashed, "is_demo": True, **roles},
        )
    return {person.email: person for person in User.objects.filter(email__in=[row["email"] for row in rows])}


class _DemoOpening:
    """One opening of the round, and what its candidates and their interviews need to be made."""

    def __init__(self, row: Row, people: dict[str, User], version: RubricVersion) -> None:
        self.row = row
        self.people = people
        self.version = version
        self.dimensions = {dimension.letter: dimension for dimension in version.dimensions.all()}
        questions = Question.objects.filter(dimension__version=version)
        self.questions = {question.key: question for question in questions}
        team = {member["role"]: people[member["email"]] for member in row["team"]}
        self.recruiter = team[OpeningMember.Role.RECRUITER]
        self.team = team
        self.now = timezone.now()

    def load(self) -> Opening:
        """Make the opening with everything in it."""
        opening = Opening.objects.create(
            title=self.row["title"],
            location=self.row["location"],
            brief=MARK,
            rubric_version=self.version,
            created_by=self.recruiter,
            created_at=self.now - timedelta(days=30),
        )
        OpeningMember.objects.bulk_create(
            OpeningMember(opening=opening, user=user, role=role) for role, user in self.team.items()
        )
        OpeningWeight.objects.bulk_create(
            OpeningWeight(opening=opening, dimension_key=self.dimensions[letter].key, points=points)
            for letter, points in self.row["weights"].items()
        )
        for row in self.row["candidates"]:
            self._load_candidate(opening, row)
        return opening

    def _load_candidate(self, opening: Opening, row: Row) -> None:
        entered_at = self.now - timedelta(days=21)
        candidate = Candidate.objects.create(
            name=row["name"],
            email=row["email"],
            current_role=row["current_role"],
            location=row["location"],
            note=MARK,
            consented_at=entered_at,
            created_by=self.recruiter,
            created_at=entered_at,
        )
        application = Application.objects.create(
            candidate=candidate, opening=opening, stage=row["stage"], source="Demo", created_at=entered_at
        )
        for interview in row["interviews"]:
            self._load_interview(application, interview)

    def _load_interview(self, application: Application, row: Row) -> None:
        day = working_day(timezone.localdate(), row["day_offset"])
        starts_at = timezone.make_aware(datetime.combine(day, time.fromisoformat(row["start"])))
        planned_at = min(starts_at - timedelta(days=4), self.now)
        opened = any(card["state"] in (Scorecard.State.DRAFT, Scorecard.State.SUBMITTED) for card in row["cards"])
        interview = Interview.objects.create(
            application=application,
            title=row["title"],
            starts_at=starts_at,
            minutes=row["minutes"],
            time_zone=settings.TIME_ZONE,
            place=row["place"],
            rubric_version=self.version if opened else None,
            created_by=self.recruiter,
            created_at=planned_at,
        )
        for card in row["cards"]:
            self._load_card(interview, card)

    def _load_card(self, interview: Interview, row: Row) -> None:
        card = Scorecard(
            interview=interview,
            interviewer=self.people[row["interviewer"]],
            state=row["state"],
            focus=[self.dimensions[letter].key for letter in row["focus"]],
            is_shadow=row["shadow"],
            summary=row["summary"],
            created_at=interview.created_at,
        )
        if row["recommendation"]:
            card.recommendation = Recommendation[row["recommendation"].upper()]
        self._set_times(card, row)
        card.save()
        Score.objects.bulk_create(
            _score(card, self.dimensions[letter], score) for letter, score in row["scores"].items()
        )
        QuestionNote.objects.bulk_create(
            QuestionNote(scorecard=card, question=self.questions[key], text=text) for key, text in row["notes"].items()
        )

    def _set_times(self, card: Scorecard, row: Row) -> None:
        """When the card was opened, saved, submitted or declined, as its state demands."""
        ends_at = card.interview.ends_at or self.now
        if card.state == Scorecard.State.DECLINED:
            card.declined_at = card.interview.created_at + timedelta(hours=3)
            card.decline_reason = row["declined_reason"]
        if card.state in (Scorecard.State.DRAFT, Scorecard.State.SUBMITTED):
            card.opened_at = min(card.interview.starts_at or self.now, self.now)
            card.saved_at = min(ends_at + timedelta(hours=row.get("submitted_hours", 1)), self.now)
            card.version = 1
        if card.state == Scorecard.State.SUBMITTED:
            card.submitted_at = card.saved_at


def _score(card: Scorecard, dimension: Dimension, row: Row) -> Score:
    return Score(
        scorecard=card,
        dimension=dimension,
        value=row.get("value"),
        not_observed=row.get("not_observed", ""),
        evidence=row.get("evidence", ""),
        is_final=card.state == Scorecard.State.SUBMITTED,
    )
