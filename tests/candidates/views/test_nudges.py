"""Nudging the late: whom one may know to be late, once a day, and taken back in time."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import Opening, Scorecard
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.mail.models import MailMessage
from smarter.mail.sending import deliver
from tests.factories import make_application, make_interview, make_scorecard, make_user


def late_card(opening: Opening, interviewer: User, *, name: str = "", days: float = 3, **fields: Any) -> Scorecard:
    """An open card of an interview some days ago."""
    application = make_application(opening=opening, name=name)
    interview = make_interview(application=application, starts_at=timezone.now() - timedelta(days=days))
    return make_scorecard(interview=interview, interviewer=interviewer, **fields)


def address(opening: Opening) -> str:
    """Where people are nudged."""
    return reverse("candidates:nudge_create", args=[opening.pk])


def undo_of(response: Any) -> str:
    """Where the Undo of the message on a page posts to."""
    *_, message = response.context["messages"]
    return str(message.extra_tags).removeprefix("undo:")


def later(minutes: float) -> Any:
    """A clock that is ahead."""
    return lambda: timezone.now() + timedelta(minutes=minutes)


def test_the_late_are_proposed_and_get_a_mail_after_two_minutes(
    client: Client, opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    late = late_card(opening, interviewer, name="Ann Lee")
    early = late_card(opening, colleague, days=0.1)
    make_scorecard(interview=late.interview, interviewer=colleague, submitted=True, evidence="Planted evidence")
    client.force_login(recruiter)

    page = client.get(address(opening))
    answer = client.post(address(opening), {"card": [late.pk]}, follow=True)
    sent = [deliver().sent, deliver(later(2.1)).sent]

    assert [(seat.card, is_chosen) for seat, is_chosen in page.context["form"].rows] == [(late, True), (early, False)]
    assert page.context["letter"].subject == "Maya Recruiter asks for your scorecard on Ann Lee"
    assert "/mails/stop/" not in page.content.decode()
    assert answer.redirect_chain == [(reverse("candidates:opening_detail", args=[opening.pk]), 302)]
    assert sent == [0, 1]
    (message,) = mail.outbox
    assert (message.to, message.reply_to) == (["interviewer@example.com"], ["recruiter@example.com"])
    assert f"/scorecards/{late.pk}/edit/" in message.body
    assert "Planted" not in str(message.message())
    event = AuditEvent.objects.get(act="scorecard.nudge")
    assert (event.actor, event.candidate_id, event.detail) == (
        recruiter,
        late.interview.application.candidate_id,
        {"scorecard": late.pk},
    )


def test_nobody_is_nudged_twice_within_a_day_unless_meant(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    late = late_card(opening, interviewer)
    client.force_login(recruiter)
    client.post(address(opening), {"card": [late.pk]})

    refused = client.post(address(opening), {"card": [late.pk]})
    count = MailMessage.objects.count()
    again = client.post(address(opening), {"card": [late.pk], "is_again": "on"})
    MailMessage.objects.update(created_at=timezone.now() - timedelta(hours=25))
    next_day = client.post(address(opening), {"card": [late.pk]})

    assert list(refused.context["form"].errors) == ["is_again"]
    assert (refused.status_code, count) == (200, 1)
    assert (again.status_code, next_day.status_code) == (302, 302)
    assert MailMessage.objects.count() == 3


def test_a_nudge_is_taken_back_until_it_goes(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    late = late_card(opening, interviewer)
    client.force_login(recruiter)
    undo = undo_of(client.post(address(opening), {"card": [late.pk]}, follow=True))
    client.post(undo)
    gone = deliver(later(3))
    once_more = client.post(address(opening), {"card": [late.pk]}, follow=True)
    deliver(later(3))
    too_late = client.post(undo_of(once_more), follow=True)

    assert (gone.sent, len(mail.outbox)) == (0, 1)
    assert [str(message) for message in too_late.context["messages"]] == [
        "Nothing could be taken back: the mails have gone out."
    ]
    acts = AuditEvent.objects.filter(act__startswith="scorecard.nudge").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["scorecard.nudge", "scorecard.nudge_undo", "scorecard.nudge"]


def test_a_card_that_comes_in_meanwhile_is_not_asked_for(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    late = late_card(opening, interviewer)
    client.force_login(recruiter)
    client.post(address(opening), {"card": [late.pk]})
    Scorecard.objects.update(state="submitted", submitted_at=timezone.now())

    assert (deliver(later(3)).withdrawn, mail.outbox) == (1, [])


def test_the_sealed_learn_nobody_who_is_late(
    client: Client, opening: Opening, manager: User, interviewer: User
) -> None:
    late = late_card(opening, interviewer)
    make_scorecard(interview=late.interview, interviewer=manager)
    client.force_login(manager)

    page = client.get(address(opening))
    answer = client.post(address(opening), {"card": [late.pk]})

    assert page.context["form"].seats == []
    assert "Daniel" not in page.content.decode()
    assert (answer.status_code, MailMessage.objects.count()) == (200, 0)


def test_who_cannot_be_written_to_is_not_offered(client: Client, opening: Opening, recruiter: User) -> None:
    willing, unwilling, gone = make_user(), make_user(mail_reminders=False), make_user(is_active=False)
    cards = [late_card(opening, person) for person in (willing, unwilling, gone, recruiter)]
    client.force_login(recruiter)

    page = client.get(address(opening))
    answer = client.post(address(opening), {"card": [cards[1].pk]})

    assert [(seat.card, seat.is_proposed) for seat in page.context["form"].seats] == [
        (cards[0], True),
        (cards[1], False),
    ]
    assert list(answer.context["form"].errors) == ["card"]


@pytest.mark.parametrize("card", ["", "x", "0", "9" * 40, "\0"])
def test_bad_choices_are_told_so(
    client: Client, opening: Opening, recruiter: User, interviewer: User, card: str
) -> None:
    late_card(opening, interviewer)
    client.force_login(recruiter)

    response = client.post(address(opening), {"card": [card] if card else []})

    assert list(response.context["form"].errors) == ["card"]
    assert not MailMessage.objects.exists()


def test_undo_touches_no_mail_of_another_opening(
    client: Client, opening: Opening, recruiter: User, outsider_mail: MailMessage
) -> None:
    client.force_login(recruiter)

    client.post(
        reverse("candidates:nudge_undo", args=[opening.pk]) + f"?mail={outsider_mail.pk}&mail=x&mail={'9' * 30}"
    )

    outsider_mail.refresh_from_db()
    assert outsider_mail.withdrawn_at is None


@pytest.fixture
def outsider_mail(db: None) -> MailMessage:
    """A nudge of another opening."""
    return MailMessage.objects.create(kind="scorecard.nudge", message_id="<x@y>", address="x@example.com", opening_id=0)


def test_strangers_find_nothing(client: Client, opening: Opening, interviewer: User, stranger: User) -> None:
    late = late_card(opening, interviewer)
    for person in (interviewer, stranger):
        client.force_login(person)
        assert client.get(address(opening)).status_code == 404
        assert client.post(address(opening), {"card": [late.pk]}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_nudge_query_count_is_flat(
    client: Client, opening: Opening, recruiter: User, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        late_card(opening, make_user())
    client.force_login(recruiter)

    with django_assert_num_queries(5):
        client.get(address(opening))
