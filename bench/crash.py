"""Saves under the kill: python bench/crash.py [--kills 100] [--restarts 10] [--on postgresql]

While 20 people save as fast as answers come, and submit now and then, all workers are killed with -9 at random times,
a hundred times; then PostgreSQL is restarted ten times, by turns fast, immediate and killed. What was acknowledged must
be there, what was resent must be there once, and after a restart the server must be ready within five seconds.
"""

import argparse
import random
import sys
import time
from itertools import cycle, islice
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.installation import Cluster, Installation, close_connections, installed, on_each_database  # noqa: E402
from bench.writers import Writer, counted, hire_writers, judge, stop_writers  # noqa: E402

PEOPLE, SAVES_A_CARD, SAVES_BETWEEN, READY_WITHIN = 20, 40, 100, 5.0


def run(options: argparse.Namespace) -> None:
    """Kill, restart, and tell."""
    # Preloaded, so that workers are back in an instant and there is more to be hit.
    with installed(options.on, "--preload") as (installation, cluster):
        failed = storm(installation, options.kills, options.minutes, options.cards)
        if cluster:
            failed |= restarts(installation, cluster, options.restarts, options.cards)
    sys.exit(failed)


def storm(installation: Installation, kills: int, minutes: float, cards: int) -> bool:
    """Kill all workers again and again."""
    writers = begin(installation, cards)
    killed = times = 0
    began = time.perf_counter()
    while times < kills and time.perf_counter() - began < 60 * minutes:
        times += 1
        installation.wait_until_ready(60)
        known = counted(writers)["acknowledged"]
        time.sleep(random.uniform(0.05, 0.5))
        while counted(writers)["acknowledged"] < known + SAVES_BETWEEN:
            time.sleep(random.uniform(0.005, 0.05))
        killed += installation.kill_workers()
    installation.wait_until_ready(60)
    time.sleep(1)
    stop_writers(writers)
    return tell(f"all workers killed {times} times (of {kills}; {killed} processes)", writers)


def restarts(installation: Installation, cluster: Cluster, number: int, cards: int) -> bool:
    """Restart PostgreSQL in every way there is."""
    writers = begin(installation, cards)
    times: dict[str, list[float]] = {}
    for how in islice(cycle(["fast", "immediate", "killed"]), number):
        time.sleep(random.uniform(1, 3))
        cluster.stop(how)
        began = time.perf_counter()
        cluster.start()
        installation.wait_until_ready(60)
        times.setdefault(how, []).append(time.perf_counter() - began)
    time.sleep(1)
    stop_writers(writers)
    close_connections()
    failed = tell(f"PostgreSQL restarted {number} times", writers)
    for how, taken in times.items():
        print(f"  {how:22} {len(taken):>8}   ready after {max(taken):.1f} s at most, limit {READY_WITHIN:.0f} s")
    return failed or max(max(taken) for taken in times.values()) > READY_WITHIN


def begin(installation: Installation, cards: int) -> list[Writer]:
    """Writers who type."""
    writers = hire_writers(installation.port, people=PEOPLE, cards_each=cards, pause=0, saves_a_card=SAVES_A_CARD)
    for writer in writers:
        writer.start()
    return writers


def tell(title: str, writers: list[Writer]) -> bool:
    """Print the table; whether anything is wrong."""
    found = judge(writers)
    counts = counted(writers)
    finished = sum(not writer.is_alive() and not writer.stopping.is_set() for writer in writers)
    print(f"\n{title}, {PEOPLE} people saving all the while")
    for name, number in sorted(counts.items()):
        print(f"  {name:30} {number:>8,}")
    print(f"  {'lost or doubled':30} {len(found):>8,}   check_integrity clean: {not found}")
    for sentence in found[:10]:
        print(f"  {sentence}")
    if finished:
        print(f"  {finished} people ran out of cards; give more with --cards")
    sys.stdout.flush()
    return bool(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=60, help="kill no longer than this")
    parser.add_argument("--restarts", type=int, default=10)
    parser.add_argument("--cards", type=int, default=120, help="cards a person, enough for the whole run")
    on_each_database(__file__, run, parser)
