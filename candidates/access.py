"""The seal: who may read which scores. The one door to scorecards, scores, notes and revisions.

Every page, export, mail and figure starts from `visible_to(user)` of the query sets below, so that what is computed is
computed from what this user may see. The rules, for an application A of candidate C and a user U:

* U is **sealed** while a scorecard of U's for C, in any opening, is still open. Declining a card does not unseal: U
  stays sealed for C until all counted cards of A are in.
* U may **read** A's submitted cards when not sealed, and either a submitted card of U's belongs to A, or U is on the
  team of A's opening and all counted cards of A are in or U has a recorded early look at A.
* One's own cards are always readable. Open and declined cards of others never show their content.
* Notes are for their writer alone, but a disclosure made for the candidate holds those of submitted cards (ADR 14).

Shadow cards and cards of cancelled interviews do not delay anybody; a shadow's own open card still seals the shadow.
"""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Func, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from candidates.generations import stamp_of
from smarter.accounts.models import User
from smarter.compiled_queries import compiled

OPEN_STATES = ("waiting", "draft")


def _model(name: str) -> Any:
    """A model of this app, looked up late because the models import this module."""
    return apps.get_model("candidates", name)


def _flag(condition: Q) -> "ExpressionWrapper[Q]":
    return ExpressionWrapper(condition, output_field=BooleanField())


def _count(cards: models.QuerySet[Any]) -> Coalesce:
    counted = cards.values("interview__application").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def completeness() -> Any:
    """Whether all counted cards of an application are in, and there is one: the same for everybody."""
    of_this = _model("Scorecard").objects.filter(interview__application=OuterRef("pk"), is_shadow=False)
    counted_open = of_this.filter(state__in=OPEN_STATES, interview__cancelled_at=None)
    return _flag(~Q(Exists(counted_open)) & Q(Exists(of_this.filter(state="submitted"))))


def sealable(user: User) -> dict[str, Any]:
    """Annotations for a query set of applications: what `user` may know of each one's panel.

    is_on_team, has_submitted, has_looked, is_complete, is_sealed, is_readable: booleans as defined above.
    cards_in, cards_expected: counted cards submitted, and all that are or will be; all who see A may know them.
    may_look_early: whether an early look would be granted, and recorded.
    """
    cards = _model("Scorecard").objects
    of_this = cards.filter(interview__application=OuterRef("pk"))
    own_of_candidate = cards.filter(interview__application__candidate=OuterRef("candidate"), interviewer=user)
    counted_in = of_this.filter(is_shadow=False, state="submitted")
    team = _model("OpeningMember").objects.filter(opening=OuterRef("opening"), user=user)
    looks = _model("EarlyLook").objects.filter(application=OuterRef("pk"), viewer=user)
    own_open = own_of_candidate.filter(state__in=OPEN_STATES, interview__cancelled_at=None)
    return {
        "is_on_team": Exists(team),
        "has_submitted": Exists(of_this.filter(interviewer=user, state="submitted")),
        "has_looked": Exists(looks),
        "is_complete": completeness(),
        "is_sealed": _flag(
            Q(Exists(own_open)) | (Q(Exists(own_of_candidate.filter(state="declined"))) & Q(is_complete=False))
        ),
        "is_readable": _flag(
            Q(is_sealed=False)
            & (Q(has_submitted=True) | (Q(is_on_team=True) & (Q(is_complete=True) | Q(has_looked=True))))
        ),
        "cards_in": _count(counted_in),
        "cards_expected": _count(
            of_this.filter(is_shadow=False).filter(
                Q(state="submitted") | Q(state__in=OPEN_STATES, interview__cancelled_at=None)
            )
        ),
        "may_look_early": _flag(Q(is_on_team=True, is_sealed=False, is_readable=False) & Q(Exists(counted_in))),
    }


def _readable(user: User, card: str, within: models.QuerySet[Any] | None) -> Q:
    """The condition under which rows hanging on a scorecard may be read; `card` is the path to it, with its "__"."""
    applications: Any = _model("Application").objects.all() if within is None else within
    readable = applications.unsealed_for(user).values("pk")
    own = Q(**{f"{card}interviewer": user})
    return own | Q(**{f"{card}state": "submitted", f"{card}interview__application__in": readable})


class _RowsOf(Func):
    """The rows of a `table` that hang on a scorecard, each as a list of its `columns`; there `r` stands for the row."""

    template = "(SELECT %(gather)s(%(row)s(%(columns)s)) FROM %(table)s r WHERE r.scorecard_id = %(expressions)s)"
    output_field = models.JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """None where there is no row."""
        return self.as_sql(compiler, connection, gather="jsonb_agg", row="jsonb_build_array", **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """An empty list where there is no row."""
        return self.as_sql(compiler, connection, gather="json_group_array", row="json_array", **extra)


SAVED = ("state", "version", "focus", "opened_at", "recommendation", "summary", "interviewer")
SAVED_OF_INTERVIEW = ("interview__cancelled_at", "interview__rubric_version", "interview__application")


def card_to_save(user: User, pk: int) -> Any | None:
    """The card of one's own with this key: all that is typed on it and what a save stands on; more is read when asked.

    None where there is none.
    """
    return next(iter(_card_to_save(user.pk, pk)), None)


@compiled
def _card_to_save(user: int, pk: int) -> models.QuerySet[Any]:
    return _own_card(user, pk).with_interview().only(*SAVED, *SAVED_OF_INTERVIEW)


def own_card(user: User, pk: int) -> Any | None:
    """The card of one's own with this key, whatever its state, with all that a page about it shows; None for none."""
    card = next(iter(_own_card_with_application(user.pk, pk)), None)
    if card is not None:
        card.interviewer = user
    return card


@compiled
def _own_card_with_application(user: int, pk: int) -> models.QuerySet[Any]:
    return _own_card(user, pk).with_application()


def _own_card(user: int, pk: int) -> "ScorecardQuerySet":
    cards: ScorecardQuerySet = _model("Scorecard").objects.filter(interviewer=user, pk=pk)
    return cards.with_typed()


class ScorecardQuerySet(models.QuerySet[Any]):
    """Questions about many scorecards."""

    def visible_to(self, user: User, *, within: models.QuerySet[Any] | None = None) -> Self:
        """Own cards, and the submitted ones this user may read; `within` narrows the applications looked at."""
        return self.filter(_readable(user, "", within))

    def held_by(self, user: User) -> Self:
        """Own cards, whatever their state."""
        return self.filter(interviewer=user)

    def editable_by(self, user: User) -> Self:
        """Own cards still to be scored."""
        return self.held_by(user).filter(state__in=OPEN_STATES, interview__cancelled_at=None)

    def with_context(self) -> Self:
        """Each with its interview, candidate, opening and interviewer, and the stamp of rubrics."""
        return self.with_application().select_related("interviewer")

    def with_application(self) -> Self:
        """Each with its interview, candidate and opening, and the stamp of rubrics."""
        application = "interview__application"
        return self.with_interview().select_related(f"{application}__candidate", f"{application}__opening")

    def with_typed(self) -> Self:
        """Each with all that is typed on it, read in one statement, so that it is what the card held at its version."""
        scores = _RowsOf("pk", table="candidates_score", columns="r.dimension_id, r.value, r.not_observed, r.evidence")
        notes = _RowsOf("pk", table="candidates_questionnote", columns="r.question_id, r.text")
        return self.annotate(typed_scores=scores, typed_notes=notes)

    def with_progress(self) -> Self:
        """Each with its ratings as rows of dimension, value and reason, and how many questions have notes."""
        given = _RowsOf("pk", table="candidates_score", columns="r.dimension_id, r.value, r.not_observed")
        notes = _model("QuestionNote").objects.filter(scorecard=OuterRef("pk")).exclude(text="")
        number = notes.values("scorecard").annotate(number=Count("pk")).values("number")
        return self.annotate(given=given, notes_kept=Coalesce(Subquery(number, output_field=IntegerField()), 0))

    def with_interview(self) -> Self:
        """Each with its interview alone, and the stamp of rubrics: what a save of a draft has to know."""
        return self.select_related("interview").annotate(rubrics_stamp=stamp_of("0"))

    def managed_by(self, user: User) -> Self:
        """Seats on panels of one's openings: who sits there and how far the card is, never what it says."""
        return (
            self.filter(interview__application__opening__members__user=user)
            .distinct()
            .defer("recommendation", "summary")
        )

    def seats_visible_to(self, user: User) -> Self:
        """Seats on panels one sits on, or of one's openings: who and which focus, never how far or what."""
        on_team = Q(interview__application__opening__members__user=user)
        return (
            self.filter(on_team | Q(interview__scorecards__interviewer=user))
            .distinct()
            .only("interview", "interviewer", "focus", "is_shadow")
        )

    def returnable_by(self, user: User) -> Self:
        """Submitted cards of openings whose recruiter one is, unless sealed: told which are in, one would know more.

        Not those of cancelled interviews, which as drafts nobody could submit again.
        """
        here = _model("Application").objects.filter(pk=OuterRef("interview__application"))
        recruited = _model("OpeningMember").objects.filter(
            opening=OuterRef("interview__application__opening"), user=user, role="recruiter"
        )
        unsealed = here.with_seal(user).filter(is_sealed=False)
        held = self.submitted().filter(Exists(recruited), Exists(unsealed), interview__cancelled_at=None)
        return held.defer("recommendation", "summary")

    def open(self) -> Self:
        """Waiting or draft, of an interview that takes place."""
        return self.filter(state__in=OPEN_STATES, interview__cancelled_at=None)

    def submitted(self) -> Self:
        """Those that are in."""
        return self.filter(state="submitted")

    def counted(self) -> Self:
        """Those that a panel's figures stand on: submitted and not shadow."""
        return self.filter(state="submitted", is_shadow=False)


class ScoreQuerySet(models.QuerySet[Any]):
    """Questions about many scores."""

    def held_by(self, user: User) -> Self:
        """Of own cards, whatever their state."""
        return self.filter(scorecard__interviewer=user)

    def visible_to(self, user: User, *, within: models.QuerySet[Any] | None = None) -> Self:
        """Of own cards, and of the submitted ones this user may read."""
        return self.filter(_readable(user, "scorecard__", within))

    def counted(self) -> Self:
        """Those that a panel's figures stand on: of submitted cards that are not shadow."""
        return self.filter(scorecard__state="submitted", scorecard__is_shadow=False)


class RevisionQuerySet(models.QuerySet[Any]):
    """Questions about many revisions."""

    def visible_to(self, user: User, *, within: models.QuerySet[Any] | None = None) -> Self:
        """Of scores this user may read."""
        return self.filter(_readable(user, "score__scorecard__", within))


class QuestionNoteQuerySet(models.QuerySet[Any]):
    """Questions about many notes."""

    def visible_to(self, user: User) -> Self:
        """One's own only, always."""
        return self.filter(scorecard__interviewer=user)

    def disclosed_to(self, user: User, *, within: models.QuerySet[Any]) -> Self:
        """For candidates who ask what is held about them: on submitted cards whose scores this recruiter may read."""
        readable = within.recruited_by(user).unsealed_for(user).values("pk")  # type: ignore[attr-defined]
        return self.filter(scorecard__state="submitted", scorecard__interview__application__in=readable)
