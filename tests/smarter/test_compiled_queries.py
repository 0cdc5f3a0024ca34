"""Query sets that are put together once answer what they would answer put together anew."""

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from weakref import ref

import pytest
from django.db import connection, connections
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from candidates.models import Scorecard
from smarter.accounts.models import User
from smarter.compiled_queries import FIRST_STAND_IN, compiled, forget
from tests.factories import make_application, make_scorecard, make_user

pytestmark = pytest.mark.django_db
built: list[tuple[int, int]] = []


@compiled
def cards_between(user: int, least: int) -> QuerySet[Scorecard]:
    """Cards of somebody from a key on, with something joined and something counted."""
    built.append((user, least))
    cards = Scorecard.objects.filter(interviewer=user, pk__gte=least, state="submitted")
    return cards.select_related("interview__application").annotate(number=Count("scores")).order_by("pk")


@compiled
def names(user: int) -> QuerySet[User, str]:
    """Not models, and cut short."""
    return User.objects.filter(pk__lte=user).order_by("-pk").values_list("name", flat=True)[:2]


@compiled
def elsewhere(user: int) -> QuerySet[User]:
    """The key goes into a piece of SQL instead of a parameter."""
    return User.objects.extra(where=[f"id = {user}"])  # noqa: S610  what a build must not do


@compiled
def inside(user: int) -> QuerySet[User]:
    """The key is a parameter, and goes into a piece of SQL besides."""
    return User.objects.filter(pk=user).extra(where=[f"id = {user}"])  # noqa: S610  what a build must not do


@compiled
def named(user: int) -> QuerySet[User]:
    """The key is a parameter, and part of another besides."""
    return User.objects.filter(Q(pk=user) | Q(name=f"Person {user}"))


@compiled
def beside(user: int, other: int) -> QuerySet[User]:
    """Something is worked out from one key, and looks like the other."""
    return User.objects.filter(Q(pk=user) | Q(pk=user + 1) | Q(pk=other))


@compiled
def joined_by_now(user: int) -> QuerySet[User]:
    """The present moment differs between two calls."""
    return User.objects.filter(pk=user, date_joined__lte=timezone.now())


def test_each_call_answers_for_its_own_keys() -> None:
    users = [make_user(), make_user()]
    cards = [make_scorecard(interviewer=user, submitted=True, values=[3]) for user in users for _ in range(3)]
    make_scorecard(interviewer=users[0])

    asked = [cards_between(users[0].pk, 0), cards_between(users[1].pk, cards[4].pk), cards_between(users[0].pk, 0)]

    assert asked == [cards[:3], cards[4:], cards[:3]]


def test_rows_carry_what_was_joined_and_annotated(django_assert_num_queries: object) -> None:
    user = make_user()
    card = make_scorecard(interviewer=user, submitted=True, values=[3, 4])

    with django_assert_num_queries(1):  # type: ignore[operator]
        (found,) = cards_between(user.pk, 0)
        read = (found.number, found.interview.application, found.state)

    assert read == (2, card.interview.application, "submitted")


def test_it_is_put_together_once() -> None:
    forget()
    built.clear()
    cards_between(make_user().pk, 0)
    cards_between(make_user().pk, 1)

    assert len(built) == 2  # with two sets of numbers, which are compared


def test_values_and_a_limit_stay() -> None:
    users = [make_user(name=f"Person {number}") for number in range(3)]

    assert (names(users[2].pk), names(users[1].pk)) == (["Person 2", "Person 1"], ["Person 1", "Person 0"])


def test_a_key_that_is_no_parameter_is_refused() -> None:
    with pytest.raises(ValueError, match="elsewhere: 1 of its keys are no parameters of the statement"):
        elsewhere(make_user().pk)


@pytest.mark.parametrize("build", [inside, named, joined_by_now])
def test_what_would_differ_between_two_calls_is_refused(build: Callable[[int], list[User]]) -> None:
    with pytest.raises(ValueError, match="its statement differs by more than its keys"):
        build(make_user().pk)


def test_what_is_worked_out_from_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match="beside: its statement differs by more than its keys"):
        beside(make_user().pk, 0)


def test_a_key_that_no_row_can_have_is_answered() -> None:
    user = make_user()
    card = make_scorecard(interviewer=user, submitted=True, values=[3])

    assert [cards_between(user.pk, 2**63), cards_between(user.pk, -(10**25))] == [[], [card]]


def test_a_key_that_equals_what_stands_for_another_is_itself() -> None:
    user = make_user()
    card = make_scorecard(interviewer=user, submitted=True, values=[3])
    cards_between(user.pk, 0)

    assert (cards_between(user.pk, FIRST_STAND_IN), cards_between(FIRST_STAND_IN + 1, card.pk)) == ([], [])


def test_a_key_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        names(1, 2)


@pytest.mark.django_db(transaction=True)
def test_every_thread_asks_over_its_own_connection() -> None:
    user = make_user()
    make_scorecard(application=make_application(), interviewer=user, submitted=True, values=[3])
    mine = connection.connection

    def ask() -> tuple[int, bool]:
        try:
            return len(cards_between(user.pk, 0)), connection.connection is not mine
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(ask).result()

    assert (other, len(cards_between(user.pk, 0))) == ((1, True), 1)


@pytest.mark.django_db(transaction=True)
def test_the_connection_it_was_put_together_over_is_not_kept() -> None:
    forget()

    def ask() -> object:
        try:
            names(1)
            return ref(connections["default"])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(ask).result()
    gc.collect()

    assert other() is None  # type: ignore[operator]
