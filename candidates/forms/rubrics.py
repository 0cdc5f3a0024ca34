"""The version that an opening takes up."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from candidates.models import Opening
from rubrics.models import RubricVersion


def newer_versions(opening: Opening) -> QuerySet[RubricVersion]:
    """Versions of the opening's rubric that are offered and newer than its own, the newest first."""
    present = opening.rubric_version
    newer = RubricVersion.objects.offered().filter(rubric=present.rubric_id, number__gt=present.number)
    return newer.select_related("rubric").order_by("-number")


class MoveForm(forms.Form):
    """A newer version of the same rubric."""

    version = forms.ModelChoiceField(RubricVersion.objects.none())

    def __init__(self, data: Any, *, opening: Opening) -> None:
        super().__init__(data)
        field = self.fields["version"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = newer_versions(opening)
