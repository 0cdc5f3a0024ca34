"""Stopping mails by the link in them."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.mail.queueing import Letter, queue_mail
from smarter.mail.stopping import stop_url


def test_one_click_stops_what_is_not_essential(client: Client, manager: User, post_mails: Any) -> None:
    queue_mail(to=manager, kind="test", letter=Letter("Late", "Late."), is_essential=False)
    (message,) = post_mails()
    headers = message.extra_headers
    (path,) = re.findall(r"^<http://localhost:8000(/mails/stop/\S+/)>$", headers["List-Unsubscribe"])
    strict = Client(enforce_csrf_checks=True)

    looked = strict.get(path)
    manager.refresh_from_db()
    before = manager.mail_reminders
    posted = strict.post(path, {"List-Unsubscribe": "One-Click"})
    manager.refresh_from_db()

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (looked.status_code, posted.status_code) == (200, 200)
    assert (before, manager.mail_reminders) == (True, False)
    assert AuditEvent.objects.values_list("actor", "act").get() == (manager.pk, "person.stop_mails")


def test_essential_mails_offer_no_stop(manager: User, post_mails: Any) -> None:
    queue_mail(to=manager, kind="test", letter=Letter("Invitation", "Come."))
    queue_mail(to="nobody@example.com", kind="test", letter=Letter("Invitation", "Come."), is_essential=False)

    assert ["List-Unsubscribe" in message.extra_headers for message in post_mails()] == [False, False]


@pytest.mark.parametrize("method", ["get", "post"])
def test_links_made_up_or_of_somebody_gone_answer_alike(client: Client, manager: User, method: str) -> None:
    real = stop_url(manager.pk).removeprefix("http://localhost:8000")
    User.objects.update(is_active=False)

    answers = [getattr(client, method)(path) for path in (real, reverse("mail:mail_stop", args=["x" * 3000]))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({re.sub(r"value=\"\w+\"", "", answer.content.decode()) for answer in answers}) == 1
