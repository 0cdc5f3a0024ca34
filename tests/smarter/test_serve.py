"""`manage.py serve`: what it prepares, prints and refuses, short of serving for good."""

import socket
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from candidates.models import Opening
from rubrics.models import RubricVersion
from smarter.management.commands import serve


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[tuple[str, int]]:
    """DEBUG as `manage.py serve` sets it, and a server that stops at once; where it would have listened."""
    where: list[tuple[str, int]] = []

    def run(host: str, port: int, _application: Any, *, threading: bool, on_bind: Callable[[int], None]) -> None:
        where.append((host, port))
        on_bind(port)
        raise KeyboardInterrupt

    settings.DEBUG = True
    settings.ALLOWED_HOSTS = settings.LOCAL_HOSTS
    monkeypatch.setattr(serve, "run", run)
    return where


@pytest.fixture
def free_port() -> int:
    """A port nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port somebody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def said(*arguments: str) -> str:
    """What serve prints."""
    out = StringIO()
    call_command("serve", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_serve_adds_the_demo_round_to_an_empty_database_once(served, free_port):
    first = said("--port", str(free_port))
    second = said("--port", str(free_port))

    ready = (
        f"\nSmarter is at http://localhost:{free_port}/  (stop it with Ctrl+C)\n"
        "Sign in as admin@example.com, recruiter@example.com, manager@example.com, interviewer@example.com "
        "with the password smarter-demo.\n\nStopped.\n"
    )
    assert (first, second) == ("Adding a demo round ...\n" + ready, ready)
    assert served == [("127.0.0.1", free_port)] * 2
    assert Opening.objects.count() == 2


@pytest.mark.django_db
def test_serve_leaves_an_empty_database_empty_when_asked(served, free_port):
    out = said("--no-demo", "--port", str(free_port))

    assert "Nobody can sign in yet. Make the first admin: python3 manage.py createsuperuser\n" in out
    assert (Opening.objects.count(), RubricVersion.objects.filter(state="published").count()) == (0, 1)


@pytest.mark.django_db
def test_serve_adds_no_demo_where_people_work(served, free_port, recruiter):
    recruiter.email = "maya@smarter.example.org"
    recruiter.save()

    out = said("--port", str(free_port))

    assert (Opening.objects.count(), "Sign in with your e-mail address." in out) == (0, True)


@pytest.mark.django_db
def test_serve_links_mails_to_its_own_port_but_keeps_a_configured_site(served, free_port, settings):
    said("--no-demo", "--port", str(free_port))
    own = settings.SITE_URL
    settings.SITE_URL = "https://smarter.example.com"
    said("--no-demo", "--port", str(free_port))

    assert (own, settings.SITE_URL) == (f"http://localhost:{free_port}", "https://smarter.example.com")


def test_serve_says_in_one_line_that_the_port_is_busy(served, busy_port):
    with pytest.raises(CommandError, match=rf"^Can't serve at port {busy_port}: it is in use .*\.$"):
        said("--port", str(busy_port))

    assert served == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"DEBUG": False}, "serve is for trying"), ({"ALLOWED_HOSTS": ["smarter.example.com"]}, "DEBUG is on while")],
)
def test_serve_refuses_to_stand_in_for_production(served, free_port, settings, change, sentence):
    for name, value in change.items():
        setattr(settings, name, value)

    with pytest.raises(CommandError, match=sentence):
        said("--port", str(free_port))

    assert served == []
