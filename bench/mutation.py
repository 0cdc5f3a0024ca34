"""Do the tests notice when the seal or an act on a scorecard is wrong? nice python bench/mutation.py [WORD ...]

Each fault of bench/mutants.py is put into the loaded code of a process of its own, which then runs those of the tests
named for its file that come through the function, the quickest first, until one fails. A fault that no test notices is
listed at the end, and so is each that changes nothing, with the reason. With words, only files and functions whose
names hold one of them are tried, as in `access.py` or `hand_back`. It runs on SQLite.
"""

import inspect
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from importlib import import_module
from pathlib import Path
from time import perf_counter
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).resolve().parent.parent
# The first place is this folder, whose statistics.py would stand before the library's.
sys.path[0] = str(ROOT)

from bench.mutants import Mutant, mutants, narrowing_steps  # noqa: E402
from bench.mutation_targets import EQUIVALENT, TARGETS, Target  # noqa: E402
from smarter.compiled_queries import forget  # noqa: E402


def say(line: str) -> None:
    """Print although pytest keeps what tests print."""
    print(line, file=sys.__stdout__, flush=True)


@cache
def steps_of_ours() -> set[str]:
    """The narrowing steps of all our query sets."""
    parts = ("candidates", "rubrics", "smarter")
    sources = [path.read_text() for part in parts for path in (ROOT / part).rglob("*.py")]
    return narrowing_steps([source for source in sources if "QuerySet(" in source])


def made(target: Target) -> list[Mutant]:
    """All faults of a file."""
    source = (ROOT / target.file).read_text()
    return list(mutants(source, steps=steps_of_ours(), functions=target.functions))


def is_meant(target: Target, function: str, words: list[str]) -> bool:
    """Whether the words given, if any, name this file or function."""
    return not words or any(word in target.file or word in function for word in words)


def put_in(target: Target, fault: Mutant) -> None:
    """Let the loaded function do what the fault says; whoever holds the function, a manager too, gets it."""
    found: Any = import_module(target.file.removesuffix(".py").replace("/", "."))
    code = compile(fault.source, target.file, "exec")
    for name in fault.function.split("."):
        found = inspect.getattr_static(found, name)
        code = next(part for part in code.co_consts if isinstance(part, CodeType) and part.co_name == name)
    found = found.fget if isinstance(found, property) else found
    if fault.before == "@transaction.atomic":
        _lift_transaction(found)
    function: FunctionType = inspect.unwrap(found)
    forget()
    # A function that lost its `super()` still has the place for it.
    function.__code__ = code.replace(co_freevars=function.__code__.co_freevars)


def _lift_transaction(wrapper: Any) -> None:
    """Take the transaction from around a function: its decorator keeps it in a closure."""

    class Lifted:
        _recreate_cm = staticmethod(nullcontext)

    while "self" not in wrapper.__code__.co_freevars:
        wrapper = wrapper.__wrapped__
    wrapper.__closure__[wrapper.__code__.co_freevars.index("self")].cell_contents = Lifted()


Through = dict[tuple[str, str], list[tuple[float, pytest.Item]]]


class Trial:
    """A pytest plugin: instead of running the tests once, it runs them for each fault, in a child of this process."""

    def __init__(self, targets: list[Target], words: list[str]) -> None:
        self.targets = targets
        self.words = words
        self.left: list[tuple[Target, Mutant]] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Print a line for each file."""
        through: Through = {}
        files = {str(ROOT / target.file) for target in self.targets}
        waiting = list(session.items)
        say(f"\n{'file':36} {'made':>5} {'noticed':>8} {'not':>4} {'no change':>10} {'minutes':>8}")
        for target in self.targets:
            tests = [test for test in waiting if test.nodeid.startswith(target.tests)]
            waiting = [test for test in waiting if test not in tests]
            _pass_and_watch(session, tests, files, through)
            self.try_out(session, target, through)
        return True

    def try_out(self, session: pytest.Session, target: Target, through: Through) -> None:
        """Each fault of a file; `through` has the tests that come through each function."""
        began, faults, known = perf_counter(), made(target), EQUIVALENT.get(target.file, {})
        if stale := known.keys() - {fault.key for fault in faults}:
            pytest.exit(f"No longer made of {target.file}: {stale}", 1)
        faults = [fault for fault in faults if is_meant(target, fault.function, self.words)]
        left = []
        for fault in [fault for fault in faults if fault.key not in known]:
            tests = [
                test
                for _, test in through.get((str(ROOT / target.file), fault.function), [])
                if test.nodeid.startswith(target.tests)
            ]
            if not tests or not is_noticed(lambda fault=fault: put_in(target, fault), session, tests):
                left.append((target, fault))
                say(f"  not noticed: {target.file}:{fault.line} {fault.key}")
        self.left += left
        same = len([fault for fault in faults if fault.key in known])
        counts = f"{len(faults):5} {len(faults) - same - len(left):8} {len(left):4} {same:10}"
        say(f"{target.file:36} {counts} {(perf_counter() - began) / 60:8.1f}")


def is_noticed(break_it: Callable[[], None], session: pytest.Session, tests: list[pytest.Item]) -> bool:
    """Whether a test fails in a child of this process where something was broken first."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    status = 1
    try:
        with own_database():
            break_it()
            status = 0 if _pass(session, tests) else 1
    finally:
        os._exit(status)


def own_database() -> Any:
    """A copy of the test database for a child, as a connection must not be shared with the parent."""
    from django.db import connection

    connection.close()
    folder = tempfile.TemporaryDirectory()
    copy = Path(folder.name) / "test.sqlite3"
    shutil.copy(connection.settings_dict["NAME"], copy)
    connection.settings_dict["NAME"] = str(copy)
    return folder


def _pass(session: pytest.Session, tests: list[pytest.Item]) -> bool:
    """Whether all tests pass; the fixtures of the whole session stay, for the next round."""
    session._setupstate.teardown_exact(tests[0])
    for test, following in zip(tests, [*tests[1:], tests[0]], strict=True):
        if any(report.failed for report in runtestprotocol(test, log=False, nextitem=following)):
            return False
    return True


def _pass_and_watch(session: pytest.Session, tests: list[pytest.Item], files: set[str], through: Through) -> None:
    """Run these tests once, and note which come through each function of these files, the quickest first."""
    for test in tests:
        met: set[tuple[str, str]] = set()

        def watch(frame: FrameType, event: str, _arg: object, met: set[tuple[str, str]] = met) -> None:
            if event == "call" and frame.f_code.co_filename in files:
                met.add((frame.f_code.co_filename, frame.f_code.co_qualname.split(".<locals>")[0]))

        began = perf_counter()
        forget()  # so that what is put together once is seen in each test
        sys.setprofile(watch)
        passed = _pass(session, [test])
        sys.setprofile(None)
        if not passed:
            pytest.exit(f"{test.nodeid} fails as it is.", 1)
        for function in met:
            through.setdefault(function, []).append((perf_counter() - began, test))
            through[function].sort(key=lambda pair: pair[0])


def run(words: list[str]) -> int:
    """Try the files asked for, and list what is left over."""
    chosen = [target for target in TARGETS if any(is_meant(target, fault.function, words) for fault in made(target))]
    files = list(dict.fromkeys(name for target in chosen for name in target.tests))
    trial = Trial(chosen, words)
    options = ["-q", "-n0", "-p", "no:cacheprovider", "--no-header", "--capture=sys", f"--rootdir={ROOT}"]
    os.chdir(ROOT)
    status = pytest.main([*options, *files], plugins=[trial])
    for target in chosen:
        for key, reason in EQUIVALENT.get(target.file, {}).items():
            say(f"changes nothing: {target.file} {key}\n    {reason}")
    for target, fault in trial.left:
        say(f"NOT NOTICED: {target.file}:{fault.line} {fault.key}")
    return 1 if trial.left else int(status)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
