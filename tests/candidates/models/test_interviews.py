"""Each question about interviews alone, and what one knows of its times and its rubric version."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from candidates.models import Candidate, Interview, Opening
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_opening, make_rubric_version, make_scorecard

NOW = timezone.now()
HOUR = timedelta(hours=1)


@pytest.fixture
def interview(opening: Opening) -> Interview:
    """An interview; beside it stand another of the same candidate and one of another opening, with their panels."""
    interview = make_interview(application=make_application(opening=opening))
    make_scorecard(application=interview.application)
    make_scorecard()
    return interview


def test_interviews_are_seen_by_team_and_panel_and_managed_by_the_team(
    interview: Interview, opening: Opening, manager: User, interviewer: User, colleague: User, stranger: User
) -> None:
    make_scorecard(interview=interview, interviewer=interviewer)
    make_opening(hiring_manager=colleague)
    both = set(Interview.objects.filter(application=interview.application))

    def found(user: User) -> tuple[set[Interview], set[Interview]]:
        return set(Interview.objects.visible_to(user)), set(Interview.objects.managed_by(user))

    assert len(both) == 2
    assert found(manager) == (both, both)
    assert found(interviewer) == ({interview}, set())
    assert found(colleague) == found(stranger) == (set(), set())


def test_interviews_are_changeable_by_the_team_while_they_take_place_and_data_are_here(
    interview: Interview, opening: Opening, manager: User, interviewer: User
) -> None:
    make_scorecard(interview=interview, interviewer=interviewer)
    cancelled = make_interview(application=make_application(opening=opening), cancelled_at=NOW)
    erased = make_interview(application=make_application(opening=opening))
    Candidate.objects.filter(pk=erased.application.candidate_id).update(email="", erased_at=NOW)
    both = set(Interview.objects.filter(application=interview.application))

    assert set(Interview.objects.changeable_by(manager)) == both
    assert not Interview.objects.changeable_by(interviewer).exists()
    assert set(Interview.objects.managed_by(manager).active()) == both | {erased}
    assert set(Interview.objects.managed_by(manager)) == both | {erased, cancelled}


def test_times_follow_from_start_and_length() -> None:
    planned, untimed = Interview(starts_at=NOW, minutes=45), Interview()

    assert (planned.ends_at, planned.due_at) == (NOW + 0.75 * HOUR, NOW + 24.75 * HOUR)
    assert (untimed.ends_at, untimed.due_at, untimed.is_running) == (None, None, False)


@pytest.mark.parametrize(
    ("minutes", "is_running"), [(-1, False), (0, True), (30, True), (44, True), (45, False), (90, False)]
)
def test_an_interview_runs_from_its_start_until_its_end(
    monkeypatch: pytest.MonkeyPatch, minutes: int, is_running: bool
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=minutes))

    assert Interview(starts_at=NOW, minutes=45).is_running is is_running


def test_the_version_is_the_openings_until_it_is_pinned(interview: Interview, opening: Opening) -> None:
    old = opening.rubric_version
    unpinned = make_interview(application=interview.application)
    interview.pin_version()
    new = make_rubric_version(rubric=old.rubric, number=2)
    Opening.objects.filter(pk=opening.pk).update(rubric_version=new)

    for found, version in {
        Interview.objects.get(pk=interview.pk): old,
        Interview.objects.get(pk=unpinned.pk): new,
    }.items():
        assert (found.pinned_version(), found.pinned_version_id) == (version, version.pk)
    assert interview.rubric_version == old
    assert Interview.objects.filter(application=interview.application, rubric_version=None).count() == 2


def test_the_first_pin_stays_whoever_held_the_interview_before(interview: Interview, opening: Opening) -> None:
    old = opening.rubric_version
    stale = Interview.objects.get(pk=interview.pk)
    interview.pin_version()
    new = make_rubric_version(rubric=old.rubric, number=2)
    Opening.objects.filter(pk=opening.pk).update(rubric_version=new)

    stale.pin_version()

    assert stale.rubric_version == Interview.objects.get(pk=interview.pk).rubric_version == old


def test_a_pinned_interview_asks_the_database_nothing_when_it_is_pinned_again(
    interview: Interview, django_assert_num_queries: Any
) -> None:
    interview.pin_version()

    with django_assert_num_queries(0):
        interview.pin_version()
