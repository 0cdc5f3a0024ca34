"""Forms of openings: facts, team and weights; the choice among their candidates; the filter of the list."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Div, Fieldset
from django import forms
from django.db.models import Q, QuerySet

from candidates.forms.layout import page_helper
from candidates.forms.rows import RowsField
from candidates.models import Application, Opening, OpeningMember
from candidates.weighing import TOTAL_POINTS, needs_reason, weights_of
from rubrics.models import Dimension, RubricVersion
from smarter.accounts.models import User

WEIGHT = "weight_"
RUNNING = ("screening", "interviewing", "debrief", "offer")


class OpeningForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an opening is, who is on its team, and what each dimension counts."""

    class Meta:
        model = Opening
        fields = ["title", "location", "brief"]
        widgets = {"brief": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"brief": "What the person will have to achieve. Interviewers read it beside the questions."}
        error_messages = {"title": {"required": "Give the opening a title."}}

    def __init__(self, data: Any = None, *, user: User, version: RubricVersion, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.user = user
        self.dimensions = list(version.dimensions.all())
        self._add_team()
        self._add_weights({dimension.key: dimension.weight for dimension in self.dimensions})
        self.helper = page_helper(self, *self.sections(), submit="Create opening")

    def sections(self) -> list[Fieldset]:
        """The parts of the form, in order."""
        return [
            Fieldset("Opening", Div("title", "location", css_class="fields"), "brief"),
            Fieldset("Team", "hiring_managers", "recruiters"),
            Fieldset("Weights", Div(*self.weight_names(), css_class="fields")),
        ]

    def weight_names(self) -> list[str]:
        """The fields of the weights, in the order of the rubric."""
        return [WEIGHT + dimension.key for dimension in self.dimensions]

    def _add_team(self) -> None:
        active = User.objects.filter(is_active=True)
        self.fields["hiring_managers"] = _managers_field(active, [])
        self.fields["recruiters"] = _recruiters_field(active.filter(is_recruiter=True), [self.user.pk])

    def _add_weights(self, points: Mapping[str, int]) -> None:
        for dimension in self.dimensions:
            self.fields[WEIGHT + dimension.key] = _weight_field(dimension, points.get(dimension.key, 0))

    def has_weights(self) -> bool:
        """Whether every weight could be read."""
        return all(name in self.cleaned_data for name in self.weight_names())

    @property
    def points(self) -> dict[str, int]:
        """The weights as entered, by dimension key."""
        return {dimension.key: self.cleaned_data[WEIGHT + dimension.key] for dimension in self.dimensions}

    def staffing(self) -> dict[str, Any]:
        """Team and weights, as the acts of `candidates.staffing` take them."""
        data = self.cleaned_data
        return {
            "hiring_managers": data["hiring_managers"],
            "recruiters": data["recruiters"],
            "points": self.points,
        }

    def clean(self) -> dict[str, Any]:
        """Whole points that total 100."""
        super().clean()
        if self.has_weights():
            total = sum(self.points.values())
            if total != TOTAL_POINTS:
                self.add_error(None, f"The weights add up to {total}. Change them so that they total {TOTAL_POINTS}.")
        return self.cleaned_data


class OpeningEditForm(OpeningForm):
    """The same for an opening that exists: with its state, and a reason for other weights once a card is in."""

    reason = forms.CharField(
        label="Why the weights change",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed from the first submitted scorecard on. It is kept with the weights before and after.",
    )

    class Meta(OpeningForm.Meta):
        fields = ["title", "location", "brief", "state"]

    def __init__(self, data: Any = None, *, instance: Opening, **kwargs: Any) -> None:
        super().__init__(data, instance=instance, version=instance.rubric_version, **kwargs)
        self.helper = page_helper(self, *self.sections(), submit="Save settings")

    def sections(self) -> list[Fieldset]:
        """The parts of the form, with state and reason."""
        opening, team, weights = super().sections()
        opening.fields.append("state")
        weights.fields.append("reason")
        return [opening, team, weights]

    def _add_team(self) -> None:
        """People on the team stay to choose from, even where they have lost the role or the account since."""
        members = self.instance.members.all()
        managers = [member.user_id for member in members if member.role == OpeningMember.Role.HIRING_MANAGER]
        recruiters = [member.user_id for member in members if member.role == OpeningMember.Role.RECRUITER]
        active = Q(is_active=True)
        self.fields["hiring_managers"] = _managers_field(User.objects.filter(active | Q(pk__in=managers)), managers)
        self.fields["recruiters"] = _recruiters_field(
            User.objects.filter(active & Q(is_recruiter=True) | Q(pk__in=recruiters)), recruiters
        )

    def _add_weights(self, points: Mapping[str, int]) -> None:
        super()._add_weights(weights_of(self.instance) or points)

    def clean(self) -> dict[str, Any]:
        """Nobody takes themselves off; other weights after the first card need a reason."""
        super().clean()
        team = [*self.cleaned_data.get("hiring_managers", []), *self.cleaned_data.get("recruiters", [])]
        if team and self.user not in team:
            self.add_error(None, "You would lose this opening yourself. Ask somebody else on its team to take you off.")
        if not self.cleaned_data.get("reason") and self.has_other_weights() and needs_reason(self.user, self.instance):
            self.add_error("reason", "Say why the weights change: a scorecard is already in.")
        return self.cleaned_data

    def has_other_weights(self) -> bool:
        """Whether weights could be read, and differ from the present ones."""
        return self.has_weights() and self.points != weights_of(self.instance)


class OpeningFilter(forms.Form):
    """What the list of openings shows."""

    q = forms.CharField(label="Search openings", max_length=100, required=False)
    state = forms.ChoiceField(choices=[("", "Open and draft"), *Opening.State.choices, ("all", "All")], required=False)


class StageFilter(forms.Form):
    """Which stages an opening's page shows: one, or by default those in the running."""

    stage = forms.ChoiceField(choices=Application.Stage.choices, required=False)

    def stages(self) -> tuple[str, ...]:
        """The stages asked for; an unknown one is as none."""
        chosen = self.cleaned_data.get("stage") if self.is_valid() else ""
        return (chosen,) if chosen else RUNNING

    def words(self) -> str:
        """The heading: `Debrief`, or what is shown by default."""
        stages = self.stages()
        return Application.Stage(stages[0]).label if len(stages) == 1 else "In the running"


def _managers_field(people: QuerySet[User], chosen: list[int]) -> forms.Field:
    return RowsField(
        people,
        initial=chosen,
        widget=forms.CheckboxSelectMultiple,
        help_text="They read the scores once all scorecards of a candidate are in, and decide.",
        error_messages={"required": "Choose at least one hiring manager."},
    )


def _recruiters_field(people: QuerySet[User], chosen: list[int]) -> forms.Field:
    return RowsField(
        people,
        initial=chosen,
        widget=forms.CheckboxSelectMultiple,
        help_text="They plan interviews and move candidates. Only people with the role recruiter can be chosen.",
        error_messages={"required": "Choose at least one recruiter."},
    )


def _weight_field(dimension: Dimension, points: int) -> forms.IntegerField:
    whole = "Give whole points from 0 to 100."
    return forms.IntegerField(
        label=dimension.name,
        min_value=0,
        max_value=TOTAL_POINTS,
        initial=points,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), whole),
    )
