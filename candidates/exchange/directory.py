"""People and dimensions by what files call them."""

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.text import slugify

from candidates.models import Candidate, Interview, Opening
from rubrics.models import Dimension, RubricVersion
from smarter.accounts.models import User

Person = TypeVar("Person", Candidate, User)


class NoMatch(Exception):
    """A cell names nobody or nothing known, or more than one; `text` says what would be right."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column = column
        self.text = text


class Directory(Generic[Person]):
    """Candidates or interviewers by address and by name, whatever the case."""

    def __init__(self, column: str, people: Iterable[Person], columns: frozenset[str]) -> None:
        self.column = column
        self.has_addresses = f"{column}_email" in columns
        self.all: list[Person] = []
        self.by_address: dict[str, list[Person]] = defaultdict(list)
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        for person in people:
            self.add(person)

    def add(self, person: Person) -> None:
        """Make a person known."""
        self.all.append(person)
        self.by_name[person.name.casefold()].append(person)
        if person.email:
            self.by_address[person.email.lower()].append(person)

    def address(self, name: str, address: str) -> str:
        """The address in a row, if any. Raises NoMatch where the name is a broken one."""
        if address or "@" not in name:
            return address
        try:
            validate_email(name)
        except ValidationError:
            raise NoMatch(self.column, f"“{name}” is no e-mail address.") from None
        return name.lower()

    def find(self, name: str, address: str) -> Person | None:
        """The person meant, by address if there is one; None if unknown. Raises NoMatch where several have the name.

        Where the file has a column for addresses and it is empty, people who have an address are not meant.
        """
        address = self.address(name, address)
        found = self.by_address[address] if address else self.by_name[name.casefold()]
        if not address and self.has_addresses:
            found = [person for person in found if not person.email]
        if len(found) > 1:
            raise NoMatch(self.column, f"“{address or name}” are {len(found)} people. Give the {self.column}_email.")
        return found[0] if found else None

    def missing(self, wanted: str, what_to_do: str) -> NoMatch:
        """Nobody is called so; perhaps somebody nearly is."""
        known = {each for person in self.all for each in (person.name, person.email) if each}
        close = get_close_matches(wanted, sorted(known), n=1, cutoff=0.8)
        hint = f"Do you mean “{close[0]}”?" if close else f"{what_to_do}."
        return NoMatch(self.column, f"nobody here is called “{wanted}”. {hint}")

    def placeholder_address(self, name: str) -> str:
        """An address to which no mail can go, for somebody of whom the file has only a name."""
        stem = slugify(name)[:50] or "person"
        addresses = (f"{stem}{number or ''}@people.invalid" for number in range(len(self.all) + 1))
        return next(address for address in addresses if address not in self.by_address)


def name_from_address(address: str) -> str:
    """“anna.berg@example.com” is Anna Berg until somebody says otherwise."""
    return address.partition("@")[0].replace(".", " ").replace("_", " ").title()


class Dimensions:
    """The dimensions of one version by letter, name or key."""

    def __init__(self, version: RubricVersion) -> None:
        self.version = version
        self.all = list(version.dimensions.all())
        self._by_name: dict[str, set[Dimension]] = defaultdict(set)
        for dimension in self.all:
            for name in (dimension.letter, dimension.name, dimension.key):
                self._by_name[name.casefold()].add(dimension)

    def find(self, name: str, column: str) -> Dimension:
        """The dimension called so. Raises NoMatch."""
        found = self._by_name.get(name.casefold(), set())
        if len(found) != 1:
            known = ", ".join(f"{dimension.letter} {dimension.name}" for dimension in self.all)
            raise NoMatch(column, f"“{name[:40]}” is no dimension of this rubric. It has {known}.")
        return next(iter(found))


class Versions:
    """The versions of an opening's rubric that scorecards may use, with their dimensions."""

    def __init__(self, opening: Opening) -> None:
        self.current = opening.rubric_version_id
        pinned = Interview.objects.filter(application__opening=opening).values("rubric_version")
        versions = (
            RubricVersion.objects.filter(
                Q(rubric=opening.rubric_version.rubric_id) & ~Q(state=RubricVersion.State.DRAFT) | Q(pk__in=pinned)
            )
            .prefetch_related("dimensions")
            .distinct()
        )
        self._by_pk = {version.pk: Dimensions(version) for version in versions}

    def of(self, interview: Interview, number: int | None) -> Dimensions:
        """The version an interview has pinned, or now pins: the one given by number, or the opening's."""
        if interview.rubric_version_id is None:
            wanted = [each for each in self._by_pk.values() if number in (None, each.version.number)]
            chosen = self._by_pk[self.current] if number is None else wanted[0] if wanted else None
            if chosen is None:
                raise NoMatch("rubric_version", f"this rubric has no published version {number}.")
            interview.rubric_version = chosen.version
        pinned = self._by_pk[interview.rubric_version_id or self.current]
        if number not in (None, pinned.version.number):
            raise NoMatch("rubric_version", f"this interview is scored on version {pinned.version.number}.")
        return pinned
