"""The demo round loads once, around today, and never in production."""

import json
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from candidates.demo.loading import PASSWORD, PERSONAS, ROUND, load_demo, working_day
from candidates.models import Application, Candidate, Interview, Opening, QuestionNote, Score, Scorecard
from rubrics.exchange import BUILT_IN, publish_rubric
from rubrics.file_format import read_document
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_candidate

pytestmark = pytest.mark.django_db
CONTENT = json.loads(ROUND.read_text(encoding="utf-8"))
CARDS = [
    (candidate["email"], interview["title"], card)
    for opening in CONTENT["openings"]
    for candidate in opening["candidates"]
    for interview in candidate["interviews"]
    for card in interview["cards"]
]


@pytest.fixture(autouse=True)
def debug(settings):
    """The demo round is for machines on which nobody works."""
    settings.DEBUG = True


def test_everything_in_the_file_is_loaded():
    load_demo()

    assert list(Opening.objects.order_by("pk").values_list("title", flat=True)) == [
        row["title"] for row in CONTENT["openings"]
    ]
    assert [Application.objects.count(), Scorecard.objects.count()] == [
        sum(len(row["candidates"]) for row in CONTENT["openings"]),
        len(CARDS),
    ]
    loaded = {
        (
            score.scorecard.interview.application.candidate.email,
            score.scorecard.interview.title,
            score.scorecard.interviewer.email,
            score.dimension.letter,
            score.value or score.not_observed,
            score.evidence,
            score.is_final,
        )
        for score in Score.objects.select_related(
            "scorecard__interview__application__candidate", "scorecard__interviewer", "dimension"
        )
    }
    assert loaded == {
        (
            email,
            title,
            card["interviewer"],
            letter,
            score.get("value") or score["not_observed"],
            score.get("evidence", ""),
            card["state"] == "submitted",
        )
        for email, title, card in CARDS
        for letter, score in card["scores"].items()
    }
    assert QuestionNote.objects.count() == sum(len(card["notes"]) for *_rest, card in CARDS)
    assert Counter(Scorecard.objects.values_list("state", flat=True)) == Counter(
        card["state"] for *_rest, card in CARDS
    )


def test_times_make_sense_whatever_the_day():
    load_demo()

    now = timezone.now()
    for card in Scorecard.objects.submitted().select_related("interview"):
        assert card.interview.ends_at < card.submitted_at <= now
    assert Interview.objects.filter(starts_at__gt=now).exists()
    assert Scorecard.objects.filter(declined_at__gt=now).count() == 0
    pinned = set(Interview.objects.exclude(rubric_version=None).values_list("pk", flat=True))
    assert pinned == set(Scorecard.objects.exclude(opened_at=None).values_list("interview", flat=True))


def test_interviews_are_on_working_days_in_their_order_whatever_the_day():
    offsets = range(-10, 3)
    fortnight = [date(2026, 6, 1) + timedelta(days=number) for number in range(14)]

    for today in fortnight:
        days = [working_day(today, offset) for offset in offsets]
        assert all(day.weekday() < 5 for day in days)
        assert sorted(set(days)) == days
        assert days[10] <= today < days[11]


def test_personas_sign_in_with_the_printed_password(capsys):
    call_command("demo")

    printed = capsys.readouterr().out
    assert PASSWORD in printed
    assert all(address in printed for address in PERSONAS)
    assert all(User.objects.get(email=address).check_password(PASSWORD) for address in PERSONAS)
    assert [User.objects.get(email="admin@example.com").is_admin, User.objects.filter(is_admin=True).count()] == [
        True,
        1,
    ]


def test_round_is_marked_as_demo():
    load_demo()

    assert Candidate.objects.exclude(note__startswith="Demo: ").count() == 0
    assert Opening.objects.exclude(brief__startswith="Demo: ").count() == 0


def test_demo_scores_on_the_built_in_text_even_where_it_was_edited(admin):
    document = read_document(BUILT_IN.read_bytes())
    built_in = publish_rubric(document=document, user=None).version
    document["dimensions"][0]["questions"].pop()
    publish_rubric(document=document | {"exercises": []}, user=admin)

    load_demo()

    assert set(Opening.objects.values_list("rubric_version", flat=True)) == {built_in.pk}


def test_demo_refuses_in_production(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="DEBUG=1 only"):
        call_command("demo")

    assert User.objects.count() == 0


def test_demo_refuses_where_there_are_candidates():
    make_candidate()

    with pytest.raises(CommandError, match="candidates already"):
        call_command("demo")


def test_the_history_tells_what_the_rows_say():
    load_demo()

    events = AuditEvent.objects.filter(detail={"demo": True})
    counted = Counter(events.values_list("act", flat=True))
    states = Counter(card["state"] for _, _, card in CARDS)
    assert counted == Counter(
        {
            "candidate.create": Candidate.objects.count(),
            "application.create": Application.objects.count(),
            "interview.create": Interview.objects.count(),
            "scorecard.open": states["draft"] + states["submitted"],
            "scorecard.submit": states["submitted"],
            "scorecard.decline": states["declined"],
        }
    )
    submitted = set(Scorecard.objects.submitted().values_list("pk", "interviewer", "submitted_at"))
    assert set(events.filter(act="scorecard.submit").values_list("subject_id", "actor", "recorded_at")) == submitted
