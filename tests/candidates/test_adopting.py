"""Openings take up a new version of their rubric until somebody opens a scorecard; usage is counted for rubrics."""

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.adopting import MoveRefused, count_usage, move_opening, move_openings
from candidates.models import Opening, Scorecard
from candidates.models.openings import OpeningQuerySet
from candidates.scoring import open_card
from candidates.weighing import weights_of
from rubrics.usage import Usage, count_movable, usage_of
from smarter.audit.models import AuditEvent
from tests.factories import (
    make_application,
    make_interview,
    make_opening,
    make_rubric_version,
    make_scorecard,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def old():
    """Version 1 of a rubric."""
    return make_rubric_version(dimensions=2, weights=[60, 40])


@pytest.fixture
def new(old):
    """Version 2, with a dimension more."""
    return make_rubric_version(rubric=old.rubric, number=2, dimensions=3, weights=[50, 30, 20])


def opening_on(version, **fields):
    """An opening with weights of its own."""
    return make_opening(rubric_version=version, weights=[70, 30], **fields)


def version_of(opening):
    """The number of the version that an opening is on now."""
    opening.refresh_from_db()
    return opening.rubric_version.number


def test_opening_without_an_opened_scorecard_moves_and_weights_start_again_where_dimensions_came(old, new, admin):
    opening = opening_on(old)
    seat = make_scorecard(opening=opening, focus=["strategic"])

    move_opening(user=admin, opening=opening, version=new)

    assert (version_of(opening), weights_of(opening)) == (2, {"strategic": 50, "measurable": 30, "action": 20})
    open_card(user=seat.interviewer, card=Scorecard.objects.with_context().with_typed().get(pk=seat.pk))
    seat.refresh_from_db()
    assert (seat.interview.pinned_version(), seat.focus) == (new, ["strategic"])
    event = AuditEvent.objects.get(act="opening.rubric")
    assert (event.actor, event.opening_id, event.detail) == (admin, opening.pk, {"from_number": 1, "to_number": 2})


def test_weights_stay_where_the_dimensions_are_the_same(old, admin):
    opening = opening_on(old)
    same = make_rubric_version(rubric=old.rubric, number=2, dimensions=2, weights=[50, 50])

    move_opening(user=admin, opening=opening, version=same)

    assert weights_of(opening) == {"strategic": 70, "measurable": 30}


def test_focus_on_a_dimension_that_went_is_let_go(new, admin):
    opening = make_opening(rubric_version=new)
    seat = make_scorecard(opening=opening, focus=["action", "strategic"])
    other = make_scorecard(opening=opening, focus=["action"])
    elsewhere = make_scorecard(opening=make_opening(rubric_version=new), focus=["action"])
    third = make_rubric_version(rubric=new.rubric, number=3, dimensions=2)

    move_opening(user=admin, opening=opening, version=third)

    focus = dict(Scorecard.objects.values_list("pk", "focus"))
    assert (focus[seat.pk], focus[other.pk], focus[elsewhere.pk]) == (["strategic"], [], ["action"])


def test_opening_stays_where_somebody_opens_a_card_while_it_is_moved(old, new, admin, monkeypatch):
    opening = opening_on(old)
    make_scorecard(opening=opening)
    movable, asked = OpeningQuerySet.movable_to, []

    def open_before_the_second_question(openings, version):
        asked.append(version)
        if len(asked) == 2:
            Scorecard.objects.update(opened_at=timezone.now())
        return movable(openings, version)

    monkeypatch.setattr(OpeningQuerySet, "movable_to", open_before_the_second_question)
    with pytest.raises(MoveRefused):
        move_opening(user=admin, opening=opening, version=new)

    assert version_of(opening) == 1


@pytest.mark.parametrize(
    "case", ["opened", "pinned", "closed", "newer", "other rubric", "draft", "retired", "archived"]
)
def test_opening_stays_where_it_may_not_move(old, new, admin, case):
    opening = opening_on(old)
    if case == "opened":
        make_scorecard(opening=opening, opened_at=timezone.now())
    if case == "pinned":
        make_interview(application=make_application(opening=opening), rubric_version=old)
    if case == "closed":
        Opening.objects.update(state="closed")
    if case == "newer":
        Opening.objects.update(rubric_version=new)
    target = old if case == "newer" else make_rubric_version() if case == "other rubric" else new
    if case in ("draft", "retired"):
        type(new).objects.filter(pk=new.pk).update(state=case, published_at=None if case == "draft" else timezone.now())
    if case == "archived":
        type(old.rubric).objects.update(archived_at=timezone.now())
    before = version_of(opening)

    with pytest.raises(MoveRefused):
        move_opening(user=admin, opening=opening, version=target)

    assert version_of(opening) == before
    assert count_movable(target.pk) == 0


def test_all_at_once_moves_those_that_may_and_leaves_the_rest(old, new, admin):
    first, second, begun = (opening_on(old) for _ in range(3))
    make_scorecard(opening=begun, values=[3, 3])

    moved = move_openings(user=admin, openings=Opening.objects.all(), version=new)

    assert {row.pk for row in moved} == {first.pk, second.pk}
    assert [version_of(row) for row in (first, second, begun)] == [2, 2, 1]


def test_openings_move_together_or_not_at_all(old, new, admin, monkeypatch):
    openings = [opening_on(old) for _ in range(2)]
    recorded = []

    def refuse_the_second(**event):
        recorded.append(event)
        if len(recorded) == 2:
            raise RuntimeError

    monkeypatch.setattr("candidates.adopting.record", refuse_the_second)
    with pytest.raises(RuntimeError):
        move_openings(user=admin, openings=Opening.objects.all(), version=new)

    assert [version_of(opening) for opening in openings] == [1, 1]


def test_usage_is_of_the_versions_asked_for(old, new):
    make_scorecard(opening=opening_on(old), submitted=True)

    assert count_usage([new.pk]) == {}
    assert count_usage([old.pk]) == {old.pk: Usage(scorecards=1, openings=1)}


def test_usage_counts_opened_scorecards_and_their_openings(old, new):
    first, second = opening_on(old), opening_on(old)
    make_scorecard(opening=first, values=[3, 3])
    make_scorecard(opening=first, submitted=True)
    make_scorecard(opening=second, submitted=True)
    make_scorecard(opening=second)
    opening_on(old)

    usage = usage_of([old.pk, new.pk])

    assert usage == {old.pk: Usage(scorecards=3, openings=2), new.pk: Usage()}
    assert usage[old.pk].sentence == "used by 3 scorecards in 2 openings"
    assert (usage[new.pk].sentence, count_movable(new.pk)) == ("not used by any scorecard yet", 1)


@pytest.mark.parametrize("count", [1, 3])
def test_usage_takes_one_query_for_any_number_of_versions(old, django_assert_num_queries, count):
    versions = [make_rubric_version(rubric=old.rubric, number=number + 2) for number in range(count)]
    for version in versions:
        make_scorecard(opening=make_opening(rubric_version=version), submitted=True)

    with django_assert_num_queries(1):
        usage_of(version.pk for version in versions)


def test_admin_moves_all_from_the_page_of_the_version_without_learning_their_titles(client, old, new, admin):
    opening_on(old, title="Secret search")
    begun = opening_on(old, title="Begun search")
    make_scorecard(opening=begun, submitted=True)
    client.force_login(admin)
    address = reverse("candidates:version_openings", args=[new.pk])
    assert address in client.get(reverse("rubrics:version_detail", args=[new.pk])).content.decode()

    page = client.get(address).content.decode()
    after = client.post(address, follow=True).content.decode()

    assert ("1 opening may move" in page, "Secret search" in page) == (True, False)
    assert "1 opening on an earlier version has scorecards begun, and keeps it" in page
    assert ("1 opening took up" in after, "No opening can move" in after) == (True, True)
    assert sorted(map(version_of, Opening.objects.all())) == [1, 2]


def test_admin_on_the_team_moves_one_by_one(client, old, new, admin):
    opening = opening_on(old, hiring_manager=admin, title="My own search")
    client.force_login(admin)

    page = client.get(reverse("candidates:version_openings", args=[new.pk])).content.decode()
    client.post(reverse("candidates:opening_move", args=[opening.pk]), {"version": new.pk})

    assert "My own search" in page
    assert version_of(opening) == 2


def test_team_moves_its_opening_in_the_settings_and_is_told_where_it_stays(client, old, new):
    recruiter = make_user(is_recruiter=True)
    opening = opening_on(old, recruiter=recruiter)
    settings, move = (reverse(f"candidates:{name}", args=[opening.pk]) for name in ("opening_edit", "opening_move"))
    client.force_login(recruiter)
    assert move in client.get(settings).content.decode()

    card = make_scorecard(opening=opening, opened_at=timezone.now())
    refused = client.post(move, {"version": new.pk}, follow=True).content.decode()
    assert ("stays where it is" in refused, "this opening stays" in refused) == (True, True)
    Scorecard.objects.filter(pk=card.pk).update(opened_at=None)
    client.post(move, {"version": make_rubric_version().pk})
    assert version_of(opening) == 1
    client.post(move, {"version": new.pk})

    assert version_of(opening) == 2


def test_only_its_team_moves_an_opening(client, old, new, admin, recruiter):
    opening = opening_on(old)
    for user in (admin, recruiter):
        client.force_login(user)
        assert (
            client.post(reverse("candidates:opening_move", args=[opening.pk]), {"version": new.pk}).status_code == 404
        )
    assert version_of(opening) == 1
