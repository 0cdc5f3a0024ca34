"""Hostile and odd files at every place that takes one: never a crash, never served active, each told why."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from candidates.models import Application, Candidate, Opening, Scorecard
from rubrics.models import Rubric
from smarter.accounts.models import User
from tests.candidates.documents import upload
from tests.candidates.hostile import cvs, odd_cvs, odd_tables, tables

pytestmark = pytest.mark.django_db

NO_PDF = "The file is named .pdf but is no complete PDF. Save the CV as a PDF again."
NO_WORD = "The file is named .docx but is no Word document. Save the CV from Word again."
OTHER = "Only PDF and Word (.docx) files can be kept. Save the CV as one of these."
EMPTY = "The file is empty. Choose the CV again."
MACROS = "The Word document holds macros. Save it as a PDF."
LOCKED = "The PDF is protected by a password. Save it as a PDF without one."
HOLDS = "The Word document holds other files. Take them out, or save it as a PDF."
DECLARES = "The Word document holds declarations that Word does not write. Save it from Word again."
FETCHES = "The Word document fetches parts from elsewhere. Save it as a PDF."
OLD = "The file has a password or is an old .doc. Save it as .docx without one, or as a PDF."
LARGE = "The file is larger than 5 MB. Save it without pictures, or as a PDF for the screen."
UNPACKS = "The Word document is too large when unpacked. Save it as a PDF."
WHY_NO_CV = {
    "html named pdf": NO_PDF,
    "svg named pdf": NO_PDF,
    "program named pdf": NO_PDF,
    "word named pdf": NO_PDF,
    "truncated pdf": NO_PDF,
    "empty pdf": EMPTY,
    "pdf of nothing but a heading": NO_PDF,
    "pdf with a password": LOCKED,
    "pdf with rights": LOCKED,
    "huge pdf": LARGE,
    "html": OTHER,
    "svg": OTHER,
    "double ending": OTHER,
    "double ending of a program": OTHER,
    "turned-round name of a program": OTHER,
    "no ending": OTHER,
    "old word": OTHER,
    "word with macros named so": OTHER,
    "rich text": OTHER,
    "plain text": OTHER,
    "picture": OTHER,
    "word with a password": OLD,
    "word with locked parts": NO_WORD,
    "empty word": EMPTY,
    "truncated word": NO_WORD,
    "pdf named docx": NO_WORD,
    "html named docx": NO_WORD,
    "archive named docx": NO_WORD,
    "workbook named docx": NO_WORD,
    "word with macros": MACROS,
    "word with a control": MACROS,
    "word with a program": HOLDS,
    "word with an object": HOLDS,
    "word with an archive": HOLDS,
    "word with a page": HOLDS,
    "word that unpacks without end": UNPACKS,
    "word of too many parts": NO_WORD,
    "word with a path upwards": NO_WORD,
    "word with a path from the root": NO_WORD,
    "word with a path of another system": NO_WORD,
    "word with two main parts": NO_WORD,
    "word with outside entities": DECLARES,
    "word with entities that grow": DECLARES,
    "word with a template from elsewhere": FETCHES,
    "word with a template late in the part": FETCHES,
    "word with a template in another order": FETCHES,
    "word with a template in UTF-16": FETCHES,
    "word with late entities": DECLARES,
    "word with broken links": NO_WORD,
    "word with endless links": UNPACKS,
    "word with a picture from elsewhere": FETCHES,
    "word packed in an odd way": NO_WORD,
}

NO_BOOK = "The file is named .xlsx but can't be read as a workbook. Save it from Excel again, or as “CSV UTF-8”."
NO_ROWS = "The file has no rows under its heading. Give each candidate a row."
NOT_CSV = "The file is {}, not CSV. Save the table from a spreadsheet as “CSV UTF-8”."
UTF_16 = "The file is not UTF-8; it looks like UTF-16. Save it as “CSV UTF-8”."
PASSWORD = "The workbook has a password or is of the old .xls kind. Save it as .xlsx without one."
ROWS = "The {} has more than {} rows. Split it."
WHY_NO_TABLE = {
    "html named csv": NOT_CSV.format("a web page"),
    "html named xlsx": NO_BOOK,
    "svg named csv": NOT_CSV.format("a web page"),
    "pdf named csv": NOT_CSV.format("a PDF"),
    "pdf named xlsx": NO_BOOK,
    "program named xlsx": NO_BOOK,
    "picture named csv": NOT_CSV.format("a picture"),
    "word named xlsx": NO_BOOK,
    "empty csv": "The file is empty. Choose another.",
    "spaces only": NO_ROWS,
    "heading only": NO_ROWS,
    "no heading that is known": "No column looks like the name of a candidate. Say which one holds it, and check again",
    "utf-16": UTF_16,
    "utf-16 without a mark": UTF_16,
    "utf-32": UTF_16,
    "latin-1": "The file is not UTF-8 (line 2). Save it as “CSV UTF-8”.",
    "null characters": "holds a character that can't be stored.",
    "half a character": "The file is not UTF-8 (line 2). Save it as “CSV UTF-8”.",
    "quotation mark left open": "Row 2 can't be read as CSV (unexpected end of data). Check its quotation marks.",
    "a cell without end": "Row 2 can't be read as CSV (field larger than field limit (131072)). Check its quotation",
    "a million columns": "Row 1 has 1,000,001 cells; at most 1,000 are read. Save only the columns that are needed.",
    "too many rows": ROWS.format("file", "1,000"),
    "more cells than the heading": "has 10 cells, the heading 2. Name every column, and quote cells that hold commas.",
    "column twice": "",
    "address twice": "is the address of row 2 too. Keep one of them.",
    "address that is none": "“not an address” is no e-mail address.",
    "name missing": "is empty. Give the candidate’s name.",
    "old workbook": PASSWORD,
    "workbook with a password": PASSWORD,
    "workbook with locked parts": "The workbook is encrypted. Save it without a password.",
    "truncated workbook": NO_BOOK,
    "empty workbook": NO_ROWS,
    "workbook of empty sheets": NO_ROWS,
    "workbook without its sheet": "The workbook has no sheet with cells. Put the table on its first sheet.",
    "workbook without its list": NO_BOOK,
    "workbook that unpacks without end": "The workbook is too large when unpacked. Save the sheet as “CSV UTF-8”.",
    "workbook of too many parts": "The workbook has too many parts. Save the sheet as “CSV UTF-8”.",
    "workbook with outside entities": NO_BOOK,
    "workbook with entities that grow": NO_BOOK,
    "workbook with late entities": NO_BOOK,
    "workbook with entities in UTF-16": NO_BOOK,
    "workbook with a broken sheet": NO_BOOK,
    "workbook with a row beyond all": ROWS.format("sheet", "1,000"),
    "workbook with a cell beyond all": NO_BOOK,
    "workbook with a text that is not there": NO_BOOK,
    "workbook with a date beyond all": NO_BOOK,
    "archive named xlsx": NO_BOOK,
    "archive in an archive": NO_BOOK,
    "rubric": NOT_CSV.format("JSON"),
    "deep json": NOT_CSV.format("JSON"),
}
# What the other two places say; every refusal names what would be right.
SCORES_SAY = re.compile(
    r"The heading has no column .* It needs “candidate”|Save .* as “CSV UTF-8”|Choose another|Split it|"
    r"Check its quotation marks|Save only the columns that are needed|Save its sheet as"
)
RUBRICS_SAY = re.compile(
    r"Choose one as “Download file” writes it|Save it as UTF-8|Choose another|Download the file again|is missing|"
    r"line \d+, column \d+|must be an object|larger than 1 MB"
)


def text_of(response: object) -> str:
    """The page as it is read, without markup."""
    return unescape(re.sub(r"\s+", " ", response.content.decode()))  # type: ignore[attr-defined]


def test_there_are_more_than_sixty_files():
    assert len(cvs()) + len(tables()) + len(odd_cvs()) + len(odd_tables()) >= 110
    assert (cvs().keys(), tables().keys()) == (WHY_NO_CV.keys(), WHY_NO_TABLE.keys())


@pytest.mark.parametrize("kind", list(WHY_NO_CV))
def test_a_hostile_cv_is_refused_with_the_reason(client: Client, opening: Opening, recruiter: User, kind: str):
    client.force_login(recruiter)
    name, content = cvs()[kind]
    data = {"name": "Elif Aydin", "stage": "screening", "consent": "on"}
    url = reverse("candidates:application_create", args=[opening.pk])

    response = client.post(url, data | {"cv_file": upload(name, content, "application/pdf")})

    assert (response.status_code, WHY_NO_CV[kind] in text_of(response)) == (200, True)
    assert Candidate.objects.count() == 0


@pytest.mark.parametrize("kind", list(odd_cvs()))
def test_an_odd_cv_is_served_as_a_download_that_runs_nowhere(
    client: Client, opening: Opening, recruiter: User, kind: str
):
    client.force_login(recruiter)
    name, content = odd_cvs()[kind]
    data = {"name": "Elif Aydin", "stage": "screening", "consent": "on"}
    client.post(
        reverse("candidates:application_create", args=[opening.pk]),
        data | {"cv_file": upload(name, content, "text/html")},
    )
    candidate = Candidate.objects.get()

    page = client.get(reverse("candidates:candidate_detail", args=[candidate.pk]))
    edited = client.get(reverse("candidates:candidate_edit", args=[candidate.pk]))
    response = client.get(reverse("candidates:candidate_cv", args=[candidate.pk]))

    suffix = name[-5:].lower() if name.endswith("docx") else ".pdf"
    kinds = {".pdf": "application/pdf"}
    assert (page.status_code, edited.status_code) == (200, 200)
    assert b"".join(response) == content
    assert response.headers["Content-Disposition"] == f'attachment; filename="CV Elif Aydin{suffix}"'
    assert response.headers["Content-Type"].startswith(kinds.get(suffix, "application/vnd.openxmlformats"))
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (response.headers["X-Content-Type-Options"], response.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert re.fullmatch(r"cv/[0-9a-f]{32}\.(pdf|docx)", candidate.cv.name)
    assert not any(sign in candidate.cv_name for sign in "\u202e/\0\n")


@pytest.mark.parametrize("kind", list(WHY_NO_TABLE))
def test_a_hostile_table_of_candidates_is_refused_with_the_reason(
    client: Client, opening: Opening, recruiter: User, kind: str
):
    client.force_login(recruiter)
    name, content = tables()[kind]
    url = reverse("candidates:candidate_import", args=[opening.pk])

    response = client.post(url, {"consent": "on", "file": upload(name, content)})

    assert (response.status_code, WHY_NO_TABLE[kind] in text_of(response)) == (200, True)
    assert ("Import 1 candidate" in text_of(response)) == (kind == "column twice")
    assert Candidate.objects.count() == 0


def test_a_hostile_table_of_scores_is_refused_with_the_reason(client: Client, opening: Opening, recruiter: User):
    client.force_login(recruiter)
    url = reverse("candidates:scorecard_import", args=[opening.pk])

    answers = {
        kind: client.post(url, {"file": upload(name, content)})
        for kind, (name, content) in (tables() | odd_tables()).items()
    }

    assert {kind for kind, answer in answers.items() if answer.status_code != 200} == set()
    assert {kind for kind, answer in answers.items() if not SCORES_SAY.search(text_of(answer))} == set()
    assert Scorecard.objects.count() == 0


def test_a_hostile_rubric_is_refused_with_the_reason(client: Client, admin: User):
    client.force_login(admin)
    url = reverse("rubrics:rubric_import")

    answers = {
        kind: client.post(url, {"file": upload(name, content)})
        for kind, (name, content) in (cvs() | tables() | odd_tables()).items()
    }

    assert {kind for kind, answer in answers.items() if answer.status_code != 200} == set()
    assert {kind for kind, answer in answers.items() if not RUBRICS_SAY.search(text_of(answer))} == set()
    assert Rubric.objects.count() == 0


@pytest.mark.parametrize("kind", list(odd_tables()))
def test_an_odd_table_means_no_more_than_its_texts(client: Client, opening: Opening, recruiter: User, kind: str):
    client.force_login(recruiter)
    name, content = odd_tables()[kind]
    url = reverse("candidates:candidate_import", args=[opening.pk])

    page = client.post(url, {"consent": "on", "file": upload(name, content)})
    form = {name: value for name, value in _hidden(page.content.decode()).items() if name == "kept"}
    columns = {name: field.initial for name, field in page.context["columns"].fields.items() if name != "kept"}
    done = client.post(url, {**form, **columns, "import": "Import"})
    listed = client.get(reverse("candidates:opening_detail", args=[opening.pk]))

    assert (page.status_code, done.status_code, listed.status_code) == (200, 302, 200)
    assert "<script>alert" not in listed.content.decode()
    assert Application.objects.count() == Candidate.objects.count() > 0


def _hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}
