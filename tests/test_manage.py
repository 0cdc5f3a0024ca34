"""The set-up before Django's command line: what it makes, what it leaves alone, what it says when it cannot."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import manage


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clone on a machine without the libraries; `ran` collects what would have been run, in order."""
    ran: list[Any] = []
    (tmp_path / "pyproject.toml").write_text("[project]")
    monkeypatch.setattr(manage, "HERE", tmp_path)
    monkeypatch.setattr(manage, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(manage, "STAMP", tmp_path / ".venv" / "smarter-setup")
    monkeypatch.setattr(manage, "LIBRARIES", ("a_library_that_is_not_there",))
    monkeypatch.setattr(manage.sys, "argv", ["manage.py", "migrate"])
    python = tmp_path / ".venv" / "bin" / "python"

    def make(command: list[str], **_options: Any) -> None:
        ran.append("venv")
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()

    monkeypatch.setattr(manage.subprocess, "run", make)
    monkeypatch.setattr(manage, "install", lambda _python, project: ran.append(project.removeprefix(str(tmp_path))))
    monkeypatch.setattr(manage, "go_on_in", lambda program, *arguments: ran.append([program, *arguments]))
    return SimpleNamespace(path=tmp_path, ran=ran, onward=[str(python), "manage.py", "migrate"])


def test_bootstrap_leaves_an_environment_with_the_libraries_alone(bare, monkeypatch):
    monkeypatch.setattr(manage, "LIBRARIES", ("django",))

    manage.bootstrap("migrate")

    assert (bare.ran, manage.VENV.exists()) == ([], False)


def test_bootstrap_makes_the_environment_once(bare):
    manage.bootstrap("migrate")
    manage.bootstrap("migrate")

    assert bare.ran == ["venv", "", bare.onward, bare.onward]


def test_bootstrap_adds_the_test_extras_for_test_and_keeps_them(bare):
    manage.bootstrap("serve")
    manage.bootstrap("test")
    manage.bootstrap("serve")

    assert bare.ran == ["venv", "", bare.onward, "venv", "[dev]", bare.onward, bare.onward]


def test_bootstrap_installs_anew_when_the_dependencies_change(bare):
    manage.bootstrap("migrate")
    (bare.path / "pyproject.toml").write_text("[project]\ndependencies = []")
    manage.bootstrap("migrate")

    assert bare.ran == ["venv", "", bare.onward] * 2


def test_bootstrap_refreshes_its_own_environment_without_leaving_it(bare, monkeypatch):
    manage.bootstrap("migrate")
    (bare.path / "pyproject.toml").write_text("[project]\ndependencies = []")
    monkeypatch.setattr(manage.sys, "prefix", str(manage.VENV))
    manage.bootstrap("migrate")

    assert bare.ran == ["venv", "", bare.onward, "venv", ""]


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (subprocess.CalledProcessError(1, "pip"), "check the network and try again"),
        (OSError("no space left"), "check the network and try again"),
        (KeyboardInterrupt(), "Stopped before all was set up"),
    ],
)
def test_bootstrap_leaves_nothing_half_made(bare, monkeypatch, problem, sentence):
    def fail(*_arguments: Any) -> None:
        raise problem

    monkeypatch.setattr(manage, "install", fail)
    with pytest.raises(SystemExit, match=sentence):
        manage.bootstrap("migrate")

    assert not manage.VENV.exists()


def test_bootstrap_begins_anew_after_a_power_cut(bare):
    manage.VENV.mkdir()
    manage.STAMP.touch()
    (manage.VENV / "half-made").touch()

    manage.bootstrap("migrate")

    assert not (manage.VENV / "half-made").exists()
    assert bare.ran == ["venv", "", bare.onward]


def test_bootstrap_keeps_what_others_put_into_the_environment(bare, monkeypatch):
    manage.VENV.mkdir()
    (manage.VENV / "of-somebody").touch()
    manage.bootstrap("migrate")
    (bare.path / "pyproject.toml").write_text("[project]\ndependencies = []")
    monkeypatch.setattr(manage, "install", lambda *_arguments: sys.exit("no network"))
    with pytest.raises(SystemExit):
        manage.bootstrap("migrate")

    assert (manage.VENV / "of-somebody").exists()


def test_bootstrap_names_the_package_where_venv_is_missing(bare, monkeypatch):
    monkeypatch.setattr(manage, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        manage.bootstrap("migrate")

    assert not manage.VENV.exists()


def test_main_asks_for_a_newer_python(monkeypatch):
    monkeypatch.setattr(manage.sys, "version_info", (3, 10, 4))

    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or later; this is Python 3\.10\."):
        manage.main()


def test_main_runs_pytest_for_test_with_the_arguments(monkeypatch, tmp_path):
    ran: list[Any] = []

    def leave(*arguments: str) -> None:
        ran.append(arguments)
        raise SystemExit

    monkeypatch.setenv("DEBUG", "1")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(manage, "bootstrap", ran.append)
    monkeypatch.setattr(manage, "go_on_in", leave)
    monkeypatch.setattr(manage.sys, "argv", ["manage.py", "test", "-k", "seal", "-q"])
    with pytest.raises(SystemExit):
        manage.main()

    assert ran == ["test", (sys.executable, "-m", "pytest", "-k", "seal", "-q")]
    assert (os.environ.get("DEBUG"), Path.cwd()) == (None, manage.HERE)


def test_install_shows_the_libraries_and_pip_only_when_it_fails(tmp_path, capfd):
    def pip(lines: str, code: int) -> Path:
        program = tmp_path / f"pip{code}"
        program.write_text(f"#!/bin/sh\nprintf '{lines}'\nexit {code}\n")
        program.chmod(0o755)
        return program

    manage.install(pip("Looking around\\nCollecting django>=5.2\\nInstalling collected packages: django\\n", 0), ".")
    went_well = capfd.readouterr()
    with pytest.raises(subprocess.CalledProcessError):
        manage.install(pip("ERROR: No matching distribution\\n", 1), ".")
    failed = capfd.readouterr()

    assert (went_well.out, went_well.err) == ("  django>=5.2\nPutting them in place ...\n", "")
    assert failed.err == "ERROR: No matching distribution\n"
