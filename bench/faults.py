"""Disks that are full and databases that are read-only: python bench/faults.py [--on sqlite]

On a small disk of its own (a tmpfs, so it needs root) people save while the disk fills up, and while nothing may be
written. Saves must be refused with 503, pages must be read, and once there is room again everything must arrive by
itself, with nothing lost.
"""

import argparse
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.installation import Cluster, Installation, close_connections, on_each_database, set_django_up  # noqa: E402
from bench.writers import GATE, HEADERS, Writer, counted, hire_writers, judge, stop_writers  # noqa: E402

PEOPLE, SECONDS, MEGABYTES = 10, 12, 160


@contextmanager
def small_disk() -> Iterator[Path]:
    """A folder with little room."""
    if os.getuid() != 0:
        sys.exit("A disk of one's own needs root.")
    folder = Path(tempfile.mkdtemp(prefix="smarter-bench-"))
    disk = folder / "disk"
    disk.mkdir()
    folder.chmod(0o755)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=755", "tmpfs", str(disk)], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Not a byte left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1024 * 1024, 4096, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue
    yield
    filler.unlink()


@contextmanager
def read_only_sqlite(disk: Path) -> Iterator[None]:
    """The file system is read-only: that takes a moment in which nobody has the file open for writing."""
    close_connections()  # our own
    GATE.clear()
    for _ in range(60_000):
        if remounted(disk, "ro"):
            break
        time.sleep(0.001)
    else:
        sys.exit("The disk could not be made read-only: something has a file on it open.")
    GATE.set()
    yield
    remounted(disk, "rw")


def remounted(disk: Path, how: str) -> bool:
    """Whether the disk is mounted `ro` or `rw` now."""
    command = ["mount", "-o", f"remount,{how}", str(disk)]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0


@contextmanager
def read_only_postgresql(cluster: Cluster) -> Iterator[None]:
    """As on a standby."""
    cluster.set_read_only(on=True)
    yield
    cluster.set_read_only(on=False)


def run(options: argparse.Namespace) -> None:
    """Each fault in turn, and the table."""
    with small_disk() as disk:
        cluster = None
        (disk / "data").mkdir()
        if options.on == "postgresql":
            (disk.parent / "wal").mkdir()  # a full disk of the log stops PostgreSQL, so it has one of its own
            cluster = Cluster(disk / "data", disk.parent / "wal")
        database = cluster.url if cluster else f"sqlite:///{disk}/data/smarter.sqlite3"
        installation = Installation(disk.parent, database)
        set_django_up(installation)
        installation.start()
        try:
            read_only = (lambda: read_only_postgresql(cluster)) if cluster else (lambda: read_only_sqlite(disk))
            failed = suffer(f"{options.on}: disk full", installation, lambda: filled(disk))
            failed |= suffer(f"{options.on}: read-only", installation, read_only)
        finally:
            installation.stop()
            close_connections()
            if cluster:
                cluster.stop("killed")
    sys.exit(failed)


def suffer(title: str, installation: Installation, fault: Callable[[], object]) -> bool:
    """Save before, during and after a fault, and read all the while; whether anything is wrong."""
    writers = hire_writers(installation.port, people=PEOPLE, cards_each=1, pause=0.3, saves_a_card=1_000_000)
    for writer in writers:
        writer.start()
    time.sleep(SECONDS / 2)
    before = counted(writers)
    with fault():  # type: ignore[attr-defined]
        time.sleep(1)
        middle = counted(writers)
        pages = read_pages(installation, writers, SECONDS)
        during = counted(writers) - middle
    began = time.perf_counter()
    known = counted(writers)["acknowledged"]
    while counted(writers)["acknowledged"] < known + PEOPLE and time.perf_counter() - began < 60:
        time.sleep(0.05)
    back = time.perf_counter() - began
    time.sleep(SECONDS / 2)
    stop_writers(writers)
    close_connections()
    found = judge(writers)
    total = counted(writers)
    print(f"\n{title}, {PEOPLE} people saving all the while")
    print(
        f"  acknowledged before, during, in all  {before['acknowledged']:,}, {during['acknowledged']:,}, "
        f"{total['acknowledged']:,}"
    )
    print(f"  refused with 503 during              {during['503']:,}")
    others = {name: count for name, count in total.items() if name not in ("acknowledged", "503")}
    print(f"  other answers, of all                {others}")
    print(f"  pages read during                    {dict(pages)}")
    print(f"  all saving again after               {back:.1f} s, without a restart")
    print(f"  lost or doubled                      {len(found):,}   check_integrity clean: {not found}", flush=True)
    for sentence in found[:10]:
        print(f"  {sentence}")
    return bool(found) or set(pages) != {200}


def read_pages(installation: Installation, writers: list[Writer], seconds: float) -> Counter[int]:
    """Home and an own scorecard, again and again; how often they answered what."""
    answers: Counter[int] = Counter()
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        for path in ("/", f"/scorecards/{writers[0].desks[0].pk}/edit/"):
            connection = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=60)
            connection.request("GET", path, headers=HEADERS | {"Cookie": writers[0].cookie, "Accept": "text/html"})
            answers[connection.getresponse().status] += 1
            connection.close()
        time.sleep(0.3)
    return answers


if __name__ == "__main__":
    on_each_database(__file__, run, argparse.ArgumentParser(description=__doc__))
