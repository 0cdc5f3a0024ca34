"""Synthetic rounds have the size asked for and are the same for the same seed."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count

from candidates.models import Application, Opening, Score, Scorecard
from candidates.synthetic import make_round
from smarter.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def ratings_of(opening):
    """All ratings in order."""
    scores = Score.objects.filter(scorecard__interview__application__opening=opening)
    return list(scores.order_by("scorecard", "dimension__position").values_list("value", flat=True))


def test_round_has_the_size_asked_for(recruiter):
    opening = make_round(candidates=7, interviewers=5, per_candidate=3, seed=1, title="Bench")

    cards = Scorecard.objects.filter(interview__application__opening=opening)
    assert (opening.title, opening.applications.count(), cards.count(), len(ratings_of(opening))) == (
        "Bench",
        7,
        21,
        105,
    )
    assert set(cards.values_list("state", flat=True)) == {"submitted"}
    assert set(
        cards.values_list("interview__application")
        .annotate(raters=Count("interviewer", distinct=True))
        .values_list("raters", flat=True)
    ) == {3}
    assert Application.objects.with_seal(recruiter).filter(is_complete=True, is_readable=True).count() == 7
    assert AuditEvent.objects.get(act="opening.create").subject_id == opening.pk


def test_same_seed_gives_the_same_ratings():
    size = {"candidates": 5, "interviewers": 4, "per_candidate": 2}

    assert ratings_of(make_round(**size, seed=3)) == ratings_of(make_round(**size, seed=3))
    assert ratings_of(make_round(**size, seed=3)) != ratings_of(make_round(**size, seed=4))


def test_ratings_use_the_whole_scale_and_candidates_differ():
    opening = make_round(candidates=60, interviewers=6, per_candidate=3, seed=2)

    ratings = ratings_of(opening)
    means = [sum(ratings[start : start + 15]) / 15 for start in range(0, len(ratings), 15)]
    assert set(ratings) == {1, 2, 3, 4, 5}
    assert max(means) - min(means) > 1.5


def test_command_says_what_it_made(capsys):
    call_command("make_round", candidates=3, interviewers=2, per_candidate=2, seed=1, opening="Bench")

    assert capsys.readouterr().out.endswith(f"Made opening {Opening.objects.get().pk}, Bench: 6 scorecards.\n")


@pytest.mark.parametrize("size", [{"candidates": 0}, {"per_candidate": 9}, {"per_candidate": 0}])
def test_impossible_sizes_are_refused(size):
    with pytest.raises(CommandError, match="at least one scorecard"):
        call_command("make_round", **{"candidates": 3, "interviewers": 2, "per_candidate": 2, **size})

    assert Opening.objects.count() == 0
