"""Totals, intervals and tiers of an opening, and the reason wherever one is withheld."""

import pytest

from candidates.comparison import place, read_opening
from candidates.models import Application, Revision
from smarter.accounts.models import User
from smarter.marks import Mark, rounded
from tests.factories import make_application, make_opening, make_scorecard, make_user


@pytest.fixture
def raters(db: None) -> list[User]:
    """Three people who sit on every panel."""
    return [make_user() for _ in range(3)]


def score(application: Application, cards: dict[User, list[int | None]]) -> None:
    """Give an application its submitted cards."""
    for rater, values in cards.items():
        make_scorecard(application=application, interviewer=rater, values=values, submitted=True)


def test_standings_order_by_tier_and_total_with_equal_intervals_on_a_complete_panel(raters, recruiter, opening):
    ratings = {"Beatriz": (2, 3, 2), "Amara": (4, 4, 3), "Jonas": (4, 3, 3)}
    for name, values in ratings.items():
        score(
            make_application(opening=opening, name=name),
            {rater: [value] * 5 for rater, value in zip(raters, values, strict=True)},
        )

    rows = place(read_opening(recruiter, opening)).rows

    assert [(row.application.candidate.name, row.tier, str(rounded(row.total or 0, 2))) for row in rows] == [
        ("Amara", 1, "3.67"),
        ("Jonas", 1, "3.33"),
        ("Beatriz", 2, "2.33"),
    ]
    intervals = [(row.interval.low, row.interval.high) for row in rows if row.interval]
    assert [sum(ends) / 2 for ends in intervals] == pytest.approx([row.total for row in rows])
    assert [high - low for low, high in intervals] == pytest.approx([intervals[0][1] - intervals[0][0]] * 3)
    assert [row.reason for row in rows] == ["", "", ""]


def test_intervals_end_where_the_scale_ends(raters, recruiter, opening):
    for name, values in {"Amara": (5, 5, 4), "Jonas": (5, 4, 5), "Beatriz": (1, 2, 1)}.items():
        score(
            make_application(opening=opening, name=name),
            {rater: [value] * 5 for rater, value in zip(raters, values, strict=True)},
        )

    rows = place(read_opening(recruiter, opening)).rows

    assert [row.interval and (row.interval.low > 1, row.interval.high) for row in rows][:2] == [(True, 5), (True, 5)]
    assert rows[2].interval
    assert (rows[2].interval.low, rows[2].interval.high < 5) == (1, True)


def test_candidates_who_share_no_interviewer_are_listed_group_by_group(raters, recruiter, opening):
    for name, value, group in (("A", 5, 0), ("B", 4, 1), ("C", 3, 0), ("D", 2, 1)):
        score(make_application(opening=opening, name=name), {raters[group]: [value] * 5})

    found = place(read_opening(recruiter, opening))

    assert [row.application.candidate.name for row in found.rows] == ["A", "C", "B", "D"]
    assert sorted(found.groups.values()) == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("stage", "cards", "reason"),
    [
        ("rejected", 2, "Met by nobody who also met the others, so there is no interval."),
        (
            "interviewing",
            1,
            "Met by nobody who also met the others, so there is no interval and no tier. An interview with one of "
            "their interviewers would help.",
        ),
    ],
)
def test_whom_only_outsiders_met_does_not_take_the_order_from_the_others(
    raters, recruiter, opening, stage, cards, reason
):
    for name, values in {"Amara": (5, 5, 4), "Jonas": (3, 3, 3), "Beatriz": (2, 1, 2)}.items():
        score(
            make_application(opening=opening, name=name),
            {rater: [value] * 5 for rater, value in zip(raters, values, strict=True)},
        )
    alone = make_application(opening=opening, name="Alone", stage=stage)
    score(alone, {make_user(): [4] * 5 for _ in range(cards)})

    found = place(read_opening(recruiter, opening))

    assert [(row.application.candidate.name, row.tier, row.interval is None, row.reason) for row in found.rows] == [
        ("Amara", 1, False, ""),
        ("Jonas", 2, False, ""),
        ("Beatriz", 3, False, ""),
        ("Alone", None, True, reason),
    ]
    assert found.groups[alone.pk] == 2


def test_two_groups_that_could_each_be_put_in_order_are_in_none(raters, recruiter, opening):
    for group in (raters, [make_user(), make_user()]):
        for value in (4, 3, 2):
            score(make_application(opening=opening), {rater: [value] * 5 for rater in group})

    found = place(read_opening(recruiter, opening))

    assert {(row.tier, row.interval) for row in found.rows} == {(None, None)}
    assert {row.reason for row in found.rows} == {"No interval and no tier for this panel yet."}


def test_standings_give_a_possible_range_where_something_was_not_observed(raters, recruiter):
    opening = make_opening(recruiter=recruiter, dimensions=2, weights=[60, 40])
    application = make_application(opening=opening)
    score(application, {raters[0]: [4, 2], raters[1]: [2, None]})

    (row,) = place(read_opening(recruiter, opening)).rows

    assert row.total == pytest.approx(0.6 * 3 + 0.4 * 2)
    assert row.possible is not None
    assert (row.possible.low, row.possible.high) == pytest.approx((0.6 * 3 + 0.4 * 1.5, 0.6 * 3 + 0.4 * 3.5))
    assert (row.interval, row.tier) == (None, None)
    assert row.reason == (
        "1 of 4 ratings was not observed, so there is a possible range instead of an interval, and no tier."
    )
    assert row.marks == (Mark("S", "Strategic", 3.0), Mark("M", "Measurable", 2.0))


def test_standings_take_a_gap_outside_the_focus_as_not_asked_for(raters, recruiter):
    opening = make_opening(recruiter=recruiter, dimensions=2)
    application = make_application(opening=opening)
    make_scorecard(application=application, interviewer=raters[0], values=[4], focus=["strategic"], submitted=True)
    make_scorecard(application=application, interviewer=raters[1], values=[2, 3], focus=["measurable"], submitted=True)

    (row,) = place(read_opening(recruiter, opening)).rows

    assert (row.total, row.possible) == (3.0, None)
    assert row.reason == "Interviewers covered different dimensions, so there is no interval and no tier."


def test_standings_leave_shadow_cards_out(raters, recruiter, opening):
    application = make_application(opening=opening)
    score(application, {raters[0]: [4] * 5, raters[1]: [2] * 5})
    make_scorecard(application=application, interviewer=raters[2], values=[5] * 5, submitted=True, is_shadow=True)

    (row,) = place(read_opening(recruiter, opening)).rows

    assert (row.total, row.score.cards if row.score else 0) == (pytest.approx(3.0), 2)


def test_standings_after_the_debrief_take_the_latest_revision(raters, recruiter):
    opening = make_opening(recruiter=recruiter, dimensions=1)
    card = make_scorecard(opening=opening, interviewer=raters[0], values=[2], submitted=True)
    first = card.scores.get()
    for value in (5, 4):
        Revision.objects.create(score=first, value=value, reason=Revision.Reason.DEBRIEF, text="Heard more.")

    totals = [place(read_opening(recruiter, opening), after_debrief=later).rows[0].total for later in (False, True)]

    assert totals == [2.0, 4.0]


def test_standings_keep_sealed_early_and_empty_panels_without_figures(raters, recruiter, interviewer, opening):
    sealed = make_application(opening=opening, name="Sealed")
    make_scorecard(application=sealed, interviewer=raters[0], submitted=True)
    make_scorecard(application=sealed, interviewer=recruiter, values=[1])
    early = make_application(opening=opening, name="Early")
    make_scorecard(application=early, interviewer=raters[0], submitted=True)
    make_scorecard(application=early, interviewer=interviewer)
    make_application(opening=opening, name="Without a card")

    found = place(read_opening(recruiter, opening))

    assert [(row.application.candidate.name, row.score, row.marks, row.reason) for row in found.rows] == [
        ("Early", None, (), "1 of 2 scorecards in; scores open with the last one."),
        ("Sealed", None, (), "Hidden until your own scorecard is in."),
        ("Without a card", None, (), "No scorecard is in yet."),
    ]
    assert found.reading.cards == ()


def test_standings_show_an_interviewer_only_applications_of_own_panels(raters, interviewer, opening):
    met = make_application(opening=opening)
    score(met, {interviewer: [4] * 5, raters[0]: [2] * 5})
    other = make_application(opening=opening)
    score(other, {raters[0]: [5] * 5})

    rows = place(read_opening(interviewer, opening)).rows

    assert [(row.application.pk, row.total) for row in rows] == [(met.pk, pytest.approx(3.0))]


def test_standings_put_those_out_of_the_running_in_no_tier(raters, recruiter, opening):
    for stage, value in ((Application.Stage.WITHDRAWN, 5), (Application.Stage.DEBRIEF, 3)):
        application = make_application(opening=opening, stage=stage)
        score(application, {rater: [value, value, value, value, value] for rater in raters})

    rows = place(read_opening(recruiter, opening)).rows

    assert [(row.application.stage, row.tier, row.reason) for row in rows] == [
        ("debrief", 1, ""),
        ("withdrawn", None, "No longer in the running, so there is no tier."),
    ]


@pytest.mark.parametrize("candidates", [1, 3, 30])
def test_standings_query_count_is_flat(candidates, raters, recruiter, opening, django_assert_num_queries):
    for _ in range(candidates):
        score(make_application(opening=opening), {rater: [3, 4, 3, 4, 5] for rater in raters})

    with django_assert_num_queries(5):
        found = place(read_opening(recruiter, opening))

    assert [row.total for row in found.rows] == [pytest.approx(3.8)] * candidates
