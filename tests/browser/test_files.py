"""Files in a browser: candidates from a spreadsheet, scorecards from CSV, and both corrected on the way."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.candidates.exchange.files import csv_of

pytestmark = pytest.mark.browser


def choose(page: Any, name: str, content: bytes) -> None:
    """Choose a file and have it checked."""
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Check file").click()


@pytest.mark.parametrize("width", [1440, 390])
def test_recruiter_takes_candidates_and_their_scorecards_over(
    sign_in, live_server, violations, sideways, opening, recruiter, interviewer, width
):
    page = sign_in(recruiter)
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(live_server.url + reverse("candidates:candidate_import", args=[opening.pk]))
    page.get_by_label("The candidates have agreed").check()
    choose(page, "people.csv", csv_of("Wer;E-mail", "Anna Berg;anna@example.com", "Bo Lind;bo@@example.com"))
    page.get_by_label("Wer").select_option(label="Full name")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("heading", name="Nobody was imported: 1 thing to put right")).to_be_visible()
    assert (violations(page), sideways(page)) == ([], 0)
    page.get_by_label("The candidates have agreed").check()
    choose(page, "people.csv", csv_of("name;E-mail", "Anna Berg;anna@example.com", "Bo Lind;bo@example.com"))
    page.get_by_role("button", name="Import 2 candidates").click()
    expect(page.get_by_role("status").filter(has_text="Imported 2 candidates.")).to_be_visible()

    page.goto(live_server.url + reverse("candidates:scorecard_import", args=[opening.pk]))
    rows = [f"Anna Berg,{interviewer.email},{letter},{value}" for letter, value in zip("SMART", "54321", strict=True)]
    choose(page, "scores.csv", csv_of("candidate,interviewer,dimension,rating", *rows, "Anna Borg,nobody,S,6"))
    expect(page.get_by_role("row").nth(1)).to_contain_text("“6” is no rating.")
    assert (violations(page), sideways(page)) == ([], 0)
    choose(page, "scores.csv", csv_of("candidate,interviewer,dimension,rating", *rows))
    page.get_by_role("button", name="Import 1 scorecard").click()

    expect(page.get_by_role("row").filter(has_text="Anna Berg")).to_contain_text("3.0")
