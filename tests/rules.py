"""Who may do what at every address: the table that tests/test_matrix.py holds each answer to.

Roles beside the usual personas, all in `World`: `sealed` and `unsealed` sit on the panel (card open, card in), `torn`
is recruiter of the opening and has a card open there, `outsider` is a recruiter and hiring manager elsewhere, `gone`
was all of that and is deactivated.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.deciding import record_decision
from candidates.models import Debrief, Decision, Notification, OpeningMember, RetentionRun, Scorecard, Shortlist
from rubrics.models import RubricVersion
from smarter.accounts.models import User
from smarter.mail.models import MailMessage
from tests.factories import (
    make_application,
    make_interview,
    make_invitation,
    make_opening,
    make_rubric_version,
    make_sample_answer,
    make_scorecard,
    make_user,
)

ROLES = ("anonymous", "gone", "stranger", "sealed", "unsealed", "torn", "manager", "recruiter", "outsider", "admin")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
NOBODY: tuple[str, ...] = ()
SIGNED_IN = ROLES[2:]
TEAM = ("torn", "manager", "recruiter")
PANEL = ("sealed", "unsealed", "torn")
SEES_OPENING = (*PANEL, "manager", "recruiter")
RECRUITERS = ("torn", "recruiter", "outsider")
LOOKS_EARLY = ("manager", "recruiter")
ADMIN = ("admin",)


class World:
    """An opening with one candidate in the middle of it, and everybody who has or has not to do with it."""

    def __init__(self) -> None:
        self.recruiter = make_user(name="Maya Recruiter", is_recruiter=True)
        self.manager = make_user(name="Priya Manager")
        self.torn = make_user(name="Tom Torn", is_recruiter=True)
        self.gone = make_user(name="Gil Gone", is_recruiter=True, is_admin=True)
        self.sealed = make_user(name="Sara Sealed")
        self.unsealed = make_user(name="Uma Unsealed")
        self.outsider = make_user(name="Otto Outsider", is_recruiter=True)
        self.stranger = make_user(name="Sanna Stranger")
        self.admin = make_user(name="Ada Admin", is_admin=True)
        self.opening = make_opening(recruiter=self.recruiter, hiring_manager=self.manager)
        for user in (self.torn, self.gone):
            OpeningMember.objects.create(opening=self.opening, user=user, role=OpeningMember.Role.RECRUITER)
        make_application(opening=make_opening(recruiter=self.outsider, hiring_manager=self.outsider))
        self.application = make_application(opening=self.opening)
        self.interview = make_interview(application=self.application)
        self.own_open = self._card(self.sealed)
        self.own_in = self._card(self.unsealed, submitted=True)
        self._card(self.torn)
        self._card(self.gone)

    def _card(self, interviewer: User, **state: bool) -> Scorecard:
        return make_scorecard(interview=self.interview, interviewer=interviewer, **state)

    @cached_property
    def session_keys(self) -> dict[str, str]:
        """Session cookies by role; that of `gone` is from before the end."""
        keys = {}
        for role in ROLES[1:]:
            client = Client()
            client.force_login(getattr(self, role))
            keys[role] = client.cookies["session"].value
        User.objects.filter(pk=self.gone.pk).update(is_active=False)
        return keys

    def target(self, name: str) -> Model:
        """The row that an address names."""
        made = {
            "person": lambda: make_user(name="Pia Person"),
            "notification": lambda: Notification.objects.create(
                user=self.manager, kind=Notification.Kind.DEBRIEF_OPENED, opening=self.opening
            ),
            "failed mail": lambda: MailMessage.objects.create(
                kind="invitation", message_id="<1@x>", address="x@example.com", text="Come.", failed_at=timezone.now()
            ),
            "gone person": lambda: make_user(is_active=False),
            "invitation": lambda: make_invitation(invited_by=self.admin)[0],
            "complete card": self._complete,
            "debrief": lambda: Debrief.objects.create(opening=self.opening, opened_by=self.manager),
            "decision": self._decision,
            "shortlist": self._shortlist,
            "entry": lambda: self._shortlist().entries.create(application=self.application),
            "candidate": lambda: self.application.candidate,
            "hold": lambda: self.application.candidate.holds.create(reason="A claim", set_by=self.recruiter),
            "erasure request": lambda: self.application.candidate.erasure_requests.create(asked_by=self.recruiter),
            "run": lambda: RetentionRun.objects.create(candidates=[], started_by=self.admin),
            "score": lambda: self.own_in.scores.first(),
            "sample answer": make_sample_answer,
            "draft answer": lambda: make_sample_answer(
                version=make_rubric_version(state=RubricVersion.State.DRAFT), rating=2
            ),
            "draft version": lambda: make_rubric_version(state=RubricVersion.State.DRAFT),
            "version": lambda: self.opening.rubric_version,
            "rubric": lambda: self.opening.rubric_version.rubric,
        }
        return made[name]() if name in made else getattr(self, name.replace(" ", "_"))

    def _complete(self) -> Scorecard:
        """A card of an application whose cards are all in."""
        return make_scorecard(application=make_application(opening=self.opening), submitted=True)

    def _shortlist(self) -> Shortlist:
        return Shortlist.objects.create(opening=self.opening, name="To present", created_by=self.manager)

    def _decision(self) -> Decision:
        """On an application whose cards are all in."""
        application = self._complete().interview.application
        return record_decision(
            user=self.manager, application=application, outcome=Decision.Outcome.HOLD, rationale="Waits."
        )


@dataclass(frozen=True)
class Rule:
    """What an address answers: to whom it opens by GET and by POST (None: not a method of it), and on which row."""

    name: str
    get: tuple[str, ...] | None = None
    post: tuple[str, ...] | None = None
    on: str = ""
    is_public: bool = False
    turns_away_itself: bool = False  # no middleware before it: a script gets 401, whatever it sent
    sends_autosave: bool = False
    arguments: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name} on {self.on}" if self.on else self.name

    def address(self, world: World) -> str:
        """Where it is, in this world."""
        row = {"pk": world.target(self.on).pk} if self.on else {}
        named = {key: world.target(value).pk for key, value in self.arguments.items() if key.endswith("_pk")}
        plain = {key: value for key, value in self.arguments.items() if not key.endswith("_pk")}
        return reverse(self.name, kwargs={**row, **named, **plain})

    def body(self, world: World, role: str, address: str) -> dict[str, Any]:
        """What a POST sends."""
        if not self.sends_autosave or role == "anonymous":
            return self.data
        card = int(next(part for part in address.split("/") if part.isdigit()))
        return {"card": card, "version": 1, "sequence": 1, "user": getattr(world, role).pk, "fields": {}}

    def expected(self, role: str, method: str) -> str:
        """The kind of answer that is right."""
        is_out = role in ("anonymous", "gone") and not self.is_public
        let_in = {"GET": self.get, "POST": self.post}.get(method)
        if is_out and not (self.turns_away_itself and let_in is None):
            return "sign in"
        if let_in is None:
            return "no such method"
        return "in" if role in let_in else "hidden"


AUTOSAVE = {"turns_away_itself": True, "sends_autosave": True}
SITE = [
    Rule("healthz", get=ROLES, is_public=True),
    Rule("readyz", get=ROLES, is_public=True),
    Rule("account_login", get=ROLES, post=ROLES, is_public=True),
    Rule("demo_sign_in", post=NOBODY, is_public=True),
    Rule("account_logout", post=ROLES, is_public=True),
    Rule("account_reset_password", get=ROLES, post=ROLES, is_public=True),
    Rule("account_reset_password_done", get=ROLES, is_public=True),
    Rule(
        "account_reset_password_from_key",
        get=ROLES,
        post=ROLES,
        is_public=True,
        arguments={"uidb36": "1", "key": "made-up"},
    ),
    Rule("account_reset_password_from_key_done", get=ROLES, is_public=True),
    Rule("mfa_authenticate", get=ROLES, post=ROLES, is_public=True),
    Rule("mfa_login_webauthn", get=ROLES, post=ROLES, is_public=True),
    Rule("accounts:invitation_accept", get=NOBODY, post=NOBODY, is_public=True, arguments={"token": "made-up"}),
    Rule("mail:mail_stop", get=NOBODY, post=NOBODY, is_public=True, arguments={"token": "made-up"}),
    Rule("account_reauthenticate", get=SIGNED_IN, post=SIGNED_IN),
    Rule("account_change_password", get=SIGNED_IN, post=SIGNED_IN),
    Rule("account_set_password", get=SIGNED_IN, post=SIGNED_IN),
    Rule("usersessions_list", get=SIGNED_IN, post=SIGNED_IN),
    Rule("mfa_index", get=SIGNED_IN),
    Rule("mfa_reauthenticate", get=SIGNED_IN, post=SIGNED_IN),
    Rule("mfa_activate_totp", get=SIGNED_IN, post=SIGNED_IN),
    Rule("mfa_generate_recovery_codes", get=SIGNED_IN, post=SIGNED_IN),
    # For who has no second factor, as these have, there is none to look at or take away.
    Rule("mfa_deactivate_totp", get=NOBODY, post=NOBODY),
    Rule("mfa_view_recovery_codes", get=NOBODY),
    Rule("mfa_download_recovery_codes", get=NOBODY, post=NOBODY),
    Rule("mfa_list_webauthn", get=SIGNED_IN),
    Rule("mfa_add_webauthn", get=SIGNED_IN, post=SIGNED_IN),
    Rule("mfa_reauthenticate_webauthn", get=SIGNED_IN, post=SIGNED_IN),
    # They ask for the password again before they look for a key, so nobody learns which there are.
    Rule("mfa_remove_webauthn", get=SIGNED_IN, post=SIGNED_IN, on="person"),
    Rule("mfa_edit_webauthn", get=SIGNED_IN, post=SIGNED_IN, on="person"),
    Rule("accounts:profile", get=SIGNED_IN, post=SIGNED_IN),
    Rule("accounts:person_list", get=ADMIN),
    Rule("accounts:person_edit", get=ADMIN, post=ADMIN, on="person"),
    Rule("accounts:person_deactivate", post=ADMIN, on="person"),
    Rule("accounts:person_reactivate", post=ADMIN, on="gone person"),
    Rule("accounts:invitation_create", get=ADMIN, post=ADMIN),
    Rule("accounts:invitation_renew", post=ADMIN, on="invitation"),
    Rule("accounts:invitation_withdraw", post=ADMIN, on="invitation"),
    Rule("candidates:event_list", get=ADMIN),
    Rule("candidates:event_export", post=ADMIN),
]
OPENINGS = [
    Rule("candidates:home", get=SIGNED_IN),
    Rule("candidates:calibration", get=SIGNED_IN),
    Rule("candidates:practice", get=SIGNED_IN),
    Rule("candidates:practice_answer", get=SIGNED_IN, post=SIGNED_IN, on="sample answer"),
    Rule("candidates:practice_answer", get=NOBODY, post=NOBODY, on="draft answer"),
    Rule("candidates:opening_list", get=SIGNED_IN),
    Rule("candidates:opening_create", get=RECRUITERS, post=RECRUITERS),
    Rule("candidates:opening_detail", get=SEES_OPENING, on="opening"),
    Rule("candidates:opening_edit", get=TEAM, post=TEAM, on="opening"),
    Rule("candidates:opening_plan", get=TEAM, on="opening"),
    Rule("candidates:opening_choose", post=TEAM, on="opening"),
    Rule("candidates:opening_compare", get=SEES_OPENING, on="opening"),
    Rule("candidates:opening_compare_trial", get=SEES_OPENING, on="opening"),
    Rule("candidates:opening_weights", get=TEAM, post=TEAM, on="opening"),
    Rule("candidates:opening_ranking", get=SEES_OPENING, on="opening"),
    Rule("candidates:candidate_import", get=TEAM, post=TEAM, on="opening"),
    Rule("candidates:scorecard_import", get=TEAM, post=TEAM, on="opening"),
    Rule("candidates:score_export", get=SEES_OPENING, on="opening"),
    Rule("candidates:summary_export", get=SEES_OPENING, on="opening"),
    Rule("candidates:application_create", get=TEAM, post=TEAM, on="opening"),
    Rule(
        "candidates:application_add",
        get=TEAM,
        post=TEAM,
        on="opening",
        arguments={"candidate_pk": "candidate"},
    ),
    Rule("candidates:application_move_undo", post=TEAM, on="opening"),
    Rule("candidates:application_move", post=TEAM, on="application"),
    Rule(
        "candidates:application_look_early",
        get=("manager", "recruiter"),
        post=("manager", "recruiter"),
        on="application",
    ),
    Rule("candidates:candidate_list", get=SIGNED_IN),
    Rule("candidates:candidate_detail", get=SEES_OPENING, on="candidate"),
    Rule("candidates:candidate_edit", get=TEAM, post=TEAM, on="candidate"),
    Rule("candidates:candidate_cv", get=NOBODY, on="candidate"),
    Rule("candidates:candidate_disclosure", get=("torn", "recruiter"), on="candidate"),
    Rule("candidates:candidate_disclosure_file", get=("torn", "recruiter"), on="candidate"),
    Rule("candidates:candidate_hold", get=TEAM, post=TEAM, on="candidate"),
    Rule("candidates:hold_lift", post=TEAM, on="hold"),
    Rule("candidates:candidate_erase_ask", get=("torn", "recruiter"), post=("torn", "recruiter"), on="candidate"),
    Rule("candidates:erasure_withdraw", post=("torn", "recruiter", "admin"), on="erasure request"),
    # Admins erase by number and learn no name; who it is, they see only where they work with the candidate.
    Rule("candidates:candidate_erase", get=ADMIN, post=ADMIN, on="candidate"),
    Rule("candidates:retention", get=ADMIN, post=ADMIN),
    Rule("candidates:retention_start", get=ADMIN, post=ADMIN),
    Rule("candidates:retention_run", get=ADMIN, post=ADMIN, on="run"),
    Rule("candidates:interview_create", get=TEAM, post=TEAM, on="application"),
    Rule("candidates:interview_detail", get=SEES_OPENING, on="interview"),
    Rule("candidates:interview_calendar", get=SEES_OPENING, on="interview"),
    Rule("candidates:interview_edit", get=TEAM, post=TEAM, on="interview"),
    Rule("candidates:interview_cancel", get=TEAM, post=TEAM, on="interview"),
    Rule("candidates:mail_list", get=ADMIN),
    Rule("candidates:mail_retry", post=ADMIN, on="failed mail"),
    Rule("candidates:notification_list", get=SIGNED_IN),
    Rule("candidates:notification_read", post=SIGNED_IN),
    Rule("candidates:notification_follow", get=("manager",), on="notification"),
    Rule("candidates:nudge_create", get=TEAM, post=TEAM, on="opening"),
    Rule("candidates:nudge_undo", post=TEAM, on="opening"),
    Rule("candidates:panel_copy", get=TEAM, post=TEAM, on="interview"),
]
SCORECARDS = [
    Rule("candidates:scorecard_detail", get=("sealed",), on="own open"),
    Rule("candidates:scorecard_detail", get=("unsealed",), on="own in"),
    Rule("candidates:scorecard_detail", get=TEAM, on="complete card"),
    Rule("candidates:scorecard_edit", get=("sealed",), post=("sealed",), on="own open"),
    Rule("candidates:scorecard_edit", get=("unsealed",), post=("unsealed",), on="own in"),
    Rule("candidates:scorecard_edit", get=NOBODY, post=NOBODY, on="complete card"),
    Rule("candidates:scorecard_autosave", get=SIGNED_IN, post=("sealed",), on="own open", **AUTOSAVE),
    Rule("candidates:scorecard_autosave", get=SIGNED_IN, post=("unsealed",), on="own in", **AUTOSAVE),
    Rule("candidates:scorecard_keys", post=SIGNED_IN),
    Rule("candidates:scorecard_review", get=("sealed",), post=("sealed",), on="own open"),
    Rule("candidates:scorecard_decline", get=("sealed",), post=("sealed",), on="own open"),
    Rule("candidates:scorecard_decline", get=NOBODY, post=NOBODY, on="own in"),
    Rule("candidates:scorecard_hand_back", get=NOBODY, post=NOBODY, on="own open"),
    Rule("candidates:scorecard_hand_back", get=("recruiter",), post=("recruiter",), on="own in"),
    Rule("candidates:score_revise", get=("unsealed",), post=("unsealed",), on="score"),
]
RUBRICS = [
    Rule("rubrics:rubric_list", get=SIGNED_IN),
    Rule("rubrics:version_detail", get=SIGNED_IN, on="version"),
    Rule("rubrics:version_detail", get=ADMIN, on="draft version"),
    Rule("rubrics:version_file", get=SIGNED_IN, on="version"),
    Rule("rubrics:version_file", get=ADMIN, on="draft version"),
    Rule("rubrics:rubric_import", get=ADMIN, post=ADMIN),
    Rule("rubrics:version_changes", get=SIGNED_IN, on="version"),
    Rule("rubrics:version_changes", get=ADMIN, on="draft version"),
    Rule("rubrics:version_draft", post=ADMIN, on="version"),
    # Text sent to a draft that was published meanwhile comes back to be copied.
    Rule("rubrics:version_edit", get=NOBODY, post=ADMIN, on="version"),
    Rule("rubrics:version_edit", get=ADMIN, post=ADMIN, on="draft version"),
    Rule(
        "rubrics:version_autosave",
        get=SIGNED_IN,
        post=ADMIN,
        on="draft version",
        arguments={"key": "strategic"},
        **AUTOSAVE,
    ),
    Rule("rubrics:rubric_create", get=ADMIN, post=ADMIN),
    Rule("rubrics:rubric_edit", get=ADMIN, post=ADMIN, on="rubric"),
    Rule("rubrics:rubric_archive", post=ADMIN, on="rubric"),
    Rule("rubrics:rubric_restore", post=ADMIN, on="rubric"),
    Rule("candidates:version_preview", get=SIGNED_IN, on="version"),
    Rule("candidates:version_preview", get=ADMIN, on="draft version"),
    Rule("candidates:version_preview_card", get=SIGNED_IN, on="version"),
    Rule("candidates:version_preview_card", get=ADMIN, on="draft version"),
    Rule("candidates:version_openings", get=ADMIN, post=ADMIN, on="version"),
    Rule("candidates:version_openings", get=NOBODY, post=NOBODY, on="draft version"),
    Rule("candidates:opening_move", post=TEAM, on="opening"),
    Rule("rubrics:version_answers", get=NOBODY, post=NOBODY, on="version"),
    Rule("rubrics:version_answers", get=ADMIN, post=ADMIN, on="draft version"),
    Rule("rubrics:version_answer_restore", post=NOBODY, on="version"),
    Rule("rubrics:version_answer_restore", post=ADMIN, on="draft version"),
    Rule("rubrics:version_publish", get=NOBODY, post=NOBODY, on="version"),
    Rule("rubrics:version_publish", get=ADMIN, post=ADMIN, on="draft version"),
    Rule("rubrics:version_discard", post=NOBODY, on="version"),
    Rule("rubrics:version_discard", post=ADMIN, on="draft version"),
    Rule("rubrics:version_retire", post=ADMIN, on="version"),
    Rule("rubrics:version_retire", post=NOBODY, on="draft version"),
]
DEBRIEFS = [
    Rule("candidates:opening_debrief", get=SEES_OPENING, on="opening"),
    Rule("candidates:debrief_open", post=TEAM, on="opening"),
    Rule("candidates:debrief_close", post=TEAM, on="debrief"),
    Rule("candidates:debrief_follow", get=SEES_OPENING, on="debrief"),
    Rule(
        "candidates:debrief_item_settle",
        post=("unsealed",),
        on="debrief",
        arguments={"application_pk": "application", "dimension": "strategic"},
    ),
    Rule("candidates:decision_create", get=TEAM, post=TEAM, on="application"),
    Rule("candidates:decision_detail", get=TEAM, on="decision"),
    Rule("candidates:shortlist_create", get=TEAM, post=TEAM, on="opening"),
    Rule("candidates:shortlist_fill", get=TEAM, post=TEAM, on="opening"),
    Rule("candidates:shortlist_undo", post=TEAM, on="shortlist"),
    Rule("candidates:shortlist_detail", get=TEAM, on="shortlist"),
    Rule("candidates:shortlist_entry_add", post=TEAM, on="shortlist"),
    Rule("candidates:shortlist_entry_remove", post=TEAM, on="entry"),
    Rule("candidates:shortlist_entry_restore", post=TEAM, on="entry"),
    Rule("candidates:shortlist_entry_move", post=TEAM, on="entry"),
    Rule("candidates:shortlist_entry_note", post=("manager", "recruiter"), on="entry"),
]
RULES = [*DEBRIEFS, *SITE, *RUBRICS, *OPENINGS, *SCORECARDS]
