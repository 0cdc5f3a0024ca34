"""The filter of the audit."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from smarter.audit.models import AuditEvent

LARGEST_ID = 2**63 - 1
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EventFilterForm(forms.Form):
    """Narrows the audit: who, what, on which row, when."""

    who = forms.CharField(required=False, max_length=150)
    act = forms.ChoiceField(required=False)
    subject = forms.ChoiceField(label="On", required=False)
    number = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    since = forms.DateField(label="From", required=False, widget=DATE)
    until = forms.DateField(label="To", required=False, widget=DATE)

    def __init__(self, data: Any, *, events: QuerySet[AuditEvent]) -> None:
        super().__init__(data)
        self.events = events
        acts = events.order_by("act").values_list("act", flat=True).distinct()
        subjects = events.exclude(subject="").order_by("subject").values_list("subject", flat=True).distinct()
        self.fields["act"].choices = [("", "Any act"), *((act, act) for act in acts)]  # type: ignore[attr-defined]
        self.fields["subject"].choices = [  # type: ignore[attr-defined]
            ("", "Anything"),
            *((subject, subject) for subject in sorted({*subjects, "candidate", "opening"})),
        ]

    def as_query(self) -> str:
        """The choices made, for links and for the export."""
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})

    def result(self) -> QuerySet[AuditEvent]:
        """The events asked for; a filter that makes no sense finds none."""
        if not self.is_valid():
            return self.events.none()
        chosen = self.cleaned_data
        events = self.events
        if who := chosen["who"]:
            events = events.filter(Q(actor__name__icontains=who) | Q(actor__email__icontains=who))
        if chosen["act"]:
            events = events.filter(act=chosen["act"])
        if chosen["since"]:
            events = events.filter(recorded_at__gte=_midnight(chosen["since"]))
        if chosen["until"]:
            events = events.filter(recorded_at__lt=_midnight(chosen["until"] + timedelta(days=1)))
        return self._on_subject(events)

    def _on_subject(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        subject, number = self.cleaned_data["subject"], self.cleaned_data["number"]
        if subject in ("candidate", "opening"):
            column = f"{subject}_id"
            return events.filter(**({column: number} if number else {f"{column}__isnull": False}))
        if subject:
            events = events.filter(subject=subject)
        return events.filter(subject_id=number) if number else events

    def clean_until(self) -> Any:
        """The last day there is has no midnight after it."""
        until = self.cleaned_data["until"]
        if until and until.year >= 9999:
            raise forms.ValidationError("Choose an earlier date.")
        return until


def _midnight(day: Any) -> datetime:
    """The start of a day where the reader is."""
    return timezone.make_aware(datetime.combine(day, time.min))
