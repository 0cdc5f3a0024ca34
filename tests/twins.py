"""Asks everything of two worlds that differ only in what a viewer must not learn, and says where the answers differ."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.test import Client

from candidates.letters import write_handed_back
from candidates.models import Interview, Notification, Scorecard
from candidates.notifying import notify_if_complete, notify_of_debrief, notify_of_seats
from candidates.nudging import nudge
from candidates.panels import Seat, cancel_interview, change_interview, plan_interview
from candidates.reminding import send_reminders
from smarter.accounts.models import User
from smarter.mail.models import MailMessage
from tests.routes import urls
from tests.worlds import NOW, Answer, World, answer, change_what_is_hidden, remember, undone

QUERIES = [
    "sort=total&page=2", "sort=-total&q=Xenia&stage=interviewing", "q=Planted",
    "format=xlsx&view=table&scores=after_debrief&middle=both&names=masked&anchors=together",
]  # fmt: skip

# Numbers of calendar entries, and links that are signed with the time.
RANDOM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=/mails/stop/)[^/]+")


def differences(world: World, viewer: str, queries: list[str]) -> tuple[list[str], int]:
    """What reads otherwise in the two worlds, and how many pairs were compared."""
    client = Client()
    client.force_login(world.viewers[viewer])
    with undone():
        _live_on(world)
        first = {url: answer(client, url) for url in urls(world)}
        first |= {url: _ask(client, url) for url in _variants(first, queries)}
        told = dict(_told(world.viewers[viewer]))
    with undone():
        change_what_is_hidden(world, viewer)
        _live_on(world)
        second = {url: _ask(client, url) for url in first}
        told_then = dict(_told(world.viewers[viewer]))
    different = [url for url in first if first[url] != second[url]]
    different += [key for key in told.keys() | told_then.keys() if told.get(key) != told_then.get(key)]
    return different, len(first) + len(told)


def _live_on(world: World) -> None:
    """What goes on in both worlds: things are settled and decided, interviews change, people are told of it."""
    number_alike()
    remember(world)
    recruiter = world.viewers["recruiter"]
    for later in Interview.objects.filter(starts_at__gt=NOW).order_by("pk"):
        later.place = "Room 2"
        change_interview(user=recruiter, interview=later, seats=[], removed=[], is_confirmed=False)
    panel = [Seat(card.interviewer_id) for card in world.own_cards.values()]
    meant = Interview(application=world.hidden, title="Third interview", starts_at=NOW + timedelta(days=2))
    cancel_interview(user=recruiter, interview=plan_interview(user=recruiter, interview=meant, seats=panel))
    send_reminders(NOW)
    cards = [Scorecard.objects.with_context().with_typed().get(pk=card.pk) for card in world.own_cards.values()]
    nudge(user=recruiter, opening=world.opening, cards=[card.pk for card in cards], is_again=True)
    for card in cards:
        write_handed_back(card, by=recruiter)
    notify_of_seats(Notification.Kind.HANDED_BACK, cards, by=recruiter)
    notify_of_debrief(world.debrief, by=recruiter)
    for application in (world.hidden, world.closed, world.visible):
        notify_if_complete(application, by=world.waiting_in_hidden.interviewer)


def number_alike() -> None:
    """Let new rows have the same numbers in both worlds: PostgreSQL does not take back numbers once given."""
    statements = connection.ops.sequence_reset_sql(no_style(), list(apps.get_models()))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _told(user: User) -> Iterator[tuple[str, Any]]:
    """Every mail queued for somebody, with its files, and every notification they may read."""
    fields = (
        "kind", "key", "address", "reply_to", "subject", "text", "html", "attachments", "is_essential", "is_secret",
        "priority", "created_at", "next_attempt_at", "expires_at", "withdrawn_at", "row_id",
    )  # fmt: skip
    mails = MailMessage.objects.filter(address=user.email).order_by("pk")
    for number, mail in enumerate(mails.values_list(*fields)):
        yield f"mail {number} {mail[0]}", RANDOM.sub("masked", repr(mail))
    notes = Notification.objects.visible_to(user).order_by("pk")
    for number, note in enumerate(notes.values_list("kind", "scorecard", "interview", "application", "read_at")):
        yield f"notification {number}", note


def _variants(answers: dict[str, Answer], queries: list[str]) -> list[str]:
    """One page of each kind that this viewer was shown, with every query and as a fragment."""
    shown = [url for url, (status, _, _) in answers.items() if status == 200 and not url.startswith("/account/")]
    of_a_kind = {re.sub(r"\d+", "", url): url for url in reversed(shown)}
    return [
        *(f"{url}?{query}" for url in of_a_kind.values() for query in queries),
        *(f"fragment {url}" for url in of_a_kind.values()),
    ]


def _ask(client: Client, url: str) -> Answer:
    return answer(client, url.removeprefix("fragment "), htmx=url.startswith("fragment "))
