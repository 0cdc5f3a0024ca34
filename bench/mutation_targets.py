"""Which files are tried by bench/mutation.py, by which tests, and the faults that are known to change nothing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A file, the tests that hold it, and the functions meant (all where none is named)."""

    file: str
    tests: tuple[str, ...]
    functions: tuple[str, ...] = ()


def _of(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/{name}.py" for name in names)


SEAL = _of("candidates/test_doors", "candidates/test_access")
ACTS = _of(
    "candidates/test_scoring",
    "candidates/views/test_scorecard_acts",
    "candidates/views/test_scorecards",
    "candidates/test_acts_whole",
)
SCORING_ACTS = (
    "open_card",
    "save_draft",
    "submit_card",
    "_submit",
    "decline_card",
    "hand_back_card",
    "revise_score",
    "_has_read_others",
    "_write_scores",
    "_differs",
    "_write_notes",
)

TARGETS = (
    Target("candidates/access.py", SEAL),
    Target("candidates/looking.py", _of("candidates/test_looking", "candidates/test_acts_whole")),
    Target(
        "candidates/scoring.py",
        (*ACTS[:1], *ACTS[3:], *_of("candidates/test_notifying", "candidates/test_letters")),
        SCORING_ACTS,
    ),
    Target(
        "candidates/models/scorecards.py",
        (*SEAL, *ACTS),
        ("Scorecard.is_open", "Scorecard.is_editable", "Scorecard.covers"),
    ),
    Target(
        "candidates/models/candidates.py",
        (
            *SEAL,
            *_of(
                "candidates/models/test_candidates",
                "candidates/views/test_candidates",
                "candidates/views/test_decisions",
                "candidates/privacy/test_retention",
                "candidates/privacy/test_disclosure",
                "candidates/privacy/test_erasing",
            ),
        ),
    ),
    Target(
        "candidates/models/interviews.py",
        (*SEAL, *ACTS, *_of("candidates/models/test_interviews", "candidates/views/test_interviews")),
    ),
    Target(
        "candidates/models/openings.py",
        (*SEAL, *_of("candidates/models/test_openings", "candidates/views/test_openings")),
    ),
    Target(
        "candidates/panels.py",
        _of(
            "candidates/test_panels",
            "candidates/test_acts_whole",
            "candidates/views/test_interviews",
            "candidates/test_letters",
            "candidates/test_notifying",
            "candidates/privacy/test_erasing",
        ),
    ),
    Target(
        "candidates/staffing.py",
        _of("candidates/test_staffing", "candidates/test_acts_whole", "candidates/views/test_openings"),
    ),
    Target(
        "candidates/stages.py",
        _of("candidates/test_stages", "candidates/test_acts_whole", "candidates/views/test_applications"),
    ),
    Target("candidates/weighing.py", _of("candidates/test_weighing", "candidates/test_acts_whole")),
    Target("candidates/adopting.py", _of("candidates/test_adopting")),
    Target(
        "candidates/debriefing.py",
        _of(
            "candidates/test_debriefing",
            "candidates/test_notifying",
            "candidates/test_acts_whole",
            "candidates/views/test_debrief",
        ),
    ),
    Target(
        "candidates/deciding.py",
        _of("candidates/test_deciding", "candidates/test_acts_whole", "candidates/views/test_decisions"),
    ),
    Target(
        "candidates/exchange/score_import.py",
        _of("candidates/exchange/test_score_import", "candidates/exchange/test_score_import_seats"),
        ("import_scores", "_Plan.add_card", "_Plan._fill", "_Plan._add_score", "_Plan.save"),
    ),
    Target(
        "candidates/privacy/erasing.py",
        _of("candidates/privacy/test_erasing"),
        ("obstacle", "erase_candidate", "_close_seats"),
    ),
    Target(
        "candidates/models/decisions.py",
        _of("candidates/models/test_decisions", "candidates/views/test_debrief", "candidates/views/test_decisions"),
        (
            "DebriefQuerySet.visible_to",
            "DebriefQuerySet.managed_by",
            "DebriefQuerySet.open",
            "DebriefItemQuerySet.visible_to",
            "DecisionQuerySet.visible_to",
            "Decision.save",
        ),
    ),
    Target(
        "candidates/models/notifications.py",
        _of("candidates/test_notifying", "candidates/views/test_notifications"),
    ),
    Target("candidates/nudging.py", _of("candidates/test_nudging", "candidates/views/test_nudges"), ("late_seats",)),
    Target("candidates/views/mails.py", _of("candidates/views/test_mails"), ("readable_mails",)),
    Target("candidates/views/scorecards.py", (*ACTS[1:], *ACTS[:1])),
    Target("candidates/views/autosave.py", _of("candidates/views/test_autosave")),
    Target("candidates/views/events.py", _of("audit/test_outside", "candidates/views/test_events"), ("_readable",)),
    Target("smarter/audit/models.py", _of("audit/test_outside"), ("AuditEventQuerySet.outside",)),
    Target(
        "smarter/accounts/people.py",
        _of("accounts/test_people_acts", "accounts/views/test_people", "candidates/test_acts_whole"),
    ),
)

BY_ITSELF = (
    "SQLite has no row to lock; tests/candidates/test_acts_concurrency.py lets the act meet itself, or the next one, on"
    " PostgreSQL."
)
MEETS_WRITERS = (
    "SQLite has no row to lock; tests/candidates/privacy/test_erasing_concurrency.py lets writers meet an erasure on"
    " PostgreSQL."
)
SPARED = "What is not there is not asked for, which only spares time."
FEWER = (
    "It only keeps the seal from being asked for of more candidates; a notification is looked up among them by its own."
)
SEALED_SEE = "Who is sealed holds a card of the candidate; it only spares looking at the others."
EQUIVALENT: dict[str, dict[str, str]] = {
    "candidates/looking.py": {
        "note_sight: Sight.objects.filter(viewer=user, application__in=applications)"
        " -> Sight.objects.filter(viewer=user)": (
            "It is asked only whether all applications shown are among those known; more of them change no answer."
        ),
    },
    "candidates/models/candidates.py": {
        "ApplicationQuerySet.hold: self.select_for_update() -> self.all()": MEETS_WRITERS,
    },
    "candidates/adopting.py": {
        "move_openings: openings.movable_to(version).select_for_update(of=('self',))"
        " -> openings.movable_to(version).all()": BY_ITSELF,
    },
    "candidates/models/decisions.py": {
        "DebriefItemQuerySet.visible_to: Application.objects.visible_to(user) -> Application.objects.all()": (
            "Who may read an application sees it; it only keeps the seal from being asked for of the others."
        ),
    },
    "candidates/access.py": {
        "_card_to_save: _own_card(user, pk).with_interview().only(*SAVED, *SAVED_OF_INTERVIEW)"
        " -> _own_card(user, pk).with_interview().all()": "More columns would be read, which only takes time.",
    },
    "candidates/scoring.py": {
        "_submit: if card.version != version -> if True": "What was read before is read again, and is the same.",
        "_submit: if not all((part.rating for part in sheet.parts)) -> if True": (
            "Where every dimension is rated there is no empty row to delete."
        ),
    },
    "candidates/deciding.py": {
        "conflicts: other.tier or 0 -> other.tier": "Only those in a tier are asked.",
    },
    "candidates/models/notifications.py": {
        "NotificationQuerySet.visible_to: if kinds.PANEL_COMPLETE in found -> if True": SPARED,
        "NotificationQuerySet.visible_to: if kinds.DEBRIEF_OPENED in found -> if True": SPARED,
        "NotificationQuerySet.visible_to: mine.order_by() -> mine.all()": SPARED,
        "NotificationQuerySet.visible_to: mine.filter(kind=kinds.PANEL_COMPLETE) -> mine.all()": FEWER,
        "NotificationQuerySet.visible_to: Application.objects.filter(pk__in=named) -> Application.objects.all()": FEWER,
    },
    "candidates/debriefing.py": {
        "open_debrief: Opening.objects.select_for_update() -> Opening.objects.all()": BY_ITSELF,
        "open_debrief: Opening.objects.select_for_update().get(pk=opening.pk) -> pass": BY_ITSELF,
        "settle_item: Debrief.objects.select_for_update() -> Debrief.objects.all()": BY_ITSELF,
    },
    "candidates/exchange/score_import.py": {
        "import_scores: Opening.objects.select_for_update(of=('self',)) -> Opening.objects.all()": BY_ITSELF,
        "_Plan.save: Scorecard.objects.select_for_update() -> Scorecard.objects.all()": BY_ITSELF,
    },
    "candidates/privacy/erasing.py": {
        "erase_candidate: Candidate.objects.select_for_update() -> Candidate.objects.all()": MEETS_WRITERS,
        "erase_candidate: list(Application.objects.select_for_update().filter(candidate=person))"
        " -> pass": MEETS_WRITERS,
        "erase_candidate: Application.objects.select_for_update() -> Application.objects.all()": MEETS_WRITERS,
        "erase_candidate: Application.objects.select_for_update().filter(candidate=person)"
        " -> Application.objects.select_for_update().all()": "Rows of others would be locked as well, and not changed.",
        "_close_seats: list(cards.select_for_update().order_by('pk')) -> pass": MEETS_WRITERS,
        "_close_seats: cards.select_for_update() -> cards.all()": MEETS_WRITERS,
        "_close_seats: cards.select_for_update().order_by('pk') -> cards.select_for_update().all()": (
            "The order in which rows are locked, which no answer shows."
        ),
    },
    "candidates/stages.py": {
        "move_applications: here.select_for_update(of=('self',)) -> here.all()": BY_ITSELF,
    },
    "candidates/weighing.py": {
        "change_weights: Opening.objects.select_for_update() -> Opening.objects.all()": BY_ITSELF,
        "change_weights: Opening.objects.select_for_update().get(pk=opening.pk) -> pass": BY_ITSELF,
    },
    "candidates/panels.py": {
        "change_interview: Interview.objects.select_for_update() -> Interview.objects.all()": BY_ITSELF,
        "change_interview: interview.scorecards.select_for_update() -> interview.scorecards.all()": (
            "SQLite has no row to lock; tests/candidates/test_scoring_concurrency.py submits a card on PostgreSQL while"
            " its seat is taken."
        ),
    },
    "candidates/nudging.py": {
        "late_seats: Application.objects.managed_by(user) -> Application.objects.all()": (
            "Cards are asked for by `managed_by` as well; it only keeps the seal from being asked for of others."
        ),
    },
    "candidates/views/events.py": {
        "_readable: Application.objects.visible_to(user) -> Application.objects.all()": SEALED_SEE,
    },
    "candidates/views/mails.py": {
        "readable_mails: Application.objects.visible_to(user) -> Application.objects.all()": SEALED_SEE,
    },
    "smarter/accounts/people.py": {
        "_hold_admins: User.objects.select_for_update().filter(is_admin=True, is_active=True).order_by('pk')"
        " -> User.objects.select_for_update().filter(is_admin=True, is_active=True).all()": (
            "The order in which rows are locked, so that on PostgreSQL two admins never wait for each other."
        ),
        "_hold_admins: User.objects.select_for_update() -> User.objects.all()": (
            "SQLite has one writer at a time and no row to lock; on PostgreSQL the slower of two admins waits."
        ),
    },
}
