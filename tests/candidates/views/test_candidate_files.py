"""Candidates come in from a spreadsheet: columns matched, people recognised, bad rows by number, all or none."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from candidates.models import Application, Candidate
from smarter.audit.models import AuditEvent
from tests.candidates.exchange.files import csv_of
from tests.candidates.exchange.test_workbooks import book
from tests.factories import make_application, make_candidate, make_scorecard


def url(opening):
    """The address of the page."""
    return reverse("candidates:candidate_import", args=[opening.pk])


def upload(client, opening, content, name="people.csv", **fields):
    """Check a spreadsheet."""
    return client.post(url(opening), {"file": SimpleUploadedFile(name, content), "consent": "on", **fields})


def sent_back(response, **changes):
    """The fields of the columns' form, as a browser sends them."""
    form = response.context["columns"]
    return {"kept": form["kept"].value(), **{name: form[name].value() for name in form.places}, **changes}


def faults_of(response):
    """What is to be put right."""
    return [str(fault) for fault in response.context["faults"]]


def test_spreadsheet_comes_in(client, opening, recruiter):
    content = book(
        ["First name", "Surname", "E-mail address", "Job title", "Shoe size"],
        ["Anna", "Berg", "Anna@Example.com", "Sales director", 38],
        ["Bo", "Lind", None, None, None],
    )
    client.force_login(recruiter)

    checked = upload(client, opening, content, "people.xlsx")
    assert (faults_of(checked), Candidate.objects.count()) == ([], 0)
    assert "Import 2 candidates" in checked.content.decode()
    done = client.post(url(opening), sent_back(checked, **{"import": "Import"}))

    assert done.headers["Location"] == reverse("candidates:opening_detail", args=[opening.pk])
    assert set(Candidate.objects.values_list("name", "email", "current_role", "created_by")) == {
        ("Anna Berg", "anna@example.com", "Sales director", recruiter.pk),
        ("Bo Lind", "", "", recruiter.pk),
    }
    assert set(Application.objects.values_list("opening", "stage")) == {(opening.pk, "screening")}
    assert AuditEvent.objects.filter(act="candidate.create").count() == 2


def test_columns_are_matched_by_hand_where_the_heading_gives_nothing_away(client, opening, recruiter):
    client.force_login(recruiter)
    checked = upload(client, opening, csv_of("Wer;Kontakt", "Anna Berg;anna@example.com"))
    assert "No column looks like the name of a candidate." in checked.content.decode()

    again = client.post(url(opening), sent_back(checked, column_0="name", column_1="email"))
    assert (faults_of(again), "Import 1 candidate" in again.content.decode()) == ([], True)
    client.post(url(opening), sent_back(again, **{"import": "Import"}))

    assert Candidate.objects.values_list("name", "email").get() == ("Anna Berg", "anna@example.com")


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        ({"column_0": "email", "column_1": "email"}, "Two columns are taken for “E-mail”. Leave one of them out."),
        ({"column_0": "", "column_1": "email"}, "Say which column holds the name."),
    ],
)
def test_columns_that_make_no_sense_are_told(client, opening, recruiter, chosen, error):
    client.force_login(recruiter)
    checked = upload(client, opening, csv_of("name,email", "Anna,anna@example.com"))

    response = client.post(url(opening), sent_back(checked, **chosen, **{"import": "Import"}))

    assert error in response.context["columns"].non_field_errors()
    assert Candidate.objects.count() == 0


def test_bad_rows_are_told_by_number_and_nobody_comes_in(client, opening, recruiter):
    make_application(opening=opening, candidate=make_candidate(name="Eva Holm", email=""))
    client.force_login(recruiter)

    checked = upload(
        client,
        opening,
        csv_of(
            "name,email,location",
            "Anna,anna@example.com,Oslo",
            ",bo@example.com,",
            "Cy,cy@@example,",
            "",
            "Dan,ANNA@example.com,",
            f"{'x' * 151},x@example.com,",
            "Eva Holm,,",
            "Finn,,",
            "finn,,",
        ),
    )

    assert faults_of(checked) == [
        "Row 3, Full name: is empty. Give the candidate’s name.",
        "Row 4, E-mail: “cy@@example” is no e-mail address.",
        "Row 6, E-mail: is the address of row 2 too. Keep one of them.",
        "Row 7, Full name: has 151 characters; at most 150 fit.",
        "Row 8, E-mail: is empty, and somebody of this name is in this opening. Give an e-mail.",
        "Row 10, E-mail: is empty, and somebody of this name is in row 9. Give an e-mail.",
    ]
    assert 'name="import"' not in checked.content.decode()
    refused = client.post(url(opening), sent_back(checked, **{"import": "Import"}))
    assert len(faults_of(refused)) == 6
    assert Candidate.objects.count() == 1


def test_people_are_recognised_by_address(client, opening, recruiter):
    here = make_application(opening=opening, candidate=make_candidate(name="Anna", email="anna@example.com"))
    known = make_candidate(name="Bo Lind", email="bo@example.com", created_by=recruiter)
    make_candidate(name="Hidden", email="cy@example.com")
    client.force_login(recruiter)

    checked = upload(
        client, opening, csv_of("name,email", "Anna,anna@example.com", "B. Lind,BO@example.com", "Cy,cy@example.com")
    )
    client.post(url(opening), sent_back(checked, **{"import": "Import"}))

    intake = checked.context["intake"]
    assert (intake.here, [person for person, _source in intake.known]) == (["Anna"], [known])
    applied = {application.candidate.name for application in Application.objects.exclude(pk=here.pk)}
    assert applied == {"Bo Lind", "Cy"}
    assert Candidate.objects.filter(email="cy@example.com").count() == 2


def test_importing_twice_changes_nothing(client, opening, recruiter):
    client.force_login(recruiter)
    content = csv_of("name,email", "Anna,anna@example.com")
    client.post(url(opening), sent_back(upload(client, opening, content), **{"import": "Import"}))

    again = upload(client, opening, content)

    assert "Everybody in this file is in the opening already" in again.content.decode()
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "people.csv", "The file is empty."),
        (b"name\n", "people.csv", "The file has no rows under its heading."),
        (b"name\n" + b"Anna\n" * 1001, "people.csv", "more than 1,000 rows"),
        (b"name" * 61 + b",a" * 61 + b"\nAnna\n", "people.csv", "more than 60 columns"),
        ("name\nÄnna\n".encode("utf-16"), "people.csv", "looks like UTF-16"),
        ("name\nÄnna\n".encode("latin-1"), "people.csv", "The file is not UTF-8 (line 2)."),
        (b"\xd0\xcf\x11\xe0 locked", "people.xlsx", "has a password"),
        (b"<html>", "people.xlsx", "can't be read as a workbook"),
        (b"PK\x03\x04 cut", "people.csv", "can't be read as a workbook"),
        (b'name\n"Anna\n', "people.csv", "can't be read as CSV"),
        (b"name\n" + b"x" * (5 * 1024 * 1024), "people.csv", "larger than 5 MB"),
    ],
)
def test_file_that_can_not_be_read_is_told_why(client, opening, recruiter, content, name, reason):
    client.force_login(recruiter)

    response = upload(client, opening, content, name)

    assert response.status_code == 200
    assert reason in " ".join(response.context["form"].errors["file"])


def test_consent_is_needed(client, opening, recruiter):
    client.force_login(recruiter)

    response = upload(client, opening, csv_of("name", "Anna"), consent="")

    assert "consent" in response.context["form"].errors
    assert response.context["columns"] is None


def test_forged_file_is_refused(client, opening, recruiter):
    client.force_login(recruiter)

    response = client.post(url(opening), {"kept": "forged", "import": "Import"}, follow=True)

    assert "Nothing was imported." in response.content.decode()
    assert Candidate.objects.count() == 0


def test_hostile_texts_stay_text(client, opening, recruiter):
    client.force_login(recruiter)
    evil = "<script>alert(1)</script>"

    page = upload(client, opening, csv_of(f"name,{evil}", f"{evil},{evil}", "=1+1,x")).content.decode()

    assert evil not in page
    assert re.search(r"&lt;script&gt;", page)


def test_only_the_team_of_an_open_opening_imports(client, opening, recruiter, interviewer, stranger, admin):
    make_scorecard(application=make_application(opening=opening), interviewer=interviewer)
    for user in (interviewer, stranger, admin):
        client.force_login(user)
        assert client.get(url(opening)).status_code == 404
    client.force_login(recruiter)
    assert client.get(url(opening)).status_code == 200
    type(opening).objects.filter(pk=opening.pk).update(state="closed")
    assert client.get(url(opening)).status_code == 404
