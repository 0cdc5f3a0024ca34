"""Forms of interviews: when and where, and the seats of the panel."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from candidates.forms.layout import page_helper
from candidates.forms.rows import RowsField
from candidates.models import Application, Interview, Scorecard
from candidates.panels import Seat
from rubrics.models import Dimension
from smarter.accounts.models import User, time_zones

BLANK_SEATS = 3
MOST_SEATS = 20
LENGTH_NEEDED = "Give the length as 5 to 600 minutes."


def _time_zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(time_zones())]


class InterviewForm(forms.ModelForm):  # type: ignore[type-arg]
    """When and where, in the interview's own time zone."""

    on = forms.DateField(
        label="Date",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "This is no date. Write it as in 2026-06-11."},
    )
    at = forms.TimeField(
        label="Time",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "This is no time. Write it as in 14:30."},
    )
    minutes = forms.IntegerField(
        label="Length in minutes",
        min_value=5,
        max_value=600,
        initial=60,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), LENGTH_NEEDED),
    )
    time_zone = forms.ChoiceField(choices=_time_zones)

    class Meta:
        model = Interview
        fields = ["title", "minutes", "time_zone", "place"]
        help_texts = {
            "title": "Such as Interview 1, strategy and measures.",
            "place": "A room, or the link of the call.",
        }
        error_messages = {
            "title": {"required": "Give the interview a title."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        starts_at = self.instance.starts_at
        if starts_at:
            local = starts_at.astimezone(ZoneInfo(self.instance.time_zone))
            self.initial.update({"on": local.date(), "at": local.time()})
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset(
                "When and where",
                "title",
                Div("on", "at", css_class="fields"),
                Div("time_zone", "minutes", css_class="fields"),
                "place",
            )
        )

    def clean(self) -> dict[str, Any]:
        """A date and a time belong together, and must exist in the time zone."""
        super().clean()
        data = self.cleaned_data
        if "on" in data and "at" in data and "time_zone" in data:
            on, at = data["on"], data["at"]
            if bool(on) != bool(at):
                self.add_error("at" if on else "on", "Give both a date and a time, or neither while it is not set.")
            else:
                self.instance.starts_at = self._moment(datetime.combine(on, at)) if on else None
        return data

    def _moment(self, local: datetime) -> datetime | None:
        """The instant of a time on the clock there; an hour that clocks skip is refused."""
        there = local.replace(tzinfo=ZoneInfo(self.cleaned_data["time_zone"]))
        moment = there.astimezone(UTC)
        if moment.astimezone(there.tzinfo).replace(tzinfo=None) != local:
            self.add_error("at", "The clocks go forward then, so this time does not exist. Choose another.")
            return None
        return moment


class NewInterviewForm(InterviewForm):
    """The same for an interview to plan; it carries the number it will have, so that a second click plans no other."""

    calendar_uid = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["calendar_uid"] = self.instance.calendar_uid
        self.helper.layout.append("calendar_uid")

    def clean(self) -> dict[str, Any]:
        """A number that is none, or that an interview of another application has, is not taken over."""
        data = super().clean()
        others = Interview.objects.exclude(application=self.instance.application_id)
        with suppress(ValueError):
            uid = UUID(data.get("calendar_uid", ""))
            if not others.filter(calendar_uid=uid).exists():
                self.instance.calendar_uid = uid
        return data


class ChangeForm(InterviewForm):
    """The same for one that is planned; where somebody has changed it since, it says so before that is replaced."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sequence = str(self.instance.calendar_sequence)
        self.initial["seen"] = self.sequence
        self.helper.layout.append("seen")
        when = "no time yet"
        if "on" in self.initial:
            day, clock = self.initial["on"], self.initial["at"]
            when = f"{day.day} {day:%B %Y}, {clock:%H:%M} ({self.instance.time_zone})"
        self.standing = "; ".join(filter(None, [self.instance.title, when, self.instance.place]))

    def clean(self) -> dict[str, Any]:
        """Who saves again has read what they replace."""
        data = super().clean()
        if data.get("seen", "") not in ("", self.sequence):
            now = f"Somebody changed this interview after you opened this page. It is now: {self.standing}."
            self.add_error(None, f"{now} Save again to put yours in its place.")
            posted = cast("QueryDict", self.data).copy()
            posted["seen"] = self.sequence
            self.data = posted
        return data


class SeatForm(forms.Form):
    """One seat of a panel: who, what to cover, and whether only to score along."""

    card = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, panel: "Panel", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat = panel.cards.get(_whole_number(self["card"].value()))
        people = panel.people if self.seat is None else {self.seat.interviewer_id: self.seat.interviewer}
        self.fields["interviewer"] = forms.TypedChoiceField(
            choices=[("", "Nobody yet"), *((pk, person.name) for pk, person in people.items())],
            coerce=lambda value: _known(people, value),
            empty_value=None,
            required=False,
            disabled=self.seat is not None,
            initial=self.seat.interviewer_id if self.seat else None,
            widget=forms.Select(attrs={"aria-label": "Interviewer"}),
        )
        self.fields["focus"] = forms.MultipleChoiceField(
            choices=[(dimension.key, dimension.name) for dimension in panel.dimensions],
            required=False,
            initial=self.seat.focus if self.seat else [],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["is_shadow"] = forms.BooleanField(
            label="Shadow",
            required=False,
            initial=bool(self.seat and self.seat.is_shadow),
            widget=forms.CheckboxInput(attrs={"aria-label": "Shadow: scores along, is not counted"}),
        )
        if not panel.cards:
            return
        self.fields["remove"] = forms.BooleanField(
            label="Take off", required=False, widget=forms.CheckboxInput(attrs={"aria-label": "Take off the panel"})
        )

    def clean(self) -> dict[str, Any]:
        """A seat that is no longer open to change says so; one without a person holds nothing."""
        super().clean()
        if self.cleaned_data.get("card") and self.seat is None:
            raise forms.ValidationError("One of these seats can't be changed any more. Load the page again.")
        person = self.cleaned_data.get("interviewer")
        if not person and (self.cleaned_data.get("focus") or self.cleaned_data.get("is_shadow")):
            self.add_error("interviewer", "Choose who sits here, or clear the row.")
        return self.cleaned_data


class BaseSeatFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The seats that this person may change, and some blank ones."""

    panel: "Panel"

    def __init__(self, data: Any, *, panel: "Panel") -> None:
        self.panel = panel
        initial = [{"card": pk} for pk in panel.cards]
        super().__init__(data, form_kwargs={"panel": panel}, prefix="panel", initial=initial)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.template = "smarter/table_inline_formset.html"

    def clean(self) -> None:
        """Nobody sits twice on a panel."""
        if any(self.errors):
            return
        found = set(self.panel.taken)
        for form in self.forms:
            person = form.cleaned_data.get("interviewer")
            if person and person.pk in found:
                raise forms.ValidationError(f"{person} is on this panel already. Choose somebody else or nobody.")
            if person:
                found.add(person.pk)

    @property
    def seats(self) -> list[Seat]:
        """Everybody who sits here from now on, as far as this form goes."""
        return [
            Seat(data["interviewer"].pk, self._focus(data["focus"]), data["is_shadow"])
            for data in (form.cleaned_data for form in self.forms)
            if data.get("interviewer") and not data.get("remove")
        ]

    @property
    def removed(self) -> list[int]:
        """The people to take off the panel."""
        return [form.seat.interviewer_id for form in self.forms if form.seat and form.cleaned_data.get("remove")]

    def _focus(self, keys: list[str]) -> tuple[str, ...]:
        """All dimensions chosen is the same as none: the whole rubric."""
        everything = {dimension.key for dimension in self.panel.dimensions}
        return () if set(keys) == everything else tuple(keys)


@dataclass(frozen=True)
class Panel:
    """What the seats are chosen from: `cards` may be changed, `taken` are the people on the other seats."""

    people: dict[int, User]
    dimensions: list[Dimension]
    cards: dict[int, Scorecard]
    taken: set[int]


_SeatFormSet = cast(
    "type[BaseSeatFormSet]",
    forms.formset_factory(SeatForm, formset=BaseSeatFormSet, extra=BLANK_SEATS, max_num=MOST_SEATS, validate_max=True),
)


def seat_formset(data: Any, *, dimensions: list[Dimension], cards: list[Scorecard], taken: set[int]) -> BaseSeatFormSet:
    """The formset over the `cards` that may be changed; `taken` are the people on the other seats."""
    people = {person.pk: person for person in User.objects.filter(is_active=True)}
    return _SeatFormSet(data, panel=Panel(people, dimensions, {card.pk: card for card in cards}, taken))


class PanelCopyForm(forms.Form):
    """The candidates for whom to plan the same interview; those who have no interview of this title are proposed."""

    def __init__(self, data: Any, *, source: Interview, applications: QuerySet[Application]) -> None:
        super().__init__(data)
        planned = Interview.objects.filter(application__in=applications, title=source.title, cancelled_at=None)
        self.fields["applications"] = ApplicationsField(
            applications.exclude(pk__in=planned.values("application")).select_related("candidate"),
            label="Candidates without this interview",
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose at least one candidate."},
        )
        self.fields["applications"].initial = applications.exclude(pk__in=planned.values("application"))
        self.helper = page_helper(self, "applications", submit="Plan these interviews")


class ApplicationsField(RowsField):
    """Applications of one opening, called by their candidate."""

    def label_from_instance(self, obj: Application) -> str:
        """The candidate's name and role."""
        role = obj.candidate.current_role
        return f"{obj.candidate.name}, {role}" if role else obj.candidate.name


def _known(people: dict[int, User], value: str) -> User:
    """The person of a choice; a ValueError makes it an invalid one."""
    if int(value) not in people:
        raise ValueError(value)
    return people[int(value)]


def _whole_number(value: object) -> int:
    return int(str(value)) if str(value).isdecimal() else 0
