"""The life of a rubric around its versions: founded, named, archived and brought back. Versions stay as they are."""

import re

from django.db import transaction
from django.utils import timezone

from rubrics.document import fill_version
from rubrics.editing import add_dimension
from rubrics.file_format import FORMAT, FORMAT_VERSION, Document
from rubrics.models import Rubric, RubricVersion
from rubrics.versioning import start_draft
from smarter.accounts.models import User
from smarter.audit.recording import record

LONGEST_STEM = 56


def empty_document() -> Document:
    """A document with one dimension and nothing in it."""
    rubric = {"key": "empty", "name": "Empty", "description": ""}
    bare = {"format": FORMAT, "format_version": FORMAT_VERSION, "rubric": rubric, "note": ""}
    return add_dimension({**bare, "dimensions": [], "exercises": []})


@transaction.atomic
def create_rubric(*, user: User, name: str, description: str, document: Document) -> RubricVersion:
    """A new rubric whose first draft says what a document says; keys of dimensions and questions stay the same."""
    rubric = Rubric.objects.create(key=_free_key(name), name=name, description=description)
    draft = start_draft(rubric=rubric)
    fill_version(draft, document)
    record(actor=user, act="rubric.create", subject=rubric)
    return draft


@transaction.atomic
def name_rubric(*, user: User, rubric: Rubric, name: str, description: str) -> None:
    """Call a rubric something else, in all its versions."""
    Rubric.objects.filter(pk=rubric.pk).update(name=name, description=description)
    record(actor=user, act="rubric.name", subject=rubric)


@transaction.atomic
def archive_rubric(*, user: User, rubric: Rubric) -> None:
    """Offer none of its versions to new openings; whatever uses one keeps it."""
    if Rubric.objects.filter(pk=rubric.pk, archived_at=None).update(archived_at=timezone.now()):
        record(actor=user, act="rubric.archive", subject=rubric)


@transaction.atomic
def restore_rubric(*, user: User, rubric: Rubric) -> None:
    """Bring a rubric back from the archive."""
    if Rubric.objects.filter(pk=rubric.pk).exclude(archived_at=None).update(archived_at=None):
        record(actor=user, act="rubric.restore", subject=rubric)


def _free_key(name: str) -> str:
    """A key made of the name that no rubric has."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower())[:LONGEST_STEM].strip("-")
    stem = stem if re.match("[a-z]", stem) else f"rubric-{stem}".rstrip("-")
    taken = set(Rubric.objects.filter(key__startswith=stem).values_list("key", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (stem, *numbered) if key not in taken)
