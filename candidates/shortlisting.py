"""Shortlists: made by name, filled and ordered by hand."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from candidates.models import Application, Opening, Shortlist, ShortlistEntry
from smarter.accounts.models import User
from smarter.audit.recording import record


@transaction.atomic
def create_shortlist(*, user: User, opening: Opening, name: str) -> Shortlist:
    """A new and empty list; its name is unlike all others of the opening."""
    shortlist = Shortlist.objects.create(opening=opening, name=name, created_by=user)
    _record(user, "shortlist.create", shortlist)
    return shortlist


@transaction.atomic
def put_on(*, user: User, shortlist: Shortlist, applications: Iterable[Application]) -> list[ShortlistEntry]:
    """Add them at the end; who was on it before comes back with the note. Those already there stay where they are."""
    Shortlist.objects.select_for_update().get(pk=shortlist.pk)
    added = []
    for application in applications:
        entry = ShortlistEntry.objects.filter(shortlist=shortlist, application=application).first()
        entry = entry or ShortlistEntry(shortlist=shortlist, application=application)
        if entry.pk and entry.removed_at is None:
            continue
        entry.position, entry.removed_at = shortlist.entries.on_it().next_position(), None
        entry.save()
        _record(user, "shortlist.add", shortlist, application)
        added.append(entry)
    return added


@transaction.atomic
def fill_shortlist(
    *, user: User, opening: Opening, applications: Sequence[Application], shortlist: Shortlist | None, name: str = ""
) -> tuple[Shortlist, list[ShortlistEntry]]:
    """Put candidates on a list, or on a new one of this name: all of it or nothing."""
    shortlist = shortlist or create_shortlist(user=user, opening=opening, name=name)
    return shortlist, put_on(user=user, shortlist=shortlist, applications=applications)


@transaction.atomic
def take_off(*, user: User, entry: ShortlistEntry) -> None:
    """Take one off; its place and note are kept for an undo."""
    if ShortlistEntry.objects.on_it().filter(pk=entry.pk).update(removed_at=timezone.now()):
        _record(user, "shortlist.remove", entry.shortlist, entry.application)


@transaction.atomic
def undo_additions(*, user: User, entries: Iterable[ShortlistEntry]) -> int:
    """Take back additions, as far as they stand; how many did."""
    standing = [entry for entry in entries if entry.removed_at is None]
    for entry in standing:
        take_off(user=user, entry=entry)
    return len(standing)


@transaction.atomic
def put_back(*, user: User, entry: ShortlistEntry) -> None:
    """Undo a removal: the entry is where it was, with its note."""
    if ShortlistEntry.objects.filter(pk=entry.pk).exclude(removed_at=None).update(removed_at=None):
        _record(user, "shortlist.add", entry.shortlist, entry.application)


@transaction.atomic
def move_entry(*, user: User, entry: ShortlistEntry, by: int) -> bool:
    """Move an entry up (-1) or down (1) by one place; False where it is at the end already, or off the list."""
    Shortlist.objects.select_for_update().get(pk=entry.shortlist_id)
    entries = list(entry.shortlist.entries.on_it())
    if entry not in entries:
        return False
    place = entries.index(entry)
    if not 0 <= place + by < len(entries):
        return False
    entries.insert(place + by, entries.pop(place))
    _number(entries)
    _record(user, "shortlist.order", entry.shortlist, entry.application)
    return True


@transaction.atomic
def note_on(*, user: User, entry: ShortlistEntry, note: str) -> None:
    """Write the note of an entry. Raises CandidateErased."""
    Application.objects.hold(entry.application_id)
    entry.note = note
    entry.save(update_fields=["note"])
    _record(user, "shortlist.note", entry.shortlist, entry.application)


def _number(entries: Sequence[ShortlistEntry]) -> None:
    for position, entry in enumerate(entries):
        entry.position = position
    ShortlistEntry.objects.bulk_update(entries, ["position"])


def _record(user: User, act: str, shortlist: Shortlist, application: Application | None = None) -> None:
    record(
        actor=user,
        act=act,
        subject=shortlist,
        opening_id=shortlist.opening_id,
        candidate_id=application.candidate_id if application else None,
    )
