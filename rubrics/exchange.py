"""Rubrics in and out as one file; docs/rubric-format.md describes it."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from rubrics.document import document_of, fill_version
from rubrics.file_format import Document
from rubrics.models import Rubric, RubricVersion
from rubrics.versioning import publish_version, start_draft
from smarter.accounts.models import User
from smarter.audit.recording import record

BUILT_IN = Path(__file__).parent / "smart" / "rubric.json"


@dataclass(frozen=True)
class Loaded:
    """The version that says what a file says, and whether loading made it."""

    version: RubricVersion
    is_new: bool


def write_rubric(version: RubricVersion) -> str:
    """A version as the text of a rubric file."""
    return json.dumps(document_of(version), ensure_ascii=False, indent=2) + "\n"


@transaction.atomic
def load_rubric(*, document: Document, user: User | None) -> Loaded:
    """Make a draft of a document from `file_format.read_document`; a version that says the same already is given back.

    Versions are compared by what interviewers read: a changed note alone makes no version. Raises DraftExists.
    """
    wanted = document["rubric"]
    rubric, is_new = Rubric.objects.get_or_create(key=wanted["key"], defaults=wanted)
    if not is_new and (rubric.name, rubric.description) != (wanted["name"], wanted["description"]):
        rubric.name, rubric.description = wanted["name"], wanted["description"]
        rubric.save(update_fields=["name", "description"])
    # A draft just copied says what its original says; to give it back would publish it under its editor's hands.
    for version in sorted(rubric.versions.all(), key=lambda version: (not version.is_frozen, -version.number)):
        if _content(document_of(version)) == _content(document):
            return Loaded(version, is_new=False)
    draft = start_draft(rubric=rubric, note=document["note"])
    fill_version(draft, document)
    record(actor=user, act="rubric.load", subject=draft, number=draft.number)
    return Loaded(draft, is_new=True)


@transaction.atomic
def publish_rubric(*, document: Document, user: User | None) -> Loaded:
    """Load a document and publish it, both or neither. Raises DraftExists or NotPublishable."""
    loaded = load_rubric(document=document, user=user)
    if loaded.version.is_frozen:
        return loaded
    version = publish_version(version=loaded.version, user=user, note=document["note"])
    return Loaded(version, is_new=True)


def _content(document: Document) -> tuple[object, object]:
    return document["dimensions"], document["exercises"]
