"""docs/scoring.md works one panel through; here every figure in its tables is worked out again from the document."""

from importlib import import_module
from pathlib import Path

import pytest

from candidates.statistics.agreement import agreement_words, dimension_agreement, spearman_brown, weighted_kappa
from candidates.statistics.ranking import (
    ahead_words,
    chance_words,
    difference,
    probability_ahead,
    rank_shares,
    score_intervals,
    tiers,
)
from candidates.statistics.severity import complete_cards, fit_panel, severity_intervals
from candidates.statistics.totals import Rating, panel_scores
from candidates.statistics.weighting import first_shares, local_first_shares, points_to_reverse, stability_ranges

DOCUMENT = (Path(__file__).parent.parent / "docs" / "scoring.md").read_text(encoding="utf-8")
LETTERS = ["S", "M", "A", "R", "T"]


def table(*heads):
    """The rows, as dicts, of the one table with these column heads."""
    lines = DOCUMENT.splitlines()
    starts = [place for place, line in enumerate(lines) if cells(line) == list(heads)]
    assert len(starts) == 1, heads
    rows = []
    for line in lines[starts[0] + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(dict(zip(heads, cells(line), strict=True)))
    assert rows, heads
    return rows


def cells(line):
    """The cells of a line of a table."""
    return [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []


def printed(text):
    """A figure as the document prints it, to compare with one that may differ behind its last digit."""
    number = text.replace("−", "-")
    decimals = len(number.partition(".")[2])
    return pytest.approx(float(number), abs=0.5 * 10**-decimals + 1e-9)


def column(rows, head):
    """The printed figures of a column."""
    return [printed(row[head]) for row in rows]


WEIGHTS = {row["dimension"]: float(row["weight"]) for row in table("dimension", "weight")}
CARDS = table("candidate", "interviewer", *LETTERS, "card total")
ROWS = [
    Rating(entry["candidate"], entry["interviewer"], letter, float(entry[letter]))
    for entry in CARDS
    for letter in LETTERS
]


@pytest.fixture(scope="module")
def fit():
    return fit_panel(ROWS, WEIGHTS)


@pytest.fixture(scope="module")
def means():
    scores = panel_scores(ROWS, WEIGHTS).values()
    return [[score.dimensions[letter].mean for letter in LETTERS] for score in scores]


def test_card_totals():
    assert [entry.composite for entry in complete_cards(ROWS, WEIGHTS).cards] == column(CARDS, "card total")


def test_scores():
    rows = table("candidate", "cards", *[f"mean {letter}" for letter in LETTERS], "score")

    scores = panel_scores(ROWS, WEIGHTS)

    assert list(scores) == [row["candidate"] for row in rows]
    assert [score.total for score in scores.values()] == column(rows, "score")
    assert [score.cards for score in scores.values()] == column(rows, "cards")
    for letter in LETTERS:
        assert [score.dimensions[letter].mean for score in scores.values()] == column(rows, f"mean {letter}")


def test_scores_with_gaps():
    for row in table("not observed", "score", "coverage", "lowest possible", "highest possible"):
        gaps = set()
        if row["not observed"] != "nothing":
            for part in row["not observed"].split("; "):
                interviewer, letters = part.split(": ")
                gaps |= {(interviewer, letter) for letter in letters.split(", ")}
        left = [r for r in ROWS if r.candidate_id == "Ben" and (r.interviewer_id, r.dimension_id) not in gaps]

        score = panel_scores(left, WEIGHTS)["Ben"]

        assert len(left) == 10 - len(gaps)
        assert score.total == printed(row["score"])
        assert score.coverage == printed(row["coverage"])
        assert (score.low, score.high) == (printed(row["lowest possible"]), printed(row["highest possible"]))


def test_severities(fit):
    rows = table("interviewer", "severity", "from", "to")

    assert list(fit.raters) == [row["interviewer"] for row in rows]
    assert fit.severity.tolist() == column(rows, "severity")
    assert severity_intervals(fit)[:, 0].tolist() == column(rows, "from")
    assert severity_intervals(fit)[:, 1].tolist() == column(rows, "to")


def test_levelled_scores(fit):
    rows = table("candidate", "official", "levelled", "standard error", "from", "to")

    assert list(fit.candidates) == [row["candidate"] for row in rows]
    assert fit.raw.tolist() == column(rows, "official")
    assert fit.adjusted.tolist() == column(rows, "levelled")
    assert fit.standard_errors.tolist() == column(rows, "standard error")
    assert score_intervals(fit)[:, 0].tolist() == column(rows, "from")
    assert score_intervals(fit)[:, 1].tolist() == column(rows, "to")
    assert "levelled, Ana loses 0.08 and Cy, who met only strict interviewers, gains 0.21" in DOCUMENT
    assert (fit.raw - fit.adjusted)[[0, 2]].tolist() == [printed("0.08"), printed("−0.21")]


def test_figures_of_the_fit(fit):
    freedom, variance = column(table("figure of the fit", "value"), "value")

    assert (fit.df, fit.residual_variance) == (freedom, variance)


def test_probabilities(fit):
    rows = table("ahead of", *fit.candidates)

    probability = probability_ahead(fit).tolist()

    for place, (row, name) in enumerate(zip(rows, fit.candidates, strict=True)):
        assert row["ahead of"] == name
        for other, head in enumerate(fit.candidates):
            assert row[head] == "–" if place == other else probability[place][other] == printed(row[head])


def test_differences(fit):
    for row in table("first", "second", "in words", "difference", "from", "to"):
        found = difference(fit, row["first"], row["second"])

        assert ahead_words(found.probability) == row["in words"]
        assert [found.estimate, found.low, found.high] == [printed(row[head]) for head in ("difference", "from", "to")]


def test_tiers(fit):
    rows = table("tier", "candidates")

    assert [row["tier"] for row in rows] == ["1", "2"]
    assert tiers(fit) == [row["candidates"].split(", ") for row in rows]


def test_places(fit):
    rows = table("candidate", "first", "mean place", "from", "to")

    shares = rank_shares(fit)

    assert list(shares.candidates) == [row["candidate"] for row in rows]
    assert [chance_words(share) for share in shares.first] == [row["first"] for row in rows]
    assert shares.mean_rank.tolist() == column(rows, "mean place")
    assert (shares.low.tolist(), shares.high.tolist()) == (column(rows, "from"), column(rows, "to"))


def test_points_to_move(means):
    rows = table("dimension", "Dee less Ana", "weight", "new weight")
    gaps = [dee - ana for dee, ana in zip(means[3], means[0], strict=True)]

    reversal = points_to_reverse(list(WEIGHTS.values()), gaps)

    assert gaps == column(rows, "Dee less Ana")
    assert list(WEIGHTS.values()) == column(rows, "weight")
    assert list(reversal.new_weights) == column(rows, "new weight")
    assert f"moves {reversal.weight_to_move:.2f} points" in DOCUMENT


def test_ranges_of_weights(means, fit):
    rows = table("dimension", "Dee stays first from", "to", "first below", "first above")

    ranges = stability_ranges(list(WEIGHTS.values()), means)

    assert [found.low for found in ranges] == column(rows, "Dee stays first from")
    assert [found.high for found in ranges] == column(rows, "to")
    names = {None: "–", **dict(enumerate(fit.candidates))}
    assert [names[found.below] for found in ranges] == [row["first below"] for row in rows]
    assert [names[found.above] for found in ranges] == [row["first above"] for row in rows]


def test_shares_of_weightings(means):
    rows = table("candidate", "first under all weightings", "within 10 points")

    near = local_first_shares(means, list(WEIGHTS.values()))

    assert [chance_words(share) for share in first_shares(means)] == [row["first under all weightings"] for row in rows]
    assert [chance_words(share) for share in near] == [row["within 10 points"] for row in rows]


def test_agreement():
    for row in table("dimension", "alpha", "from", "to", "in words"):
        found = dimension_agreement(ROWS, row["dimension"])

        assert [found.ordinal, found.low, found.high] == [printed(row[head]) for head in ("alpha", "from", "to")]
        assert agreement_words(found.ordinal) == row["in words"]


def test_what_more_interviewers_buy():
    for row in table("interviewers", "reliability of their mean"):
        assert spearman_brown(0.44, int(row["interviewers"])) == printed(row["reliability of their mean"])


def test_practice():
    rows = table("answer", "own rating", "agreed rating")
    own, agreed = ([float(row[head]) for row in rows] for head in ("own rating", "agreed rating"))
    (row,) = table("as agreed", "within one", "mean of squares", "by chance", "kappa")

    apart = [abs(a - b) for a, b in zip(own, agreed, strict=True)]
    found = {
        "as agreed": apart.count(0),
        "within one": sum(each <= 1 for each in apart),
        "mean of squares": sum(each**2 for each in apart) / len(apart),
        "by chance": sum((a - b) ** 2 for a in own for b in agreed) / len(apart) ** 2,
        "kappa": weighted_kappa(own, agreed),
    }

    assert found == {head: printed(text) for head, text in row.items()}


def test_constants():
    for row in table("constant", "value", "why"):
        module, name = row["constant"].strip("`").split(".")

        assert getattr(import_module(f"candidates.statistics.{module}"), name) == float(row["value"])
