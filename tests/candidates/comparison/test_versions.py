"""Candidates scored on different versions of the rubric: what compares, what asks first, and what never does."""

import pytest

from candidates.comparison import place
from candidates.comparison.choice import Choice
from candidates.comparison.page import compare
from candidates.comparison.reading import read_opening
from candidates.comparison.versions import Difference, find_differences
from candidates.debrief.page import read_debrief
from candidates.deciding import conflicts
from candidates.exchange.summary import summary_of
from candidates.models import Debrief, Opening
from candidates.snapshot import take_snapshot
from rubrics.models import Anchor, RubricVersion
from smarter.accounts.models import User
from smarter.marks import Mark
from tests.factories import make_application, make_opening, make_rubric_version, make_scorecard, make_user


@pytest.fixture
def versions(db: None) -> tuple[RubricVersion, RubricVersion, RubricVersion]:
    """Strategic and Measurable twice, worded alike, and a third version without Measurable."""
    first = make_rubric_version(dimensions=2, weights=[60, 40])
    second = make_rubric_version(dimensions=2, weights=[60, 40], rubric=first.rubric, number=2)
    return first, second, make_rubric_version(dimensions=1, rubric=first.rubric, number=3)


@pytest.fixture
def opening(recruiter: User, versions: tuple[RubricVersion, ...]) -> Opening:
    """On the first version."""
    return make_opening(recruiter=recruiter, rubric_version=versions[0], weights=[60, 40])


def rated(opening, name, version, *cards):
    """A candidate with one card for each list of ratings, all on this version."""
    application = make_application(opening=opening, name=name)
    for number, values in enumerate(cards):
        rater, _ = User.objects.get_or_create(email=f"rater{number}@example.com", defaults={"name": f"Rater {number}"})
        interview = application.interviews.create(rubric_version=version, created_by=opening.created_by)
        make_scorecard(interview=interview, interviewer=rater, values=values, submitted=True)
    return application


def reword(version, key):
    """Give a version other anchors on one dimension."""
    Anchor.objects.filter(dimension__version=version, dimension__key=key, value=3).update(text="Otherwise.")


def totals(found):
    """Totals by name."""
    return {row.application.candidate.name: row.total for row in found.rows}


def test_versions_that_differ_in_wording_only_compare_with_a_note(recruiter, opening, versions):
    rated(opening, "Amara", versions[0], [5, 3])
    rated(opening, "Jonas", versions[1], [3, 5])

    found = compare(recruiter, place(read_opening(recruiter, opening)), Choice())

    assert found.versions is None
    assert found.notes == ("Jonas: scored on rubric v2, not v1; the anchors are the same.",)
    assert [column.total for column in found.table.columns] == ["4.2", "3.8"]


def test_changed_anchors_stand_apart_until_confirmed(recruiter, opening, versions):
    rated(opening, "Amara", versions[0], [5, 3])
    rated(opening, "Jonas", versions[1], [3, 5])
    reword(versions[1], "measurable")
    reading = read_opening(recruiter, opening)

    apart, together = place(reading), place(reading, together=True)

    assert find_differences(reading) == (Difference("measurable", "Measurable", False, (1, 2)),)
    assert totals(apart) == {"Amara": 5.0, "Jonas": 3.0}
    assert totals(together) == pytest.approx({"Amara": 4.2, "Jonas": 3.8})
    assert (apart.apart, together.apart) == ({"measurable"}, frozenset())
    assert apart.rows[0].marks == (Mark("S", "Strategic", 5.0), Mark("M", "Measurable", state="apart"))
    assert together.rows[0].marks == (Mark("S", "Strategic", 5.0), Mark("M", "Measurable", 3.0))


def test_a_dimension_that_a_version_lacks_never_compares(recruiter, opening, versions):
    rated(opening, "Amara", versions[0], [5, 1])
    rated(opening, "Jonas", versions[2], [4])
    reading = read_opening(recruiter, opening)

    for together in (False, True):
        assert totals(place(reading, together=together)) == {"Amara": 5.0, "Jonas": 4.0}
    notice = compare(recruiter, place(reading), Choice()).versions
    assert notice.sentences == (
        "Rubric v3 has no Measurable, so only the dimensions that all versions share compare: totals, tiers and order "
        "leave Measurable out.",
    )
    assert notice.changes == ()


def test_nothing_that_compares_means_no_score_and_says_why(recruiter, opening, versions):
    rated(opening, "Amara", versions[0], [5, 3], [4, 3])
    rated(opening, "Jonas", versions[1], [3, 5], [3, 4])
    for key in ("strategic", "measurable"):
        reword(versions[1], key)

    official = place(read_opening(recruiter, opening))
    found = compare(recruiter, official, Choice())

    assert [column.total for column in found.table.columns] == ["–", "–"]
    assert found.ranking.order.rows == ()
    assert {row.reason for row in official.rows} == {
        "No dimension compares across the rubric versions used here, so there is no score."
    }
    assert [cell.mean for cell in found.table.rows[0].cells] == [4.5, 3.0]


def test_a_cell_of_two_versions_has_a_mean_for_each_and_none_in_common(recruiter, opening, versions):
    application = rated(opening, "Amara", versions[0], [5, 3], [4, 2])
    late = application.interviews.create(rubric_version=versions[1], created_by=recruiter)
    make_scorecard(interview=late, interviewer=make_user(name="Late"), values=[4, 5], submitted=True)
    reword(versions[1], "measurable")
    reading = read_opening(recruiter, opening)

    (cell,) = compare(recruiter, place(reading), Choice()).table.rows[1].cells
    (common,) = compare(recruiter, place(reading, together=True), Choice(anchors="together")).table.rows[1].cells

    assert [(group.number, group.score.mean, group.score.values) for group in cell.groups] == [
        (1, 2.5, (3.0, 2.0)),
        (2, 5.0, (5.0,)),
    ]
    assert (cell.mean, cell.spread, cell.chart.mean, cell.chart.spread) == (None, 0, "", None)
    assert "Late 5 (rubric v2)" in cell.chart.title
    assert (common.groups, common.mean, common.spread) == ((), pytest.approx(10 / 3), 3)


def test_one_decision_on_what_compares_serves_every_page(recruiter, opening, versions):
    """Levelled by the same rule: list, debrief, decision, its record, and the file of figures."""
    amara = rated(opening, "Amara", versions[0], [5, 1], [5, 1], [5, 2], [4, 1])
    jonas = rated(opening, "Jonas", versions[1], [2, 5], [2, 5], [3, 5], [2, 5])
    reword(versions[1], "measurable")
    reading = read_opening(recruiter, opening)
    known = next(row for row in reading.applications if row.pk == amara.pk)
    debrief = Debrief.objects.create(opening=opening, opened_by=recruiter)

    for together, figures in ((False, {"Amara": 4.75, "Jonas": 2.25}), (True, {"Amara": 3.35, "Jonas": 3.35})):
        assert totals(place(reading, together=together)) == pytest.approx(figures)
        summary = summary_of(reading, together=together)
        assert {entry["candidate"]: entry["total"] for entry in summary} == pytest.approx(figures)
        assert [entry["left_out"] for entry in summary] == [[] if together else ["Measurable"]] * 2
        page = read_debrief(recruiter, reading, debrief, together=together)
        assert [row.column.total for row in page.decisions] == [f"{figures[name]:.2f}" for name in ("Amara", "Jonas")]
        record = take_snapshot(reading, known, together=together)
        assert record["before"]["total"] == pytest.approx(figures["Amara"])
        assert [row["is_apart"] for row in record["dimensions"]] == [False, not together]
        assert len(record["versions_differ"]) == 1
        assert bool(conflicts(reading, jonas.pk, together=together)) is not together


def test_the_trial_of_weights_leaves_out_what_does_not_compare(recruiter, versions):
    wide = make_rubric_version(dimensions=3, weights=[50, 30, 20], rubric=versions[0].rubric, number=4)
    other = make_rubric_version(dimensions=3, weights=[50, 30, 20], rubric=versions[0].rubric, number=5)
    opening = make_opening(recruiter=recruiter, rubric_version=wide, weights=[50, 30, 20])
    rated(opening, "Amara", wide, [5, 3, 1])
    rated(opening, "Jonas", other, [3, 4, 5])
    reword(other, "action")

    trial = compare(recruiter, place(read_opening(recruiter, opening)), Choice()).ranking.trial

    # Amara leads by 2 on 50 points and trails by 1 on 30 of the 80 that compare: level where 2s = 80 − s.
    assert [(row.key, row.points, row.official) for row in trial.weights] == [
        ("strategic", "50", "50"),
        ("measurable", "30", "30"),
    ]
    assert (trial.room, trial.leader, trial.points_to_move) == ("80", "Amara", "24")
    assert [(flip.at, flip.notch) for flip in trial.weights[0].flips] == [("27%", "33.3%")]


def test_shadow_and_informed_cards_are_noted(recruiter, opening):
    application = make_application(opening=opening, name="Amara")
    make_scorecard(application=application, submitted=True, is_shadow=True)
    informed = make_scorecard(application=application, submitted=True, is_independent=False)

    shadow, seen = compare(recruiter, place(read_opening(recruiter, opening)), Choice()).notes

    assert shadow.endswith("is a shadow on Amara, and never counts.")
    assert seen == (f"{informed.interviewer.name} had seen others’ scores of Amara before submitting: not independent.")


def test_a_card_that_may_not_be_read_separates_nothing(recruiter, opening, versions):
    rated(opening, "Amara", versions[0], [5, 3])
    sealed = rated(opening, "Sealed", versions[1], [3, 5])
    make_scorecard(application=sealed, interviewer=recruiter)
    reword(versions[1], "measurable")

    found = compare(recruiter, place(read_opening(recruiter, opening)), Choice())

    assert found.versions is None
    assert found.notes == ()
