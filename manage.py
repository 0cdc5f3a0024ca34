#!/usr/bin/env python3
"""Django's command line, which first sees to an environment where there is none.

In an active environment that has the libraries this is plain Django. Elsewhere it makes `.venv` beside this file,
installs the project into it and goes on there. Two commands are ours: `serve` tries Smarter out, `test` runs pytest.
The part before Django is standard library only and must be readable for any Python 3, to say what is missing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
STAMP = VENV / "smarter-setup"
LIBRARIES = ("django", "allauth", "crispy_forms", "django_htmx", "environ")


def go_on_in(python: str, *arguments: str) -> None:
    """Become another Python process, whose exit code is then ours."""
    sys.stdout.flush()
    if os.name == "nt":
        sys.exit(subprocess.call([python, *arguments]))
    os.execv(python, [python, *arguments])


def make_environment(python: Path, extras: str) -> None:
    """Make `.venv` where there is none, and install the project with its `extras`; leaves no half-made one behind."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        sys.exit("Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv")
    fresh = not VENV.exists() or (STAMP.exists() and not STAMP.read_text())
    try:
        if fresh:
            print("Making an environment in .venv ...", flush=True)
            shutil.rmtree(VENV, ignore_errors=True)
            VENV.mkdir()
            STAMP.touch()  # empty until all is in, so that a start after a power cut begins anew
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        print("Installing what Smarter needs; this takes a minute and happens once ...", flush=True)
        install(python, f"{HERE}{extras}")
    except BaseException as problem:
        if fresh:
            shutil.rmtree(VENV, ignore_errors=True)
        if isinstance(problem, KeyboardInterrupt):
            sys.exit("Stopped before all was set up.")
        if isinstance(problem, (subprocess.CalledProcessError, OSError)):
            sys.exit("Setting up .venv failed, see above. It needs the package index: check the network and try again.")
        raise


def install(python: Path, project: str) -> None:
    """Run pip, naming each library as it comes; what pip itself says only if it fails."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", project]
    output = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            output.append(line)
            if line.startswith("Collecting "):
                print("  " + line.split()[1], flush=True)
            elif line.startswith("Installing collected"):
                print("Putting them in place ...", flush=True)
    if pip.returncode:
        sys.stderr.write("".join(output[-15:]))
        raise subprocess.CalledProcessError(pip.returncode, command)


def bootstrap(command: str) -> None:
    """Return in an environment that has what `command` needs, or go on in one."""
    inside = Path(sys.prefix).resolve() == VENV
    if not (inside and STAMP.exists()) and all(find_spec(name) for name in LIBRARIES):
        return
    known = STAMP.read_text().split() if STAMP.exists() else []
    extras = "[dev]" if command == "test" or "[dev]" in known else ""
    version = "{}.{}".format(*sys.version_info)
    wanted = [hashlib.sha256((HERE / "pyproject.toml").read_bytes()).hexdigest(), version]
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if known[:2] != wanted or extras not in [*known[2:], ""] or not python.exists():
        make_environment(python, extras)
        STAMP.write_text(" ".join([*wanted, extras]))
    if not inside:
        go_on_in(str(python), *sys.argv)


def main() -> None:
    """Run the command given."""
    if sys.version_info < (3, 11):  # noqa: UP036  an older Python gets this sentence, not a traceback
        sys.exit("Smarter needs Python 3.11 or later; this is Python {}.{}.".format(*sys.version_info))
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    bootstrap(command)
    if command == "test":
        os.environ.pop("DEBUG", None)
        if find_spec("pytest") is None:
            sys.exit("This environment has no pytest. Install it with: pip install '.[dev]'")
        os.chdir(HERE)
        go_on_in(sys.executable, "-m", "pytest", *sys.argv[2:])
    if command == "serve":
        os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarter.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))  # sentences that say how to mend it


if __name__ == "__main__":
    main()
