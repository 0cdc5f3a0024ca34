"""A draft on the desk of somebody who edits it: one dimension of it, and what was removed and can be put back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from rubrics import fields
from rubrics.document import document_of
from rubrics.editing import Removed, put_back
from rubrics.fields import as_typed
from rubrics.file_format import Document
from rubrics.merging import KEEP, Clash, merge, settle
from rubrics.models import Removal, RubricVersion
from smarter.accounts.models import User
from smarter.autosave import Fields

QUESTION = "question."


@dataclass(frozen=True)
class Desk:
    """One dimension of a draft. With `removal` somebody took it out: the document shows it all the same."""

    version: RubricVersion
    document: Document
    key: str
    removal: Removal | None = None

    @cached_property
    def fields(self) -> Fields:
        """All that the page of this dimension may change, as saved."""
        return fields.fields_of(self.document, self.key)

    @cached_property
    def removals(self) -> list[Removal]:
        """What can be put back from this page: dimensions, and questions of this dimension; the latest first."""
        found = self.version.removals.select_related("removed_by")
        return [row for row in found if not row.question_key or row.dimension_key == self.key]

    @cached_property
    def taken_keys(self) -> set[str]:
        """Keys of everything that was removed."""
        return {row.question_key or row.dimension_key for row in self.version.removals.all()}

    def find_removal(self, act: str) -> Removal | None:
        """The removal that the button `put-back:<number>` undoes."""
        name, _colon, number = act.partition(":")
        return next((row for row in self.removals if name == "put-back" and str(row.pk) == number), None)

    def with_put_back(self, removal: Removal) -> "Desk":
        """The desk with something removed on it again."""
        return replace(self, document=put_back(self.document, _removed(removal)))

    def meet(self, data: Mapping[str, str], base: Mapping[str, str] | None) -> "Meeting":
        """What a page sent meets what is saved. `base` is what the page began from, None where nothing came between."""
        typed, desk = as_typed(data), self
        lost = [row for row in self.removals if _is_lost(row, typed, base or {})]
        choices = {row.pk: data.get(f"{KEEP}{QUESTION}{row.question_key}", "") for row in lost}
        chosen = [row for row in lost if choices[row.pk] == "mine"]
        for row in chosen:
            desk = desk.with_put_back(row)
        mine = settle(typed, desk.fields, data)
        merged, clashes = merge(mine=mine, theirs=desk.fields, base=desk.fields if base is None else base)
        labels = fields.labels_of(desk.document, desk.key)
        return Meeting(
            document=desk.document,
            fields=merged,
            clashes=[LabelledClash(row.name, labels[row.name], *_both(row)) for row in clashes],
            lost=[Lost(row, typed) for row in lost if not choices[row.pk]],
            put_back=chosen,
        )


@dataclass(frozen=True)
class LabelledClash:
    """A field that two people changed, in the words of the page."""

    name: str
    label: str
    mine: str
    theirs: str

    @property
    def keeps_mine(self) -> bool:
        """Which of the two is offered first: an empty text never before a written one."""
        return bool(self.mine) or not self.theirs

    @property
    def is_text(self) -> bool:
        """Whether both can stand one after the other."""
        return self.name == "meaning" or self.name.startswith((fields.TEXT, fields.PROBES, fields.LISTEN))


@dataclass(frozen=True)
class Lost:
    """A question that somebody removed while text was typed in it."""

    removal: Removal
    typed: Fields

    @property
    def choice(self) -> str:
        """The field that says whether it is put back ("mine") or stays out ("theirs")."""
        return f"{KEEP}{QUESTION}{self.removal.question_key}"

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What was typed, by field."""
        names = fields.question_fields(self.removal.content["row"])
        return [(name, self.typed[name]) for name in names if name in self.typed]


@dataclass(frozen=True)
class Meeting:
    """What comes of a page that was sent: all fields to be saved, and what a person has to settle first."""

    document: Document
    fields: Fields
    clashes: list[LabelledClash]
    lost: list[Lost]
    put_back: list[Removal]

    @property
    def asks(self) -> bool:
        """Whether nothing may be saved before somebody has answered."""
        return bool(self.clashes or self.lost)


def _both(clash: Clash) -> tuple[str, str]:
    return fields.in_words(clash.name, clash.mine), fields.in_words(clash.name, clash.theirs)


def _is_lost(removal: Removal, typed: Mapping[str, str], base: Mapping[str, str]) -> bool:
    """Whether text was typed in this question that is not what was removed, nor what the page began from."""
    if not removal.question_key:
        return False
    before = fields.question_fields(removal.content["row"])
    return any(typed.get(name, text) not in (text, base.get(name)) for name, text in before.items())


def open_desk(user: User, pk: int, key: str) -> Desk | None:
    """The dimension `key` (without one, the first) of a draft that this person may edit; None where there is none."""
    version = RubricVersion.objects.editable_by(user).select_related("rubric").filter(pk=pk).first()
    if version is None:
        return None
    document = document_of(version)
    dimension = fields.find_dimension(document, key)
    if dimension:
        return Desk(version, document, dimension["key"])
    removal = version.removals.filter(dimension_key=key, question_key="").select_related("removed_by").first()
    return Desk(version, put_back(document, _removed(removal)), key, removal) if removal else None


def _removed(removal: Removal) -> Removed:
    return Removed(removal.dimension_key, removal.question_key, removal.content)
