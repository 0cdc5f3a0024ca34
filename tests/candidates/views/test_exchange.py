"""Files of an opening: checked before they come in, and only what one may read goes out."""

import csv
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from candidates.exchange.keeping import keep
from candidates.forms.uploads import LARGEST_FILE
from candidates.models import Candidate, Scorecard, Sight
from smarter.audit.models import AuditEvent
from tests.candidates.exchange.files import csv_of
from tests.factories import make_application, make_interview, make_scorecard, make_user

HEADING = "candidate,interviewer,dimension,rating"


def url(opening, name="scorecard_import"):
    """The address of a page of files."""
    return reverse(f"candidates:{name}", args=[opening.pk])


def upload(client, opening, content, **fields):
    """Check a file."""
    return client.post(url(opening), {"file": SimpleUploadedFile("scores.csv", content), **fields})


def hidden_fields(response):
    """What the form of a checked file sends back."""
    return dict(
        re.findall(r'<input type="hidden" name="(kept|adds_candidates)" value="([^"]*)"', response.content.decode())
    )


@pytest.fixture
def rows(interviewer):
    """The rows of one whole scorecard for Anna."""
    return [f"Anna,{interviewer.email},{letter},4" for letter in "SMART"]


# Import


def test_checked_file_comes_in(client, opening, recruiter, interviewer, rows):
    client.force_login(recruiter)

    checked = upload(client, opening, csv_of(HEADING, *rows), adds_candidates="on")
    assert (checked.context["preview"].imported.new_cards, Scorecard.objects.count()) == (1, 0)
    assert "Import 1 scorecard" in checked.content.decode()
    done = client.post(url(opening), hidden_fields(checked))

    assert done.status_code == 302
    card = Scorecard.objects.get()
    assert (card.interviewer, card.state, card.scores.count()) == (interviewer, "submitted", 5)
    assert AuditEvent.objects.filter(act="opening.import", actor=recruiter).count() == 1


def test_page_sends_its_token_along(client, opening, recruiter, rows):
    client.force_login(recruiter)

    checked = upload(client, opening, csv_of(HEADING, *rows), adds_candidates="on").content.decode()

    assert checked.count('name="csrfmiddlewaretoken"') == checked.lower().count('method="post"') >= 2


def test_wrong_rows_are_listed_and_nothing_comes_in(client, opening, recruiter, rows):
    client.force_login(recruiter)

    response = upload(client, opening, csv_of(HEADING, *rows, "Bo,nobody@example.com,S,7"))

    page = response.content.decode()
    assert "Nothing was imported: 6 things to put right" in page
    assert "“7” is no rating" in page
    assert "nobody here is called “Anna”. Add the candidate first." in page
    assert "kept" not in hidden_fields(response)
    assert (Candidate.objects.count(), Scorecard.objects.count()) == (0, 0)


def test_page_never_makes_accounts(client, opening, recruiter):
    client.force_login(recruiter)

    response = upload(client, opening, csv_of(HEADING, "Anna,somebody.unknown@example.com,S,4"), adds_candidates="on")

    assert [str(fault) for fault in response.context["faults"]] == [
        "Row 2, interviewer: nobody here is called “somebody.unknown@example.com”. An admin can invite them."
    ]


def test_file_that_is_in_already_says_so(client, opening, recruiter, rows):
    client.force_login(recruiter)
    client.post(url(opening), hidden_fields(upload(client, opening, csv_of(HEADING, *rows), adds_candidates="on")))

    again = upload(client, opening, csv_of(HEADING, *rows))

    assert "Everything in this file is in already" in again.content.decode()
    assert Scorecard.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,b\n1,2\n", "The heading has no column"),
        ("candidate\nÄ\n".encode("utf-16"), "looks like UTF-16"),
        (b"PK\x03\x04 a workbook", "The file is a workbook, not CSV."),
        (b"<html><script>alert(1)</script></html>", "The file is a web page, not CSV."),
        (b"", "The file is empty."),
        (b"candidate,interviewer,dimension,rating\n" + b"x" * LARGEST_FILE, "The file is larger than 5 MB."),
    ],
)
def test_file_that_is_no_table_is_told_why(client, opening, recruiter, content, reason):
    client.force_login(recruiter)

    response = upload(client, opening, content)

    assert response.status_code == 200
    assert reason in " ".join(response.context["form"].errors["file"])


def test_missing_file_is_told(client, opening, recruiter):
    client.force_login(recruiter)

    assert client.post(url(opening), {}).context["form"].errors == {"file": ["Choose a CSV file."]}


@pytest.mark.parametrize("whose", ["forged", "of another opening"])
def test_file_that_was_not_checked_here_is_refused(client, opening, recruiter, rows, whose):
    content = csv_of(HEADING, *rows)
    purpose = f"scores of opening {opening.pk + 1} by person {recruiter.pk}"
    kept = "forged" if whose == "forged" else keep(content, purpose=purpose)
    client.force_login(recruiter)

    response = client.post(url(opening), {"kept": kept, "adds_candidates": "True"}, follow=True)

    assert "Nothing was imported." in response.content.decode()
    assert Scorecard.objects.count() == 0


def test_what_changed_since_the_check_is_told(client, opening, recruiter, interviewer, rows):
    client.force_login(recruiter)
    checked = upload(client, opening, csv_of(HEADING, *rows), adds_candidates="on")
    interview = make_interview(application=make_application(opening=opening, name="Anna"))
    make_scorecard(interview=interview, interviewer=interviewer, values=[2])

    response = client.post(url(opening), hidden_fields(checked))

    assert [fault.text for fault in response.context["faults"]] == [
        "has begun this scorecard. It is theirs to submit, so leave these rows out."
    ]


def test_only_the_team_imports(client, opening, interviewer, stranger, admin, rows):
    make_scorecard(application=make_application(opening=opening), interviewer=interviewer)
    for user in (interviewer, stranger, admin):
        client.force_login(user)
        assert client.get(url(opening)).status_code == 404
        assert upload(client, opening, csv_of(HEADING, *rows)).status_code == 404


# Export


def csv_rows(response):
    """The rows of an exported file."""
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.fixture
def panel(opening, interviewer, colleague):
    """A candidate rated by two interviewers, and one whose panel is not complete."""
    application = make_application(opening=opening, name="Anna")
    interview = make_interview(application=application)
    make_scorecard(interview=interview, interviewer=interviewer, values=[4, 4, 4, 4, None], submitted=True)
    make_scorecard(interview=interview, interviewer=colleague, values=[2, 2, 2, 2, 2], submitted=True)
    hidden = make_application(opening=opening, name="Bo")
    make_scorecard(application=hidden, interviewer=colleague, values=[1, 1, 1, 1, 1], submitted=True)
    make_scorecard(application=hidden)
    return application


def test_scores_are_exported_as_far_as_they_may_be_read(client, opening, panel, recruiter, interviewer, colleague):
    expected = {
        recruiter: {("Anna", interviewer.name), ("Anna", colleague.name)},
        interviewer: {("Anna", interviewer.name), ("Anna", colleague.name)},
        colleague: {("Anna", interviewer.name), ("Anna", colleague.name), ("Bo", colleague.name)},
    }
    for user, cards in expected.items():
        client.force_login(user)
        rows = csv_rows(client.get(url(opening, "score_export")))
        assert {(row["candidate"], row["interviewer"]) for row in rows} == cards
        assert len(rows) == 5 * len(cards)


@pytest.mark.parametrize("name", ["score_export", "summary_export"])
def test_interviewers_learn_no_address_of_candidates(client, opening, panel, recruiter, interviewer, name):
    told = {}
    for user in (recruiter, interviewer):
        client.force_login(user)
        told[user] = {row["candidate_email"] for row in csv_rows(client.get(url(opening, name)))}

    assert panel.candidate.email in told[recruiter]
    assert told[interviewer] == {""}


def test_summary_puts_candidates_whose_panels_share_nobody_in_no_order(client, opening, recruiter):
    for name, values in {"Cy": [5] * 5, "Al": [1] * 5, "Bo": [3] * 5}.items():
        make_scorecard(application=make_application(opening=opening, name=name), values=values, submitted=True)
    client.force_login(recruiter)

    rows = csv_rows(client.get(url(opening, "summary_export")))

    assert {row["candidate"]: (row["total"], row["tier"]) for row in rows} == {
        "Al": ("1.0", ""),
        "Bo": ("3.0", ""),
        "Cy": ("5.0", ""),
    }
    assert all(row["reason"] for row in rows)


def test_sealed_interviewer_exports_own_scores_only(client, opening, panel, interviewer):
    make_scorecard(application=panel, interviewer=interviewer)
    client.force_login(interviewer)

    rows = csv_rows(client.get(url(opening, "score_export")))
    [anna] = [row for row in csv_rows(client.get(url(opening, "summary_export"))) if row["candidate"] == "Anna"]

    assert {row["interviewer"] for row in rows} == {interviewer.name}
    assert (anna["total"], anna["scorecards"], anna["Strategic n"]) == ("", "0", "0")
    assert Sight.objects.count() == 0


@pytest.mark.parametrize("name", ["score_export", "summary_export"])
def test_export_is_noted_and_recorded(client, opening, panel, recruiter, name):
    client.force_login(recruiter)

    client.get(url(opening, name))

    assert list(Sight.objects.values_list("viewer", "application")) == [(recruiter.pk, panel.pk)]
    event = AuditEvent.objects.get(act="opening.export")
    assert (event.actor, event.opening_id, event.detail) == (
        recruiter,
        opening.pk,
        {"what": name.split("_")[0] + ("s" if name == "score_export" else ""), "format": "csv", "cards": 2},
    )


def test_summary_shows_what_compare_shows(client, opening, panel, recruiter):
    client.force_login(recruiter)

    entries = json.loads(client.get(url(opening, "summary_export"), {"format": "json"}).content)

    assert [(entry["candidate"], entry["total"], entry["coverage"]) for entry in entries] == [
        ("Anna", 2.8, 1.0),
        ("Bo", None, None),
    ]
    assert [figures["ratings"] for figures in entries[0]["dimensions"]] == [[4, 2]] * 4 + [[2]]


@pytest.mark.parametrize("name", ["score_export", "summary_export"])
def test_workbook_holds_texts_and_no_formula(client, opening, panel, recruiter, name):
    Candidate.objects.filter(pk=panel.candidate_id).update(name="=HYPERLINK(1)")
    client.force_login(recruiter)

    response = client.get(url(opening, name), {"format": "xlsx"})

    sheet = load_workbook(io.BytesIO(response.content)).active
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "'=HYPERLINK(1)" in [cell.value for cell in sheet["A"]]
    assert response.headers["Content-Disposition"].endswith('-regional-vp-of-sales.xlsx"')


@pytest.mark.parametrize("name", ["score_export", "summary_export"])
def test_export_is_absent_for_strangers_and_refuses_other_formats(
    client, opening, panel, recruiter, stranger, admin, name
):
    for user in (stranger, admin):
        client.force_login(user)
        assert client.get(url(opening, name)).status_code == 404
    client.force_login(recruiter)
    assert client.get(url(opening, name), {"format": "exe"}).status_code == 400
    assert client.post(url(opening, name)).status_code == 405
    assert AuditEvent.objects.filter(act="opening.export").count() == 0


@pytest.mark.parametrize("candidates", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("score_export", 14), ("summary_export", 16)])
def test_export_query_count_is_flat(client, opening, recruiter, django_assert_num_queries, name, queries, candidates):
    for _ in range(candidates):
        make_scorecard(application=make_application(opening=opening), interviewer=make_user(), submitted=True)
    client.force_login(recruiter)

    with django_assert_num_queries(queries):
        client.get(url(opening, name))
