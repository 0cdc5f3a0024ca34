"""What goes out comes back the same: into an empty opening, whatever the texts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidates.demo.loading import load_demo
from candidates.exchange.score_export import score_rows, scores_of
from candidates.exchange.score_rows import COLUMNS
from candidates.exchange.tables import write_csv
from candidates.models import Interview, NotObserved, Opening, Revision, Score, Scorecard
from tests.candidates.exchange.files import NOBODY, load, state_of
from tests.factories import make_application, make_candidate, make_interview, make_opening, make_scorecard, make_user

ODD = st.one_of(
    st.text(alphabet=st.sampled_from("=+-@＝＋－＠' \t\r\n\"a1\u00a0,;é"), max_size=15),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=15),
)
NAMES = (
    st.text(alphabet="=+-@＝' abcÉ,;\"", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda name: name and "@" not in name)
)


def exported(opening: Opening) -> bytes:
    """The file of an opening, as the command writes it."""
    return write_csv(COLUMNS, score_rows(scores_of(opening, user=None))).encode()


def twin(opening: Opening) -> Opening:
    """An empty opening on the same rubric."""
    return make_opening(rubric_version=opening.rubric_version)


@pytest.mark.django_db
def test_demo_round_comes_back(settings):
    settings.DEBUG = True
    opening = load_demo()[0]
    score = Score.objects.filter(scorecard__interview__application__opening=opening, is_final=True).first()
    Revision.objects.create(score=score, value=2, reason="slip", text="=I meant 2,\n“two”")
    Revision.objects.create(score=score, value=3, reason="debrief", text="No, 3")
    Scorecard.objects.filter(pk=score.scorecard_id).update(is_independent=False)
    other = twin(opening)

    imported = load(other, exported(opening))

    assert (imported.new_cards, imported.new_interviewers) == (22, [])
    assert state_of(other) == state_of(opening)
    assert load(opening, exported(opening), creating=NOBODY).new_cards == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    names=st.tuples(NAMES, NAMES),
    evidence=st.lists(ODD, min_size=4, max_size=4),
    title=NAMES,
    summary=ODD,
    value=st.integers(1, 5),
    recommendation=st.sampled_from([None, 1, 2, 3, 4]),
    shadow=st.booleans(),
    focus=st.sampled_from([[], ["strategic"], ["measurable", "strategic"]]),
    starts_at=st.one_of(
        st.none(),
        st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    ),
)
def test_any_texts_come_back(db, names, evidence, title, summary, value, recommendation, shadow, focus, starts_at):
    opening = make_opening(dimensions=2)
    for name, fields, texts in zip(names, [{"email": ""}, {}], (evidence[:2], evidence[2:]), strict=True):
        application = make_application(opening=opening, candidate=make_candidate(name=name, **fields))
        interview = make_interview(application=application, title=title)
        Interview.objects.filter(pk=interview.pk).update(starts_at=starts_at)
        card = make_scorecard(
            interview=interview,
            interviewer=make_user(name=name),
            values=[value, None],
            submitted=True,
            recommendation=recommendation,
            is_shadow=shadow,
            focus=focus,
            summary=summary,
            submitted_at=timezone.now() - timedelta(days=2),
        )
        for score, text in zip(card.scores.all(), texts, strict=True):
            Score.objects.filter(pk=score.pk).update(evidence=text)
    Score.objects.filter(value=None).update(not_observed=NotObserved.NO_EXAMPLE)
    other = twin(opening)

    load(other, exported(opening))

    assert state_of(other) == state_of(opening)
