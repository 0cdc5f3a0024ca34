"""Every act alone and whole: it touches its own rows only, and where it cannot be recorded nothing has happened."""

import sys
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import models

from candidates.debriefing import close_debrief, open_debrief, settle_item
from candidates.deciding import record_decision
from candidates.looking import look_early
from candidates.models import Debrief, Interview, Notification, Opening, Scorecard
from candidates.panels import Seat, cancel_interview, change_interview, copy_panel, plan_interview
from candidates.scoring import (
    CardHasGaps,
    decline_card,
    hand_back_card,
    open_card,
    revise_score,
    save_draft,
    submit_card,
)
from candidates.sheet import load_sheet
from candidates.staffing import create_opening, edit_opening
from candidates.stages import move_applications, undo_moves
from candidates.weighing import change_weights, weights_of
from smarter.accounts.models import User
from smarter.accounts.people import change_person, change_profile, deactivate, reactivate
from smarter.audit.models import AuditEvent
from smarter.audit.recording import record
from smarter.mail.models import MailMessage
from tests.factories import make_application, make_interview, make_opening, make_scorecard, make_user

WHOLE = [4, 3, 2, None, 3]
Rows = dict[tuple[str, Any], dict[str, Any]]


class Scene:
    """One opening with an interview and a card in each state, and beside each row another of its kind."""

    def __init__(self) -> None:
        self.admin = make_user(is_admin=True)
        self.recruiter = make_user(is_recruiter=True)
        self.opening = make_opening(recruiter=self.recruiter)
        self.application = make_application(opening=self.opening)
        self.interview = make_interview(application=self.application)
        self.cards = self._cards(self.interview)
        self._cards(self.interview)
        self._cards(make_interview(application=self.application))
        self._cards(make_interview(application=make_application(opening=self.opening)))
        elsewhere = make_opening(recruiter=self.recruiter, rubric_version=self.opening.rubric_version)
        self._cards(make_interview(application=make_application(opening=elsewhere)))
        Debrief.objects.create(opening=elsewhere, opened_by=self.recruiter)
        self._what_single_acts_need()

    def _what_single_acts_need(self) -> None:
        """Made here, so that it stands before the act."""
        self.unbegun = make_scorecard(application=self.application)
        self.undebated = make_opening(recruiter=self.recruiter)
        self.debrief = Debrief.objects.create(opening=self.opening, opened_by=self.recruiter)
        self.item = self.debrief.items.create(
            application=self.application, dimension_key="action", settled_by=self.recruiter
        )
        self.complete = make_application(opening=self.opening)
        make_scorecard(application=self.complete, submitted=True)
        self.moved = self.complete.stage_changes.create(
            from_stage="screening", to_stage="interviewing", changed_by=self.recruiter
        )
        self.gone, _ = make_user(is_active=False), make_user(is_active=False)
        for person in (self.recruiter, self.admin):
            UserSession.objects.create(user=person, session_key=f"key-{person.pk}", ip="127.0.0.1", user_agent="x")

    def _cards(self, interview: Interview) -> dict[str, Scorecard]:
        states = {"waiting": None, "draft": WHOLE, "submitted": WHOLE}
        return {
            state: make_scorecard(interview=interview, values=values, state=state, recommendation=3, opened_at=None)
            for state, values in states.items()
        }

    def card(self, state: str) -> Scorecard:
        """A card as a view loads it."""
        return Scorecard.objects.with_context().with_typed().get(pk=self.cards[state].pk)


def rows() -> Rows:
    """Everything that is stored."""
    return {
        (model._meta.label, row["id"]): row
        for model in [*apps.get_models(), UserSession]
        if model.__module__.split(".")[0] in ("candidates", "rubrics", "smarter") or model is UserSession
        for row in model._default_manager.values()
    }


def keys(objects: Iterable[models.Model]) -> set[tuple[str, Any]]:
    """What rows are called in `rows`."""
    return {(row._meta.label, row.pk) for row in objects}


def open_one(scene: Scene) -> list[models.Model]:
    """Open a card, which pins its interview's wording."""
    card = Scorecard.objects.with_context().with_typed().get(pk=scene.unbegun.pk)
    open_card(user=card.interviewer, card=card)
    return [card, card.interview]


def save(scene: Scene) -> list[models.Model]:
    """Save a draft."""
    card = scene.card("draft")
    sheet = load_sheet(card)
    fields = sheet.fields | {"evidence.action": "More.", sheet.parts[0].asked[0].name: "quick"}
    save_draft(user=card.interviewer, sheet=sheet, version=0, fields=fields)
    return [card, *card.scores.filter(dimension__key="action")]


def first_save(scene: Scene) -> list[models.Model]:
    """Save a waiting card, which makes it a draft."""
    card = scene.card("waiting")
    sheet = load_sheet(card)
    fields = sheet.fields | {"evidence.action": "More.", sheet.parts[0].asked[0].name: "quick"}
    save_draft(user=card.interviewer, sheet=sheet, version=0, fields=fields)
    return [card]


def submit(scene: Scene) -> list[models.Model]:
    """Submit."""
    card = scene.card("draft")
    submit_card(user=card.interviewer, card=card, version=0, key=uuid4())
    return [card, *card.scores.all()]


def decline(scene: Scene) -> list[models.Model]:
    """Decline."""
    card = scene.card("draft")
    decline_card(user=card.interviewer, card=card, reason="could_not_attend")
    return [card]


def hand_back(scene: Scene) -> list[models.Model]:
    """Hand back."""
    card = scene.card("submitted")
    hand_back_card(user=scene.recruiter, card=card)
    return [card, *card.scores.all()]


def revise(scene: Scene) -> list[models.Model]:
    """Revise."""
    card = scene.card("submitted")
    revise_score(user=card.interviewer, score=card.scores.first(), value=5, reason="slip", text="Slip.")
    return []


def look(scene: Scene) -> list[models.Model]:
    """Look early."""
    look_early(user=scene.recruiter, application_id=scene.application.pk)
    return []


def plan(scene: Scene) -> list[models.Model]:
    """Plan an interview."""
    interview = Interview(application=scene.application, starts_at=scene.interview.starts_at)
    plan_interview(user=scene.recruiter, interview=interview, seats=[Seat(scene.admin.pk)])
    return []


def change_plan(scene: Scene) -> list[models.Model]:
    """Change an interview and its panel."""
    stays, goes, untouched = (scene.cards[state] for state in ("waiting", "draft", "submitted"))
    change_interview(
        user=scene.recruiter,
        interview=Interview.objects.get(pk=scene.interview.pk),
        seats=[Seat(stays.interviewer_id, ("action",), is_shadow=True), Seat(scene.admin.pk)],
        removed=[goes.interviewer_id, untouched.interviewer_id],
        is_confirmed=True,
    )
    return [scene.interview, stays, goes]


def take_off(scene: Scene) -> list[models.Model]:
    """Take somebody off who has not begun; the seat goes."""
    goes = scene.cards["waiting"]
    change_interview(
        user=scene.recruiter,
        interview=Interview.objects.get(pk=scene.interview.pk),
        seats=[],
        removed=[goes.interviewer_id],
        is_confirmed=False,
    )
    return [scene.interview, goes]


def cancel(scene: Scene) -> list[models.Model]:
    """Cancel an interview."""
    cancel_interview(user=scene.recruiter, interview=Interview.objects.get(pk=scene.interview.pk))
    return [scene.interview]


def copy(scene: Scene) -> list[models.Model]:
    """Use a panel for somebody else."""
    copy_panel(user=scene.recruiter, source=scene.interview, applications=[scene.complete])
    return []


def new_opening(scene: Scene) -> list[models.Model]:
    """Start an opening."""
    opening = Opening(title="New", rubric_version=scene.opening.rubric_version)
    create_opening(user=scene.recruiter, opening=opening, hiring_managers=[], recruiters=[], points={"action": 100})
    return []


def change_team(scene: Scene) -> list[models.Model]:
    """Change the facts and the team of an opening."""
    member = scene.opening.members.get()
    opening = Opening.objects.get(pk=scene.opening.pk)
    opening.title = "Other"
    edit_opening(
        user=scene.recruiter,
        opening=opening,
        hiring_managers=[scene.admin],
        recruiters=[],
        points=weights_of(scene.opening),
    )
    return [opening, member]


def weigh(scene: Scene) -> list[models.Model]:
    """Change the weights."""
    weights = list(scene.opening.weights.all())
    change_weights(user=scene.recruiter, opening=scene.opening, points={"action": 100}, reason="Because.")
    return weights


def move(scene: Scene) -> list[models.Model]:
    """Move an application."""
    move_applications(user=scene.recruiter, applications=[scene.application], to_stage="debrief")
    return [scene.application]


def undo(scene: Scene) -> list[models.Model]:
    """Take a move back."""
    undo_moves(user=scene.recruiter, changes=[scene.moved])
    return [scene.complete]


def begin_debrief(scene: Scene) -> list[models.Model]:
    """Open a debrief."""
    open_debrief(user=scene.recruiter, opening=scene.undebated, is_confirmed=True)
    return []


def settle(scene: Scene) -> list[models.Model]:
    """Settle an item anew."""
    settle_item(
        user=scene.recruiter,
        debrief=scene.debrief,
        application=scene.application,
        dimension_key="action",
        outcome="stays",
        note="Both.",
        seen_at=scene.item.settled_at,
    )
    return [scene.item]


def end_debrief(scene: Scene) -> list[models.Model]:
    """Close the debrief."""
    close_debrief(user=scene.recruiter, debrief=scene.debrief)
    return [scene.debrief]


def decide(scene: Scene) -> list[models.Model]:
    """Decide."""
    record_decision(user=scene.recruiter, application=scene.complete, outcome="hold", rationale="Waits.")
    return []


def change_roles(scene: Scene) -> list[models.Model]:
    """Change a person."""
    scene.recruiter.is_admin = True
    change_person(actor=scene.admin, person=scene.recruiter)
    return [scene.recruiter]


def change_own(scene: Scene) -> list[models.Model]:
    """Change one's own profile."""
    scene.recruiter.name = "Another Name"
    change_profile(person=scene.recruiter)
    return [scene.recruiter]


def put_out(scene: Scene) -> list[models.Model]:
    """Deactivate."""
    sessions = list(UserSession.objects.filter(user=scene.recruiter))
    deactivate(actor=scene.admin, person=scene.recruiter)
    return [scene.recruiter, *sessions]


def let_in(scene: Scene) -> list[models.Model]:
    """Reactivate."""
    reactivate(actor=scene.admin, person=scene.gone)
    return [scene.gone]


ACTS: list[Callable[[Scene], list[models.Model]]] = [
    open_one, save, first_save, submit, decline, hand_back, revise, look, plan, change_plan, take_off, cancel, copy,
    new_opening, change_team, weigh, move, undo, begin_debrief, settle, end_debrief, decide, change_roles, change_own,
    put_out, let_in,
]  # fmt: skip
# Rows that tell of acts may be written anew by any of them.
TELLING = {Notification._meta.label, MailMessage._meta.label}


@pytest.fixture
def scene(db: None) -> Scene:
    """Everything the acts need."""
    return Scene()


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_an_act_touches_its_own_rows_only(scene: Scene, act: Callable[[Scene], list[models.Model]]) -> None:
    before = rows()

    touched = keys(act(scene))

    after = rows()
    assert {key for key, row in before.items() if after.get(key) != row and key[0] not in TELLING} == touched


@pytest.mark.parametrize("act", [act for act in ACTS if act is not save], ids=lambda act: act.__name__)
def test_an_act_that_cannot_be_recorded_has_not_happened(
    scene: Scene, act: Callable[[Scene], list[models.Model]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_event: Any) -> None:
        raise RuntimeError("the audit is full")

    for name, module in list(sys.modules.items()):
        if name.startswith(("candidates.", "smarter.")) and getattr(module, "record", None) is record:
            monkeypatch.setattr(module, "record", refuse)
    before = rows()

    with pytest.raises(RuntimeError, match="the audit is full"):
        act(scene)

    assert rows() == before


@pytest.mark.parametrize("act", [save, first_save, submit, decline, hand_back], ids=lambda act: act.__name__)
def test_an_act_moves_the_version_of_its_card(scene: Scene, act: Callable[[Scene], list[models.Model]]) -> None:
    card = act(scene)[0]

    assert Scorecard.objects.get(pk=card.pk).version == 1


def test_the_first_save_is_told_and_later_ones_are_not(scene: Scene) -> None:
    card = scene.card("waiting")
    told = []
    for version in range(3):
        sheet = load_sheet(scene.card("waiting"))
        save_draft(user=card.interviewer, sheet=sheet, version=version, fields=sheet.fields)
        told.append(AuditEvent.objects.filter(act="scorecard.draft").count())

    assert told == [1, 1, 1]


@pytest.mark.parametrize("state", ["submitted", "waiting"])
def test_only_an_open_card_is_opened(scene: Scene, state: str) -> None:
    card = scene.card(state)

    open_card(user=card.interviewer, card=card)

    assert (Scorecard.objects.get(pk=card.pk).opened_at is not None) == (state == "waiting")
    assert AuditEvent.objects.count() == (state == "waiting")


def test_what_was_saved_while_the_review_was_read_counts(scene: Scene) -> None:
    stale = scene.card("draft")
    sheet = load_sheet(stale)
    save_draft(user=stale.interviewer, sheet=sheet, version=0, fields=sheet.fields | {"recommendation": ""})

    with pytest.raises(CardHasGaps):
        submit_card(user=stale.interviewer, card=stale, version=1, key=uuid4())


def test_what_was_not_observed_stays_when_the_card_goes_in(scene: Scene) -> None:
    card = submit(scene)[0]

    assert list(Scorecard.objects.get(pk=card.pk).scores.values_list("value", "not_observed")) == [
        (4, ""), (3, ""), (2, ""), (None, "did_not_come_up"), (3, ""),
    ]  # fmt: skip


def test_a_deactivated_person_is_the_only_one_put_out(scene: Scene) -> None:
    deactivate(actor=scene.admin, person=scene.recruiter)

    assert set(UserSession.objects.values_list("user", flat=True)) == {scene.admin.pk}
    assert set(User.objects.filter(is_active=False)) >= {scene.recruiter, scene.gone}
