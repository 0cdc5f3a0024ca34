"""Rows for tests: plain keyword-only functions that make what is not given."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from candidates.models import (
    Application,
    Candidate,
    Interview,
    NotObserved,
    Opening,
    OpeningMember,
    OpeningWeight,
    Score,
    Scorecard,
)
from rubrics.models import Anchor, Dimension, Question, Rubric, RubricVersion, SampleAnswer
from smarter.accounts.models import Invitation, User

PASSWORD = "correct-horse-battery"
LETTERS = "SMART"
NAMES = ("Strategic", "Measurable", "Action", "Relationships", "Teams")
_counter = itertools.count(1)


def make_user(*, name: str = "", email: str = "", **fields: Any) -> User:
    """A person with the password PASSWORD (hashed cheaply by the test settings)."""
    number = next(_counter)
    return User.objects.create_user(
        email=email or f"person{number}@example.com", password=PASSWORD, name=name or f"Person {number}", **fields
    )


def make_rubric_version(
    *,
    dimensions: int = 5,
    questions: int = 1,
    state: str = RubricVersion.State.PUBLISHED,
    rubric: Rubric | None = None,
    number: int = 1,
    weights: Sequence[int] | None = None,
) -> RubricVersion:
    """A version with the first `dimensions` of SMART, five anchors each, weights 100 / dimensions unless given."""
    rubric = rubric or Rubric.objects.create(key=f"rubric-{next(_counter)}", name="SMART")
    published_at = None if state == RubricVersion.State.DRAFT else timezone.now()
    version = RubricVersion.objects.create(rubric=rubric, number=number, state=state, published_at=published_at)
    weights = weights or [100 // dimensions] * dimensions
    made = Dimension.objects.bulk_create(
        Dimension(
            version=version,
            key=NAMES[i].lower(),
            letter=LETTERS[i],
            name=NAMES[i],
            meaning=f"What {NAMES[i]} means.",
            weight=weights[i],
            position=i,
        )
        for i in range(dimensions)
    )
    Anchor.objects.bulk_create(
        Anchor(dimension=dimension, value=value, text=f"{dimension.name} worth {value}")
        for dimension in made
        for value in range(1, 6)
    )
    Question.objects.bulk_create(
        Question(
            dimension=dimension,
            key=f"{dimension.key}-{i}",
            text=f"{dimension.name} question {i}?",
            probes=["And then?", "Who else?"],
            listen_for="A reason.",
            position=i,
        )
        for dimension in made
        for i in range(questions)
    )
    return version


def make_sample_answer(*, version: RubricVersion | None = None, rating: int = 4, **fields: Any) -> SampleAnswer:
    """A practice answer to the first question of a published version, unless told otherwise."""
    version = version or make_rubric_version()
    number = version.sample_answers.count() + 1
    answer = SampleAnswer(
        version=version,
        key=fields.pop("key", f"exercise-{number}"),
        question=fields.pop("question", None) or Question.objects.filter(dimension__version=version).earliest("pk"),
        answer=fields.pop("answer", f"Sample answer {number}."),
        reason=f"Why it is a {rating}.",
        rating=rating,
        position=number,
        **fields,
    )
    return SampleAnswer.objects.bulk_create([answer])[0]  # as for the other parts: a published version is frozen


def make_opening(
    *,
    recruiter: User | None = None,
    hiring_manager: User | None = None,
    rubric_version: RubricVersion | None = None,
    dimensions: int = 5,
    weights: Sequence[int] | None = None,
    title: str = "Regional VP of Sales",
    **fields: Any,
) -> Opening:
    """An opening with its team and weights (the rubric's unless given)."""
    version = rubric_version or make_rubric_version(dimensions=dimensions, weights=weights)
    creator = recruiter or hiring_manager or make_user(is_recruiter=True)
    opening = Opening.objects.create(title=title, rubric_version=version, created_by=creator, **fields)
    OpeningMember.objects.create(opening=opening, user=recruiter or creator, role=OpeningMember.Role.RECRUITER)
    if hiring_manager:
        OpeningMember.objects.create(opening=opening, user=hiring_manager, role=OpeningMember.Role.HIRING_MANAGER)
    points = weights or [dimension.weight for dimension in version.dimensions.all()]
    OpeningWeight.objects.bulk_create(
        OpeningWeight(opening=opening, dimension_key=dimension.key, points=points[i])
        for i, dimension in enumerate(version.dimensions.all())
    )
    return opening


def make_candidate(*, name: str = "", created_by: User | None = None, **fields: Any) -> Candidate:
    """A person who may be hired."""
    number = next(_counter)
    fields.setdefault("email", f"candidate{number}@example.com")
    return Candidate.objects.create(
        name=name or f"Candidate {number}", created_by=created_by or make_user(is_recruiter=True), **fields
    )


def make_application(
    *, opening: Opening | None = None, candidate: Candidate | None = None, name: str = "", **fields: Any
) -> Application:
    """A candidate in an opening, interviewing unless told otherwise."""
    opening = opening or make_opening()
    candidate = candidate or make_candidate(name=name, created_by=opening.created_by)
    fields.setdefault("stage", Application.Stage.INTERVIEWING)
    return Application.objects.create(opening=opening, candidate=candidate, **fields)


def make_interview(
    *, application: Application | None = None, starts_at: datetime | None = None, **fields: Any
) -> Interview:
    """A conversation that ended an hour ago, unless told otherwise."""
    application = application or make_application()
    return Interview.objects.create(
        application=application,
        starts_at=starts_at or timezone.now() - timedelta(hours=2),
        created_by=fields.pop("created_by", application.opening.created_by),
        **fields,
    )


def make_scorecard(
    *,
    interview: Interview | None = None,
    application: Application | None = None,
    opening: Opening | None = None,
    interviewer: User | None = None,
    values: Sequence[int | None] | None = None,
    evidence: str = "Said what happened, and what came of it.",
    submitted: bool = False,
    **fields: Any,
) -> Scorecard:
    """A seat; with `values` a draft with these ratings in order (None: not observed), with `submitted` a final card.

    A submitted card without values rates every dimension 3.
    """
    if interview is None:
        interview = make_interview(application=application or make_application(opening=opening))
    state = Scorecard.State.SUBMITTED if submitted else Scorecard.State.DRAFT if values else Scorecard.State.WAITING
    now = timezone.now()
    fields.setdefault("state", state)
    if fields["state"] == Scorecard.State.SUBMITTED:
        fields.setdefault("submitted_at", now)
        fields.setdefault("recommendation", 3)
    if fields["state"] == Scorecard.State.DECLINED:
        fields.setdefault("declined_at", now)
        fields.setdefault("decline_reason", Scorecard.DeclineReason.COULD_NOT_ATTEND)
    if fields["state"] in (Scorecard.State.DRAFT, Scorecard.State.SUBMITTED):
        fields.setdefault("opened_at", now)
        interview.pin_version()
    card = Scorecard.objects.create(interview=interview, interviewer=interviewer or make_user(), **fields)
    dimensions = list(interview.pinned_version().dimensions.all())
    if values is None and card.state == Scorecard.State.SUBMITTED:
        values = [3] * len(dimensions)
    Score.objects.bulk_create(
        Score(
            scorecard=card,
            dimension=dimension,
            value=value,
            not_observed="" if value else NotObserved.DID_NOT_COME_UP,
            evidence=evidence if value else "",
            is_final=card.state == Scorecard.State.SUBMITTED,
        )
        for dimension, value in zip(dimensions, values or [], strict=False)
    )
    return card


def make_invitation(*, email: str = "", invited_by: User | None = None, **fields: Any) -> tuple[Invitation, str]:
    """An open invitation and the path of its link."""
    invitation = Invitation(email=email or f"invited{next(_counter)}@example.com", **fields)
    invitation.invited_by = invited_by or make_user(is_admin=True)
    token = invitation.renew_token()
    invitation.expires_at = fields.get("expires_at", invitation.expires_at)
    invitation.save()
    return invitation, reverse("accounts:invitation_accept", args=[token])
