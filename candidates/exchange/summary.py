"""What compare shows, as a table or as JSON: for each candidate the official figures and what they stand on."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from candidates.comparison.reading import Reading
from candidates.comparison.versions import find_differences, left_out, score_panels
from candidates.exchange.tables import Value
from candidates.models import Application, Recommendation
from candidates.statistics.connection import components
from candidates.statistics.totals import PanelScore

RECOMMENDATIONS = tuple(choice.name.lower() for choice in reversed(Recommendation))


BY_TOTAL = "by total"
BY_NAME = "by name, because there are panels that share no interviewer, and their totals do not compare"


def summary_of(reading: Reading, *, together: bool = False, tells_addresses: bool = True) -> list[dict[str, Any]]:
    """One entry for each application, the highest total first; without figures where nothing may be read or was rated.

    Where panels share no interviewer there is no order among them, so all come by name, and `order` says why. First
    ratings and official weights; shadow scorecards never count. What does not compare across rubric versions is in no
    total; `together` is as for `place`.
    """
    apart = left_out(find_differences(reading), together=together)
    scores = score_panels(reading, reading.weights, apart)
    tallies: dict[int, Counter[str]] = {application.pk: Counter() for application in reading.applications}
    for card in reading.counted:
        if card.recommendation:
            tallies[card.interview.application_id][Recommendation(card.recommendation).name.lower()] += 1
    links = [(rating.candidate_id, rating.interviewer_id) for rating in reading.ratings()]
    order = BY_NAME if len(components(links)) > 1 else BY_TOTAL
    entries = [
        {
            "candidate": application.candidate.name,
            "candidate_email": application.candidate.email if tells_addresses else "",
            **_entry(reading, application, scores.get(application.pk), tallies[application.pk], apart),
            "order": order,
        }
        for application in reading.applications
    ]
    if order == BY_NAME:
        return sorted(entries, key=lambda entry: str(entry["candidate"]))
    return sorted(entries, key=lambda entry: (entry["total"] is None, -(entry["total"] or 0), entry["candidate"]))


def _entry(
    reading: Reading, application: Application, score: PanelScore | None, tally: Counter[str], apart: Collection[str]
) -> dict[str, Any]:
    return {
        "stage": application.stage,
        "scorecards": score.cards if score else 0,
        "total": _rounded(score.total) if score else None,
        "coverage": _rounded(score.coverage) if score else None,
        "possible_low": _rounded(score.low) if score else None,
        "possible_high": _rounded(score.high) if score else None,
        "complete": score.complete if score else False,
        "left_out": [dimension.name for dimension in reading.dimensions if dimension.key in apart],
        "recommendations": {name: tally[name] for name in RECOMMENDATIONS},
        "dimensions": [
            {
                "dimension": dimension.name,
                "letter": dimension.letter,
                "weight": dimension.points,
                **_figures(score, dimension.key),
            }
            for dimension in reading.dimensions
        ],
    }


def _figures(score: PanelScore | None, key: str) -> dict[str, Any]:
    found = score.dimensions.get(key) if score else None
    if found is None:
        return {"mean": None, "median": None, "n": 0, "ratings": []}
    ratings = [int(value) if value == int(value) else value for value in found.values]
    return {"mean": _rounded(found.mean), "median": found.median, "n": len(ratings), "ratings": ratings}


def _rounded(value: float | None) -> float | None:
    """Six places: enough for any sum, and free of the noise of binary fractions."""
    return None if value is None else round(value, 6)


def summary_table(entries: list[dict[str, Any]], reading: Reading) -> tuple[list[str], list[list[Value]]]:
    """The entries as a heading and rows, with four columns for each dimension; ratings are separated by spaces."""
    plain = [
        "candidate",
        "candidate_email",
        "stage",
        "scorecards",
        "total",
        "coverage",
        "possible_low",
        "possible_high",
        "complete",
    ]
    heading = [*plain, *RECOMMENDATIONS]
    for dimension in reading.dimensions:
        heading += [f"{dimension.name} {figure}" for figure in ("mean", "median", "n", "ratings")]
    heading += ["left_out", "order"]
    rows = []
    for entry in entries:
        row = [_cell(entry[name]) for name in plain] + list(entry["recommendations"].values())
        for figures in entry["dimensions"]:
            row += [figures["mean"], figures["median"], figures["n"], " ".join(map(str, figures["ratings"]))]
        rows.append([*row, ", ".join(entry["left_out"]), entry["order"]])
    return heading, rows


def _cell(value: Any) -> Value:
    """A value of an entry as it stands in a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    cell: Value = value
    return cell
