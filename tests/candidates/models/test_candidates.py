"""Each question about many candidates or applications alone: whom it finds, beside others of every other kind."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from candidates.models import Application, Candidate, CandidateErased, Opening, OpeningMember, StageChange
from smarter.accounts.models import User
from tests.factories import make_application, make_candidate, make_interview, make_opening, make_scorecard, make_user

NOW = timezone.now()


def days_ago(days: int) -> datetime:
    """An instant, the same in one test run."""
    return NOW - timedelta(days=days)


def found(rows: Iterable[Application | Candidate]) -> list[str]:
    """The names of candidates, sorted, each as often as they were found."""
    return sorted(str(getattr(row, "candidate", row)) for row in rows)


def end(application: Application, *, days: int, stage: str = "rejected") -> None:
    """Let an application end so many days ago."""
    StageChange.objects.create(
        application=application,
        from_stage=application.stage,
        to_stage=stage,
        changed_by=application.opening.created_by,
        changed_at=days_ago(days),
    )
    Application.objects.filter(pk=application.pk).update(stage=stage)


# Who has to do with whom


@pytest.fixture
def people(recruiter: User, manager: User, opening: Opening) -> Opening:
    """Candidates of `opening`, of another opening and of none, of whom the recruiter entered "Entered" and "Alone"."""
    other = make_user()
    make_application(opening=opening, candidate=make_candidate(name="Of the opening", created_by=other))
    elsewhere = make_opening(recruiter=other, hiring_manager=manager)
    make_application(opening=elsewhere, candidate=make_candidate(name="Entered", created_by=recruiter))
    make_application(candidate=make_candidate(name="Of strangers", created_by=other))
    make_candidate(name="Alone", created_by=recruiter)
    make_candidate(name="Alone too", created_by=other)
    return elsewhere


def test_candidates_are_seen_by_team_panel_and_whoever_entered_them(
    people: Opening, recruiter: User, manager: User, interviewer: User, stranger: User
) -> None:
    make_scorecard(application=people.applications.get(), interviewer=interviewer)

    def seen(user: User) -> list[str]:
        return found(Candidate.objects.visible_to(user))

    assert seen(recruiter) == ["Alone", "Entered", "Of the opening"]
    assert seen(manager) == ["Entered", "Of the opening"]
    assert seen(interviewer) == ["Entered"]
    assert seen(stranger) == []


def test_candidates_are_managed_by_team_and_whoever_entered_them(
    people: Opening, recruiter: User, manager: User, interviewer: User
) -> None:
    make_scorecard(application=people.applications.get(), interviewer=interviewer)

    assert found(Candidate.objects.managed_by(recruiter)) == ["Alone", "Entered", "Of the opening"]
    assert found(Candidate.objects.managed_by(manager)) == ["Entered", "Of the opening"]
    assert found(Candidate.objects.managed_by(interviewer)) == []


def test_candidates_are_recruited_once_by_recruiters_of_their_openings_and_alone_by_whoever_entered_them(
    people: Opening, recruiter: User, manager: User
) -> None:
    twice = Candidate.objects.get(name="Of the opening")
    make_application(candidate=twice)
    make_application(candidate=twice, opening=make_opening(recruiter=recruiter))

    assert found(Candidate.objects.recruited_by(recruiter)) == ["Alone", "Of the opening"]
    assert found(Candidate.objects.recruited_by(manager)) == []
    assert found(Candidate.objects.recruited_by(people.created_by)) == ["Alone too", "Entered"]


def test_applications_are_seen_managed_and_recruited_by_those_of_their_opening(
    people: Opening, recruiter: User, manager: User, interviewer: User, stranger: User
) -> None:
    make_scorecard(application=people.applications.get(), interviewer=interviewer)
    make_scorecard(interview=make_interview(application=people.applications.get()), interviewer=interviewer)
    rows = Application.objects

    assert found(rows.visible_to(recruiter)) == found(rows.managed_by(recruiter)) == ["Of the opening"]
    assert found(rows.recruited_by(recruiter)) == ["Of the opening"]
    assert found(rows.visible_to(manager)) == found(rows.managed_by(manager)) == ["Entered", "Of the opening"]
    assert found(rows.recruited_by(manager)) == []
    assert found(rows.visible_to(interviewer)) == ["Entered"]
    assert found(rows.managed_by(interviewer)) == found(rows.recruited_by(interviewer)) == []
    assert found(rows.visible_to(stranger)) == []


def test_applications_seen_are_those_of_ones_openings(people: Opening, recruiter: User, manager: User) -> None:
    candidate = Candidate.objects.get(name="Of the opening")
    make_application(candidate=candidate, opening=people)

    def seen(user: User) -> set[Opening]:
        row = Candidate.objects.with_applications(user).get(pk=candidate.pk)
        return {application.opening for application in row.applications_seen}

    assert len(seen(manager)) == 2
    assert seen(recruiter) == {Opening.objects.get(created_by=recruiter)}


def test_not_in_an_opening_are_those_who_did_not_apply_to_it(people: Opening) -> None:
    assert found(Candidate.objects.not_in(people)) == ["Alone", "Alone too", "Of strangers", "Of the opening"]


def test_search_finds_every_word_in_name_or_role_and_in_the_email_of_those_one_manages(
    opening: Opening, recruiter: User, interviewer: User
) -> None:
    ada = make_candidate(name="Ada Lang", current_role="Head of Sales", email="ada@north.example")
    make_candidate(name="Bo Lang", current_role="Trader", email="bo@south.example")
    make_scorecard(application=make_application(opening=opening, candidate=ada), interviewer=interviewer)

    def search(user: User, q: str) -> list[str]:
        return found(Candidate.objects.search(user, q))

    assert search(recruiter, "") == search(recruiter, "lang") == ["Ada Lang", "Bo Lang"]
    assert search(recruiter, "lang trader") == ["Bo Lang"]
    assert search(recruiter, "ada trader") == []
    assert search(recruiter, "ada north") == ["Ada Lang"]
    assert search(recruiter, "south") == search(interviewer, "north") == []


# When something is over


def test_erased_candidates_are_left_out(db: None) -> None:
    here, gone = make_application(name="Here"), make_application(candidate=make_candidate(name="Gone", email=""))
    Candidate.objects.filter(pk=gone.candidate_id).update(erased_at=NOW)

    assert found(Candidate.objects.not_erased()) == found(Application.objects.not_erased()) == ["Here"]
    assert Application.objects.hold(here.pk) == here
    with pytest.raises(CandidateErased):
        Application.objects.hold(gone.pk)


@pytest.fixture
def ended(opening: Opening) -> None:
    """Applications that are going on, rejected 5 days ago after a first time 9 days ago, and of a closed opening."""
    make_application(opening=opening, name="Going on")
    rejected = make_application(opening=opening, name="Rejected", created_at=days_ago(20))
    end(rejected, days=9)
    end(rejected, days=5)
    make_application(opening=opening, name="Unmoved", stage="hired", created_at=days_ago(3))
    closed = make_opening(state="closed", closed_at=days_ago(7))
    make_application(opening=closed, name="Closed")


def test_applications_end_by_their_last_move_or_with_their_opening(ended: None) -> None:
    rows = Application.objects

    assert {str(row.candidate): row.ended_at for row in rows.with_end()} == {
        "Going on": None,
        "Rejected": days_ago(5),
        "Unmoved": days_ago(3),
        "Closed": days_ago(7),
    }
    assert found(rows.going_on()) == ["Going on"]
    in_order = rows.exclude(candidate__name="Going on").latest_first()
    assert [str(row.candidate) for row in in_order] == ["Unmoved", "Rejected", "Closed"]
    assert found(rows.running()) == ["Closed", "Going on"]


def test_candidates_end_with_the_last_of_their_applications(ended: None) -> None:
    Candidate.objects.update(created_at=days_ago(50))
    make_application(candidate=Candidate.objects.get(name="Closed"), stage="withdrawn", created_at=days_ago(6))
    busy = make_application(name="Busy", stage="rejected", created_at=days_ago(8))
    make_application(candidate=busy.candidate)
    make_candidate(name="Never applied", created_at=days_ago(4))
    rows = Candidate.objects

    known = {row.name: (row.is_running, None if row.is_running else row.ended_at) for row in rows.with_end()}
    assert known == {
        "Going on": (True, None),
        "Busy": (True, None),
        "Rejected": (False, days_ago(5)),
        "Unmoved": (False, days_ago(3)),
        "Closed": (False, days_ago(6)),
        "Never applied": (False, days_ago(4)),
    }
    assert found(rows.ended_before(days_ago(5))) == ["Closed", "Rejected"]
    in_order = rows.exclude(name__in=["Going on", "Busy"]).longest_ended_first()
    assert [row.name for row in in_order] == ["Closed", "Rejected", "Never applied", "Unmoved"]


def test_each_opening_has_its_number_of_applications_in_whatever_order_they_come(opening: Opening) -> None:
    for days in (1, 2):
        make_application(opening=opening, created_at=days_ago(days))
    other = make_application().opening

    assert Application.objects.order_by("created_at").count_by_opening() == {opening.pk: 2, other.pk: 1}


# What one may know of a panel


@pytest.fixture
def panels(opening: Opening, recruiter: User, manager: User) -> None:
    """Applications of the manager's openings and of another, by what the manager may know of their panels."""
    for name, states in {
        "None in": [],
        "Open": ["waiting"],
        "Half": ["submitted", "waiting"],
        "Whole": ["submitted"],
    }.items():
        for own in (None, "waiting", "submitted"):
            application = make_application(opening=opening, name=f"{name}, own {own}" if own else name)
            for state in states:
                make_scorecard(application=application, state=state)
            if own:
                make_scorecard(application=application, interviewer=manager, state=own)
    make_scorecard(application=make_application(name="Elsewhere"), interviewer=manager, submitted=True)


SEALED = ["Half, own waiting", "None in, own waiting", "Open, own waiting", "Whole, own waiting"]
READABLE = [
    "Elsewhere", "Half, own submitted", "None in, own submitted", "Open, own submitted", "Whole",
    "Whole, own submitted",
]  # fmt: skip
COMPLETE = ["Elsewhere", "None in, own submitted", "Whole", "Whole, own submitted"]


def test_what_is_sealed_readable_and_complete(panels: None, manager: User) -> None:
    rows = Application.objects
    everybody = found(rows.all())

    assert found(rows.sealed_for(manager)) == SEALED
    assert found(rows.not_sealed_for(manager)) == sorted(set(everybody) - set(SEALED))
    assert found(rows.unsealed_for(manager)) == READABLE
    assert found(rows.complete()) == found(rows.complete_to(manager)) == COMPLETE
    assert found(rows.with_a_card(manager)) == sorted({*READABLE, "Half", "Half, own waiting", "Whole, own waiting"})
    assert found(rows.open_to_early_look(manager)) == ["Half"]


def test_complete_to_the_sealed_is_nothing(panels: None, manager: User) -> None:
    shadow = make_application(opening=Opening.objects.get(members__user=manager), name="Whole, own shadow open")
    make_scorecard(application=shadow, submitted=True)
    make_scorecard(application=shadow, interviewer=manager, is_shadow=True)

    assert found(Application.objects.complete()) == sorted([*COMPLETE, "Whole, own shadow open"])
    assert found(Application.objects.complete_to(manager)) == COMPLETE


def test_open_to_decision_is_what_the_team_reads_or_what_nobody_has_scored(panels: None, manager: User) -> None:
    readable_here = [name for name in READABLE if name != "Elsewhere"]
    assert found(Application.objects.open_to_decision(manager)) == sorted(["None in", "Open", *readable_here])

    OpeningMember.objects.filter(user=manager).delete()

    assert found(Application.objects.open_to_decision(manager)) == []
