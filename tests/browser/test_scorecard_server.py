"""A real server on a database file: it stops while somebody types, comes back, and is asked many times at once."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from candidates.demo.loading import PASSWORD

pytestmark = pytest.mark.browser
PERSON = "interviewer@example.com"


class Server:
    """`manage.py runserver` with the demo round, on a folder and a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "server.sqlite3"
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **os.environ,
            "DEBUG": "1",
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def manage(self, *arguments: str) -> list[str]:
        return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]

    def prepare(self) -> None:
        """An empty database with the demo round in it."""
        for command in ("migrate", "demo"):
            subprocess.run(self.manage(command), env=self.env, check=True, capture_output=True)

    def start(self) -> None:
        command = self.manage("runserver", "--noreload", f"127.0.0.1:{self.port}")
        self.process = subprocess.Popen(command, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2)  # noqa: S310
            except URLError:
                time.sleep(0.25)
            else:
                return
        pytest.fail("the server did not start")

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the server's own database."""
        with closing(sqlite3.connect(self.database)) as database:
            return database.execute(query, values).fetchall()

    def waiting_card(self) -> int:
        """A card that PERSON has not begun."""
        rows = self.ask(
            "SELECT c.id FROM candidates_scorecard c JOIN accounts_user u ON u.id = c.interviewer_id "
            "WHERE u.email = ? AND c.state = 'waiting' ORDER BY c.id",
            PERSON,
        )
        return int(rows[0][0])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A running server that the test may stop and start."""
    server = Server(tmp_path)
    server.prepare()
    server.start()
    yield server
    server.stop()


def test_thirty_edits_while_the_server_is_down_arrive_to_the_letter(page: Page, server: Server) -> None:
    card = server.waiting_card()
    page.goto(f"{server.url}/account/login/?next=/scorecards/{card}/edit/")
    page.locator("[name=login]").fill(PERSON)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page.locator("form[data-autosaving]")).to_be_visible()
    slot = page.locator("#save-slot")
    boxes = page.locator("textarea:visible")
    boxes.nth(0).press_sequentially("Before it went. ")
    expect(slot).to_contain_text("Saved ")

    server.stop()
    for edit in range(30):
        boxes.nth(edit % 5).press_sequentially(f"Edit {edit}: “ö€”. ")
    page.locator(".rate-opt").nth(2).click()
    expect(slot).to_contain_text("Offline, kept on this device (6 changes)")
    texts = page.evaluate("[...document.querySelectorAll('textarea')].map((text) => [text.name, text.value])")
    typed = {name: text for name, text in texts if text}
    assert len(typed) == 5

    server.start()
    expect(slot).to_contain_text("Back online, saved ", timeout=40000)
    evidence = server.ask(
        "SELECT 'evidence.' || d.key, s.evidence FROM candidates_score s "
        "JOIN rubrics_dimension d ON d.id = s.dimension_id WHERE s.scorecard_id = ? AND s.evidence <> ''",
        card,
    )
    notes = server.ask(
        "SELECT 'note.' || d.key || '.' || q.key, n.text FROM candidates_questionnote n "
        "JOIN rubrics_question q ON q.id = n.question_id JOIN rubrics_dimension d ON d.id = q.dimension_id "
        "WHERE n.scorecard_id = ? AND n.text <> ''",
        card,
    )
    ratings = server.ask("SELECT value FROM candidates_score WHERE scorecard_id = ? AND value IS NOT NULL", card)
    assert dict(evidence + notes) == typed
    assert ratings == [(3,)]


def test_twenty_submits_at_once_are_one(server: Server) -> None:
    card = server.waiting_card()
    edit, review = f"{server.url}/scorecards/{card}/edit/", f"{server.url}/scorecards/{card}/review/"
    cookies = CookieJar()

    def ask(url: str, data: dict[str, str] | None = None) -> tuple[str, str]:
        """The address one ends at, and its page."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
        body = urlencode(data).encode() if data else None
        try:
            with opener.open(urllib.request.Request(url, body, {"Referer": url}), timeout=60) as answer:  # noqa: S310
                return answer.url, answer.read().decode()
        except HTTPError as error:
            return f"{error.code}", error.read().decode()

    def field(page: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', page)
        assert found, name
        return found.group(1)

    login = f"{server.url}/account/login/"
    token = field(ask(login)[1], "csrfmiddlewaretoken")
    ask(login, {"login": PERSON, "password": PASSWORD, "csrfmiddlewaretoken": token})
    page = ask(edit)[1]
    typed = dict.fromkeys(set(re.findall(r'name="(rating\.[^"]+)"', page)), "3") | {"recommendation": "3"}
    version, token = field(page, "version"), field(page, "csrfmiddlewaretoken")
    page = ask(edit, {**typed, "version": version, "csrfmiddlewaretoken": token, "act": "review"})[1]
    data = {name: field(page, name) for name in ("version", "submission_key", "csrfmiddlewaretoken")}
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: ask(review, data), range(20)))

    assert {url for url, _ in answers} == {f"{server.url}/scorecards/{card}/"}
    assert server.ask("SELECT state, version FROM candidates_scorecard WHERE id = ?", card) == [("submitted", 2)]
    acts = server.ask("SELECT COUNT(*) FROM audit_auditevent WHERE act = 'scorecard.submit' AND subject_id = ?", card)
    assert acts == [(1,)]
