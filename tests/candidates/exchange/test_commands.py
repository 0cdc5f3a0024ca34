"""The commands, as an operator calls them; the large file is worked out apart from the product's code."""

import csv
import io
import json
import random
from collections import defaultdict
from statistics import mean, median

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from candidates.comparison import place, read_opening
from candidates.demo.loading import load_demo
from candidates.models import Scorecard
from smarter.accounts.models import User
from tests.candidates.exchange.files import csv_of, state_of
from tests.factories import make_opening

pytestmark = pytest.mark.django_db
HEADING = ["candidate", "interviewer", "dimension", "rating"]


@pytest.fixture
def large(tmp_path):
    """A file of 36 candidates × 9 interviewers × 5 dimensions with whole ratings, and its rows."""
    draw = random.Random(7)
    rows = [
        [f"Candidate {candidate}", f"interviewer{rater}@example.com", letter, draw.randint(1, 5)]
        for candidate in range(36)
        for rater in range(9)
        for letter in "SMART"
    ]
    draw.shuffle(rows)
    file = tmp_path / "scores.csv"
    with file.open("w", newline="") as handle:
        csv.writer(handle).writerows([HEADING, *rows])
    return file, rows


def printed(capsys, *arguments):
    """What a command writes to standard output."""
    capsys.readouterr()
    call_command(*arguments)
    return capsys.readouterr().out


def test_large_file_comes_in_and_its_summary_is_what_the_file_says(large, capsys, recruiter):
    file, rows = large
    weights = {"S": 30, "M": 25, "A": 20, "R": 15, "T": 10}
    opening = make_opening(recruiter=recruiter, weights=list(weights.values()))

    told = printed(capsys, "import_scorecards", str(opening.pk), str(file), "--create-people")
    summary = json.loads(printed(capsys, "export_summary", opening.title, "--format", "json"))

    assert told == ("Imported 324 scorecards from 1620 rows; 0 were in already. New: 36 candidates, 9 interviewers.\n")
    ratings = defaultdict(list)
    for candidate, _rater, letter, rating in rows:
        ratings[candidate, letter].append(rating)
    assert {
        (entry["candidate"], figures["letter"]): (
            figures["mean"],
            figures["median"],
            figures["n"],
            sorted(figures["ratings"]),
        )
        for entry in summary
        for figures in entry["dimensions"]
    } == {
        key: (pytest.approx(mean(values), abs=1e-6), median(values), 9, sorted(values))
        for key, values in ratings.items()
    }
    totals = {
        f"Candidate {number}": sum(mean(ratings[f"Candidate {number}", letter]) * weights[letter] for letter in "SMART")
        / 100
        for number in range(36)
    }
    assert {entry["candidate"]: entry["total"] for entry in summary} == pytest.approx(totals, abs=1e-6)
    assert summary == sorted(summary, key=lambda entry: (-entry["total"], entry["candidate"]))
    assert {(entry["coverage"], entry["complete"], entry["scorecards"]) for entry in summary} == {(1.0, True, 9)}


def test_summary_is_what_compare_shows(settings, capsys):
    settings.DEBUG = True
    opening = load_demo()[1]
    recruiter = User.objects.get(email="recruiter@example.com")
    Scorecard.objects.filter(state="waiting").update(
        state="declined", declined_at=opening.created_at, decline_reason="could_not_attend"
    )

    summary = json.loads(printed(capsys, "export_summary", str(opening.pk), "--format", "json"))

    shown = {row.application.candidate.name: row for row in place(read_opening(recruiter, opening)).rows}
    assert {entry["candidate"]: entry["total"] for entry in summary} == {
        name: pytest.approx(row.total) if row.total else None for name, row in shown.items()
    }
    assert {entry["candidate"]: (entry["possible_low"], entry["possible_high"]) for entry in summary} == {
        name: (pytest.approx(row.score.low), pytest.approx(row.score.high)) if row.score else (None, None)
        for name, row in shown.items()
    }
    assert [
        (entry["candidate"], entry["interval_low"], entry["interval_high"], entry["tier"], entry["reason"])
        for entry in summary
    ] == [
        (name, *(pytest.approx(end) for end in ends), row.tier, row.reason)
        for name, row in shown.items()
        for ends in [(row.interval.low, row.interval.high) if row.interval else (None, None)]
    ]


def test_summary_as_csv_has_a_row_for_each_candidate(settings, capsys):
    settings.DEBUG = True
    opening = load_demo()[0]

    rows = list(csv.DictReader(io.StringIO(printed(capsys, "export_summary", str(opening.pk)))))

    jonas = next(row for row in rows if row["candidate"] == "Jonas Keller")
    assert len(rows) == 6
    assert {name: jonas[name] for name in list(jonas)[3:17]} == {
        "scorecards": "3",
        "total": "2.825",
        "coverage": "1.0",
        "possible_low": jonas["possible_low"],
        "possible_high": jonas["possible_high"],
        "complete": "no",
        "strong_yes": "0",
        "yes": "0",
        "no": "2",
        "strong_no": "1",
        "Strategic mean": "3.0",
        "Strategic median": "3.0",
        "Strategic n": "2",
        "Strategic ratings": "4 2",
    }
    assert float(jonas["possible_low"]) < 2.825 < float(jonas["possible_high"])
    ingrid = next(row for row in rows if row["candidate"] == "Ingrid Solheim")
    assert float(ingrid["interval_low"]) < float(ingrid["total"]) < float(ingrid["interval_high"])
    assert (ingrid["tier"], ingrid["reason"]) == ("1", "")
    assert (jonas["interval_low"], jonas["tier"]) == ("", "")
    assert "not observed, so there is a possible range instead of an interval" in jonas["reason"]


def test_export_comes_in_again_through_the_commands(large, capsys, tmp_path, recruiter):
    opening = make_opening(recruiter=recruiter)
    other = make_opening(rubric_version=opening.rubric_version, title="Twin")
    call_command("import_scorecards", str(opening.pk), str(large[0]), "--create-people")
    copy = tmp_path / "copy.csv"
    copy.write_bytes(printed(capsys, "export_scores", str(opening.pk)).encode())

    call_command("import_scorecards", "twin", str(copy), "--create-people")

    assert state_of(other) == state_of(opening)
    assert "nothing changed" in printed(capsys, "import_scorecards", "twin", str(copy))


def test_dry_run_writes_nothing(large, capsys, opening):
    told = printed(capsys, "import_scorecards", str(opening.pk), str(large[0]), "--create-people", "--dry-run")

    assert told.startswith("Would import 324 scorecards from 1620 rows")
    assert Scorecard.objects.count() == 0


def test_refused_file_is_told_row_by_row(opening, tmp_path):
    file = tmp_path / "scores.csv"
    file.write_bytes(csv_of(",".join(HEADING), "Anna,x@example.com,S,4", "Anna,y@example.com,Q,9"))

    with pytest.raises(CommandError) as refused:
        call_command("import_scorecards", str(opening.pk), str(file))

    assert str(refused.value).splitlines() == [
        "Nothing was imported.",
        "Row 2, candidate: nobody here is called “Anna”. Add the candidate first.",
        "Row 3, rating: “9” is no rating. Give a whole number from 1 to 5.",
    ]


def test_file_that_is_no_table_and_unknown_openings_are_told(opening, tmp_path):
    file = tmp_path / "scores.csv"
    file.write_bytes(b"a,b\n1,2\n")

    with pytest.raises(CommandError, match="no column “candidate”"):
        call_command("import_scorecards", str(opening.pk), str(file))
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_scorecards", str(opening.pk), str(tmp_path / "lost.csv"))
    with pytest.raises(CommandError, match=f"no opening “Nothing”. There are: {opening.pk} Regional VP of Sales"):
        call_command("export_scores", "Nothing")
    make_opening(title=opening.title)
    with pytest.raises(CommandError, match="2 openings are called"):
        call_command("export_summary", opening.title)
