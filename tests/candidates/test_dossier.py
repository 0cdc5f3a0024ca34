"""A candidate's page reads the candidate's own cards, and says of them what the whole opening says."""

import pytest

from candidates.comparison import place, read_opening
from candidates.comparison.reading import read_application
from candidates.comparison.seen import read_ladder
from candidates.comparison.versions import score_panels
from candidates.dossier import read_applications, read_chapter
from candidates.models import Opening, OpeningWeight, Revision, Score, Scorecard
from candidates.statistics.totals import PanelScore
from candidates.synthetic import make_round
from smarter.accounts.models import User
from tests.factories import make_application, make_scorecard, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def patchy() -> Opening:
    """A round with what makes panels differ: a shadow, what was not observed, a focus, a weight of nothing."""
    opening = make_round(candidates=9, interviewers=6, per_candidate=4, seed=5)
    first, second, third = (
        Scorecard.objects.filter(interview__application=row).submitted().order_by("pk")[0]
        for row in opening.applications.order_by("pk")[:3]
    )
    Scorecard.objects.filter(pk=first.pk).update(is_shadow=True)
    Score.objects.filter(pk=second.scores.order_by("pk")[0].pk).update(value=None, not_observed="did_not_come_up")
    third.scores.order_by("pk")[0].delete()
    Scorecard.objects.filter(pk=third.pk).update(focus=["strategic"])
    Revision.objects.create(score=second.scores.order_by("pk")[1], value=1, reason="slip", text="Meant a one.")
    OpeningWeight.objects.filter(opening=opening, dimension_key="teams").update(points=0)
    return opening


def figures(score: PanelScore | None) -> object:
    """All that a score says; sums of many ratings differ from sums of few in the last bits."""
    if score is None or score.total is None:
        return score
    means = {
        key: (round(row.mean, 9), row.median, row.values, row.interviewers) for key, row in score.dimensions.items()
    }
    return (round(score.total, 9), score.coverage, round(score.low, 9), round(score.high, 9), score.complete, means)


def test_one_application_scores_as_among_all(patchy: Opening, recruiter: User) -> None:
    patchy.members.create(user=recruiter, role="recruiter")
    found = place(read_opening(recruiter, patchy))

    alone = {
        row.application.pk: score_panels(read_application(recruiter, row.application), found.weights, found.apart).get(
            row.application.pk
        )
        for row in found.rows
    }

    assert {pk: figures(score) for pk, score in alone.items()} == {
        row.application.pk: figures(row.score) for row in found.rows
    }
    assert [score for score in alone.values() if score is None] == []


def test_a_chapter_stands_where_the_list_has_it(patchy: Opening, recruiter: User) -> None:
    patchy.members.create(user=recruiter, role="recruiter")
    rungs = read_ladder(recruiter, patchy).rungs

    chapters = [
        read_chapter(recruiter, application)
        for rung in rungs
        for application in read_applications(recruiter, patchy.applications.get(pk=rung.application).candidate)
    ]

    assert [chapter.standing for chapter in chapters] == list(rungs)
    assert [tuple(row.mean for row in chapter.dimensions) for chapter in chapters] == [rung.means for rung in rungs]
    tiers: dict[int | None, set[str]] = {}
    for rung in rungs:
        tiers.setdefault(rung.tier, set()).add(rung.name)
    assert [{chapter.standing.name, *chapter.peers} for chapter in chapters if chapter.standing.tier] == [
        tiers[rung.tier] for rung in rungs if rung.tier
    ]


def test_who_is_sealed_reads_no_card_of_the_application(opening: Opening) -> None:
    sealed = make_user()
    application = make_application(opening=opening)
    make_scorecard(application=application, submitted=True)
    make_scorecard(application=application, interviewer=sealed)
    (mine,) = read_applications(sealed, application.candidate)

    reading = read_application(sealed, mine)

    assert (reading.cards, reading.first_ratings, reading.not_observed, reading.revisions) == ((), {}, [], {})
