"""What the address of a comparison may hold."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms

from candidates.comparison.choice import MOST_COLUMNS, WEIGHT_PREFIX, Choice
from candidates.comparison.ranked import Listing
from candidates.comparison.reading import Reading
from candidates.models import Application


class CompareForm(forms.Form):
    """The view that a link asks for. What it names and the reader may not see is left out, like what is not there."""

    c = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    scores = forms.ChoiceField(
        choices=[("independent", "Independent"), ("after_debrief", "After debrief")], required=False
    )
    middle = forms.ChoiceField(choices=[("mean", "Mean"), ("both", "Mean and median")], required=False)
    names = forms.ChoiceField(choices=[("shown", "Names"), ("masked", "Masked")], required=False)

    def __init__(self, *args: Any, reading: Reading, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reading = reading
        for dimension in reading.dimensions:
            self.fields[WEIGHT_PREFIX + dimension.key] = forms.FloatField(
                label=f"Weight of {dimension.name}", min_value=0, max_value=100, required=False
            )

    def clean_c(self) -> tuple[int, ...]:
        """The applications asked for, each once, as far as there are such."""
        known = {str(row.pk): row.pk for row in self.reading.applications}
        asked = self.cleaned_data.get("c") or []
        columns = tuple(dict.fromkeys(known[value] for value in asked if value in known))
        if len(columns) > MOST_COLUMNS:
            raise forms.ValidationError(f"Choose at most {MOST_COLUMNS} candidates to compare.")
        return columns

    def clean(self) -> dict[str, Any]:
        """Weights come all together; what is left out keeps its official weight."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        given = {row.key: cleaned.get(WEIGHT_PREFIX + row.key) for row in self.reading.dimensions}
        self.weights: dict[str, float] | None = None
        if any(points is not None for points in given.values()):
            weights = {key: self.reading.weights[key] if points is None else points for key, points in given.items()}
            if not any(weights.values()):
                raise forms.ValidationError("Give at least one dimension some weight; these are the official weights.")
            self.weights = None if weights == self.reading.weights else weights
        return cleaned

    def choice(self) -> Choice:
        """The view, with the default for whatever was left out or is wrong; `errors` says what is."""
        has_errors = any(name.startswith((WEIGHT_PREFIX, "__")) for name in self.errors)
        found = self.cleaned_data
        return Choice(
            columns=found.get("c") or (),
            scores=found.get("scores") or Choice.scores,
            middle=found.get("middle") or Choice.middle,
            names=found.get("names") or Choice.names,
            weights=None if has_errors else self.weights,
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
        keys = ["order", "total", "name", "stage", *(row.key for row in self.reading.dimensions)]
        self.fields["sort"] = forms.ChoiceField(
            choices=[(key, key) for k in keys for key in (k, f"-{k}")], required=False
        )

    def listing(self) -> Listing:
        """What the list shows and in which order. While names are masked there is no search, which would tell them."""
        found = self.cleaned_data if self.is_valid() else {}
        search = "" if self.choice().names == "masked" else found.get("q") or ""
        return Listing(found.get("sort") or "order", found.get("stage") or "", search)

    def query(self, sort: str = "") -> str:
        """The address of this list, sorted so, without its page."""
        listing = self.listing()
        pairs = [("sort", sort or listing.sort), ("stage", listing.stage), ("q", listing.search)]
        extra = urlencode([pair for pair in pairs if pair[1] and pair != ("sort", "order")])
        return "&".join(filter(None, [self.choice().query().removeprefix("?"), extra]))

    def heads(self) -> dict[str, SortLink]:
        """The sortable columns; a second click turns the order round."""
        current = self.listing().sort
        labels = {"order": "Tier", "name": "Candidate", "stage": "Stage", "total": "Score"}
        labels |= {row.key: row.letter for row in self.reading.dimensions}
        return {key: self._head(key, label, current) for key, label in labels.items()}

    def _head(self, key: str, label: str, current: str) -> SortLink:
        falls = key not in {"order", "name", "stage"}
        ways = ("descending", "ascending") if falls else ("ascending", "descending")
        direction = ways[0] if current == key else ways[1] if current == f"-{key}" else ""
        return SortLink(label, "?" + self.query(f"-{key}" if current == key else key), direction)
