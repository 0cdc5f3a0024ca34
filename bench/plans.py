"""Which rows PostgreSQL reads for each page: DATABASE_URL=postgres://… python bench/plans.py [word …]

Every page that stands on many rows is asked once, with nothing kept, and each of its statements is explained. A line
tells how many there are, how long the database took, and every large table that was read from end to end for a few of
its rows, where an index should have led; it exits with 1 if there is any. A word shows only pages whose name holds it,
with all their plans.

It uses the database of bench/pages.py.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# The first place is this folder, whose statistics.py would stand before the library's.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.pages import prepared  # noqa: E402

LARGE, FEW = 1_000, 0.05
"""A table of so many rows must not be read whole for less than this share of them."""

Statement = tuple[str, Any]


@dataclass
class Plan:
    """How one statement was answered."""

    statement: str
    milliseconds: float
    wasteful: list[str] = field(default_factory=list)  # "candidates_score: 12 of 82,500 rows"
    text: str = ""


def scans(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All nodes of a plan that read a table from end to end."""
    if node["Node Type"] == "Seq Scan":
        yield node
    for part in node.get("Plans", []):
        yield from scans(part)


def explain(statement: str, values: Any) -> Plan:
    """Run it once more and say how; what writes is undone."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
        (found,) = cursor.fetchone()
        transaction.set_rollback(True)
    found = (json.loads(found) if isinstance(found, str) else found)[0]
    plan = Plan(statement, found["Planning Time"] + found["Execution Time"], text=json.dumps(found["Plan"], indent=1))
    for node in scans(found["Plan"]):
        kept, removed = node["Actual Rows"], node.get("Rows Removed by Filter", 0)
        if kept + removed >= LARGE and kept < FEW * (kept + removed):
            often = f", {node['Actual Loops']:,} times" if node["Actual Loops"] > 1 else ""
            plan.wasteful.append(f"{node['Relation Name']}: {kept:,} of {kept + removed:,} rows{often}")
    return plan


def asked_by(act: Callable[[], object]) -> list[Statement]:
    """The statements that an act asks, but for those that hold no plan."""
    from django.db import connection

    found: list[Statement] = []

    def note(execute: Callable[..., Any], statement: str, values: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if statement.split(maxsplit=1)[0] in ("SELECT", "UPDATE", "DELETE", "WITH"):
            found.append((statement, values))
        return execute(statement, values, many, context)

    with connection.execute_wrapper(note):
        act()
    return found


def pages() -> Iterator[tuple[str, Callable[[], object]]]:
    """Every page that stands on many rows, by the name of its address, and what asks for it."""
    from django.test import Client
    from django.urls import reverse

    from bench.rounds import SMARTERS_BACKEND, desk, home, opening_of, person, recruiter
    from candidates.models import Scorecard
    from smarter.accounts.models import User

    opening_of(300)
    opening = opening_of(3_000)
    application = opening.applications.order_by("pk")[1_500]
    card = Scorecard.objects.filter(interview__application=application).submitted().order_by("pk")[0]
    boss = User.objects.get(pk=recruiter().pk)
    User.objects.filter(pk=boss.pk).update(is_admin=True)

    def ask(user: User, name: str, *keys: int, query: str = "") -> tuple[str, Callable[[], object]]:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user, backend=SMARTERS_BACKEND)
        address = reverse(f"candidates:{name}" if ":" not in name else name, args=keys) + query

        def get() -> None:
            if (status := client.get(address).status_code) != 200:
                raise RuntimeError(f"{address}: {status}")

        return name + query, get

    yield ask(home(), "home")
    yield ask(boss, "home")
    yield ask(person("desk"), "scorecard_edit", desk().pk)
    yield ask(boss, "scorecard_detail", card.pk)
    yield ask(boss, "interview_detail", card.interview_id)
    for name in ("opening_list", "candidate_list", "calibration", "notification_list", "event_list", "practice"):
        yield ask(boss, name)
    for name in ("opening_detail", "opening_ranking", "opening_compare", "opening_plan", "opening_debrief"):
        yield ask(boss, name, opening.pk)
    yield ask(boss, "candidate_list", query="?q=Candidate")
    yield ask(boss, "candidate_detail", application.candidate_id)
    yield ask(boss, "accounts:person_list")
    yield ask(boss, "retention")


def run(words: list[str]) -> int:
    """The table; with words, the plans as well."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{'page':<40}{'statements':>11}{'ms':>9}  read whole for a few rows")
    missed = 0
    for name, act in pages():
        if words and not any(word in name for word in words):
            continue
        plans = [explain(*statement) for statement in asked_by(act)]
        wasteful = [line for plan in plans for line in plan.wasteful]
        missed += len(wasteful)
        print(f"{name:<40}{len(plans):>11}{sum(plan.milliseconds for plan in plans):>9.1f}  {'; '.join(wasteful)}")
        for plan in plans if words else ():
            print(f"\n{plan.milliseconds:.1f} ms {'; '.join(plan.wasteful)}\n{plan.statement}\n{plan.text}")
    return 1 if missed else 0


def main() -> int:
    """Set the database up and explain."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only the pages whose name holds one of these, with their plans")
    asked = parser.parse_args()
    with prepared():
        return run(asked.words)


if __name__ == "__main__":
    sys.exit(main())
