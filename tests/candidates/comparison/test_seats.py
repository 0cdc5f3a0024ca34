"""Who may know of whom on a panel, and what stands in the place of scores."""

import pytest

from candidates.comparison.seats import closed, read_seats
from candidates.models import Application, EarlyLook, Opening
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_scorecard, make_user


def seen_by(user: User, application: Application) -> Application:
    """The application with what this person may know of it."""
    return Application.objects.with_seal(user).get(pk=application.pk)


def told(user: User, application: Application) -> tuple[str, str, str] | None:
    """What stands in the place of scores: why, how many are in, and what one can do."""
    seen = seen_by(user, application)
    shut = closed(seen, read_seats(user, [seen]))
    return (shut.reason, shut.progress, shut.action) if shut else None


@pytest.fixture
def half(opening: Opening, interviewer: User) -> Application:
    """One card in, one of another interviewer open."""
    application = make_application(opening=opening)
    make_scorecard(application=application, submitted=True)
    make_scorecard(application=application, interviewer=interviewer)
    return application


def test_team_may_look_early_and_then_reads(recruiter, half):
    before = told(recruiter, half)
    EarlyLook.objects.create(application=half, viewer=recruiter, cards_in=1, cards_expected=2)

    assert before == ("Open when all scorecards are in.", "1 of 2 scorecards in", "Look early")
    assert told(recruiter, half) is None


def test_sealed_person_is_led_to_the_own_card_and_knows_no_other_seat(interviewer, half):
    seats = read_seats(interviewer, [seen_by(interviewer, half)])

    assert told(interviewer, half) == ("Hidden until you submit your scorecard.", "1 of 2 scorecards in", "Finish it")
    assert [card.interviewer for card in seats] == [interviewer]


def test_open_card_for_the_same_person_elsewhere_seals_and_is_the_one_to_finish(recruiter, half):
    elsewhere = make_application(candidate=half.candidate)
    card = make_scorecard(application=elsewhere, interviewer=recruiter)
    seen = seen_by(recruiter, half)

    shut = closed(seen, read_seats(recruiter, [seen]))

    assert shut is not None
    assert shut.href.endswith(f"/scorecards/{card.pk}/edit/")


def test_nothing_in_is_no_secret(recruiter, opening):
    application = make_application(opening=opening)

    assert told(recruiter, application) == ("No scorecard is in yet.", "0 of 0 scorecards in", "")


def test_seat_of_a_cancelled_interview_opens_nothing(opening):
    person = make_user()
    application = make_application(opening=opening)
    make_scorecard(application=application, submitted=True)
    interview = make_interview(application=application)
    make_scorecard(interview=interview, interviewer=person)
    interview.cancelled_at = interview.created_at
    interview.save()

    assert told(person, application) == (
        "Open to those who submitted a scorecard, and to the opening’s team.",
        "1 of 1 scorecards in",
        "",
    )
