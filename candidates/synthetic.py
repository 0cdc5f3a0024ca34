"""Synthetic rounds for benchmarks and tests: many candidates, scored as panels score, the same for the same seed."""

from datetime import timedelta

import numpy as np
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from candidates.models import (
    Application,
    Candidate,
    Interview,
    Opening,
    OpeningMember,
    OpeningWeight,
    Score,
    Scorecard,
)
from rubrics.exchange import BUILT_IN, publish_rubric
from rubrics.file_format import read_document
from rubrics.models import Dimension, RubricVersion
from smarter.accounts.models import User
from smarter.audit.recording import record

BATCH = 5_000
MARK = "Synthetic: made up for measuring, not for choosing."
# Standard deviations on the rating scale, in the proportions that published panels show.
ABILITY, PROFILE, SEVERITY, NOISE = 0.7, 0.35, 0.35, 0.5


@transaction.atomic
def make_round(*, candidates: int, interviewers: int, per_candidate: int, seed: int, title: str = "") -> Opening:
    """An opening whose every candidate has `per_candidate` submitted scorecards from different interviewers.

    Raises ValueError where there are fewer interviewers than a candidate needs.
    """
    if not 1 <= per_candidate <= interviewers or candidates < 1:
        raise ValueError("Each candidate needs at least one scorecard, each from another interviewer.")
    draw = np.random.default_rng(seed)
    opening = _make_opening(title or f"Synthetic round of {candidates:,} candidates")
    people = _make_people(opening, interviewers)
    dimensions = list(opening.rubric_version.dimensions.all())
    panels = draw.random((candidates, interviewers)).argsort(axis=1)[:, :per_candidate]
    ratings = _ratings(draw, panels, interviewers, len(dimensions))
    interviews = _make_interviews(opening, candidates, draw)
    cards = _make_cards(interviews, people, panels, ratings, draw)
    Score.objects.bulk_create(
        (
            _score(card, dimension, int(value))
            for card, values in zip(cards, ratings.reshape(-1, len(dimensions)), strict=True)
            for dimension, value in zip(dimensions, values, strict=True)
        ),
        batch_size=BATCH,
    )
    record(actor=None, act="opening.create", subject=opening, opening_id=opening.pk, synthetic=True, seed=seed)
    return opening


def _make_opening(title: str) -> Opening:
    version = RubricVersion.objects.published().filter(rubric__key="smart").order_by("-number").first()
    version = version or publish_rubric(document=read_document(BUILT_IN.read_bytes()), user=None).version
    recruiter = User.objects.filter(is_recruiter=True, is_active=True).order_by("pk").first()
    if recruiter is None:
        recruiter = User.objects.create_user(
            "synthetic.recruiter@example.com", name="Synthetic recruiter", is_recruiter=True
        )
    opening = Opening.objects.create(title=title, brief=MARK, rubric_version=version, created_by=recruiter)
    OpeningMember.objects.create(opening=opening, user=recruiter, role=OpeningMember.Role.RECRUITER)
    OpeningWeight.objects.bulk_create(
        OpeningWeight(opening=opening, dimension_key=dimension.key, points=dimension.weight)
        for dimension in version.dimensions.all()
    )
    return opening


def _make_people(opening: Opening, number: int) -> list[User]:
    locked = make_password(None)
    return User.objects.bulk_create(
        User(email=f"synthetic.{opening.pk}.{each}@example.com", name=f"Synthetic interviewer {each}", password=locked)
        for each in range(1, number + 1)
    )


def _ratings(
    draw: np.random.Generator, panels: NDArray[np.intp], interviewers: int, dimensions: int
) -> NDArray[np.int64]:
    """Whole ratings by candidate, seat and dimension: ability and profile, less the rater's severity, with noise."""
    candidates, seats = panels.shape
    ability = draw.normal(3.2, ABILITY, (candidates, 1, 1)) + draw.normal(0, PROFILE, (candidates, 1, dimensions))
    severity = draw.normal(0, SEVERITY, interviewers)[panels][:, :, None]
    noise = draw.normal(0, NOISE, (candidates, seats, dimensions))
    return np.clip(np.rint(ability - severity + noise), 1, 5).astype(np.int64)


def _make_interviews(opening: Opening, number: int, draw: np.random.Generator) -> list[Interview]:
    now = timezone.now()
    candidates = Candidate.objects.bulk_create(
        (
            Candidate(
                name=f"Synthetic candidate {each}",
                email=f"synthetic.candidate.{opening.pk}.{each}@example.com",
                note=MARK,
                created_by=opening.created_by,
            )
            for each in range(1, number + 1)
        ),
        batch_size=BATCH,
    )
    applications = Application.objects.bulk_create(
        (
            Application(candidate=candidate, opening=opening, stage=Application.Stage.INTERVIEWING, source="Synthetic")
            for candidate in candidates
        ),
        batch_size=BATCH,
    )
    hours = draw.uniform(72, 1440, number)
    return Interview.objects.bulk_create(
        (
            Interview(
                application=application,
                starts_at=now - timedelta(hours=float(ago)),
                rubric_version=opening.rubric_version,
                created_by=opening.created_by,
            )
            for application, ago in zip(applications, hours, strict=True)
        ),
        batch_size=BATCH,
    )


def _make_cards(
    interviews: list[Interview],
    people: list[User],
    panels: NDArray[np.intp],
    ratings: NDArray[np.int64],
    draw: np.random.Generator,
) -> list[Scorecard]:
    recommendations = 1 + np.digitize(ratings.mean(axis=2), [2.4, 3.2, 4.2])
    delays = draw.uniform(1.5, 48, panels.shape)
    return Scorecard.objects.bulk_create(
        (
            _card(interview, people[rater], int(recommendations[place, seat]), float(delays[place, seat]))
            for place, interview in enumerate(interviews)
            for seat, rater in enumerate(panels[place])
        ),
        batch_size=BATCH,
    )


def _card(interview: Interview, interviewer: User, recommendation: int, delay: float) -> Scorecard:
    starts_at = interview.starts_at or interview.created_at
    submitted_at = starts_at + timedelta(hours=delay)
    return Scorecard(
        interview=interview,
        interviewer=interviewer,
        state=Scorecard.State.SUBMITTED,
        recommendation=recommendation,
        summary="Made up.",
        version=1,
        opened_at=starts_at,
        saved_at=submitted_at,
        submitted_at=submitted_at,
    )


def _score(card: Scorecard, dimension: Dimension, value: int) -> Score:
    return Score(
        scorecard=card,
        dimension=dimension,
        value=value,
        evidence=f"Made up: an answer like anchor {value}.",
        is_final=True,
    )
