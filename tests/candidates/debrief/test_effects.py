"""What settling a disagreement would do, by hand-worked figures."""

import pytest

from candidates.comparison import place, read_opening
from candidates.debrief.effects import NOT_TRIED, effect_of_settling
from candidates.debrief.page import read_debrief
from candidates.models import Application, Debrief, Opening
from smarter.accounts.models import User
from tests.factories import make_application, make_opening, make_scorecard, make_user


@pytest.fixture
def two_rated(recruiter: User) -> Opening:
    """Two dimensions of equal weight."""
    return make_opening(recruiter=recruiter, dimensions=2, weights=[50, 50])


def rate(opening: Opening, name: str, panel: list[User], *cards: list[int], **fields: str) -> Application:
    """A candidate with one submitted card from each of the panel."""
    application = make_application(opening=opening, name=name, **fields)
    for rater, values in zip(panel, cards, strict=True):
        make_scorecard(application=application, interviewer=rater, values=values, submitted=True)
    return application


def test_a_new_leader_is_named_without_figures_where_nobody_knows_how_sure_they_are(recruiter, two_rated):
    panel = [make_user(), make_user()]
    rate(two_rated, "Amara", panel, [4, 4], [4, 4])  # 4.00
    jonas = rate(two_rated, "Jonas", panel, [3, 4], [5, 3])  # (4 + 3.5) / 2 = 3.75; settled at 5: 4.25

    effect = effect_of_settling(place(read_opening(recruiter, two_rated)), jonas.pk, "strategic", (3, 5))

    assert (effect.matters, effect.words) == (True, "Settled at 5, Jonas would lead Amara; how surely can’t be said.")


def test_a_new_leader_is_named_with_both_totals_and_their_intervals(recruiter, two_rated):
    panel = [make_user(), make_user(), make_user()]
    rate(two_rated, "Amara", panel, [4, 4], [4, 5], [4, 3])  # 4.00
    jonas = rate(two_rated, "Jonas", panel, [3, 4], [5, 4], [3, 4])  # 3.83; settled at 5: 4.50
    rate(two_rated, "Beatriz", panel, [2, 1], [2, 2], [1, 2])

    effect = effect_of_settling(place(read_opening(recruiter, two_rated)), jonas.pk, "strategic", (3, 5))

    assert effect.words == "Settled at 5, Jonas would lead Amara, 4.50 (4.1–4.9) to 4.00 (3.6–4.4)."
    assert effect.matters


def test_drawing_level_with_the_leader_is_no_lead(recruiter, two_rated):
    panel = [make_user(), make_user()]
    rate(two_rated, "Zoe", panel, [4, 4], [4, 4])  # 4.00
    amara = rate(two_rated, "Amara", panel, [2, 4], [4, 4])  # 3.50; settled at 4: 4.00, and first by name

    effect = effect_of_settling(place(read_opening(recruiter, two_rated)), amara.pk, "strategic", (2, 4))

    assert (effect.matters, effect.words) == (True, "Settled at 4, Amara would be level with Zoe.")


def test_panels_without_an_interviewer_in_common_have_no_order_to_change(recruiter, two_rated):
    rate(two_rated, "Amara", [make_user(), make_user()], [4, 4], [4, 4])
    jonas = rate(two_rated, "Jonas", [make_user(), make_user()], [3, 4], [5, 3])

    effect = effect_of_settling(place(read_opening(recruiter, two_rated)), jonas.pk, "strategic", (3, 5))

    assert effect.matters is False
    assert effect.words == "2 apart. The panels share no interviewer, so there is no order that it could change."


def test_who_is_passed_when_the_leader_falls_back(recruiter, two_rated):
    panel = [make_user(), make_user()]
    amara = rate(two_rated, "Amara", panel, [5, 4], [3, 4])  # 4.00; settled at 3: 3.50
    rate(two_rated, "Jonas", panel, [4, 3], [4, 4])  # 3.75

    effect = effect_of_settling(place(read_opening(recruiter, two_rated)), amara.pk, "strategic", (3, 5))

    assert effect.words == "Settled at 3, Jonas would lead Amara; how surely can’t be said."


@pytest.mark.parametrize("stage", ["rejected", "withdrawn", "hired"])
def test_who_is_out_of_play_does_not_lead(recruiter, two_rated, stage):
    panel = [make_user(), make_user()]
    rate(two_rated, "Gone", panel, [5, 5], [5, 5], stage=stage)
    rate(two_rated, "Amara", panel, [4, 4], [4, 4])
    jonas = rate(two_rated, "Jonas", panel, [3, 4], [5, 3])

    effect = effect_of_settling(place(read_opening(recruiter, two_rated)), jonas.pk, "strategic", (3, 5))

    assert effect.words == (
        "Settled at 5, Jonas would lead Amara, 4.25 (3.9–4.6) to 4.00 (3.6–4.4). "
        "The panel would not clearly separate them."
    )


def test_nothing_changes_far_from_everybody(recruiter, two_rated):
    panel = [make_user(), make_user()]
    rate(two_rated, "Amara", panel, [5, 5], [5, 5])
    jonas = rate(two_rated, "Jonas", panel, [1, 2], [3, 2])

    effect = effect_of_settling(place(read_opening(recruiter, two_rated)), jonas.pk, "strategic", (1, 3))

    assert (effect.matters, effect.words) == (False, "2 apart. The order stays either way.")


def test_in_a_very_large_opening_only_the_widest_are_tried(recruiter, two_rated, monkeypatch):
    monkeypatch.setattr("candidates.debrief.items.MOST_WEIGHED", 4)
    panel = [make_user(), make_user()]
    rate(two_rated, "Amara", panel, [4, 2], [4, 5], stage="debrief")
    rate(two_rated, "Jonas", panel, [3, 4], [5, 4], stage="debrief")
    debrief = Debrief.objects.create(opening=two_rated, opened_by=recruiter)

    items = read_debrief(recruiter, read_opening(recruiter, two_rated), debrief).items

    assert [(item.dimension.key, item.spread, item.effect is NOT_TRIED) for item in items] == [
        ("measurable", 3, False),
        ("strategic", 2, True),
    ]
