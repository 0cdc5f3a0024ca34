"""What the calibration page says: figures from the statistics, words that claim no more than the intervals allow."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from candidates.calibration.agreeing import find_agreement
from candidates.calibration.leaning import lean_words
from candidates.calibration.own import find_own
from candidates.calibration.page import Calibration, calibrate
from candidates.calibration.reading import read_material
from candidates.calibration.team import Team, find_team
from candidates.calibration.using import Timing, hours_in_words, scale_remark
from candidates.models import Interview, Opening, OpeningMember, Score, Scorecard
from candidates.statistics.agreement import dimension_agreement
from candidates.statistics.mirror import Mirror, ScaleUse, interviewer_mirror, scale_use
from candidates.statistics.severity import PanelFit, fit_panel, severity_intervals
from candidates.statistics.voices import Rating
from candidates.synthetic import make_round
from rubrics.models import Anchor
from smarter.accounts.models import User
from smarter.marks import figure, signed
from tests.factories import (
    make_application,
    make_interview,
    make_opening,
    make_rubric_version,
    make_scorecard,
    make_user,
)

pytestmark = pytest.mark.django_db


def page_of(user: User, *, opening: int | None = None, since: Any = None) -> Calibration:
    """The page as the view makes it."""
    openings = tuple(Opening.objects.managed_by(user))
    return calibrate(read_material(user, openings, since=since), opening=opening, until=timezone.now())


def team_of(user: User, **choice: Any) -> Team:
    """Its part for those who lead openings."""
    team = page_of(user, **choice).team
    assert team
    return team


def rate_all(opening: Opening, raters: dict[User, list[list[int | None]]], **fields: Any) -> None:
    """A candidate for each list of ratings, all raters on every one."""
    for number in range(len(next(iter(raters.values())))):
        interview = make_interview(application=make_application(opening=opening))
        for rater, rows in raters.items():
            make_scorecard(interview=interview, interviewer=rater, values=rows[number], submitted=True, **fields)


@pytest.fixture
def synthetic(recruiter: User) -> Opening:
    """Forty candidates, three interviewers of six each; read by their recruiter."""
    return make_round(candidates=40, interviewers=6, per_candidate=3, seed=11)


def plain_ratings(opening: Opening) -> list[Rating]:
    """Every rating of an opening, read without the app's own reading."""
    rows = Score.objects.filter(scorecard__interview__application__opening=opening).values_list(
        "scorecard__interview__application", "scorecard__interviewer", "dimension__key", "value"
    )
    return [Rating(*row) for row in rows]


def test_severity_on_a_synthetic_round_is_that_of_the_statistics(synthetic, recruiter):
    weights = {row.dimension_key: float(row.points) for row in synthetic.weights.all()}
    fit = fit_panel(plain_ratings(synthetic), weights)
    assert isinstance(fit, PanelFit)
    names = dict(User.objects.values_list("pk", "name"))
    expected = {
        rater: f"{names[rater]}: {signed(mean, 2)} points against the panel, "
        f"between {signed(low, 2)} and {signed(high, 2)}"
        for rater, mean, (low, high) in zip(
            fit.raters, fit.severity.tolist(), severity_intervals(fit).tolist(), strict=True
        )
    }

    rows = team_of(recruiter).leaning.rows

    assert {row.interviewer: row.chart.title for row in rows if row.chart} == expected
    assert len(expected) == 6
    assert [row.name for row in rows] == sorted(names[rater] for rater in fit.raters)


def test_agreement_on_a_synthetic_round_is_that_of_the_statistics(synthetic, recruiter):
    ratings = plain_ratings(synthetic)
    keys = list(synthetic.rubric_version.dimensions.values_list("key", flat=True))
    found: Any = [dimension_agreement(ratings, key) for key in keys]

    rows = team_of(recruiter).agreement.rows

    assert [(row.ordinal, row.interval_alpha, row.candidates) for row in rows] == [
        (pytest.approx(each.ordinal), figure(each.interval, 2), 40) for each in found
    ]
    assert [row.chart and row.chart.title for row in rows] == [
        f"{row.name}: alpha {figure(each.ordinal, 2)}, between {figure(each.low, 2)} and {figure(each.high, 2)}"
        for row, each in zip(rows, found, strict=True)
    ]


def test_use_of_the_scale_and_turnaround_on_a_synthetic_round_count_every_scorecard(synthetic, recruiter):
    uses = scale_use(plain_ratings(synthetic))

    team = team_of(recruiter)

    assert {row.interviewer: row.ratings for row in team.scale.rows} == {pk: use.ratings for pk, use in uses.items()}
    assert sum(len(row.chart.ticks) for row in team.turnaround.rows) == 120
    assert [row.share for row in team.evidence.rows] == [1.0] * 6


def test_mirror_on_a_synthetic_round_is_that_of_the_statistics(synthetic):
    rater = User.objects.get(name="Synthetic interviewer 3")
    found = interviewer_mirror(plain_ratings(synthetic), rater.pk)
    assert isinstance(found, Mirror)

    page = page_of(rater)

    seen = page.own.reflection
    assert page.team is None
    assert seen
    assert (seen.shared, seen.your_ratings, seen.other_ratings) == (
        found.shared,
        sum(found.own.values()),
        sum(found.others.values()),
    )
    assert seen.overall == (
        f"Overall: {signed(found.gap.mean, 2)} points against your co-raters, "
        f"between {signed(found.gap.low, 2)} and {signed(found.gap.high, 2)}"
    )
    gaps: Any = list(found.dimensions.values())
    assert [signed(gap.mean, 2) in row.chart.title for gap, row in zip(gaps, seen.rows, strict=True) if row.chart] == [
        True
    ] * 5


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        ((-0.45, -0.55, -0.36), "0.5 stricter"),
        ((0.48, 0.38, 0.57), "0.5 more lenient"),
        ((-0.15, -0.26, -0.05), "alike"),
        ((0.06, -0.28, 0.38), "alike"),
        ((0.4, -0.1, 0.9), "Can’t tell yet"),
        ((0.1, -0.7, 0.9), "Can’t tell yet"),
        ((0.3, 0.0, 0.6), "Can’t tell yet"),
    ],
)
def test_words_claim_no_more_than_the_interval(estimate, words):
    assert lean_words(*estimate, alike="alike")[0] == words


@pytest.mark.parametrize(
    ("use", "remark"),
    [
        (ScaleUse({3: 9, 4: 1}, 10, 0, narrow=True), "gives a 3 in 90% of ratings"),
        (ScaleUse({3: 10}, 10, 10, narrow=True), "gives a 3 every time"),
        (ScaleUse({1: 30, 5: 30}, 12, 6, narrow=False), "gives every dimension the same rating on 6 of 12 scorecards"),
        (ScaleUse({1: 30, 5: 30}, 12, 5, narrow=False), ""),
        (ScaleUse({3: 9}, 9, None, None), ""),
    ],
)
def test_scale_is_remarked_on_where_candidates_can_hardly_be_told_apart(use, remark):
    assert scale_remark(use) == remark


@pytest.mark.parametrize(
    ("hours", "words"), [(0.5, "30 minutes"), (1, "1 hour"), (23.6, "24 hours"), (47, "47 hours"), (71, "3 days")]
)
def test_hours_read_as_people_say_them(hours, words):
    assert hours_in_words(hours) == words


def test_timing_counts_the_day_in():
    assert Timing((1.0, 24.0, 24.1)).words == "median 24 hours; 67% within a day"


def test_too_little_is_refused_with_what_is_needed(opening, recruiter, interviewer, colleague):
    rate_all(opening, {interviewer: [[3, 4, 3, 2, 3]] * 2, colleague: [[4, 4, 3, 3, 3]] * 2})

    team, own = team_of(recruiter), page_of(interviewer).own

    assert team.lede == "Too early to say how this panel rates."
    assert team.leaning.heading == "Too early to say who rates off the panel"
    assert [group.refusal for group in team.leaning.groups] == [
        "1 more complete scorecard for these candidates would allow a first estimate."
    ]
    assert team.agreement.heading == "Too early to say how far panels agree"
    assert {row.words for row in team.agreement.rows} == {"Needs 5 candidates rated by two or more; there are 2"}
    assert team.turnaround.left_out.startswith("Left out, with fewer than 5 scorecards")
    assert own.cards == ()
    assert own.refusal == (
        "You share 2 candidates with other interviewers whose scores you may read. The mirror needs 5, so 3 more: "
        "below that, a gap says more about the candidates than about you."
    )


def test_panels_without_a_shared_candidate_stand_in_groups(opening, recruiter):
    people = [make_user(name=name) for name in ("Ann", "Ben", "Cleo", "Dov")]
    rows = [[2, 3, 3, 4, 3], [4, 4, 5, 3, 4], [1, 2, 2, 3, 2], [5, 4, 4, 4, 5], [3, 3, 4, 3, 3]]
    higher = [[min(5, value + 1) for value in row] for row in rows]
    rate_all(opening, {people[0]: rows, people[1]: higher})
    rate_all(opening, {people[2]: higher, people[3]: rows})

    leaning = team_of(recruiter).leaning

    assert [[row.name for row in group.rows] for group in leaning.groups] == [["Ann", "Ben"], ["Cleo", "Dov"]]
    assert [group.title for group in leaning.groups] == [
        "Group 1 of 2, who share candidates",
        "Group 2 of 2, who share candidates",
    ]
    assert leaning.notes[0].startswith("These panels share no interviewer")


def test_candidates_with_gaps_take_no_part_in_severity_and_are_counted(opening, recruiter, interviewer, colleague):
    rows: list[list[int | None]] = [[2, 3, 3, 4, 3], [4, 4, 5, 3, 4], [1, 2, 2, 3, 2], [5, 4, 4, 4, 5], [3, 3, 4, 3, 3]]
    rate_all(opening, {interviewer: [*rows, [None, 3, 3, 3, 3]], colleague: [*rows, [3, 3, 3, 3, 3]]})

    leaning = team_of(recruiter).leaning

    assert leaning.notes == ("Left out here: 1 candidate with a scorecard that does not rate every dimension.",)
    assert leaning.heading == "Nobody rates off the panel"


def test_incomplete_and_sealed_panels_are_left_out_and_said(opening, recruiter, interviewer, colleague):
    rate_all(opening, {interviewer: [[3, 4, 3, 2, 3]] * 5, colleague: [[4, 4, 3, 3, 3]] * 5})
    waiting = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=waiting, interviewer=colleague, submitted=True)
    make_scorecard(interview=waiting, interviewer=interviewer)
    sealed = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=sealed, interviewer=colleague, submitted=True)
    make_scorecard(interview=sealed, interviewer=recruiter)

    team = team_of(recruiter)

    assert team.left_out == (
        "1 candidate sealed for you until your own scorecard is in",
        "1 candidate whose panel is not complete",
    )
    assert len(team.cards) == 10


def test_own_scorecard_of_a_candidate_one_is_sealed_for_is_no_part_of_the_team(opening, recruiter, interviewer):
    application = make_application(opening=opening)
    for rater in (recruiter, interviewer):
        make_scorecard(interview=make_interview(application=application), interviewer=rater, submitted=True)
    make_scorecard(interview=make_interview(application=application), interviewer=recruiter)

    team = team_of(recruiter)

    assert (team.cards, team.interviewers) == ((), 0)
    assert team.left_out == ("1 candidate sealed for you until your own scorecard is in",)


def test_shadow_and_influenced_scorecards_do_not_count(opening, recruiter, interviewer, colleague):
    rate_all(opening, {interviewer: [[3, 4, 3, 2, 3]] * 5, colleague: [[4, 4, 3, 3, 3]] * 5})
    rate_all(opening, {make_user(): [[1, 1, 1, 1, 1]] * 2}, is_shadow=True)
    interview = Interview.objects.earliest("pk")
    make_scorecard(interview=interview, values=[5, 5, 5, 5, 5], submitted=True, is_independent=False)

    team = team_of(recruiter)

    assert len(team.cards) == 10
    assert team.left_out == ("1 scorecard written after a look at others’ scores",)


def test_ratings_against_other_anchors_are_another_yardstick(opening, recruiter, interviewer, colleague):
    rate_all(opening, {interviewer: [[3, 4, 3, 2, 3]] * 5, colleague: [[4, 4, 3, 3, 3]] * 5})
    second = make_rubric_version(rubric=opening.rubric_version.rubric, number=2)
    Anchor.objects.filter(dimension__version=second, dimension__key="action", value=3).update(text="Reworded.")
    later = make_opening(recruiter=recruiter, rubric_version=second)
    rate_all(later, {interviewer: [[3, 4, 3, 2, 3]] * 2, colleague: [[4, 4, 3, 3, 3]] * 2})

    material = read_material(recruiter, (opening, later), since=None)
    rows = find_agreement(material.yardsticks, material.heard).rows

    assert [(row.name, row.sub, row.candidates) for row in rows] == [
        ("Strategic", "", 7),
        ("Measurable", "", 7),
        ("Action", "v1", 5),
        ("Action", "v2", 2),
        ("Relationships", "", 7),
        ("Teams", "", 7),
    ]
    assert find_team(material, (opening, later)).versions == "rubric v1 and v2"


def test_severity_holds_no_two_cards_against_each_other_that_were_rated_on_other_anchors(
    opening, recruiter, interviewer, colleague
):
    second = make_rubric_version(rubric=opening.rubric_version.rubric, number=2)
    Anchor.objects.filter(dimension__version=second, dimension__key="action").update(text="Reworded.")
    for _ in range(5):
        application = make_application(opening=opening)
        for rater, version, values in ((interviewer, opening.rubric_version, [1] * 5), (colleague, second, [5] * 5)):
            interview = make_interview(application=application, rubric_version=version)
            make_scorecard(interview=interview, interviewer=rater, values=values, submitted=True)

    leaning = team_of(recruiter).leaning

    assert {row.words for row in leaning.rows} == {"Too few to say"}


def test_period_and_opening_narrow_the_page(opening, recruiter, interviewer, colleague):
    rate_all(opening, {interviewer: [[3, 4, 3, 2, 3]] * 5, colleague: [[4, 4, 3, 3, 3]] * 5})
    long_ago = timezone.now() - timedelta(days=400)
    Interview.objects.filter(pk__in=Interview.objects.values("pk")[:2]).update(starts_at=long_ago)
    other = make_opening(recruiter=recruiter)
    rate_all(other, {interviewer: [[3, 4, 3, 2, 3]]})

    year = timezone.now() - timedelta(days=365)

    assert len(team_of(recruiter).cards) == 11
    assert len(team_of(recruiter, since=year).cards) == 7
    assert len(team_of(recruiter, opening=other.pk).cards) == 1
    assert page_of(interviewer, since=year).own.refusal.startswith("You share 3 candidates")


def test_team_page_holds_only_openings_of_ones_own(opening, recruiter, manager, interviewer, colleague, admin):
    rate_all(opening, {interviewer: [[3, 4, 3, 2, 3]] * 5, colleague: [[4, 4, 3, 3, 3]] * 5})
    elsewhere = make_opening(hiring_manager=make_user())
    rate_all(elsewhere, {make_user(name="Unknown Rater"): [[5, 5, 5, 5, 5]] * 5})

    assert {row.name for row in team_of(manager).scale.rows} == {interviewer.name, colleague.name}
    assert page_of(admin).team is None
    assert page_of(interviewer).team is None


def test_own_mirror_leaves_out_who_is_still_sealed(opening, interviewer, colleague):
    rate_all(opening, {interviewer: [[3, 4, 3, 2, 3]] * 6, colleague: [[4, 4, 3, 3, 3]] * 6})
    application = opening.applications.earliest("pk")
    make_scorecard(interview=make_interview(application=application), interviewer=interviewer)

    own = find_own(read_material(interviewer, (), since=None))

    assert own.reflection
    assert own.reflection.shared == 5
    assert own.left_out == "1 candidate of yours is left out: a scorecard for them is still open."


def test_calibration_rewrites_nothing(synthetic, recruiter):
    before = list(Score.objects.order_by("pk").values()), list(Scorecard.objects.order_by("pk").values())

    page_of(recruiter)

    assert (list(Score.objects.order_by("pk").values()), list(Scorecard.objects.order_by("pk").values())) == before


def test_opening_member_in_both_roles_is_counted_once(opening, recruiter, interviewer, colleague):
    OpeningMember.objects.create(opening=opening, user=recruiter, role=OpeningMember.Role.HIRING_MANAGER)
    rate_all(opening, {interviewer: [[3, 4, 3, 2, 3]] * 5, colleague: [[4, 4, 3, 3, 3]] * 5})

    assert len(team_of(recruiter).cards) == 10


def test_flat_ratings_are_said_to_be_flat_and_no_agreement(opening, recruiter, interviewer, colleague):
    rate_all(opening, {interviewer: [[3] * 5] * 10, colleague: [[3] * 5] * 10})

    team = team_of(recruiter)

    assert {row.words for row in team.agreement.rows} == {"Everybody gave the same rating"}
    assert [finding.text for finding in team.findings] == [
        f"{name} gives a 3 every time" for name in sorted([interviewer.name, colleague.name])
    ]
    assert replace(team.findings[0], text="").rest == ", so these scores hardly tell candidates apart."
