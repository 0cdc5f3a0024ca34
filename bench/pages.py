"""How long pages take beside a bare Django view: DATABASE_URL=postgres://… python bench/pages.py [--growth] [word …]

Two servers run side by side as in production (gunicorn, 2 workers, DEBUG off): Smarter, and the floor, which is a bare
view behind session and sign-in. Every page is asked for in turn with the floor, over one connection each that is kept
alive, and their medians are compared, so that whatever else the machine does falls on both. Processor time is that of
the workers without the database. A word runs only the cases whose name holds it; --growth adds the opening of 30,000.

It keeps a database of its own beside DATABASE_URL (`bench_…`), since a large round takes minutes to make.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

# The first place is this folder, whose statistics.py would stand before the library's.
sys.path[0] = str(Path(__file__).resolve().parent.parent)
os.environ |= {"DJANGO_SETTINGS_MODULE": "smarter.settings", "SECRET_KEY": "of the benchmark " * 3}
os.environ |= {"SECURE_SSL_REDIRECT": "off", "ALLOWED_HOSTS": "127.0.0.1", "DEBUG": "off"}
os.environ["SITE_URL"] = "https://127.0.0.1"

import numpy as np  # noqa: E402

from bench.serving import Answer, Server, served, until_answered  # noqa: E402

SIZES = (30, 300, 3_000)
LARGEST = 30_000
SECONDS, LEAST, MOST, WARM_UPS = 6.0, 3, 301, 2
PAGES = (("ranked table", "ranking/", 9.0), ("opening", "", None), ("compare of 6, opening", "compare/", 12.0))
HEAD = f"{'page':<46}{'ms':>9}{'floor':>7}{'ratio':>8}{'limit':>8}{'processor':>11}{'ratio':>7}{'KB':>7}"


@dataclass(frozen=True)
class Case:
    """One page: how to ask for it, and how many floors it may take; `flat` is times the page of that name."""

    name: str
    ask: Callable[[Server], Answer]
    limit: float | None = None
    flat: tuple[str, float] | None = None
    who: str = "recruiter"
    expected: int = 200
    before: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Timing:
    """Medians in milliseconds, and the bytes that came over the line."""

    page: float
    floor: float
    processor: float
    floor_processor: float
    size: int


def measure(case: Case, smarter: Server, floor: Server) -> Timing:
    """Ask for the page and the floor in turn."""
    for _ in range(WARM_UPS):
        case.before()
        answer = case.ask(smarter)
        floor.ask("/floor/")
    if answer.status != case.expected:
        raise RuntimeError(f"{case.name}: {answer.status} {answer.body[:300]!r}")
    pages, floors = [], []
    used, used_by_floor = smarter.processor(), floor.processor()
    begun = perf_counter()
    while len(pages) < LEAST or (len(pages) < MOST and perf_counter() - begun < SECONDS):
        case.before()
        floors.append(floor.ask("/floor/").elapsed)
        pages.append(case.ask(smarter).elapsed)
    return Timing(
        page=float(np.median(pages)),
        floor=float(np.median(floors)),
        processor=(smarter.processor() - used) / len(pages),
        floor_processor=(floor.processor() - used_by_floor) / len(floors),
        size=len(answer.body),
    )


def show(case: Case, found: Timing, done: dict[str, float]) -> None:
    """One line of the table."""
    ratio = found.page / found.floor
    limit, held = "", True
    if case.limit is not None:
        limit, held = f"{case.limit:g}", ratio <= case.limit
    elif case.flat and case.flat[0] in done:
        limit, held = f"{case.flat[1]:g}×300", ratio <= case.flat[1] * done[case.flat[0]]
    done[case.name] = ratio
    by_processor = found.processor / found.floor_processor
    print(
        f"{case.name:<46}{found.page:>9.2f}{found.floor:>7.2f}{ratio:>7.1f}×{limit:>8}{found.processor:>11.2f}"
        f"{by_processor:>6.1f}×{found.size / 1000:>7.1f}{'' if held else '   MISSED'}",
        flush=True,
    )


def page(path: str) -> Callable[[Server], Answer]:
    """Ask for one page by GET."""
    return lambda server: server.ask(path)


def make_cases(*, growth: bool) -> Iterator[Case]:
    """Every page of the table, on rounds that are made where they are missing."""
    from bench.rounds import autosave, change, desk, opening_of, submit

    yield Case("home, 20 open cards", page("/"), limit=6, who="home")
    yield Case("scorecard, whole kit", page(f"/scorecards/{desk().pk}/edit/"), limit=6, who="desk")
    yield Case("autosave", autosave(desk()), limit=2.5, who="desk")
    yield Case("submit", submit(MOST + WARM_UPS), limit=5, who="desk", expected=302)
    for size in (*SIZES, *([LARGEST] if growth else [])):
        opening = opening_of(size)
        address = f"/openings/{opening.pk}/"
        flat = {3_000: 1.5, 30_000: 2.0}.get(size)
        for name, path, most in (
            ("ranked table", "ranking/", 9.0),
            ("opening", "", None),
            ("compare", "compare/", 12.0),
        ):
            steady = (f"{name} of 300", flat) if flat else None
            yield Case(f"{name} of {size}", page(address + path), limit=most if size == 300 else None, flat=steady)
        yield Case(f"ranked table of {size} after a change", page(f"{address}ranking/"), before=change(opening))


def weigh(smarter: Server, path: str) -> tuple[int, int]:
    """All bytes of a first visit to a page, compressed as a browser asks for them; requests without the tab's icon."""
    answer = smarter.ask(path, headers={"Accept-Encoding": "gzip, br"})
    plain = smarter.ask(path, headers={"Accept-Encoding": "identity"}).body.decode()
    tags = re.findall(r"<(?:link|script|img)\b[^>]*>", plain)
    parts = {found[1] for tag in tags if (found := re.search(r'(?:href|src)="(/[^"]+)"', tag))}
    sizes = [len(smarter.ask(part, headers={"Accept-Encoding": "gzip, br"}).body) for part in sorted(parts)]
    return len(answer.body) + sum(sizes), len(sizes)  # the page comes in, the icon goes


def first_answers(application: str, environment: dict[str, str], path: str) -> tuple[float, float]:
    """Milliseconds to the first answer of a server with one worker, and of the worker after its first was killed."""
    begun = perf_counter()
    with served(application, environment, workers=1) as server:
        if until_answered(server, path).status >= 400:
            raise RuntimeError(application)
        started = perf_counter()
        server.kill_worker()
        until_answered(server, path)
        return 1000 * (started - begun), 1000 * (perf_counter() - started)


def starts(environment: dict[str, str], times: int = 7) -> None:
    """A cold start of both, in turn: of a whole server, and of a worker that gunicorn forks from it."""
    taken = [
        (
            *first_answers("smarter.wsgi", environment, "/account/login/"),
            *first_answers("bench.floor", environment, "/floor/"),
        )
        for _ in range(times)
    ]
    server, worker, bare_server, bare_worker = np.median(taken, axis=0).tolist()
    print()
    for name, ours, bare in (("server", server, bare_server), ("worker", worker, bare_worker)):
        print(f"{f'cold start of a {name} to first answer':<46}{ours:>9.0f}{bare:>7.0f}{ours / bare:>7.1f}×{'2':>8}")


@contextmanager
def prepared() -> Iterator[dict[str, str]]:
    """Set up the database of the benchmarks and collect static files; the environment that servers need for both."""
    import django

    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        django.setup()
        from django.core.management import call_command
        from django.db import connection
        from django.test.utils import setup_databases

        if connection.vendor != "postgresql":
            sys.exit("The pages are measured on PostgreSQL: DATABASE_URL=postgres://user@localhost/smarter")
        connection.settings_dict["TEST"]["NAME"] = f"bench_{connection.settings_dict['NAME']}"
        setup_databases(verbosity=0, interactive=False, keepdb=True)
        call_command("collectstatic", verbosity=0, interactive=False)
        url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
        yield {"DATABASE_URL": url, "VAR_DIR": folder}


def main() -> None:
    """Set the database up, start both servers and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--growth", action="store_true", help="add the opening of 30,000 candidates")
    parser.add_argument("words", nargs="*", help="only the cases whose name holds one of these")
    asked = parser.parse_args()
    with prepared() as environment:
        run(asked.words, environment, growth=asked.growth)


def run(words: list[str], environment: dict[str, str], *, growth: bool) -> None:
    """The cases, then weight and cold start."""
    from bench.rounds import cookies_of, desk, home, person, recruiter

    cases = [case for case in make_cases(growth=growth) if not words or any(word in case.name for word in words)]
    people = {"recruiter": recruiter(), "home": home(), "desk": person("desk")}
    sessions = {name: cookies_of(user) for name, user in people.items()}
    done: dict[str, float] = {}
    with served("smarter.wsgi", environment) as smarter, served("bench.floor", environment) as floor:
        floor.cookies = cookies_of(recruiter(), bare=True)
        until_answered(floor, "/floor/")
        until_answered(smarter, "/healthz")
        print(HEAD)
        for case in cases:
            smarter.cookies = sessions[case.who]
            show(case, measure(case, smarter, floor), done)
        if not words or "weight" in words:
            smarter.cookies = sessions["desk"]
            size, requests = weigh(smarter, f"/scorecards/{desk().pk}/edit/")
            weight = f"{size / 1000:.1f} KB (limit 60) in {requests} requests (limit 6) and the icon"
            print(f"\nfirst visit to the scorecard: {weight}")
    if not words or "start" in words:
        starts(environment)


if __name__ == "__main__":
    main()
