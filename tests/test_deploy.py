"""The samples under docs/deploy are sound, as their own checkers say: gunicorn, systemd and nginx."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.smarter.test_checks import PRODUCTION
from tests.source import ROOT

DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A checker, with nothing but production's environment."""
    env = {"PATH": f"{os.environ['PATH']}:/usr/sbin"} | PRODUCTION | environment
    return subprocess.run(
        [str(part) for part in command], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )


def tool(name: str, package: str) -> str:
    """A checker's path; a missing one skips loudly here and fails where CI is set."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        message = f"{name} is not installed: apt-get install {package}"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return found


def test_gunicorn_takes_its_settings(tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text('{"paths": {}, "version": "1.1", "hash": ""}')
    config = DEPLOY / "gunicorn_settings.py"

    done = run(sys.executable, "-m", "gunicorn", "--check-config", "-c", config, "smarter.wsgi", VAR_DIR=str(tmp_path))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_takes_each_unit(tmp_path, unit):
    verify = tool("systemd-analyze", "systemd")
    for name in UNITS:  # a timer needs its service beside it; the commands must be there to be run
        text = (DEPLOY / "systemd" / name).read_text().replace("/srv/smarter/.venv/bin/", f"{tmp_path}/bin/")
        (tmp_path / name).write_text(text)
    (tmp_path / "bin").mkdir()
    for command in ("gunicorn", "python"):
        (tmp_path / "bin" / command).symlink_to("/bin/true")

    done = run(verify, "verify", "--man=no", tmp_path / unit)

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.endswith(".service")])
def test_systemd_finds_each_service_hardened(tmp_path, unit):
    verify = tool("systemd-analyze", "systemd")
    shutil.copy(DEPLOY / "systemd" / unit, tmp_path)

    done = run(verify, "security", "--offline=true", "--threshold=25", tmp_path / unit)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_runs_a_command_that_is_there():
    services = "\n".join((DEPLOY / "systemd" / unit).read_text() for unit in UNITS)

    commands = set(re.findall(r"manage\.py (\w+)", services))

    known = {path.stem for path in ROOT.glob("*/**/management/commands/*.py")}
    assert commands == {"apply_retention", "backup", "send_mail_queue", "send_reminders"}
    assert commands - known == set()


def test_nginx_takes_its_site(tmp_path):
    nginx, openssl = tool("nginx", "nginx"), tool("openssl", "openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    options = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"]
    made = run(openssl, *options, "-keyout", key, "-out", certificate)
    site = (DEPLOY / "nginx" / "smarter.conf").read_text()
    site = re.sub(r"/etc/letsencrypt/\S+/fullchain.pem", str(certificate), site)
    site = re.sub(r"/etc/letsencrypt/\S+/privkey.pem", str(key), site)
    logs = f"error_log {tmp_path}/error.log; pid {tmp_path}/nginx.pid;"
    temporary = " ".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(f"{logs}\nevents {{}}\nhttp {{\n{temporary}\n{site}\n}}\n")

    done = run(nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf")

    assert (made.returncode, done.returncode) == (0, 0), done.stderr


def test_the_example_of_an_environment_starts(tmp_path):
    lines = (DEPLOY / "environment.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    done = run(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **given)

    assert (done.returncode, done.stderr) == (0, "")
