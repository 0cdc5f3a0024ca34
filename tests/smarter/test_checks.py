"""Production refuses settings that are unsafe where others reach it, and says how to mend them."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks

from smarter.checks import unsafe_settings

PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "k9-Vw_2mZ4tQ8rXc1LpB7sNd5yHf3gJ6uAeT0oWiEzKqMvRxYb",
    "ALLOWED_HOSTS": "smarter.example.com",
    "SITE_URL": "https://smarter.example.com",
    "EMAIL_URL": "smtp+tls://smarter:secret@mail.example.com:587",
}


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project with nothing but production's environment, changed by `environment`."""
    return subprocess.run(
        [sys.executable, *arguments],
        env={"PATH": os.environ["PATH"]} | PRODUCTION | environment,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def production(settings: Any) -> Any:
    """Settings as PRODUCTION makes them."""
    settings.DEBUG = False
    settings.SECRET_KEY_IS_LOCAL = False
    settings.ALLOWED_HOSTS = ["smarter.example.com"]
    settings.SITE_URL = "https://smarter.example.com"
    return settings


def found() -> list[str | None]:
    """The ids of the findings."""
    return [finding.id for finding in unsafe_settings()]


def test_unsafe_settings_finds_nothing_in_proper_production(production):
    assert found() == []


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"ALLOWED_HOSTS": ["*"]}, "smarter.E001"),
        ({"ALLOWED_HOSTS": ["smarter.example.com", "*"]}, "smarter.E001"),
        ({"SECRET_KEY_IS_LOCAL": True}, "smarter.E003"),
        ({"OIDC_ISSUER": "http://id.example.com"}, "smarter.E006"),
        ({"SITE_URL": "http://localhost:8000"}, "smarter.E004"),
        ({"SITE_URL": "http://smarter.example.com"}, "smarter.E004"),
        ({"SITE_URL": ""}, "smarter.E004"),
        ({"SITE_URL": "https://other.example.com"}, "smarter.E005"),
        ({"ALLOWED_HOSTS": ["localhost", "127.0.0.1"]}, "smarter.E005"),
        ({"DEBUG": True}, "smarter.E002"),
    ],
)
def test_unsafe_settings_finds_each_danger(production, change, finding):
    for name, value in change.items():
        setattr(production, name, value)

    assert found() == [finding]


def test_unsafe_settings_lets_a_developer_work(production):
    production.DEBUG = True
    production.SECRET_KEY_IS_LOCAL = True
    production.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    production.SITE_URL = "http://localhost:8000"

    assert found() == []


@pytest.mark.django_db
def test_unsafe_settings_is_a_deploy_check(production):
    production.ALLOWED_HOSTS = ["*"]

    deploy = {message.id for message in run_checks(include_deployment_checks=True)}
    plain = {message.id for message in run_checks()}

    assert ("smarter.E001" in deploy, "smarter.E001" in plain) == (True, False)


def test_check_deploy_is_clean_in_proper_production():
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        ({}, []),
        (
            {"ALLOWED_HOSTS": "*", "SITE_URL": "", "SECRET_KEY": ""},
            ["ALLOWED_HOSTS holds *", "Set SECRET_KEY to 50", "SITE_URL is missing"],
        ),
        ({"DEBUG": "1"}, ["DEBUG is on while ALLOWED_HOSTS names smarter.example.com"]),
    ],
)
def test_wsgi_starts_only_with_safe_settings(tmp_path, change, sentences):
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text('{"paths": {}, "version": "1.1", "hash": ""}')
    done = python("-W", "error", "-c", "import smarter.wsgi", **change, VAR_DIR=str(tmp_path))

    assert done.returncode == bool(sentences)
    assert [sentence for sentence in sentences if sentence not in done.stderr] == []
