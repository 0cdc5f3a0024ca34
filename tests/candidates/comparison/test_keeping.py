"""What is kept between requests: gone with every change that it stands on, never another reader's, never wrong."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidates import generations, keeping
from candidates.agenda import read_agenda
from candidates.comparison import place, read_opening
from candidates.comparison.ladder import Ladder, make_ladder
from candidates.comparison.seen import read_ladder
from candidates.conversations import panel_initials
from candidates.keeping import keep
from candidates.looking import look_early
from candidates.models import Application, Candidate, Opening, OpeningMember, Score, Scorecard
from candidates.panels import cancel_interview
from candidates.scoring import (
    CardChanged,
    CardHasGaps,
    HandBackRefused,
    RevisionRefused,
    decline_card,
    hand_back_card,
    open_card,
    revise_score,
    save_draft,
    submit_card,
)
from candidates.sheet import load_sheet
from candidates.stages import move_applications
from candidates.weighing import change_weights
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_opening, make_scorecard, make_user

# Read for the pages, and never changed while an opening stands on them: published versions are frozen, and the rest
# is what a reader's requests read themselves.
FROZEN = {"rubrics_rubric", "rubrics_rubricversion", "rubrics_dimension", "rubrics_anchor", "candidates_generation"}
# Written when something is shown the first time, and shown nowhere.
TRACES = {"candidates_sight"}
# Read with each request, and part of the view under which something is kept.
ASKED_EACH_TIME = {"django_session", "candidates_notification", "candidates_shortlist", "candidates_shortlistentry"}


def stamped(opening: Opening) -> Opening:
    """The opening as a request reads it."""
    return Opening.objects.with_stamp().get(pk=opening.pk)


def stamp(opening: Opening) -> str:
    """The stamp as the database has it now."""
    found = stamped(opening).stamp
    assert found is not None
    return found


def fresh(user: User, opening: Opening) -> Ladder:
    """The ladder worked out anew."""
    reading = read_opening(user, opening)
    return make_ladder(place(reading), panel_initials(user, opening, reading.cards))


class Panel:
    """An opening with one candidate whose two cards are in, and one of whose three one is."""

    def __init__(self) -> None:
        self.recruiter, self.manager = make_user(is_recruiter=True), make_user()
        self.opening = make_opening(recruiter=self.recruiter, hiring_manager=self.manager, dimensions=2)
        self.raters = [make_user() for _ in range(3)]
        whole, half = (make_application(opening=self.opening) for _ in range(2))
        self.whole, self.half = whole, half
        self.done = self.sit(whole, 0, values=[4, 3], submitted=True, recommendation=3)
        self.sit(whole, 1, values=[2, 3], submitted=True, recommendation=2)
        self.sit(half, 0, values=[5, 3], submitted=True, recommendation=4)
        self.draft = self.sit(half, 1, values=[1, 3], recommendation=1)
        self.waiting = self.sit(half, 2)

    def sit(self, application: Application, rater: int, **fields: Any) -> Scorecard:
        """A card of one of the raters, in an interview of its own."""
        interview = make_interview(application=application, rubric_version=self.opening.rubric_version)
        return make_scorecard(interview=interview, interviewer=self.raters[rater], **fields)

    def card(self, card: Scorecard) -> Scorecard:
        """The card as the database has it."""
        return Scorecard.objects.with_context().with_typed().get(pk=card.pk)


@pytest.fixture
def panel(db: None) -> Panel:
    """The same panel for every act."""
    return Panel()


def submit(panel: Panel) -> None:
    """The draft goes in."""
    card = panel.card(panel.draft)
    submit_card(user=card.interviewer, card=card, version=card.version, key=uuid4())


def begin(panel: Panel) -> None:
    """The waiting card becomes a draft."""
    card = panel.card(panel.waiting)
    open_card(user=card.interviewer, card=card)
    sheet = load_sheet(card)
    save_draft(user=card.interviewer, sheet=sheet, version=card.version, fields=sheet.fields)


def revise(panel: Panel) -> None:
    """A second rating beside the first."""
    score = panel.done.scores.order_by("pk")[0]
    value = 1 + (score.revisions.count() + 4) % 5
    revise_score(user=panel.raters[0], score=score, value=value, reason="slip", text="I meant another.")


def turn_shadow(panel: Panel) -> None:
    """A card no longer counts, or counts again."""
    card = panel.card(panel.done)
    Scorecard.objects.filter(pk=card.pk).update(is_shadow=not card.is_shadow)


def move(panel: Panel) -> None:
    """The candidate goes out of the running, or comes back."""
    application = Application.objects.get(pk=panel.whole.pk)
    to_stage = "rejected" if application.stage != "rejected" else "debrief"
    move_applications(user=panel.recruiter, applications=[application], to_stage=to_stage)


def weigh(panel: Panel) -> None:
    """Other official weights."""
    first, second = panel.opening.weights.order_by("pk")
    points = {first.dimension_key: second.points + 10, second.dimension_key: first.points - 10}
    change_weights(user=panel.recruiter, opening=panel.opening, points=points, reason="Sharper.")


def hand_back(panel: Panel) -> None:
    """A submitted card is a draft again."""
    card = panel.card(panel.done)
    Scorecard.objects.filter(pk=card.pk).update(first_seen_at=None)
    hand_back_card(user=panel.recruiter, card=card)


def open_elsewhere(panel: Panel) -> None:
    """The manager comes to sit on a panel of the same candidate in another opening, and is sealed."""
    elsewhere = make_application(opening=make_opening(), candidate=panel.whole.candidate)
    make_scorecard(application=elsewhere, interviewer=panel.manager)


ACTS: dict[str, Callable[[Panel], object]] = {
    "submit": submit,
    "begin": begin,
    "revise": revise,
    "decline": lambda panel: decline_card(
        user=panel.raters[2], card=panel.card(panel.waiting), reason="could_not_attend"
    ),
    "hand back": hand_back,
    "shadow": turn_shadow,
    "not independent": lambda panel: Scorecard.objects.filter(pk=panel.done.pk).update(is_independent=False),
    "focus": lambda panel: Scorecard.objects.filter(pk=panel.done.pk).update(focus=["strategic"]),
    "another rater": lambda panel: Scorecard.objects.filter(pk=panel.waiting.pk).update(interviewer=make_user()),
    "seat": lambda panel: make_scorecard(application=panel.whole),
    "seat taken off": lambda panel: Scorecard.objects.filter(pk=panel.waiting.pk).delete(),
    "seat in another opening": open_elsewhere,
    "cancel": lambda panel: cancel_interview(user=panel.recruiter, interview=panel.card(panel.waiting).interview),
    "move": move,
    "weights": weigh,
    "look early": lambda panel: look_early(user=panel.manager, application_id=panel.half.pk),
    "candidate": lambda panel: make_application(opening=panel.opening),
    "name": lambda panel: Candidate.objects.filter(pk=panel.whole.candidate_id).update(name="Somebody Else"),
    "erased evidence": lambda panel: Score.objects.filter(scorecard=panel.done).update(evidence=""),
    "team": lambda panel: OpeningMember.objects.create(opening=panel.opening, user=make_user(), role="recruiter"),
    "off the team": lambda panel: OpeningMember.objects.filter(user=panel.manager).delete(),
    "rater's name": lambda panel: User.objects.filter(pk=panel.raters[0].pk).update(name="Another Name"),
    "closed": lambda panel: Opening.objects.filter(pk=panel.opening.pk).update(state="closed"),
    "rater deactivated": lambda panel: User.objects.filter(pk=panel.raters[0].pk).update(is_active=False),
}


REPEATABLE = ["submit", "revise", "shadow", "move", "weights", "hand back", "name"]


@pytest.mark.parametrize("act", ACTS)
def test_every_act_that_pages_show_moves_the_stamp(panel: Panel, act: str) -> None:
    before = stamp(panel.opening)

    ACTS[act](panel)

    assert stamp(panel.opening) != before


@pytest.mark.parametrize("act", ACTS)
def test_home_shows_what_would_be_worked_out_anew(panel: Panel, act: str) -> None:
    now = timezone.now()
    readers = [panel.recruiter, panel.manager, *panel.raters]

    def homes() -> list[str]:
        return [
            render_to_string("candidates/home.html", {"agenda": read_agenda(user, now), "now": now, "user": user})
            for user in readers
        ]

    homes()
    ACTS[act](panel)
    shown = homes()
    keeping._kept.clear()

    assert shown == homes()


def test_saving_a_draft_again_moves_no_stamp(panel: Panel) -> None:
    card = panel.card(panel.draft)
    sheet = load_sheet(card)
    before = stamp(panel.opening)

    save_draft(
        user=card.interviewer, sheet=sheet, version=card.version, fields=sheet.fields | {"evidence.strategic": "More."}
    )

    assert stamp(panel.opening) == before


def test_an_act_moves_the_stamp_of_its_own_opening_only(panel: Panel) -> None:
    other = stamp(other_opening := make_opening())

    submit(panel)

    assert stamp(other_opening) == other


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.sampled_from(["submit", "revise", "shadow", "move", "weights", "hand back", "name"]), min_size=3, max_size=5
    )
)
def test_what_is_kept_is_what_would_be_worked_out_anew(db: None, acts: list[str]) -> None:
    with transaction.atomic():
        panel = Panel()
        readers = [panel.recruiter, panel.manager, panel.raters[1]]
        for act in ["", *acts]:
            try:
                with transaction.atomic():
                    ACTS.get(act, lambda _: None)(panel)
            except (CardChanged, CardHasGaps, HandBackRefused, RevisionRefused):
                pass
            for reader in readers:
                if Opening.objects.visible_to(reader).filter(pk=panel.opening.pk).exists():
                    kept = [read_ladder(reader, stamped(panel.opening)) for _ in range(2)]
                    assert kept == [fresh(reader, panel.opening)] * 2
        transaction.set_rollback(True)


def test_nobody_gets_what_was_kept_for_another(panel: Panel) -> None:
    opening = stamped(panel.opening)
    for reader in (panel.recruiter, panel.raters[1], panel.raters[2]):
        read_ladder(reader, opening)

    found = [read_ladder(reader, opening) for reader in (panel.recruiter, panel.raters[1], panel.raters[2])]

    by_reader = [{rung.application: rung.total for rung in ladder.rungs} for ladder in found]
    assert by_reader == [
        {panel.whole.pk: pytest.approx(3), panel.half.pk: None},
        {panel.whole.pk: pytest.approx(3), panel.half.pk: None},
        {panel.half.pk: None},
    ]


def test_what_a_rolled_back_change_showed_is_never_shown_again(panel: Panel) -> None:
    with transaction.atomic():
        submit(panel)
        inside = read_ladder(panel.recruiter, stamped(panel.opening))
        transaction.set_rollback(True)
    Application.objects.filter(pk=panel.half.pk).update(stage="debrief")

    after = read_ladder(panel.recruiter, stamped(panel.opening))

    assert inside != after
    assert after == fresh(panel.recruiter, panel.opening)


def test_pages_stand_on_watched_tables_only(client: Client, panel: Panel) -> None:
    client.force_login(panel.recruiter)
    names = ("opening_detail", "opening_ranking", "opening_compare", "opening_compare_trial")

    with CaptureQueriesContext(connection) as asked:
        for name in names:
            assert client.get(reverse(f"candidates:{name}", args=[panel.opening.pk])).status_code == 200

    tables = {table for query in asked for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    watched = {row.table for row in generations.WATCHED}
    assert tables - watched - FROZEN - TRACES - ASKED_EACH_TIME == set()


def test_sight_is_noted_before_anything_is_kept(panel: Panel) -> None:
    opening = stamped(panel.opening)

    read_ladder(panel.recruiter, opening)

    assert Scorecard.objects.get(pk=panel.done.pk).first_seen_at is not None


def test_an_opening_read_without_its_stamp_has_nothing_kept(panel: Panel) -> None:
    made = iter(range(2))

    found = [keep(panel.recruiter, panel.opening, "x", lambda: next(made), weigh=lambda _: 1) for _ in range(2)]

    assert found == [0, 1]


def test_what_was_asked_for_longest_ago_makes_room(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_ROWS", 2)
    monkeypatch.setattr(keeping, "_kept", type(keeping._kept)())
    opening, made = stamped(panel.opening), []

    def take(view: str, weight: int = 1) -> None:
        keep(panel.recruiter, opening, view, lambda: made.append(view), weigh=lambda _: weight)

    for view in ("first", "second", "first", "third", "first", "second"):
        take(view)
    take("too heavy", weight=3)
    take("too heavy", weight=3)

    assert made == ["first", "second", "third", "second", "too heavy", "too heavy"]


def test_nothing_is_kept_while_the_triggers_are_away(panel: Panel) -> None:
    before = stamp(panel.opening)

    generations.unwatch(connection)
    unwatched = stamped(panel.opening).stamp
    generations.watch(connection)

    assert unwatched is None
    assert stamp(panel.opening) != before
