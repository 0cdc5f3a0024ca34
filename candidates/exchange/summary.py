"""What compare shows, as a table or as JSON: for each candidate the official figures and what they stand on."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from candidates.comparison.reading import Reading
from candidates.comparison.standings import Standing, place
from candidates.exchange.tables import Value
from candidates.models import Recommendation
from candidates.statistics.totals import PanelScore

RECOMMENDATIONS = tuple(choice.name.lower() for choice in reversed(Recommendation))


def summary_of(reading: Reading, *, together: bool = False, tells_addresses: bool = True) -> list[dict[str, Any]]:
    """One entry for each application, in the order of compare; without figures where nothing may be read or was rated.

    First ratings and official weights; shadow scorecards never count. What does not compare across rubric versions is
    in no total; `together` is as for `place`. A total stands beside its interval and tier, or the reason for none.
    """
    found = place(reading, together=together)
    tallies: dict[int, Counter[str]] = {application.pk: Counter() for application in reading.applications}
    for card in reading.counted:
        if card.recommendation:
            tallies[card.interview.application_id][Recommendation(card.recommendation).name.lower()] += 1
    return [
        {
            "candidate": row.application.candidate.name,
            "candidate_email": row.application.candidate.email if tells_addresses else "",
            **_entry(reading, row, tallies[row.application.pk], found.apart),
        }
        for row in found.rows
    ]


def _entry(reading: Reading, row: Standing, tally: Counter[str], apart: Collection[str]) -> dict[str, Any]:
    application, score, interval = row.application, row.score, row.interval
    return {
        "stage": application.stage,
        "scorecards": score.cards if score else 0,
        "total": _rounded(score.total) if score else None,
        "coverage": _rounded(score.coverage) if score else None,
        "possible_low": _rounded(score.low) if score else None,
        "possible_high": _rounded(score.high) if score else None,
        "complete": score.complete if score else False,
        "interval_low": _rounded(interval.low) if interval else None,
        "interval_high": _rounded(interval.high) if interval else None,
        "tier": row.tier,
        "reason": row.reason,
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
    beside = ["interval_low", "interval_high", "tier", "reason"]
    heading += ["left_out", *beside]
    rows = []
    for entry in entries:
        row = [_cell(entry[name]) for name in plain] + list(entry["recommendations"].values())
        for figures in entry["dimensions"]:
            row += [figures["mean"], figures["median"], figures["n"], " ".join(map(str, figures["ratings"]))]
        rows.append([*row, ", ".join(entry["left_out"]), *(_cell(entry[name]) for name in beside)])
    return heading, rows


def _cell(value: Any) -> Value:
    """A value of an entry as it stands in a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    cell: Value = value
    return cell
