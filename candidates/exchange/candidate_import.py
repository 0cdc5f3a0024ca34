"""Take candidates over from the rows of a spreadsheet, whatever its columns are called: all of them, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from candidates.exchange.formulas import restore
from candidates.exchange.tables import Fault, TableRefused, column_names, csv_lines
from candidates.intake import add_application, add_candidate
from candidates.models import Candidate, CandidateErased, Opening
from rubrics.file_format import UNSTORABLE
from smarter.accounts.models import User

MOST_ROWS = 1_000
MOST_COLUMNS = 60
# What a column may be taken for, with what spreadsheets call it.
FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "name": ("Full name", ("name", "full_name", "candidate", "candidate_name", "applicant")),
    "given_name": ("First name", ("first_name", "given_name", "firstname", "forename", "vorname")),
    "family_name": ("Last name", ("last_name", "family_name", "lastname", "surname", "nachname")),
    "email": ("E-mail", ("email", "e_mail", "email_address", "e_mail_address", "mail")),
    "phone": ("Phone", ("phone", "telephone", "mobile", "phone_number", "tel")),
    "current_role": ("Current role", ("current_role", "role", "job_title", "title", "position", "current_position")),
    "location": ("Based in", ("location", "based_in", "city", "place", "country")),
    "source": ("Source", ("source", "channel", "origin")),
    "note": ("Note for the recruiter", ("note", "notes", "comment", "comments", "remarks")),
}
KNOWN = tuple(name for _label, names in FIELDS.values() for name in names)
LENGTHS = {"name": 150, "email": 254, "phone": 40, "current_role": 200, "location": 150, "source": 60, "note": 4000}


class CandidatesRefused(Exception):
    """Rows are wrong, so nobody was imported."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class Sheet:
    """A heading and the lines under it, by their numbers in the spreadsheet."""

    heading: list[str]
    lines: list[tuple[int, list[str]]]


@dataclass
class Intake:
    """Who would come in: new people, people known from other openings, and how many are in this one already."""

    new: list[tuple[Candidate, str]] = field(default_factory=list)  # with their source
    known: list[tuple[Candidate, str]] = field(default_factory=list)
    here: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many applications it makes."""
        return len(self.new) + len(self.known)


def read_sheet(content: bytes, name: str) -> Sheet:
    """The table of a CSV or Excel file, told apart by its content and name. Raises TableRefused."""
    is_book = content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or name.lower().endswith((".xlsx", ".xls"))
    if is_book:
        from candidates.exchange.workbooks import xlsx_lines  # the library behind it is slow to import

        lines = xlsx_lines(content, most_rows=MOST_ROWS)
    else:
        lines = csv_lines(content, known=KNOWN, most_rows=MOST_ROWS)
    filled = [(number, line) for number, line in enumerate(lines, start=1) if any(cell.strip() for cell in line)]
    if len(filled) < 2:
        raise TableRefused("The file has no rows under its heading. Give each candidate a row.")
    heading = [cell.strip() for cell in filled[0][1]]
    while heading and not heading[-1]:
        heading.pop()
    if len(heading) > MOST_COLUMNS:
        raise TableRefused(f"The heading has more than {MOST_COLUMNS} columns. Leave out what is not needed.")
    return Sheet(heading, filled[1:])


def guess_columns(heading: Sequence[str]) -> dict[int, str]:
    """For each column that a name gives away, the field it is taken for; each field once."""
    found: dict[int, str] = {}
    for place, column in enumerate(column_names(heading)):
        for name, (_label, names) in FIELDS.items():
            if column in names and name not in found.values():
                found[place] = name
    return found


def names_people(columns: Mapping[int, str]) -> bool:
    """Whether some column is taken for the name."""
    return bool({"name", "given_name", "family_name"} & set(columns.values()))


def plan_intake(*, opening: Opening, sheet: Sheet, columns: Mapping[int, str], user: User) -> Intake:
    """Check every row and say who would come in. People are recognised by address, among those the user looks after."""
    intake = Intake()
    managed = Candidate.objects.managed_by(user).not_erased()
    known = {person.email.lower(): person for person in managed.exclude(email="")}
    here = list(Candidate.objects.filter(applications__opening=opening))
    addresses = {person.email.lower() for person in here if person.email}
    nameless = {person.name.casefold(): "in this opening" for person in here if not person.email}
    first: dict[str, int] = {}
    for number, line in sheet.lines:
        cells = _cells(line, columns)
        faults = [Fault(number, FIELDS[name][0], text) for name, text in _faults(cells)]
        if any(cell.strip() for cell in line[len(sheet.heading) :]):
            count = f"has {len(line)} cells, the heading {len(sheet.heading)}."
            faults.append(Fault(number, "", f"{count} Name every column, and quote cells that hold commas."))
        address = cells["email"].lower()
        if not faults and address and first.setdefault(address, number) != number:
            faults.append(Fault(number, "E-mail", f"is the address of row {first[address]} too. Keep one of them."))
        if not faults and not address and cells["name"].casefold() in nameless:
            where = nameless[cells["name"].casefold()]
            faults.append(Fault(number, "E-mail", f"is empty, and somebody of this name is {where}. Give an e-mail."))
        intake.faults += faults
        if faults:
            continue
        if not address:
            nameless[cells["name"].casefold()] = f"in row {number}"
        _place(intake, cells, known.get(address), is_here=address in addresses)
    return intake


def _cells(line: Sequence[str], columns: Mapping[int, str]) -> dict[str, str]:
    """The cells by field, with the name put together."""
    cells = dict.fromkeys(FIELDS, "")
    for place, name in columns.items():
        if place < len(line):
            cells[name] = restore(line[place]).strip()
    cells["name"] = cells["name"] or f"{cells['given_name']} {cells['family_name']}".strip()
    return cells


def _faults(cells: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong with one row by itself."""
    faults = [
        (name, f"has {len(cells[name]):,} characters; at most {most:,} fit.")
        for name, most in LENGTHS.items()
        if len(cells[name]) > most
    ]
    faults += [(name, "holds a character that can't be stored.") for name in LENGTHS if UNSTORABLE.search(cells[name])]
    if not cells["name"]:
        faults.append(("name", "is empty. Give the candidate’s name."))
    if cells["email"]:
        try:
            validate_email(cells["email"])
        except ValidationError:
            faults.append(("email", f"“{cells['email'][:60]}” is no e-mail address."))
    return faults


def _place(intake: Intake, cells: Mapping[str, str], person: Candidate | None, *, is_here: bool) -> None:
    if is_here:
        intake.here.append(cells["name"])
    elif person:
        intake.known.append((person, cells["source"]))
    else:
        fields = {name: cells[name] for name in ("name", "phone", "current_role", "location", "note")}
        intake.new.append((Candidate(email=cells["email"].lower(), **fields), cells["source"]))


@transaction.atomic
def import_candidates(*, opening: Opening, sheet: Sheet, columns: Mapping[int, str], user: User) -> Intake:
    """Take over everybody in the sheet. Raises CandidatesRefused with every fault."""
    opening = Opening.objects.select_for_update().get(pk=opening.pk)
    plan = partial(plan_intake, opening=opening, sheet=sheet, columns=columns, user=user)
    intake = plan()
    try:
        Candidate.objects.hold(person.pk for person, _source in intake.known)
    except CandidateErased:  # whom an address no longer names
        intake = plan()
    if intake.faults:
        raise CandidatesRefused(intake.faults)
    for candidate, _source in intake.new:
        add_candidate(user=user, candidate=candidate, cv=None)
    for candidate, source in intake.new + intake.known:
        add_application(user=user, opening=opening, candidate=candidate, source=source)
    return intake
