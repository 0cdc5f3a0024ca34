"""Each question about openings alone: which it finds, beside others of every other kind."""

from collections.abc import Iterable

import pytest

from candidates.models import Opening, OpeningMember
from rubrics.models import RubricVersion
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_opening, make_rubric_version, make_scorecard


def titles(openings: Iterable[Opening]) -> list[str]:
    """What they are called, sorted, each as often as it was found."""
    return sorted(opening.title for opening in openings)


def test_openings_are_seen_by_team_and_panel_and_managed_by_the_team(
    recruiter: User, manager: User, interviewer: User, stranger: User
) -> None:
    here = make_opening(title="Here", recruiter=recruiter, hiring_manager=manager)
    OpeningMember.objects.create(opening=here, user=manager, role=OpeningMember.Role.RECRUITER)
    there = make_opening(title="There", hiring_manager=interviewer)
    for opening in (here, there, make_opening(title="Elsewhere")):
        make_scorecard(application=make_application(opening=opening))
    for _ in range(2):
        make_scorecard(application=make_application(opening=here), interviewer=interviewer)

    def found(user: User) -> tuple[list[str], list[str]]:
        return titles(Opening.objects.visible_to(user)), titles(Opening.objects.managed_by(user))

    assert found(recruiter) == found(manager) == (["Here"], ["Here"])
    assert found(interviewer) == (["Here", "There"], ["There"])
    assert found(stranger) == ([], [])


def test_search_finds_every_word_in_title_or_place_in_the_state_asked_for(recruiter: User) -> None:
    for title, place, state in [
        ("Head of Sales", "Oslo", "open"),
        ("Head of Growth", "Bergen", "draft"),
        ("Head of Trade", "Oslo", "closed"),
    ]:
        make_opening(title=title, location=place, state=state)

    def search(**query: str) -> list[str]:
        return titles(Opening.objects.search(**query))

    assert search() == search(q="head") == ["Head of Growth", "Head of Sales"]
    assert search(q="head oslo") == ["Head of Sales"]
    assert search(q="sales bergen") == []
    assert search(q="oslo", state="all") == ["Head of Sales", "Head of Trade"]
    assert search(state="all") == ["Head of Growth", "Head of Sales", "Head of Trade"]
    assert search(state="closed") == ["Head of Trade"]
    assert search(state="draft") == ["Head of Growth"]
    assert titles(Opening.objects.not_closed()) == ["Head of Growth", "Head of Sales"]
    assert {opening.title: opening.is_closed for opening in Opening.objects.all()} == {
        "Head of Growth": False,
        "Head of Sales": False,
        "Head of Trade": True,
    }


def test_people_of_a_team_are_told_by_their_role(opening: Opening, recruiter: User, manager: User) -> None:
    assert (opening.hiring_managers, opening.recruiters) == ([manager], [recruiter])


# Which openings may take up a version


@pytest.fixture
def version(db: None) -> RubricVersion:
    """Version 2 of a rubric, with openings on versions 1 to 3 and on another rubric in every stage of scoring."""
    first = make_rubric_version(dimensions=2)
    second, third = (make_rubric_version(rubric=first.rubric, number=number, dimensions=2) for number in (2, 3))
    make_opening(title="Unbegun", rubric_version=first)
    planned = make_opening(title="Planned", rubric_version=first)
    make_scorecard(opening=planned)
    opened = make_opening(title="Opened", rubric_version=first)
    make_scorecard(opening=opened, opened_at=opened.created_at)
    pinned = make_opening(title="Pinned", rubric_version=first)
    make_interview(application=make_application(opening=pinned), rubric_version=first)
    make_opening(title="On it", rubric_version=second)
    make_opening(title="Ahead", rubric_version=third)
    elsewhere = make_rubric_version(dimensions=2)
    for begun in (None, [3]):
        closed = make_opening(title="Closed", rubric_version=first, state="closed")
        other = make_opening(title="Other rubric", rubric_version=elsewhere)
        for opening in (closed, other):
            make_scorecard(opening=opening, values=begun)
    return second


def test_openings_on_an_earlier_version_without_an_opened_card_may_move(version: RubricVersion) -> None:
    assert titles(Opening.objects.movable_to(version)) == ["Planned", "Unbegun"]


def test_openings_with_an_opened_card_or_a_pinned_version_stay_behind(version: RubricVersion) -> None:
    assert titles(Opening.objects.staying_behind(version)) == ["Opened", "Pinned"]
