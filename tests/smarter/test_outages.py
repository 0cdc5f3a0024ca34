"""The database is busy, full, read-only or gone: a clear 503, reading goes on where it may, and all is well after."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any

import psycopg2.errors
import pytest
from django.db import DatabaseError, InternalError, OperationalError, ProgrammingError, connection
from django.test import Client
from django.urls import reverse

from candidates.models import Opening, Scorecard, Sight
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.outages import is_outage
from tests.factories import make_application, make_scorecard

pytestmark = pytest.mark.django_db(transaction=True)
Fault = Callable[[], AbstractContextManager[None]]


def run(*statements: str) -> None:
    """Statements on the connection that the requests use."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def read_only() -> Iterator[None]:
    """Nothing can be written: a standby, or a file that lost its rights."""
    sqlite = connection.vendor == "sqlite"
    run("PRAGMA query_only=ON" if sqlite else "SET default_transaction_read_only = on")
    yield
    run("PRAGMA query_only=OFF" if sqlite else "SET default_transaction_read_only = off")


@contextmanager
def full() -> Iterator[None]:
    """The disk takes no more. PostgreSQL's own error, since a test can't fill its disk; bench/faults.py does."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            (pages,) = cursor.fetchone()
            cursor.execute(f"PRAGMA max_page_count={pages}")
        yield
        run("PRAGMA max_page_count=1073741823")
        return

    def refuse_writing(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            with connection.wrap_database_errors:
                raise psycopg2.errors.DiskFull("could not extend file: No space left on device")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse_writing):
        yield


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else holds what a save needs, for longer than one waits."""
    if connection.vendor == "sqlite":
        run("PRAGMA busy_timeout=50")
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        run("PRAGMA busy_timeout=20000")
        return
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE candidates_scorecard IN EXCLUSIVE MODE")
        run("SET lock_timeout = '50ms'")
        yield
    other.close()
    run("SET lock_timeout = '20s'")


@contextmanager
def gone() -> Iterator[None]:
    """The server does not know the database, or its file can't be opened."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "/nowhere/at/all.sqlite3" if connection.vendor == "sqlite" else "nowhere"
    yield
    connection.close()
    connection.settings_dict["NAME"] = name


@pytest.fixture
def client() -> Client:
    """Answers as a server does where something is raised."""
    return Client(raise_request_exception=False)


@pytest.fixture
def card(opening: Opening, interviewer: User) -> Scorecard:
    """A draft that its holder works on."""
    return make_scorecard(application=make_application(opening=opening), interviewer=interviewer, values=[3])


def autosave(client: Client, card: Scorecard, text: str) -> Any:
    """Send evidence as the script does, on the card's version as stored."""
    body = {"card": card.pk, "version": card.version, "sequence": 1, "user": card.interviewer_id}
    return client.post(
        reverse("candidates:scorecard_autosave", args=[card.pk]),
        json.dumps(body | {"fields": {"evidence.strategic": text, "evidence.teams": text}}),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )


@pytest.mark.parametrize("fault", [read_only, full, locked, gone])
def test_autosave_is_told_to_wait_and_arrives_afterwards(client, card, fault):
    client.force_login(card.interviewer)
    text = "What was heard. " * 240

    with fault():
        answer = autosave(client, card, text)
    arrived = autosave(client, card, text)

    assert (answer.status_code, answer.json(), answer["Retry-After"]) == (503, {"error": "busy"}, "5")
    assert (arrived.status_code, arrived.json()["version"]) == (200, card.version + 1)
    assert card.scores.get(dimension__key="strategic").evidence == text


@pytest.mark.parametrize("fault", [read_only, full, locked, gone])
def test_a_form_comes_back_with_its_text_to_be_sent_again(client, card, fault):
    client.force_login(card.interviewer)
    url = reverse("candidates:scorecard_edit", args=[card.pk])
    text = "<b>“heard”</b> & " * 230
    typed = {"version": card.version, "evidence.strategic": text, "evidence.teams": text, "act": "save"}
    own = {"Origin": "http://testserver"}

    with fault():
        page = client.post(url, typed, headers=own)
    saved = client.post(url, typed, headers=own)

    html = page.content.decode()
    assert page.status_code == 503
    assert "Not saved just now; your text is still here" in html
    assert 'name="evidence.strategic" value="&lt;b&gt;“heard”&lt;/b&gt; &amp; ' in html
    assert html.count('name="csrfmiddlewaretoken"') == 1
    assert saved.status_code == 302


@pytest.mark.parametrize("fault", [read_only, full, locked])
def test_reading_goes_on_while_nothing_can_be_written(client, card, manager, fault):
    seen = make_scorecard(application=card.interview.application, values=[4, 4, 4, 4, 4], submitted=True)
    colleague = make_scorecard(application=make_application(opening=seen.interview.application.opening), submitted=True)
    opening = seen.interview.application.opening
    pages = {
        card.interviewer: [
            reverse("candidates:home"),
            reverse("candidates:scorecard_edit", args=[card.pk]),
            reverse("candidates:scorecard_review", args=[card.pk]),
        ],
        manager: [
            reverse("candidates:opening_list"),
            reverse("candidates:opening_detail", args=[opening.pk]),
            reverse("candidates:opening_compare", args=[opening.pk]),
            reverse("candidates:scorecard_detail", args=[colleague.pk]),
        ],
    }
    for user, urls in pages.items():
        client.force_login(user)
        before = [client.get(url).status_code for url in urls]  # the first sights are recorded here

        with fault():
            during = [client.get(url).status_code for url in urls]

        assert before == during == [200] * len(urls)


def test_a_first_sight_of_scores_is_refused_where_it_cannot_be_recorded(client, manager, opening):
    card = make_scorecard(application=make_application(opening=opening), submitted=True, evidence="Known to one only.")
    client.force_login(manager)
    url = reverse("candidates:scorecard_detail", args=[card.pk])

    with read_only():
        refused = client.get(url)

    assert refused.status_code == 503
    assert "Known to one only." not in refused.content.decode()
    assert not Sight.objects.exists()
    assert "Known to one only." in client.get(url).content.decode()
    assert Sight.objects.count() == 1


def test_a_refusal_stands_where_its_trace_cannot_be_kept(client, stranger, card, caplog):
    client.force_login(stranger)
    url = reverse("candidates:scorecard_detail", args=[card.pk])

    with read_only():
        hidden, absent = client.get(url), client.get(reverse("candidates:scorecard_detail", args=[999_999]))
    events = AuditEvent.objects.filter(act="access.deny").count()
    client.get(url)

    assert (hidden.status_code, absent.status_code, events) == (404, 404, 0)
    assert f"access.deny candidates:scorecard_detail row {card.pk}" in caplog.text
    assert AuditEvent.objects.filter(act="access.deny").count() == 1


def test_a_message_that_cannot_be_ticked_off_is_shown_once_more(client, recruiter, opening):
    client.force_login(recruiter)
    url = reverse("candidates:opening_edit", args=[opening.pk])
    form = client.get(url).context["form"]
    sent = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, [])}
    client.post(url, sent)
    notice = "Settings saved."

    with read_only():
        during = client.get(url)
    after, later = client.get(url), client.get(url)

    assert [notice in page.content.decode() for page in (during, after, later)] == [True, True, False]


def test_signing_in_is_out_of_reach_and_not_wrong(client, interviewer):
    sent = {"login": interviewer.email, "password": "correct-horse-battery"}

    with read_only():
        answer = client.post(reverse("account_login"), sent, headers={"Origin": "http://testserver"})

    assert answer.status_code == 503
    assert "correct-horse" not in answer.content.decode()
    assert "Smarter could not take this just now" in answer.content.decode()


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("database is locked"), True),
        (caused(DatabaseError(), psycopg2.DatabaseError("no message from the libpq")), True),
        (DatabaseError("Save with update_fields did not affect any rows."), False),
        (caused(InternalError(), psycopg2.errors.InFailedSqlTransaction()), False),
        (caused(ProgrammingError(), psycopg2.errors.SyntaxError()), False),
        (RuntimeError(), False),
        (None, False),
    ],
)
def test_is_outage_tells_faults_of_the_database_from_ours(error, expected):
    assert is_outage(error) is expected
