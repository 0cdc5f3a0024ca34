"""Choices among rows that take any value, also a number that no database holds."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

LONGEST_NUMBER = 18  # digits that always fit 64 bits


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some rows of a query set."""

    def clean(self, value: Any) -> Any:
        """SQLite breaks on a number too long for it, where it should find no row."""
        for pk in value if isinstance(value, list | tuple) else []:
            if len(str(pk)) > LONGEST_NUMBER:
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": pk})
        return super().clean(value)
