"""Two servers share the database and the file store, and nothing else: sessions, limits, saves and files are one."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from candidates.models import Opening, Scorecard
from smarter.accounts.models import User
from tests.candidates.documents import PDF
from tests.factories import PASSWORD, make_application, make_scorecard
from tests.source import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


def database_url() -> str:
    """The address of the tests' database."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


class Server:
    """One of them, as a person's browser sees it."""

    def __init__(self, address: str, cookies: requests.cookies.RequestsCookieJar) -> None:
        self.address = address
        self.browser = requests.Session()
        self.browser.cookies = cookies

    def get(self, path: str) -> requests.Response:
        """A page, as it answers without being followed."""
        return self.browser.get(self.address + path, allow_redirects=False, timeout=60)

    def post(self, path: str, **sent: object) -> requests.Response:
        """A form of the page at this path, or of the page the token comes from."""
        token = self.browser.cookies.get("csrftoken") or ""
        headers = {"X-CSRFToken": token, "Origin": self.address}
        return self.browser.post(self.address + path, headers=headers, allow_redirects=False, timeout=60, **sent)  # type: ignore[arg-type]

    def sign_in(self, user: User, password: str = PASSWORD) -> requests.Response:
        """By the form."""
        self.get("/account/login/")
        return self.post("/account/login/", data={"login": user.email, "password": password})


@contextmanager
def started(folder: Path, cookies: requests.cookies.RequestsCookieJar) -> Iterator[Server]:
    """gunicorn with a folder of its own."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DEBUG": "1",
        "SECRET_KEY": "the same on both, as they must sign alike",
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(folder),
        "FILE_STORAGE": "django.core.files.storage.FileSystemStorage",
        "FILE_STORAGE_OPTIONS": f'{{"location": "{settings.MEDIA_ROOT}"}}',
    }
    command = [sys.executable, "-m", "gunicorn", "smarter.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    process = subprocess.Popen([*command, "--threads", "2"], cwd=ROOT, env=environment)
    try:
        server = Server(f"http://127.0.0.1:{port}", cookies)
        for _ in range(300):
            try:
                assert server.get("/readyz").text == "ready"
            except requests.ConnectionError:
                time.sleep(0.2)
            else:
                break
        yield server
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Two servers behind one address: the browser sends each the same cookies."""
    cookies = requests.cookies.RequestsCookieJar()
    with ExitStack() as stack:
        first, second = (stack.enter_context(started(tmp_path / name, cookies)) for name in ("one", "two"))
        yield first, second


def give_password(user: User) -> None:
    """A password that servers with real settings know; the tests' own are hashed cheaply."""
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)
    user.save()


def save(server: Server, card: Scorecard, version: int, text: str) -> requests.Response:
    """An autosave."""
    body = {"card": card.pk, "version": version, "sequence": 1, "user": card.interviewer_id}
    return server.post(f"/scorecards/{card.pk}/autosave/", json=body | {"fields": {"evidence.strategic": text}})


def test_two_servers_are_one(servers: tuple[Server, Server], opening: Opening, recruiter: User) -> None:
    first, second = servers
    application = make_application(opening=opening)
    card = make_scorecard(application=application, interviewer=recruiter)
    give_password(recruiter)

    for server in (first, second, first, second, first):
        server.sign_in(recruiter, "wrong wrong wrong")
    limited = [server.sign_in(recruiter) for server in (first, second)]
    assert [answer.status_code for answer in limited] == [200, 200]
    assert ["Too many failed" in answer.text for answer in limited] == [True, True]
    other = User.objects.create(email="other@example.com", name="Other", password=recruiter.password)
    first.browser.cookies.clear()
    assert first.sign_in(other).status_code == 302
    assert second.get("/").status_code == 200
    assert first.post("/account/logout/").status_code == 302
    assert second.get("/").headers["Location"].startswith("/account/login/")

    recruiter.email = "recruiter.again@example.com"  # the limit counts by address
    recruiter.save()
    first.sign_in(recruiter)
    saves = [save(first, card, 0, "one"), save(second, card, 0, "two"), save(second, card, 1, "two")]
    assert [(answer.status_code, answer.json()["version"]) for answer in saves] == [(200, 1), (409, 1), (200, 2)]
    assert saves[1].json()["fields"]["evidence.strategic"] == "one"

    edit = f"/candidates/{application.candidate_id}/edit/"
    sent = first.post(edit, data={"name": "Cara"}, files={"cv_file": ("cv.pdf", PDF, "application/pdf")})
    assert sent.status_code == 302
    assert second.get(f"/candidates/{application.candidate_id}/cv/").content == PDF
    assert re.findall(r"Cara", second.get(f"/candidates/{application.candidate_id}/").text)


def test_servers_go_on_after_the_database_dropped_them(servers: tuple[Server, Server], recruiter: User) -> None:
    give_password(recruiter)
    first, second = servers
    first.sign_in(recruiter)
    assert [server.get("/").status_code for server in servers] == [200, 200]

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    assert [server.get("/").status_code for server in (first, second, first, second)] == [200] * 4
