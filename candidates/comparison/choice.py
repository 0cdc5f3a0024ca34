"""What a reader chose to compare, and how: the whole of it stands in the address, so that a link is a view."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypedDict
from urllib.parse import urlencode

MOST_COLUMNS = 6
WEIGHT_PREFIX = "w_"


KEPT = ("scores", "middle", "names", "anchors")
"""What an address says where it is not the default."""

SWITCHES = [
    ("Which scores", "scores", [("independent", "Independent"), ("after_debrief", "After debrief")]),
    ("Middle value", "middle", [("mean", "Mean"), ("both", "Mean and median")]),
    ("Names", "names", [("shown", "Names"), ("masked", "Masked")]),
]


class Conditions(TypedDict):
    """Which scores count, for whoever places candidates."""

    after_debrief: bool
    together: bool


@dataclass(frozen=True)
class Option:
    """One of two ways to look at the same thing."""

    label: str
    query: str
    is_current: bool


@dataclass(frozen=True)
class Switch:
    """A choice between options."""

    label: str
    options: list[Option]


@dataclass(frozen=True)
class Choice:
    """The view of a comparison. The defaults are left out of links."""

    columns: tuple[int, ...] = ()  # applications; empty for the first of those in the running
    scores: Literal["independent", "after_debrief"] = "independent"
    middle: Literal["mean", "both"] = "mean"
    names: Literal["shown", "masked"] = "shown"
    anchors: Literal["apart", "together"] = "apart"  # what to do with scores on anchors that changed
    weights: Mapping[str, float] | None = None  # on trial, by key of the dimension

    @property
    def after_debrief(self) -> bool:
        """Whether revisions stand for first ratings."""
        return self.scores == "after_debrief"

    @property
    def together(self) -> bool:
        """Whether scores on anchors that changed between versions were confirmed to be compared."""
        return self.anchors == "together"

    @property
    def conditions(self) -> Conditions:
        """Which scores count."""
        return {"after_debrief": self.after_debrief, "together": self.together}

    @property
    def apart_query(self) -> str:
        """This view with scores on changed anchors kept apart."""
        return self.query(anchors="apart")

    @property
    def together_query(self) -> str:
        """This view with scores on changed anchors compared all the same."""
        return self.query(anchors="together")

    def query(self, **changes: Any) -> str:
        """The address of this view, or of one that differs in `changes`: `?c=3&c=5&middle=both`."""
        view = replace(self, **changes)
        pairs: list[tuple[str, str]] = [("c", str(pk)) for pk in view.columns]
        for name in KEPT:
            if getattr(view, name) != getattr(Choice, name):
                pairs.append((name, getattr(view, name)))
        pairs += [(WEIGHT_PREFIX + key, f"{points:g}") for key, points in (view.weights or {}).items()]
        return "?" + urlencode(pairs)

    @property
    def switches(self) -> list[Switch]:
        """The ways to look at the same candidates, each option behind a link."""
        return [
            Switch(
                label,
                [Option(text, self.query(**{name: value}), getattr(self, name) == value) for value, text in options],
            )
            for label, name, options in SWITCHES
        ]

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Everything but the weights, for the hidden inputs of their form."""
        pairs = [("c", str(pk)) for pk in self.columns]
        return pairs + [(name, getattr(self, name)) for name in KEPT if getattr(self, name) != getattr(Choice, name)]
