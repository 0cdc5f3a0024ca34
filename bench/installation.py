"""An installation for benchmarks that is thrown away: gunicorn as in production, on a database of its own.

PostgreSQL is a cluster of its own too, with its default settings, so that it can be restarted and killed.
"""

import argparse
import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDORS = ("sqlite", "postgresql")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Cluster:
    """A PostgreSQL server; it refuses to run as root, so for root it runs as the user of its package."""

    def __init__(self, folder: Path, wal: Path | None = None) -> None:
        self.bin = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
        self.data, self.port = folder / "data", free_port()
        self.log = folder.parent / f"{folder.name}.log"
        if os.getuid() == 0:
            for path in filter(None, (folder, wal)):
                shutil.chown(path, "postgres")
            self.log.touch()
            shutil.chown(self.log, "postgres")
        beside = ["--waldir", str(wal / "wal")] if wal else []
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", *beside)
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "smarter")

    @property
    def url(self) -> str:
        """Its address for DATABASE_URL."""
        return f"postgres://postgres@127.0.0.1:{self.port}/smarter"

    def start(self) -> None:
        """Start, and wait until it answers."""
        listen = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.data}"
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.log), "-o", listen, "start")

    def stop(self, how: str) -> None:
        """Stop as PostgreSQL calls it (fast, immediate), or `killed`: not even a signal handler runs."""
        if how == "killed":
            while alive := _working_in(self.data):
                for process in alive:
                    _kill(process)
                time.sleep(0.02)
            for lock in ("postmaster.pid", f".s.PGSQL.{self.port}.lock"):  # of a process that nobody has buried yet
                (self.data / lock).unlink(missing_ok=True)
        else:
            self._run("pg_ctl", "-D", str(self.data), "-w", "-m", how, "stop")

    def set_read_only(self, *, on: bool) -> None:
        """Let every new transaction refuse to write, or not; sessions that are open hear of it too."""
        for statement in (f"ALTER SYSTEM SET default_transaction_read_only = {on}", "SELECT pg_reload_conf()"):
            self._run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-c", statement)

    def _run(self, program: str, *arguments: str) -> None:
        as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        command = [*as_user, str(self.bin / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


class Installation:
    """One database, one folder and one gunicorn with two workers."""

    def __init__(self, folder: Path, database: str) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            "DEBUG": "0",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "localhost",
            "SITE_URL": "https://localhost",
            "DATABASE_URL": database,
            "VAR_DIR": str(folder / "var"),
            "TRUSTED_PROXIES": "1",
            "EMAIL_URL": "dummymail://",
        }
        self.log = folder / "server.log"
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            self.manage(*command)

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py in it; what it says."""
        command = [sys.executable, "manage.py", *arguments]
        env = os.environ | self.environment
        return subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout

    def start(self, *options: str) -> None:
        """Start gunicorn and wait until it is ready."""
        command = [sys.executable, "-m", "gunicorn", "smarter.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--config", "docs/deploy/gunicorn_settings.py", "--workers", "2", "--threads", "4", *options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | self.environment, stderr=log)
        self.wait_until_ready(60)

    def stop(self) -> None:
        """Stop as systemd would."""
        if self.process:
            self.process.terminate()
            self.process.wait()

    def workers(self) -> list[int]:
        """The workers that live now."""
        return _children(self.process.pid) if self.process else []

    def kill_workers(self) -> int:
        """Kill all of them at once; nothing of theirs runs any more. How many there were."""
        workers = self.workers()
        for worker in workers:
            _kill(worker)
        return len(workers)

    def wait_until_ready(self, longest: float) -> float:
        """Ask /readyz until it says yes; how many seconds that took."""
        began, last = time.perf_counter(), ""
        while time.perf_counter() - began < longest:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=longest)
                connection.request("GET", "/readyz", headers={"Host": "localhost"})
                answer = connection.getresponse()
                last = f"{answer.status} {answer.read(200)!r}"
                if answer.status == 200:
                    return time.perf_counter() - began
            except (OSError, http.client.HTTPException) as problem:
                last = repr(problem)
            finally:
                connection.close()
            time.sleep(0.02)
        raise TimeoutError(f"not ready within {longest} s: {last}\n{self.log.read_text()[-3000:]}")


@contextmanager
def installed(vendor: str, *options: str) -> Iterator[tuple[Installation, Cluster | None]]:
    """An installation that answers, and its PostgreSQL where that is what it runs on. Django is set up for it."""
    folder = Path(tempfile.mkdtemp(prefix="smarter-bench-"))
    folder.chmod(0o755)
    cluster = None
    if vendor == "postgresql":
        (folder / "cluster").mkdir()
        cluster = Cluster(folder / "cluster")
    installation = Installation(folder, cluster.url if cluster else f"sqlite:///{folder}/smarter.sqlite3")
    try:
        set_django_up(installation)
        installation.start(*options)
        yield installation, cluster
    finally:
        installation.stop()
        close_connections()
        if cluster:
            cluster.stop("killed")
        shutil.rmtree(folder, ignore_errors=True)


def set_django_up(installation: Installation) -> None:
    """Let this process use the same database; possible once."""
    import django

    os.environ.update(installation.environment, DJANGO_SETTINGS_MODULE="smarter.settings", LOG_FORMAT="text")
    django.setup()


def close_connections() -> None:
    """Forget connections, which a restart of the database has cut."""
    from django.db import connections

    connections.close_all()


def on_each_database(file: str, run: "object", describe: argparse.ArgumentParser) -> None:
    """Run a benchmark once for each database, each in a process of its own."""
    describe.add_argument("--on", choices=VENDORS, help="only this database (both)")
    options = describe.parse_args()
    if options.on:
        assert callable(run)  # noqa: S101  for the type
        run(options)
        return
    failed = [vendor for vendor in VENDORS if subprocess.call([sys.executable, file, *sys.argv[1:], "--on", vendor])]
    sys.exit(f"Failed on {', '.join(failed)}" if failed else 0)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _working_in(folder: Path) -> list[int]:
    """The processes whose working directory this is; dead ones have none any more."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                found.append(int(process.name))
        except OSError:
            continue
    return found


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
