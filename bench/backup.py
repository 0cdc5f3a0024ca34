"""Backup and restore of a large installation: python bench/backup.py [--scorecards 100000] [--on sqlite]

Makes scorecards with five scores each, backs them up while people save, and restores into an empty installation of the
other database. Wanted: backup and restore each within ten minutes, and the memory they take bounded.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.installation import Cluster, Installation, installed, on_each_database  # noqa: E402
from bench.writers import counted, hire_writers, judge, stop_writers  # noqa: E402

LIMIT, PEOPLE = 600, 10


def run(options: argparse.Namespace) -> None:
    """Make, back up, restore, and tell."""
    with installed(options.on) as (installation, _cluster), tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        room.chmod(0o755)
        (room / "passphrase").write_text("a passphrase of a benchmark\n")
        secret = ["--passphrase-file", str(room / "passphrase")]
        per_candidate = 5
        candidates = str(options.scorecards // per_candidate)
        size = ["--candidates", candidates, "--interviewers", "40", "--per-candidate", str(per_candidate)]
        timed("make them", lambda: installation.manage("make_round", *size))
        writers = hire_writers(installation.port, people=PEOPLE, cards_each=1, pause=0.5, saves_a_card=1_000_000)
        for writer in writers:
            writer.start()
        time.sleep(2)
        before = counted(writers)
        backing = timed("backup, while people save", lambda: installation.manage("backup", f"{room}/b", *secret), LIMIT)
        during = counted(writers) - before
        stop_writers(writers)
        slowest = max(duration for writer in writers for duration in writer.times)
        megabytes = (room / "b").stat().st_size / 1e6
        print(
            f"  {'saves meanwhile':34} {during['acknowledged']:>8,}   slowest {slowest:.1f} s, others "
            f"{ {name: count for name, count in during.items() if name != 'acknowledged'} }"
        )
        print(f"  {'size of the file':34} {megabytes:>8.1f} MB")
        restoring = other(options.on, room, secret)
        found = judge(writers)
        print(f"  {'lost or doubled':34} {len(found):>8,}")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"  {'largest process':34} {peak:>8.0f} MB", flush=True)
    sys.exit(bool(found) or max(backing, restoring) > LIMIT)


def other(vendor: str, room: Path, secret: list[str]) -> float:
    """Restore into an empty installation of the other database; how long that took."""
    cluster = None
    (room / "empty").mkdir()
    if vendor == "sqlite":
        (room / "cluster").mkdir()
        cluster = Cluster(room / "cluster")
    empty = Installation(room / "empty", cluster.url if cluster else f"sqlite:///{room}/empty.sqlite3")
    try:
        taken = timed(
            f"restore into {'postgresql' if cluster else 'sqlite'}",
            lambda: empty.manage("restore", f"{room}/b", *secret),
            LIMIT,
        )
        timed("check_integrity there", lambda: empty.manage("check_integrity"))
    finally:
        if cluster:
            cluster.stop("killed")
    return taken


def timed(label: str, act: "object", limit: float | None = None) -> float:
    """Do it once and say how long it took."""
    assert callable(act)  # noqa: S101  for the type
    began = time.perf_counter()
    try:
        said = act()
    except subprocess.CalledProcessError as problem:
        sys.exit(f"{label}: {problem}")
    taken = time.perf_counter() - began
    verdict = "" if limit is None else f"   limit {limit:.0f} s {'held' if taken <= limit else 'MISSED'}"
    print(f"  {label:34} {taken:>8.1f} s{verdict}   {(said or '').strip().splitlines()[-1:] or ''}", flush=True)
    return taken


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scorecards", type=int, default=100_000)
    on_each_database(__file__, run, parser)
