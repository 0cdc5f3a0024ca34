"""The bell and the list behind it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import Notification, Opening, Scorecard
from candidates.panels import Seat, change_interview
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_scorecard

Kind = Notification.Kind


def tell(user: User, kind: str, card: Scorecard, **fields: Any) -> Notification:
    """A notification about a card."""
    application = card.interview.application
    return Notification.objects.create(
        user=user,
        kind=kind,
        scorecard=card,
        interview=card.interview,
        application=application,
        opening=application.opening,
        by=application.opening.created_by,
        **fields,
    )


@pytest.fixture
def card(opening: Opening, interviewer: User) -> Scorecard:
    """An open card of `interviewer`."""
    interview = make_interview(application=make_application(opening=opening, name="Ann Lee"))
    return make_scorecard(interview=interview, interviewer=interviewer)


def bell(client: Client) -> str:
    """What the bell says on a page."""
    page = client.get(reverse("accounts:profile")).content.decode()
    return page.split('class="iconbtn bell"')[1].split('aria-label="')[1].split('"')[0]


def test_the_bell_counts_what_is_unread_and_may_be_told(client: Client, card: Scorecard, interviewer: User) -> None:
    tell(interviewer, Kind.SEAT_GIVEN, card)
    tell(interviewer, Kind.HANDED_BACK, card, read_at=timezone.now())
    tell(interviewer, Kind.PANEL_COMPLETE, card)  # not on the team, so not told
    client.force_login(interviewer)
    before = bell(client)
    client.post(reverse("candidates:notification_read"))

    assert (before, bell(client)) == ("Notifications: 1 unread", "Notifications")
    assert Notification.objects.unread().count() == 1


def test_following_leads_to_the_place_and_counts_as_read(client: Client, card: Scorecard, interviewer: User) -> None:
    places = {
        Kind.SEAT_GIVEN: reverse("candidates:interview_detail", args=[card.interview_id]),
        Kind.HANDED_BACK: reverse("candidates:scorecard_edit", args=[card.pk]),
        Kind.DEBRIEF_OPENED: reverse("candidates:opening_debrief", args=[card.interview.application.opening_id]),
        Kind.SEAT_TAKEN: reverse("candidates:notification_list"),
    }
    client.force_login(interviewer)
    for kind, place in places.items():
        row = tell(interviewer, kind, card)

        answer = client.get(reverse("candidates:notification_follow", args=[row.pk]))

        assert answer.headers["Location"] == place
        assert client.get(place).status_code == 200
    assert not Notification.objects.unread().exists()


def test_the_list_tells_each_in_words(client: Client, card: Scorecard, interviewer: User, colleague: User) -> None:
    for kind in (Kind.SEAT_GIVEN, Kind.HANDED_BACK, Kind.SEAT_TAKEN, Kind.DEBRIEF_OPENED):
        tell(interviewer, kind, card)
    tell(colleague, Kind.SEAT_TAKEN, card)
    client.force_login(interviewer)

    response = client.get(reverse("candidates:notification_list"))

    page = " ".join(response.content.decode().split())
    assert [row.kind for row in response.context["page"]] == [
        "debrief_opened",
        "seat_taken",
        "handed_back",
        "seat_given",
    ]
    assert "The debrief of Regional VP of Sales is open</a>, opened by Maya Recruiter." in page
    assert "You are no longer on the panel for Ann Lee, Interview: Maya Recruiter took you off." in page
    assert "Your scorecard on Ann Lee was handed back</a> by Maya Recruiter: it is a draft again." in page
    assert "You are on the panel for Ann Lee</a>, Interview, " in page


def test_who_was_taken_off_is_told_and_finds_no_link(
    client: Client, card: Scorecard, recruiter: User, interviewer: User, colleague: User
) -> None:
    tell(interviewer, Kind.SEAT_GIVEN, card)
    change_interview(
        user=recruiter,
        interview=card.interview,
        seats=[Seat(colleague.pk)],
        removed=[interviewer.pk],
        is_confirmed=True,
    )
    client.force_login(interviewer)

    response = client.get(reverse("candidates:notification_list"))

    assert [row.kind for row in response.context["page"]] == ["seat_taken"]
    assert f"/interviews/{card.interview_id}/" not in response.content.decode()


def test_an_empty_list_says_what_will_come(client: Client, stranger: User) -> None:
    client.force_login(stranger)

    assert "Nothing to tell you yet" in client.get(reverse("candidates:notification_list")).content.decode()


def test_notifications_of_others_are_absent(client: Client, card: Scorecard, interviewer: User, stranger: User) -> None:
    row = tell(interviewer, Kind.SEAT_GIVEN, card)
    client.force_login(stranger)

    assert client.get(reverse("candidates:notification_follow", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_notification_list_query_count_is_flat(
    client: Client, card: Scorecard, interviewer: User, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        tell(interviewer, Kind.HANDED_BACK, card)
        tell(interviewer, Kind.DEBRIEF_OPENED, card)
    client.force_login(interviewer)

    with django_assert_num_queries(7):
        client.get(reverse("candidates:notification_list"))


def test_deactivated_people_are_signed_out_at_once(client: Client, interviewer: User) -> None:
    client.force_login(interviewer)
    User.objects.update(is_active=False)

    assert client.get(reverse("candidates:home")).status_code == 302
