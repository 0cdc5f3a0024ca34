"""The outbox against mail servers that refuse, hang and break off: nothing lost, nothing twice."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from smarter.accounts.models import User
from smarter.mail import sending
from smarter.mail.models import KEPT_FOR, MailMessage
from smarter.mail.queueing import FIRST, Attachment, Letter, queue_mail
from smarter.mail.sending import BACK_OFF, CLAIMED_FOR, Tally, claim, deliver
from tests.mail.server import MailServer, mail_server

LETTER = Letter("A subject", "Grüße\n", "<p>Grüße</p>")


def queue(address: str = "ann@example.com", **fields: Any) -> MailMessage:
    """One mail in the outbox."""
    message = queue_mail(to=address, kind="test", letter=LETTER, **fields)
    assert message is not None
    return message


@contextmanager
def over_smtp(monkeypatch: pytest.MonkeyPatch, *moods: dict[str, str], timeout: float = 5) -> Iterator[MailServer]:
    """Mails go to a server with these moods."""
    with mail_server(*moods) as (server, port):
        line = EmailBackend(host="127.0.0.1", port=port, use_tls=False, use_ssl=False, timeout=timeout)

        @contextmanager
        def to_it() -> Iterator[EmailBackend]:
            yield line
            line.close()

        monkeypatch.setattr(sending, "_line", to_it)
        yield server


def later(minutes: float) -> Callable[[], datetime]:
    """A clock that is ahead."""
    return lambda: timezone.now() + timedelta(minutes=minutes)


def ids(messages: list[Any]) -> list[str]:
    """The Message-IDs of mails a server has."""
    return [message["Message-ID"] for message in messages]


def test_a_mail_goes_out_whole_and_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    row = queue(attachments=[Attachment("interview.ics", "text/calendar; method=REQUEST", "BEGIN:VCALENDAR\r\n")])

    with over_smtp(monkeypatch) as server:
        tallies = [str(deliver()), str(deliver())]

    (message,) = server.taken
    parts = {part.get_content_type(): part.get_payload(decode=True) for part in message.walk()}
    assert tallies == ["1 sent", "nothing to send"]
    assert (message["To"], message["Subject"], message["Message-ID"], message["Auto-Submitted"]) == (
        "ann@example.com",
        "A subject",
        row.message_id,
        "auto-generated",
    )
    assert row.message_id.endswith("@localhost>")
    assert parts["text/plain"].decode().strip() == "Grüße"
    assert parts["text/html"].decode().strip() == "<p>Grüße</p>"
    assert parts["text/calendar"].startswith(b"BEGIN:VCALENDAR")


FAULTS = [
    ({"greeting": "421 later"}, "server_421"),
    ({"greeting": "cut"}, "cut_off"),
    ({"MAIL": "451 busy"}, "sender_451"),
    ({"MAIL": "550 not from you"}, "sender_550"),
    ({"MAIL": "cut"}, "cut_off"),
    ({"RCPT": "450 greylisted"}, "recipient_450"),
    ({"RCPT": "cut"}, "cut_off"),
    ({"DATA": "452 full"}, "content_452"),
    ({"DATA": "cut"}, "cut_off"),
    ({"half": "cut"}, "cut_off"),
    ({"body": "451 try later"}, "content_451"),
]


@pytest.mark.parametrize(("mood", "code"), FAULTS, ids=lambda value: str(value))
def test_what_the_server_did_not_take_waits_and_goes_once(
    db: None, monkeypatch: pytest.MonkeyPatch, mood: dict[str, str], code: str
) -> None:
    row = queue()
    with over_smtp(monkeypatch, mood) as server:
        first = deliver()
        row.refresh_from_db()
        too_soon = deliver(later(0.5))
        second, third = deliver(later(1.5)), deliver(later(600))

    assert (first, too_soon, second, third) == (Tally(postponed=1), Tally(), Tally(sent=1), Tally())
    assert (row.error, row.attempts, row.claim) == (code, 1, None)
    assert ids(server.taken) == [row.message_id]


@pytest.mark.parametrize("step", ["greeting", "EHLO", "RCPT", "DATA"])
def test_a_server_that_hangs_is_left_in_time(db: None, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    row = queue()
    with over_smtp(monkeypatch, {step: "hang"}, timeout=0.2) as server:
        tallies = [deliver(), deliver(later(1.5))]

    assert tallies == [Tally(postponed=1), Tally(sent=1)]
    assert ids(server.taken) == [row.message_id]


def test_a_server_that_dies_with_the_whole_mail_gets_it_again_under_the_same_id(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = queue()
    with over_smtp(monkeypatch, {"body": "cut"}) as server:
        tallies = [deliver(), deliver(later(1.5))]

    assert tallies == [Tally(postponed=1), Tally(sent=1)]
    assert ids(server.received) == [row.message_id] * 2
    assert ids(server.taken) == [row.message_id]


@pytest.mark.parametrize(
    ("mood", "code"), [({"RCPT": "550 nobody"}, "recipient_550"), ({"body": "554 no"}, "content_554")]
)
def test_a_refusal_for_good_is_given_up_and_the_others_go_on(
    db: None, monkeypatch: pytest.MonkeyPatch, mood: dict[str, str], code: str
) -> None:
    first, second = queue("nobody@example.com"), queue()
    with over_smtp(monkeypatch, mood) as server:
        tally = deliver()

    first.refresh_from_db()
    assert tally == Tally(sent=1, failed=1)
    assert (first.error, first.failed_at is not None, first.text) == (code, True, LETTER.text)
    assert ids(server.taken) == [second.message_id]


def test_a_server_out_of_reach_is_not_asked_for_every_mail(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(10):
        queue()
    with over_smtp(monkeypatch, *[{"greeting": "cut"}] * 10) as server:
        tally = deliver()

    assert (tally, server.connections) == (Tally(postponed=3), 3)


def test_a_mail_is_given_up_after_two_days(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    row = queue()
    minutes = 0.0
    with over_smtp(monkeypatch, *[{"greeting": "cut"}] * 20):
        for wait in [*BACK_OFF, timedelta(0)]:
            assert deliver(later(minutes)) == (Tally(postponed=1) if wait else Tally(failed=1))
            minutes += wait.total_seconds() / 60 + 0.1

    row.refresh_from_db()
    assert (row.attempts, row.error, row.failed_at is not None) == (9, "cut_off", True)
    assert 1.5 < minutes / 60 / 24 < 2.5


def test_a_worker_that_was_killed_leaves_its_mail_to_the_next(db: None) -> None:
    row = queue()
    killed = claim(timezone.now())

    assert killed == row
    assert deliver() == Tally()
    assert deliver(later(CLAIMED_FOR.total_seconds() / 60 + 1)) == Tally(sent=1)
    assert not killed.mark_sent(timezone.now())
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [row.message_id]


def test_a_mail_withdrawn_during_its_transfer_counts_as_sent(db: None) -> None:
    queue()
    claimed = claim(timezone.now())
    assert claimed is not None

    MailMessage.objects.all().erase(timezone.now())
    claimed.mark_sent(timezone.now())

    row = MailMessage.objects.get()
    assert (row.sent_at is not None, row.withdrawn_at, row.text) == (True, None, "")


def test_a_mail_withdrawn_during_a_transfer_that_fails_stays_withdrawn(db: None) -> None:
    for again_at in (None, timezone.now()):
        queue()
        claimed = claim(timezone.now())
        assert claimed is not None
        MailMessage.objects.all().erase(timezone.now())
        claimed.mark_unsent(error="timeout", next_attempt_at=again_at, now=timezone.now())

    assert {(row.withdrawn_at is None, row.failed_at) for row in MailMessage.objects.all()} == {(False, None)}


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_each_mail_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [queue(f"person{number}@example.com") for number in range(40)]
    sent: list[str] = []

    def take(_line: Any, messages: list[Any]) -> int:
        sent.extend(message.extra_headers["Message-ID"] for message in messages)
        return len(messages)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", take)
    tallies: list[Tally] = []

    def work() -> None:
        tallies.append(deliver())
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(sent) == sorted(row.message_id for row in rows)
    assert sum(tally.sent for tally in tallies) == 40


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_an_act_that_was_undone_was_never_there() -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)

    assert deliver() == Tally()


def test_a_key_is_queued_once(db: None) -> None:
    queue(key="reminder:1:0")

    assert queue_mail(to="ann@example.com", kind="test", letter=LETTER, key="reminder:1:0") is None
    assert deliver() == Tally(sent=1)
    assert queue_mail(to="ann@example.com", kind="test", letter=LETTER, key="reminder:1:0") is None


def test_who_waits_at_the_screen_is_first(db: None) -> None:
    queue("usual@example.com")
    queue("first@example.com", priority=FIRST)
    queue("later@example.com", not_before=timezone.now() + timedelta(minutes=1))
    deliver()

    assert [message.to for message in mail.outbox] == [["first@example.com"], ["usual@example.com"]]


def test_mails_that_nobody_wants_any_more_are_withdrawn(db: None, manager: User, settings: Any) -> None:
    settings.MAIL_STILL_HOLDS = {"overtaken": "tests.mail.test_sending.never"}
    queue_mail(to=manager, kind="test", letter=LETTER, is_essential=False)
    queue_mail(to="ann@example.com", kind="overtaken", letter=LETTER)
    User.objects.update(mail_reminders=False)
    first = deliver()
    queue_mail(to=manager, kind="test", letter=LETTER)
    User.objects.update(is_active=False)

    assert (first, deliver(), mail.outbox) == (Tally(withdrawn=2), Tally(withdrawn=1), [])


def never(_message: MailMessage) -> bool:
    """What it says no longer holds."""
    return False


def test_a_mail_past_its_use_is_not_sent(db: None) -> None:
    queue(useful_for=timedelta(hours=1))

    assert deliver(later(61)) == Tally(failed=1)
    assert MailMessage.objects.values_list("error", "text", "subject").get() == ("out_of_date", "", "")


def test_what_was_said_is_forgotten_after_two_weeks(db: None) -> None:
    queue(attachments=[Attachment("a.ics", "text/calendar", "BEGIN")], candidate_id=7)
    deliver()
    kept = MailMessage.objects.get()
    deliver(lambda: timezone.now() + KEPT_FOR + timedelta(minutes=1))

    row = MailMessage.objects.get()
    assert (kept.text, kept.subject) == (LETTER.text, LETTER.subject)
    assert (row.subject, row.text, row.html, row.attachments) == ("", "", "", [])
    assert (row.address, row.candidate_id) == ("ann@example.com", 7)


def test_erasing_a_candidate_empties_and_stops_mails_about_them(db: None) -> None:
    queue(candidate_id=7)
    deliver()
    queue(candidate_id=7)
    queue("other@example.com", candidate_id=8)

    MailMessage.objects.about(7).erase(timezone.now())

    assert deliver() == Tally(sent=1)
    assert [message.to for message in mail.outbox] == [["ann@example.com"], ["other@example.com"]]
    assert {row.text for row in MailMessage.objects.about(7)} == {""}


def test_a_subject_in_several_lines_becomes_one(db: None) -> None:
    queue_mail(to="ann@example.com", kind="test", letter=Letter("One\r\nBcc: x@example.com", "Text"))
    deliver()

    assert [message.subject for message in mail.outbox] == ["One Bcc: x@example.com"]


def test_an_address_that_cannot_be_written_is_given_up(db: None, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    queue('"ann\r\nBcc: x"@example.com')
    with over_smtp(monkeypatch) as server:
        tally = deliver()

    assert (tally, server.taken) == (Tally(failed=1), [])
    assert "ann" not in caplog.text


def test_the_command_says_what_it_did(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    queue()
    call_command("send_mail_queue")
    call_command("send_mail_queue")

    assert capsys.readouterr().out == "1 sent\nnothing to send\n"


def test_the_watch_goes_on_until_it_is_stopped(db: None, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    pauses: list[int] = []

    def pause(seconds: int) -> None:
        pauses.append(seconds)
        if len(pauses) > 2:
            raise KeyboardInterrupt
        queue()

    monkeypatch.setattr("smarter.mail.management.commands.send_mail_queue.time.sleep", pause)
    monkeypatch.setattr("smarter.mail.management.commands.send_mail_queue.close_old_connections", lambda: None)
    call_command("send_mail_queue", watch=5)

    assert (pauses, capsys.readouterr().out) == ([5, 5, 5], "1 sent\n1 sent\nStopped.\n")
