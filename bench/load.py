"""Fifty people who type at the same time: python bench/load.py [--minutes 3] [--on sqlite]

50 people × 40 autosaves a minute against gunicorn with two workers, DEBUG off, on each database. Wanted: no error,
nothing lost, and 95 of 100 answers within 300 ms.
"""

import argparse
import sys
import time
from pathlib import Path

# The first place is this folder, whose statistics.py would stand before the library's.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.installation import installed, on_each_database  # noqa: E402
from bench.writers import counted, hire_writers, judge, stop_writers  # noqa: E402

PEOPLE, A_MINUTE, SLOWEST = 50, 40, 0.300


def run(options: argparse.Namespace) -> None:
    """Let them type, and tell."""
    with installed(options.on) as (installation, _cluster):
        writers = hire_writers(
            installation.port, people=PEOPLE, cards_each=1, pause=60 / A_MINUTE, saves_a_card=1_000_000
        )
        began = time.perf_counter()
        for writer in writers:
            writer.start()
        time.sleep(options.minutes * 60)
        stop_writers(writers)
        elapsed = time.perf_counter() - began
        found = judge(writers)
        log = installation.log.read_text()
    counts = counted(writers)
    times = sorted(duration for writer in writers for duration in writer.times)
    p95 = times[int(len(times) * 0.95)]
    saved = counts.pop("acknowledged", 0)
    counts["errors in the log"] = log.count('"level": "ERROR"')
    print(f"\n{options.on}: {PEOPLE} people, {elapsed:.0f} s")
    print(f"  saves acknowledged     {saved:>8,}   {saved / elapsed:.0f} a second")
    print(f"  errors                 {counts.total():>8,}   {dict(+counts) or ''}")
    print(f"  lost or doubled        {len(found):>8,}")
    print(f"  median                 {1000 * times[len(times) // 2]:>8.0f} ms")
    print(f"  95 of 100 within       {1000 * p95:>8.0f} ms   limit {1000 * SLOWEST:.0f} ms")
    print(f"  slowest                {1000 * times[-1]:>8.0f} ms", flush=True)
    for sentence in found[:10]:
        print(f"  {sentence}")
    sys.exit(bool(found or counts.total() or p95 > SLOWEST))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3)
    on_each_database(__file__, run, parser)
