"""Servers and a reader for the benchmarks of pages: gunicorn as in production, one connection kept alive."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took in milliseconds."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    elapsed: float


@dataclass
class Server:
    """A running gunicorn and one connection to it."""

    port: int
    process: subprocess.Popen[bytes]
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(self, path: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """GET `path`, or POST `data` to it, over the connection that is kept."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
            self.connection.connect()
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Accept-Encoding": "gzip", "Cookie": cookie, **(headers or {})}
        begun = perf_counter()
        self.connection.request("GET" if data is None else "POST", path, body=data, headers=sent)
        response = self.connection.getresponse()
        body = response.read()
        return Answer(response.status, body, dict(response.getheaders()), 1000 * (perf_counter() - begun))

    def kill_worker(self) -> None:
        """Kill one of its workers; gunicorn starts another."""
        os.kill(_children(self.process.pid)[0], signal.SIGKILL)
        self.connection = None

    def processor(self) -> float:
        """Milliseconds of processor time that its workers have had."""
        return sum(_processor(pid) for pid in _children(self.process.pid))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(application: str, environment: Mapping[str, str], workers: int = WORKERS) -> Iterator[Server]:
    """Run gunicorn with this application until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--worker-class", "gthread", "--threads", "4", "--keep-alive", "600"]
    command += ["--preload", "--timeout", "600", "--log-level", "warning", "--chdir", str(ROOT)]
    quiet = subprocess.DEVNULL  # a line for each request, written as in production and read by nobody
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=quiet, stderr=quiet) as process:
        try:
            yield Server(port, process)
        finally:
            process.terminate()


def until_answered(server: Server, path: str) -> Answer:
    """The first answer of a server that is just starting."""
    for _ in range(6000):
        try:
            return server.ask(path)
        except OSError:
            server.connection = None
            sleep(0.002)
    raise TimeoutError(path)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _processor(pid: int) -> float:
    """Of all threads of a process, from the scheduler, which counts in nanoseconds."""
    spent = (task.read_text().split()[0] for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return sum(map(int, spent)) / 1e6
