"""Everything held about one person, for that person: ADR 14 says who may make it, and what is left out of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from candidates.comparison.seats import Closed, closed, read_seats
from candidates.looking import note_sight
from candidates.models import (
    Application,
    Candidate,
    DebriefItem,
    Decision,
    EarlyLook,
    LegalHold,
    ShortlistEntry,
    StageChange,
)
from candidates.privacy.mentions import without
from candidates.privacy.panels import read_interviews
from candidates.privacy.parts import Part, facts, parts
from candidates.snapshot import closed_to, known_without
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.audit.recording import record
from smarter.mail.models import MailMessage

ANOTHER, COLLEAGUE = "[another candidate]", "[a colleague]"


class DisclosureClosed(Exception):
    """Scores of the person may not be read by this user yet."""


@dataclass
class Maker:
    """Who makes a disclosure: a recruiter, who reads as far as open, or the operator (no user), who reads all.

    `is_masked` leaves the colleagues' names out, which are `colleagues` wherever a text holds them; `others` are the
    candidates whose names are no business of this one.
    """

    user: User | None
    is_masked: bool = False
    others: Sequence[str] = ()
    colleagues: Sequence[str] = ()
    met: dict[int, int] = field(default_factory=dict)

    def colleague(self, person: User | None) -> str:
        """How somebody who works here is called in it."""
        if person is None:
            return "the app"
        return f"Colleague {self.met.setdefault(person.pk, len(self.met) + 1)}" if self.is_masked else person.name

    def clean(self, text: str) -> str:
        """A text without the names of other candidates, and where masked without those of colleagues."""
        return without(without(text, self.others, mark=ANOTHER), self.colleagues, mark=COLLEAGUE)


@dataclass(frozen=True)
class Disclosure:
    """The tree, and what stands on its first page."""

    candidate: Candidate
    made_at: datetime
    openings: tuple[str, ...]
    person: Part

    def stored(self) -> dict[str, Any]:
        """As it is written to the file."""
        return {
            "format": "smarter-disclosure",
            "version": 1,
            "made_at": self.made_at.isoformat(),
            "openings": list(self.openings),
            "has_cv": bool(self.candidate.cv),
            "person": self.person.stored(),
        }


def why_closed(user: User, candidate: Candidate) -> list[tuple[Application, Closed]]:
    """The applications whose scores stand between this recruiter and a disclosure, each with the reason."""
    mine = Application.objects.recruited_by(user).filter(candidate=candidate)
    is_open = Application.objects.open_to_decision(user).filter(candidate=candidate)
    shut = mine.exclude(pk__in=is_open.order_by().values("pk")).with_seal(user)
    found = []
    for application in shut.select_related("candidate", "opening"):
        reason = closed(application, read_seats(user, [application]))
        found.append((application, reason or Closed("Open when all scorecards are in.", "")))
    return found


def disclose(*, user: User | None, candidate: Candidate, kind: str, is_masked: bool = False) -> Disclosure:
    """Everything about `candidate` as far as `user` may read it, recorded; the operator reads all.

    Call it in a transaction. Raises DisclosureClosed where scores stand in the way: a part of it would pass for all.
    """
    if user and why_closed(user, candidate):
        raise DisclosureClosed
    every = Application.objects.filter(candidate=candidate)
    applications = list(
        (every.recruited_by(user) if user else every).select_related("opening__rubric_version__rubric").order_by("pk")
    )
    openings = [row.opening_id for row in applications]
    others = Candidate.objects.filter(applications__opening__in=openings).exclude(pk=candidate.pk).distinct()
    colleagues = User.objects.exclude(name__iexact=candidate.name) if is_masked else User.objects.none()
    maker = Maker(user, is_masked, _full_names(others), _full_names(colleagues))
    person = _person(maker, candidate, applications)
    record(
        actor=user,
        act="candidate.disclose",
        subject=candidate,
        candidate_id=candidate.pk,
        format=kind,
        applications=len(applications),
        is_masked=is_masked,
    )
    return Disclosure(candidate, timezone.now(), tuple(row.opening.title for row in applications), person)


def _full_names(people: "QuerySet[Any]") -> list[str]:
    """A single word would be taken out of texts that mean something else."""
    return [name for name in people.order_by().values_list("name", flat=True) if " " in name]


def _person(maker: Maker, candidate: Candidate, applications: Sequence[Application]) -> Part:
    return Part(
        "person",
        candidate.name,
        facts(
            ("number", "Number", candidate.pk),
            ("name", "Name", candidate.name),
            ("email", "E-mail", candidate.email),
            ("phone", "Phone", candidate.phone),
            ("current_role", "Current role", candidate.current_role),
            ("location", "Based in", candidate.location),
            ("cv_name", "CV, as it was called", candidate.cv_name),
            ("note", "Note for the recruiter", maker.clean(candidate.note)),
            ("consented_at", "Consent given", candidate.consented_at),
            ("created_by", "Entered by", maker.colleague(candidate.created_by)),
            ("created_at", "Entered", candidate.created_at),
            ("erased_at", "Erased", candidate.erased_at),
        ),
        (
            *(_application(maker, row) for row in applications),
            *_holds(maker, candidate),
            *_mails(maker, candidate, [row.opening_id for row in applications]),
            *_events(maker, candidate, [row.opening_id for row in applications]),
        ),
    )


def _application(maker: Maker, application: Application) -> Part:
    interviews, cards = read_interviews(maker, application)
    if maker.user:
        note_sight(user=maker.user, cards=cards)
    return Part(
        "applications",
        f"Application: {application.opening.title}",
        facts(
            ("opening", "Opening", application.opening.title),
            ("stage", "Stage", application.get_stage_display()),
            ("source", "Source", application.source),
            ("created_at", "Entered", application.created_at),
        ),
        (
            *_moves(maker, application),
            *interviews,
            *_debrief(maker, application),
            *_decisions(maker, application),
            *_shortlists(maker, application),
            *_looks(maker, application),
        ),
    )


def _moves(maker: Maker, application: Application) -> tuple[Part, ...]:
    moves = (
        StageChange.objects.filter(application=application).select_related("changed_by").order_by("changed_at", "pk")
    )
    return parts(
        Part(
            "stages",
            f"Moved to {move.get_to_stage_display().lower()}",
            facts(
                ("from", "From", move.get_from_stage_display()),
                ("to", "To", move.get_to_stage_display()),
                ("by", "By", maker.colleague(move.changed_by)),
                ("at", "At", move.changed_at),
            ),
        )
        for move in moves
    )


def _debrief(maker: Maker, application: Application) -> tuple[Part, ...]:
    items = DebriefItem.objects.visible_to(maker.user) if maker.user else DebriefItem.objects.all()
    return parts(
        Part(
            "debrief",
            f"Debrief: {item.dimension_key.replace('-', ' ')}",
            facts(
                ("dimension", "Dimension", item.dimension_key),
                ("outcome", "Outcome", item.get_outcome_display() if item.outcome else ""),
                ("note", "Note", maker.clean(item.note)),
                ("by", "Settled by", maker.colleague(item.settled_by)),
                ("at", "Settled", item.settled_at),
            ),
        )
        for item in items.filter(application=application).select_related("settled_by")
    )


def _decisions(maker: Maker, application: Application) -> tuple[Part, ...]:
    found = Decision.objects.visible_to(maker.user) if maker.user else Decision.objects.all()
    decisions = found.filter(application=application).select_related("decided_by").order_by("decided_at", "pk")
    shut = closed_to(maker.user, application.opening) if maker.user else set()
    told = [(row, known_without(row.snapshot, shut)) for row in decisions]
    return parts(
        Part(
            "decisions",
            f"Decision: {row.get_outcome_display().lower()}",
            facts(
                ("outcome", "Outcome", row.get_outcome_display()),
                ("rationale", "Reason", maker.clean(row.rationale)),
                (
                    "against_order_reason",
                    "Against the order, because",
                    "" if known["is_partial"] else maker.clean(row.against_order_reason),
                ),
                ("by", "Decided by", maker.colleague(row.decided_by)),
                ("at", "Decided", row.decided_at),
                ("known", "What was known", known),
            ),
        )
        for row, known in told
    )


def _shortlists(maker: Maker, application: Application) -> tuple[Part, ...]:
    entries = ShortlistEntry.objects.filter(application=application).select_related("shortlist")
    return parts(
        Part(
            "shortlists",
            f"Shortlist: {maker.clean(entry.shortlist.name)}",
            facts(
                ("list", "List", maker.clean(entry.shortlist.name)),
                ("place", "Place", entry.position + 1),
                ("note", "Note", maker.clean(entry.note)),
                ("removed_at", "Taken off", entry.removed_at),
            ),
        )
        for entry in entries
    )


def _looks(maker: Maker, application: Application) -> tuple[Part, ...]:
    looks: Iterable[EarlyLook] = EarlyLook.objects.filter(application=application).select_related("viewer")
    return parts(
        Part(
            "early_looks",
            "Scores seen before all scorecards were in",
            facts(
                ("by", "By", maker.colleague(look.viewer)),
                ("at", "At", look.looked_at),
                ("cards_in", "Scorecards in", look.cards_in),
                ("cards_expected", "Of", look.cards_expected),
            ),
        )
        for look in looks
    )


def _holds(maker: Maker, candidate: Candidate) -> tuple[Part, ...]:
    return parts(
        Part(
            "holds",
            "Legal hold",
            facts(
                ("reason", "Reason", maker.clean(hold.reason)),
                ("until", "Until", hold.until),
                ("by", "Set by", maker.colleague(hold.set_by)),
                ("at", "Set", hold.set_at),
                ("lifted_at", "Lifted", hold.lifted_at),
            ),
        )
        for hold in LegalHold.objects.filter(candidate=candidate).select_related("set_by")
    )


def _mails(maker: Maker, candidate: Candidate, openings: Sequence[int]) -> tuple[Part, ...]:
    """What was written about them; a link that lets its reader in is nobody else's, so such a mail is told of only."""
    mails = MailMessage.objects.about(candidate.pk).select_related("user").order_by("created_at", "pk")
    if maker.user:
        mails = mails.filter(Q(opening_id=None) | Q(opening_id__in=openings))
    return parts(
        Part(
            "mails",
            f"Mail: {mail.kind.replace('_', ' ')}",
            facts(
                ("kind", "Kind", mail.kind),
                ("to", "To", maker.colleague(mail.user) if mail.user else "an address without an account"),
                ("subject", "Subject", "" if mail.is_secret else maker.clean(mail.subject)),
                ("text", "Text", "" if mail.is_secret else maker.clean(mail.text)),
                ("created_at", "Written", mail.created_at),
                ("sent_at", "Sent", mail.sent_at),
            ),
        )
        for mail in mails
    )


def _events(maker: Maker, candidate: Candidate, openings: Sequence[int]) -> tuple[Part, ...]:
    """The audit, which holds numbers and codes only, oldest first."""
    events = AuditEvent.objects.filter(candidate_id=candidate.pk).select_related("actor").order_by("recorded_at", "pk")
    if maker.user:
        events = events.filter(Q(opening_id=None) | Q(opening_id__in=openings))
    return parts(
        Part(
            "events",
            event.act,
            facts(
                ("act", "Act", event.act),
                ("by", "By", maker.colleague(event.actor)),
                ("at", "At", event.recorded_at),
                ("subject", "On", event.subject),
                ("subject_number", "Number", event.subject_id),
                ("opening_number", "Opening", event.opening_id),
                ("detail", "Detail", event.detail),
            ),
        )
        for event in events
    )
