"""Do the tests notice when the seal or an act on a scorecard is wrong? nice python bench/mutation.py [WORD ...]

Each fault of bench/mutants.py is made in a copy of the project, one at a time, and the tests named for its file are
run until one fails. A fault that no test notices is listed at the end, and so is each that changes nothing, with the
reason. With words, only the files whose names hold one of them are tried. About four seconds a fault.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
# The first place is this folder, whose statistics.py would stand before the library's.
sys.path[0] = str(ROOT)

from bench.mutants import Mutant, mutants, narrowing_steps  # noqa: E402
from bench.mutation_targets import EQUIVALENT, TARGETS, Target  # noqa: E402

PARTS = (
    "candidates",
    "rubrics",
    "smarter",
    "static",
    "templates",
    "tests",
    "bench",
    "docs",
    "manage.py",
    "pyproject.toml",
)
LONGEST = 600


def copy_project(to: Path) -> None:
    """What the tests need, without what runs have left behind."""
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, to / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / part, to / part)


def made(target: Target) -> list[Mutant]:
    """All faults of a file."""
    sources = [path.read_text() for path in ROOT.glob("*/**/*.py") if path.parts[len(ROOT.parts)] in PARTS[:3]]
    source = (ROOT / target.file).read_text()
    return list(mutants(source, steps=narrowing_steps(sources), functions=target.functions))


def is_noticed(copy: Path, tests: tuple[str, ...]) -> bool:
    """Whether one of the tests fails, or they no longer come to an end."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", "--no-header", *tests]
    environment = os.environ | {"VAR_DIR": str(copy / "var")}
    try:
        run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return True
    if run.returncode not in (0, 1, 2, 4):  # passed, failed, or the file can no longer be read
        raise RuntimeError(run.stdout.decode()[-2000:] + run.stderr.decode()[-2000:])
    return run.returncode != 0


def try_out(copy: Path, target: Target) -> tuple[int, int, list[Mutant]]:
    """How many faults were made and how many change nothing; those that no test noticed."""
    place = copy / target.file
    whole, known = place.read_text(), EQUIVALENT.get(target.file, {})
    if is_noticed(copy, target.tests):
        sys.exit(f"The tests of {target.file} fail as it is.")
    faults = made(target)
    unnoticed = []
    for fault in [fault for fault in faults if fault.key not in known]:
        place.write_text(fault.source)
        if not is_noticed(copy, target.tests):
            unnoticed.append(fault)
            print(f"  not noticed: {target.file}:{fault.line} {fault.key}", flush=True)
    place.write_text(whole)
    return len(faults), len([fault for fault in faults if fault.key in known]), unnoticed


def run(words: list[str]) -> int:
    """Print a line for each file, then the faults left over."""
    chosen = [target for target in TARGETS if not words or any(word in target.file for word in words)]
    left: list[tuple[Target, Mutant]] = []
    with tempfile.TemporaryDirectory() as folder:
        copy_project(Path(folder))
        print(f"{'file':38} {'made':>5} {'noticed':>8} {'not':>4} {'no change':>10} {'minutes':>8}", flush=True)
        for target in chosen:
            began = perf_counter()
            number, same, unnoticed = try_out(Path(folder), target)
            left += [(target, fault) for fault in unnoticed]
            minutes = (perf_counter() - began) / 60
            noticed = number - same - len(unnoticed)
            print(f"{target.file:38} {number:5} {noticed:8} {len(unnoticed):4} {same:10} {minutes:8.1f}", flush=True)
    for target in chosen:
        for key, reason in EQUIVALENT.get(target.file, {}).items():
            print(f"changes nothing: {target.file} {key}\n    {reason}")
    for target, fault in left:
        print(f"NOT NOTICED: {target.file}:{fault.line} {fault.key}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
