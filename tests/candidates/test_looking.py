"""The trace that reading leaves: whose first sight of what, written once and then asked for in one query."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from candidates.looking import LookRefused, look_early, note_sight
from candidates.models import Application, EarlyLook, Opening, Scorecard, Sight
from smarter.accounts.models import User
from tests.factories import make_application, make_scorecard


def submitted(opening: Opening, **fields: Any) -> Scorecard:
    """A card that is in, of a candidate of its own."""
    return make_scorecard(application=make_application(opening=opening), submitted=True, **fields)


def sights() -> set[tuple[int, int]]:
    """Who has read scores of which application."""
    return set(Sight.objects.values_list("application", "viewer"))


def stamped() -> set[int]:
    """The cards that somebody else has read."""
    return set(Scorecard.objects.filter(first_seen_at__isnull=False).values_list("pk", flat=True))


def test_only_others_cards_that_are_in_leave_a_trace(opening: Opening, manager: User) -> None:
    theirs = submitted(opening)
    own = submitted(opening, interviewer=manager)
    draft = make_scorecard(application=make_application(opening=opening), values=[3])
    beside = submitted(opening)

    note_sight(user=manager, cards=[theirs, own, draft])

    assert sights() == {(theirs.interview.application_id, manager.pk)}
    assert stamped() == {theirs.pk}
    assert beside.pk not in stamped()


def test_once_known_it_takes_one_query(opening: Opening, manager: User, django_assert_num_queries: Any) -> None:
    cards = [submitted(opening) for _ in range(3)]
    note_sight(user=manager, cards=cards)
    again = list(Scorecard.objects.select_related("interview"))

    with django_assert_num_queries(1):
        note_sight(user=manager, cards=again)


def test_what_somebody_else_has_seen_is_still_new_to_me(opening: Opening, manager: User, recruiter: User) -> None:
    card = submitted(opening)
    note_sight(user=recruiter, cards=[card])
    first_seen_at = Scorecard.objects.get(pk=card.pk).first_seen_at

    note_sight(user=manager, cards=list(Scorecard.objects.select_related("interview")))

    assert sights() == {(card.interview.application_id, person.pk) for person in (recruiter, manager)}
    assert Scorecard.objects.get(pk=card.pk).first_seen_at == first_seen_at


def test_a_new_card_of_a_known_application_and_a_new_application_are_noted(opening: Opening, manager: User) -> None:
    first = submitted(opening)
    note_sight(user=manager, cards=[first])
    later = make_scorecard(interview=first.interview, submitted=True)
    other = submitted(opening, first_seen_at=timezone.now())

    note_sight(user=manager, cards=list(Scorecard.objects.filter(pk__in=[first.pk, later.pk]).with_context()))
    assert later.pk in stamped()
    note_sight(user=manager, cards=list(Scorecard.objects.with_context()))

    assert sights() == {(card.interview.application_id, manager.pk) for card in (first, other)}
    assert Sight.objects.count() == 2


def test_a_sight_noted_meanwhile_keeps_its_time(opening: Opening, manager: User) -> None:
    read_before = submitted(opening)
    earlier = timezone.now() - timedelta(hours=1)
    Scorecard.objects.filter(pk=read_before.pk).update(first_seen_at=earlier)

    note_sight(user=manager, cards=[read_before])

    assert Scorecard.objects.get(pk=read_before.pk).first_seen_at == earlier


def test_an_early_look_names_its_application(opening: Opening, recruiter: User) -> None:
    complete = submitted(opening).interview.application
    rows = [submitted(opening).interview.application for _ in range(2)]
    for row in rows:
        make_scorecard(application=row)

    with pytest.raises(LookRefused):
        look_early(user=recruiter, application_id=complete.pk)
    look = look_early(user=recruiter, application_id=rows[1].pk)

    assert EarlyLook.objects.get() == look
    assert (look.application, look.viewer) == (rows[1], recruiter)
    assert set(Application.objects.open_to_early_look(recruiter)) == {rows[0]}
