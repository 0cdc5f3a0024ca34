"""What the address of a comparison may hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from crispy_forms.layout import Fieldset
from django import forms

from candidates.comparison.choice import MOST_COLUMNS, WEIGHT_PREFIX, Choice
from candidates.comparison.ladder import Ladder
from candidates.comparison.ranked import Listing
from candidates.forms.layout import page_helper
from candidates.models import Application, Opening
from candidates.weighing import TOTAL_POINTS, needs_reason, weights_of
from smarter.accounts.models import User


def anchors_field() -> forms.ChoiceField:
    """Whether scores on anchors that changed between versions stand apart, or were confirmed to be compared."""
    return forms.ChoiceField(choices=[("apart", "Apart"), ("together", "Together")], required=False)


class VersionsForm(forms.Form):
    """The same for pages that take nothing else; a wrong value is as good as none."""

    anchors = anchors_field()

    @property
    def together(self) -> bool:
        """Whether it was confirmed."""
        return self.is_valid() and self.cleaned_data["anchors"] == "together"


class TrialForm(forms.Form):
    """Weights on trial, one field for each dimension."""

    def __init__(self, *args: Any, official: Mapping[str, float], labels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.official = dict(official)
        for key in self.official:
            self.fields[WEIGHT_PREFIX + key] = forms.FloatField(
                label=f"Weight of {labels[key]}", min_value=0, max_value=100, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Weights come all together; what is left out keeps its official weight."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        given = {key: cleaned.get(WEIGHT_PREFIX + key) for key in self.official}
        self.tried: dict[str, float] | None = None
        if any(points is not None for points in given.values()):
            tried = {key: self.official[key] if points is None else points for key, points in given.items()}
            if not any(tried.values()):
                raise forms.ValidationError("Give at least one dimension some weight; these are the official weights.")
            self.tried = None if tried == self.official else tried
        return cleaned

    def weights(self) -> dict[str, float] | None:
        """The weights on trial; None where there are none, or what is asked for is wrong."""
        wrong = any(name.startswith((WEIGHT_PREFIX, "__")) for name in self.errors)
        return None if wrong else self.tried


class CompareForm(TrialForm):
    """The view that a link asks for. What it names and the reader may not see is left out, like what is not there."""

    c = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    scores = forms.ChoiceField(
        choices=[("independent", "Independent"), ("after_debrief", "After debrief")], required=False
    )
    middle = forms.ChoiceField(choices=[("mean", "Mean"), ("both", "Mean and median")], required=False)
    names = forms.ChoiceField(choices=[("shown", "Names"), ("masked", "Masked")], required=False)
    anchors = anchors_field()

    def __init__(self, *args: Any, ladder: Ladder, **kwargs: Any) -> None:
        labels = {row.key: row.name for row in ladder.dimensions}
        super().__init__(*args, official=ladder.weights, labels=labels, **kwargs)
        self.ladder = ladder

    def clean_c(self) -> tuple[int, ...]:
        """The applications asked for, each once, as far as there are such."""
        known = self.ladder.known
        asked = self.cleaned_data.get("c") or []
        columns = tuple(dict.fromkeys(known[value] for value in asked if value in known))
        if len(columns) > MOST_COLUMNS:
            raise forms.ValidationError(f"Choose at most {MOST_COLUMNS} candidates to compare.")
        return columns

    def choice(self) -> Choice:
        """The view, with the default for whatever was left out or is wrong; `errors` says what is."""
        weights = self.weights()
        found = self.cleaned_data
        return Choice(
            columns=found.get("c") or (),
            scores=found.get("scores") or Choice.scores,
            middle=found.get("middle") or Choice.middle,
            names=found.get("names") or Choice.names,
            anchors=found.get("anchors") or Choice.anchors,
            weights=weights,
        )


@dataclass(frozen=True)
class SortLink:
    """The head of a column that sorts."""

    label: str
    query: str
    direction: str  # ascending or descending where it is the one sorted by, as aria-sort takes it


class RankingForm(CompareForm):
    """The same view as a list: searched, filtered and sorted."""

    q = forms.CharField(label="Find a name", max_length=100, required=False)
    stage = forms.ChoiceField(choices=[("", "All stages"), *Application.Stage.choices], required=False)
    sort = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"order": "Tier", "total": "Score", "name": "Candidate", "stage": "Stage"}
        labels |= {row.key: row.name for row in self.ladder.dimensions}
        backwards = {f"-{key}": f"{label}, reversed" for key, label in labels.items()}
        self.fields["sort"] = forms.ChoiceField(choices=[*labels.items(), *backwards.items()], required=False)

    def listing(self) -> Listing:
        """What the list shows and in which order. While names are masked there is no search, which would tell them."""
        found = self.cleaned_data if self.is_valid() else {}
        search = "" if self.choice().names == "masked" else found.get("q") or ""
        return Listing(found.get("sort") or "order", found.get("stage") or "", search)

    def address(self, *, anchors: str) -> str:
        """This list with scores on changed anchors kept `apart` or compared `together`."""
        return "?" + self.query(anchors=anchors)

    def query(self, sort: str = "", **changes: str) -> str:
        """The address of this list, sorted so, without its page."""
        listing = self.listing()
        pairs = [("sort", sort or listing.sort), ("stage", listing.stage), ("q", listing.search)]
        extra = urlencode([pair for pair in pairs if pair[1] and pair != ("sort", "order")])
        return "&".join(filter(None, [self.choice().query(**changes).removeprefix("?"), extra]))

    def heads(self) -> dict[str, SortLink]:
        """The sortable columns; a second click turns the order round."""
        current = self.listing().sort
        labels = {"order": "Tier", "name": "Candidate", "stage": "Stage", "total": "Score"}
        labels |= {row.key: row.letter for row in self.ladder.dimensions}
        return {key: self._head(key, label, current) for key, label in labels.items()}

    def _head(self, key: str, label: str, current: str) -> SortLink:
        falls = key not in {"order", "name", "stage"}
        ways = ("descending", "ascending") if falls else ("ascending", "descending")
        direction = ways[0] if current == key else ways[1] if current == f"-{key}" else ""
        return SortLink(label, "?" + self.query(f"-{key}" if current == key else key), direction)


class WeightsForm(forms.Form):
    """Other official weights, in whole points; with a reason once a scorecard is in."""

    reason = forms.CharField(
        label="Why the weights change",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed from the first submitted scorecard on. It is kept with the weights before and after.",
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        opening: Opening,
        labels: Mapping[str, str],
        points: Mapping[str, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.opening, self.labels = user, opening, labels
        now = weights_of(opening)
        for key, label in labels.items():
            self.fields[WEIGHT_PREFIX + key] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=TOTAL_POINTS,
                initial=points.get(key, 0),
                help_text=f"Now {now.get(key, 0)}",
            )
        self.order_fields([*(WEIGHT_PREFIX + key for key in labels), "reason"])
        self.helper = page_helper(self, Fieldset("Weights in points", *self.fields), submit="Make these official")

    @property
    def points(self) -> dict[str, int]:
        """The weights as entered, by key of the dimension."""
        return {key: self.cleaned_data[WEIGHT_PREFIX + key] for key in self.labels}

    def clean(self) -> dict[str, Any]:
        """Points total 100, and other weights after the first card say why."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not all(WEIGHT_PREFIX + key in cleaned for key in self.labels):
            return cleaned
        total = sum(self.points.values())
        if total != TOTAL_POINTS:
            self.add_error(None, f"The weights add up to {total}. Change them so that they total {TOTAL_POINTS}.")
        differs = self.points != weights_of(self.opening)
        if differs and not cleaned.get("reason") and needs_reason(self.user, self.opening):
            self.add_error("reason", "Say why the weights change: a scorecard is already in.")
        return cleaned
