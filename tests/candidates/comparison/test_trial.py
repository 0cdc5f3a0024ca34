"""Do the weights decide: shares, flips, points to move and presets, against figures worked by hand."""

import pytest

from candidates.comparison import place, read_opening
from candidates.comparison.choice import Choice
from candidates.comparison.naming import name_candidates
from candidates.comparison.trial import share_words, short, try_weights, whole_points
from candidates.models import Application, Opening
from smarter.accounts.models import User
from tests.factories import make_application, make_opening, make_scorecard, make_user


def rated(opening: Opening, name: str, values: list[int | None]) -> Application:
    """A candidate with one submitted card, from the same interviewer as all others."""
    application = make_application(opening=opening, name=name)
    rater = User.objects.filter(email="rater@example.com").first() or make_user(email="rater@example.com")
    make_scorecard(application=application, interviewer=rater, values=values, submitted=True)
    return application


def trial_of(user: User, opening: Opening, choice: Choice = Choice()):  # noqa: B008 - frozen
    """The panel for all candidates of the opening."""
    found = place(read_opening(user, opening))
    columns = [row.application.pk for row in found.rows]
    return try_weights(found, columns, name_candidates(found.reading), choice)


def test_trial_of_two_candidates_is_exact(recruiter):
    opening = make_opening(recruiter=recruiter, dimensions=2, weights=[70, 30])
    rated(opening, "Amara", [5, 2])
    rated(opening, "Jonas", [4, 4])

    trial = trial_of(recruiter, opening)

    # Amara leads by 1 on the first and trails by 2 on the second: ahead while 1w > 2(1 - w), so above 2/3.
    assert trial.leader == "Amara"
    assert [(share.name, share.everywhere) for share in trial.shares] == [("Amara", "33%"), ("Jonas", "67%")]
    flips = {(flip.dimension, flip.more): (flip.at, flip.now, flip.name) for row in trial.weights for flip in row.flips}
    assert flips == {("Strategic", False): ("67%", "70%", "Jonas"), ("Measurable", True): ("33%", "30%", "Jonas")}
    assert trial.points_to_move == "4"  # 3⅓, in whole points
    assert trial.nearest is not None


def test_trial_says_who_is_level_at_the_top(recruiter):
    opening = make_opening(recruiter=recruiter, dimensions=2)
    for name, values in {"Amara": [5, 3], "Jonas": [3, 5], "Beatriz": [4, 3]}.items():
        rated(opening, name, values)

    trial = trial_of(recruiter, opening)

    assert (trial.level, trial.points_to_move) == ("Amara and Jonas", "0")
    assert trial_of(recruiter, opening, Choice()).leader == "Amara"


def test_trial_says_when_no_weighting_reverses_the_order(recruiter):
    opening = make_opening(recruiter=recruiter, dimensions=2)
    rated(opening, "Amara", [5, 4])
    rated(opening, "Jonas", [4, 3])

    trial = trial_of(recruiter, opening)

    assert (trial.points_to_move, trial.nearest) == ("", None)
    assert [(share.name, share.everywhere, share.nearby) for share in trial.shares] == [
        ("Amara", "100%", "100%"),
        ("Jonas", "0%", "0%"),
    ]


def test_trial_leaves_out_whoever_lacks_a_dimension_and_refuses_fewer_than_two(recruiter):
    opening = make_opening(recruiter=recruiter, dimensions=2)
    rated(opening, "Amara", [5, 4])
    rated(opening, "Jonas", [4, None])

    trial = trial_of(recruiter, opening)

    assert trial.left_out == ("Jonas is left out: a dimension has no rating.",)
    assert trial.refusal == "Weights can decide only between two or more candidates who were rated on every dimension."
    assert [weight.points for weight in trial.weights] == ["50", "50"]


def test_trial_says_nothing_across_panels_that_share_no_interviewer(recruiter):
    opening = make_opening(recruiter=recruiter, dimensions=2)
    for name, values in {"Amara": [5, 2], "Jonas": [4, 4]}.items():
        make_scorecard(application=make_application(opening=opening, name=name), values=values, submitted=True)

    trial = trial_of(recruiter, opening)

    assert trial.refusal == "The panels of these candidates share no interviewer, so nobody is first under any weights."
    assert (trial.leader, trial.shares, trial.nearest) == ("", (), None)
    assert [row.flips for row in trial.weights] == [(), ()]


def test_trial_leaves_out_whom_only_an_outsider_met(recruiter):
    opening = make_opening(recruiter=recruiter, dimensions=2)
    raters = [make_user() for _ in range(3)]
    for name, values in {"Amara": [5, 2], "Jonas": [4, 4]}.items():
        application = make_application(opening=opening, name=name)
        for rater in raters:
            make_scorecard(application=application, interviewer=rater, values=values, submitted=True)
    make_scorecard(application=make_application(opening=opening, name="Alone"), values=[5, 5], submitted=True)

    trial = trial_of(recruiter, opening)

    assert (trial.leader, {share.name for share in trial.shares}) == ("Jonas", {"Amara", "Jonas"})
    assert trial.left_out == ("Alone is left out: met by nobody who also met the others.",)


def test_presets_hold_equal_weights_and_twice_the_weight_where_the_lead_is_nearest(recruiter):
    opening = make_opening(recruiter=recruiter, dimensions=2, weights=[70, 30])
    application = rated(opening, "Amara", [5, 2])
    rated(opening, "Jonas", [4, 4])

    trial = trial_of(recruiter, opening, Choice(columns=(application.pk,), names="masked"))

    start = f"?c={application.pk}&names=masked"
    assert [(preset.label, preset.query, preset.is_current) for preset in trial.presets] == [
        ("This opening", start, True),
        ("All equal", f"{start}&w_strategic=50&w_measurable=50", False),
        ("Strategic ×2", f"{start}&w_strategic=100&w_measurable=0", False),
        ("Measurable ×2", f"{start}&w_strategic=40&w_measurable=60", False),
    ]


@pytest.mark.parametrize(
    ("weights", "points"),
    [
        ({"a": 1, "b": 1, "c": 1}, {"a": 34, "b": 33, "c": 33}),
        ({"a": 20.4, "b": 20.6, "c": 59}, {"a": 20, "b": 21, "c": 59}),
        ({"a": 0, "b": 7}, {"a": 0, "b": 100}),
    ],
)
def test_whole_points_total_100(weights, points):
    assert whole_points(weights) == points


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0%"), (0.001, "under 1%"), (0.774, "77%"), (0.9996, "over 99%"), (1.0, "100%")],
)
def test_shares_claim_all_or_nothing_only_without_exception(share, words):
    assert share_words(share) == words


def test_points_are_short():
    assert [short(points) for points in (20, 33.333, 12.5)] == ["20", "33.3", "12.5"]
