"""The life of a version: copied to a draft, published, retired. What is published never changes."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from rubrics.checks import Fault, faults_of
from rubrics.document import document_of, fill_version
from rubrics.editing import Removed
from rubrics.file_format import Document
from rubrics.models import FrozenVersion, Removal, Rubric, RubricVersion
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.audit.recording import record

TEXT = "text"  # the change that needs no event of its own


class DraftExists(Exception):
    """A rubric has one draft at a time."""


class NotPublishable(Exception):
    """A draft is unfinished; `faults` names each gap."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class DraftChanged(Exception):
    """Somebody saved the draft since it was read, or it is no draft any more."""


def start_draft(*, rubric: Rubric, note: str = "") -> RubricVersion:
    """An empty draft with the next number. Call it inside a transaction. Raises DraftExists."""
    rubric = Rubric.objects.select_for_update().get(pk=rubric.pk)
    draft = rubric.versions.filter(state=RubricVersion.State.DRAFT).first()
    if draft:
        raise DraftExists(f"{draft} is a draft. Publish or discard it first.")
    newest = rubric.versions.aggregate(newest=Max("number"))["newest"] or 0
    return RubricVersion.objects.create(rubric=rubric, number=newest + 1, note=note)


@transaction.atomic
def copy_to_draft(*, version: RubricVersion, user: User | None) -> RubricVersion:
    """A draft that says what `version` says, to be edited. Raises DraftExists."""
    draft = start_draft(rubric=version.rubric)
    fill_version(draft, document_of(version))
    record(actor=user, act="rubric.draft", subject=draft, copied_from=version.pk)
    return draft


@transaction.atomic
def save_draft(
    *,
    version: RubricVersion,
    document: Document,
    revision: int,
    user: User,
    change: str = TEXT,
    removed: Removed | None = None,
    put_back: Iterable[Removal] = (),
) -> int:
    """Make a draft say what a document says, and answer its new revision. Raises DraftChanged unless at `revision`.

    Its rows are made anew: nothing hangs on the rows of a draft, and keys are what ties versions together. What was
    `removed` is kept, to be put back. A run of saves of text by one person is one event of the audit, since pages save
    themselves every few seconds; every other `change` is an event of its own.
    """
    draft = RubricVersion.objects.filter(pk=version.pk, state=RubricVersion.State.DRAFT, revision=revision)
    if not draft.update(revision=F("revision") + 1):
        raise DraftChanged
    version.dimensions.all().delete()
    fill_version(version, document)
    if removed:
        Removal.objects.create(
            version=version,
            dimension_key=removed.dimension_key,
            question_key=removed.question_key,
            content=removed.content,
            removed_by=user,
        )
    for removal in put_back:
        removal.delete()
    if change != TEXT or not _goes_on(user, version):
        record(actor=user, act="rubric.edit", subject=version, number=version.number, change=change)
    return revision + 1


def _goes_on(user: User, version: RubricVersion) -> bool:
    """Whether the last thing that happened to this draft was this person changing its text."""
    last = AuditEvent.objects.filter(subject="rubricversion", subject_id=version.pk).order_by("-pk").first()
    return last is not None and (last.actor_id, last.act, last.detail.get("change")) == (user.pk, "rubric.edit", TEXT)


@transaction.atomic
def publish_version(*, version: RubricVersion, user: User | None, note: str) -> RubricVersion:
    """Freeze a draft for good and offer it to openings. Raises FrozenVersion or NotPublishable."""
    version = RubricVersion.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=version.pk)
    if version.is_frozen:
        raise FrozenVersion(f"{version} is published already.")
    faults = faults_of(document_of(version))
    if faults:
        raise NotPublishable(faults)
    version.state = RubricVersion.State.PUBLISHED
    version.note = note
    version.published_at = timezone.now()
    version.published_by = user
    version.save(update_fields=["state", "note", "published_at", "published_by"])
    version.removals.all().delete()
    record(actor=user, act="rubric.publish", subject=version, number=version.number)
    return version


@transaction.atomic
def discard_draft(*, version: RubricVersion, user: User) -> None:
    """Delete a draft with everything in it; nothing hangs on one. Raises FrozenVersion."""
    version = RubricVersion.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=version.pk)
    version.refuse_if_frozen()
    record(actor=user, act="rubric.discard", subject=version, number=version.number)
    rubric = version.rubric
    version.delete()
    if not rubric.versions.exists():
        rubric.delete()


@transaction.atomic
def retire_version(*, version: RubricVersion, user: User) -> None:
    """Offer a published version to openings no longer; those that use it, and their scorecards, keep it."""
    retired = RubricVersion.objects.published().filter(pk=version.pk)
    if retired.update(state=RubricVersion.State.RETIRED, retired_at=timezone.now()):
        record(actor=user, act="rubric.retire", subject=version, number=version.number)
