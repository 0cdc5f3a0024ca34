"""The mail queue as admins see it: how it stands, what failed and why; no word of any mail, nothing under the seal."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import Opening, Scorecard
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.mail.models import ERRORS, MailMessage
from smarter.mail.queueing import Letter, queue_mail
from smarter.mail.sending import BY_KIND, BY_REPLY, deliver
from tests.factories import make_application, make_interview, make_scorecard

LIST = "candidates:mail_list"


def failed(address: str = "gone@example.com", **fields: Any) -> MailMessage:
    """A mail that was given up."""
    message = queue_mail(to=address, kind="invitation", letter=Letter("Planted subject", "Planted text"), **fields)
    assert message is not None
    MailMessage.objects.filter(pk=message.pk).update(failed_at=timezone.now(), attempts=9, error="recipient_550")
    return message


def test_the_queue_shows_how_it_stands_and_no_word_of_any_mail(client: Client, admin: User) -> None:
    failed()
    queue_mail(to=admin, kind="scorecard.remind", letter=Letter("Planted subject", "Planted text"))
    MailMessage.objects.filter(user=admin).update(next_attempt_at=timezone.now() - timedelta(hours=1))
    client.force_login(admin)

    response = client.get(reverse(LIST))

    page = response.content.decode()
    assert [response.context[name] for name in ("waiting", "failed", "sent", "stands_still")] == [1, 1, 0, True]
    assert "gone@example.com" in page
    assert "refuses this address. Check it, or ask the person for another. (reply 550)" in page
    assert "Planted" not in page


def test_a_mail_given_up_is_tried_again_once(client: Client, admin: User, mailoutbox: Any) -> None:
    message = failed()
    client.force_login(admin)
    url = reverse("candidates:mail_retry", args=[message.pk])

    answers = [client.post(url).status_code, client.post(url).status_code]

    assert answers == [302, 404]
    assert deliver().sent == 1
    assert [sent.to for sent in mailoutbox] == [["gone@example.com"]]
    assert AuditEvent.objects.filter(act="mail.retry").values_list("actor", "subject_id").get() == (
        admin.pk,
        message.pk,
    )


def test_a_mail_of_no_use_is_not_tried_again(client: Client, admin: User) -> None:
    message = failed(useful_for=timedelta(hours=1))
    MailMessage.objects.update(expires_at=timezone.now())
    client.force_login(admin)

    answer = client.post(reverse("candidates:mail_retry", args=[message.pk]), follow=True)

    assert "of no use any more" in answer.content.decode()
    assert deliver().sent == 0


def test_an_admin_on_the_panel_learns_of_no_mail_about_that_candidate_before_their_card_is_in(
    client: Client, admin: User, opening: Opening
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    own = make_scorecard(interview=interview, interviewer=admin)
    message = failed(candidate_id=interview.application.candidate_id)
    client.force_login(admin)

    sealed = client.get(reverse(LIST)).context
    retried = client.post(reverse("candidates:mail_retry", args=[message.pk])).status_code
    Scorecard.objects.filter(pk=own.pk).update(state="submitted", submitted_at=timezone.now())

    assert (sealed["failed"], list(sealed["page"]), retried) == (0, [], 404)
    assert client.get(reverse(LIST)).context["failed"] == 1


def test_others_than_admins_find_nothing(client: Client, recruiter: User) -> None:
    message = failed()
    client.force_login(recruiter)

    assert client.get(reverse(LIST)).status_code == 404
    assert client.post(reverse("candidates:mail_retry", args=[message.pk])).status_code == 404


def test_every_failure_has_words() -> None:
    codes = {name for _, name in (*BY_KIND, *BY_REPLY)} | {"recipient", "content", "out_of_date", "broken"}

    assert codes - ERRORS.keys() == set()


@pytest.mark.parametrize("count", [1, 3])
def test_mail_list_query_count_is_flat(client: Client, admin: User, django_assert_num_queries: Any, count: int) -> None:
    for _ in range(count):
        failed()
    client.force_login(admin)

    with django_assert_num_queries(9):
        client.get(reverse(LIST))


def test_home_tells_admins_of_mails_that_could_not_be_sent(client: Client, admin: User, recruiter: User) -> None:
    failed()
    pages = {}
    for person in (admin, recruiter):
        client.force_login(person)
        pages[person] = client.get(reverse("candidates:home")).content.decode()

    assert "1 mail could not be sent." in pages[admin]
    assert "could not be sent" not in pages[recruiter]
