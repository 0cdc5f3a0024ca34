"""What all tests share: the personas, a cheap password hash, and Debian's Chromium."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from candidates.append_only import DECISIONS
from candidates.models import Opening
from smarter.accounts.models import User
from smarter.audit.triggers import AUDIT
from smarter.mail.sending import deliver
from tests.factories import make_opening, make_user

# How fast examples come says more of the machine than of the code.
hypothesis_settings.register_profile("smarter", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("smarter")
# Playwright's event loop runs beside Django's ORM in browser tests.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Thousands of tests share a process, and the collector would go through all that they left again and again.
gc.set_threshold(20_000, 50, 50)
CHROMIUM = shutil.which("chromium")


@pytest.fixture(autouse=True, scope="session")
def plain_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fast hashes, plain HTTP and unhashed static names; for the whole run, as the live server reads them once."""
    plain = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        SECURE_SSL_REDIRECT=False,
        SESSION_COOKIE_SECURE=False,
        CSRF_COOKIE_SECURE=False,
        SESSION_COOKIE_NAME="session",
        CSRF_COOKIE_NAME="csrf",
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
    )
    with plain:
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No connection outlives its request, or threads of the live server would keep the test database from going.

    SQLite works on a file, as it does for users: threads that share one in memory do not wait for each other's locks.
    Nobody minds what a power cut would take from a test, so neither database waits for the disk.
    """
    settings = connection.settings_dict
    settings["CONN_MAX_AGE"] = 0
    if connection.vendor == "sqlite":
        settings["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        settings["OPTIONS"]["init_command"] = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"
    else:
        settings["OPTIONS"]["options"] += " -c synchronous_commit=off"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A thread or a killed server may hold its connection to the end, and PostgreSQL would not drop the database."""
    yield
    if connection.vendor == "postgresql":
        connection.close()  # a test may have had the server drop it
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """Uploaded files in a folder that goes away."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def post_mails(db: None) -> Callable[[], list[Any]]:
    """Send what waits in the outbox; all mails of this test so far."""

    def post() -> list[Any]:
        deliver()
        return mail.outbox

    return post


@pytest.fixture(scope="session", autouse=True)
def kept_tables_are_emptied_between_tests() -> Iterator[None]:
    """Tests that commit empty all tables afterwards, which some tables refuse; only here it is allowed."""
    teardown = TransactionTestCase._fixture_teardown

    def with_changes_allowed(self: TransactionTestCase) -> None:
        with AUDIT.changes_allowed(connection), DECISIONS.changes_allowed(connection):
            teardown(self)
        cache.clear()  # its table is no model's, so nobody else empties it, and limits would go on counting

    TransactionTestCase._fixture_teardown = with_changes_allowed
    yield
    TransactionTestCase._fixture_teardown = teardown


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; a missing one skips loudly here and fails where CI is set."""
    if CHROMIUM is None:
        message = "chromium is not installed: apt-get install chromium"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    }


@pytest.fixture
def admin(db: None) -> User:
    """Edits rubrics and looks after people; reads no scores by being admin."""
    return make_user(name="Ada Admin", email="admin@example.com", is_admin=True)


@pytest.fixture
def recruiter(db: None) -> User:
    """Site recruiter, and recruiter of `opening`."""
    return make_user(name="Maya Recruiter", email="recruiter@example.com", is_recruiter=True)


@pytest.fixture
def manager(db: None) -> User:
    """Hiring manager of `opening`."""
    return make_user(name="Priya Manager", email="manager@example.com")


@pytest.fixture
def interviewer(db: None) -> User:
    """Sits on panels, is on no team."""
    return make_user(name="Daniel Interviewer", email="interviewer@example.com")


@pytest.fixture
def colleague(db: None) -> User:
    """Another interviewer."""
    return make_user(name="Olivier Colleague", email="colleague@example.com")


@pytest.fixture
def stranger(db: None) -> User:
    """Has an account, and nothing to do with `opening`."""
    return make_user(name="Sanna Stranger", email="stranger@example.com")


@pytest.fixture
def opening(recruiter: User, manager: User) -> Opening:
    """An opening on a five-dimension rubric with its recruiter and hiring manager."""
    return make_opening(recruiter=recruiter, hiring_manager=manager)
