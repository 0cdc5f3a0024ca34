"""The faults that bench/mutation.py puts into the code: which are made, and that they reach whoever uses the code."""

from collections.abc import Iterator

import pytest

from bench.mutants import mutants, narrowing_steps
from bench.mutation import made, put_in
from bench.mutation_targets import EQUIVALENT, TARGETS, Target
from candidates.access import ScorecardQuerySet
from candidates.models import Decision, Scorecard
from smarter.accounts.models import User
from tests.factories import make_scorecard
from tests.source import ROOT

SOURCE = '''
class CardQuerySet:
    def own(self, user) -> Self:
        """Own ones."""
        return self.filter(Q(a=1, b=2) | ~Q(c=True), user=user)

    def first_of(self, rows):
        if not rows or rows[0] < 3:
            raise Missing
        return [row for row in self.own(1) if row]
'''


def test_each_comparison_condition_and_filter_has_its_faults() -> None:
    steps = narrowing_steps([SOURCE])
    found = {f"{fault.before} -> {fault.after}" for fault in mutants(SOURCE, steps=steps)}

    assert steps == {"own"}
    assert found == {
        "self.filter(Q(a=1, b=2) | ~Q(c=True), user=user) -> self.all()",
        "self.filter(Q(a=1, b=2) | ~Q(c=True), user=user) -> self.filter(user=user)",
        "self.filter(Q(a=1, b=2) | ~Q(c=True), user=user) -> self.filter(Q(a=1, b=2) | ~Q(c=True))",
        "Q(a=1, b=2) | ~Q(c=True) -> Q(a=1, b=2)",
        "Q(a=1, b=2) | ~Q(c=True) -> ~Q(c=True)",
        "Q(a=1, b=2) -> Q(a=1)",
        "Q(a=1, b=2) -> Q(b=2)",
        "~Q(c=True) -> Q(c=True)",
        "True -> False",
        "if not rows or rows[0] < 3 -> if True",
        "if not rows or rows[0] < 3 -> if False",
        "not rows or rows[0] < 3 -> not rows",
        "not rows or rows[0] < 3 -> rows[0] < 3",
        "not rows -> rows",
        "rows[0] < 3 -> rows[0] >= 3",
        "rows[0] < 3 -> rows[0] <= 3",
        "raise Missing -> pass",
        "for row in self.own(1) if row -> for row in self.own(1)",
        "self.own(1) -> self.all()",
    }


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.file)
def test_targets_are_there_and_their_faults_are_made(target: Target) -> None:
    faults = made(target)

    assert all((ROOT / name).is_file() for name in target.tests)
    assert {fault.function for fault in faults} >= set(target.functions)
    assert EQUIVALENT.get(target.file, {}).keys() <= {fault.key for fault in faults}


@pytest.fixture
def code_kept() -> Iterator[None]:
    """What the tests break is whole again afterwards."""
    functions = ScorecardQuerySet.held_by, Scorecard.is_open.fget, Decision.save  # type: ignore[attr-defined]
    codes = [function.__code__ for function in functions]
    yield
    for function, code in zip(functions, codes, strict=True):
        function.__code__ = code


def test_a_fault_reaches_managers_and_properties(db: None, code_kept: None, stranger: User) -> None:
    card = make_scorecard()
    assert (list(Scorecard.objects.held_by(stranger)), card.is_open) == ([], True)

    for file, function in {
        "candidates/access.py": "ScorecardQuerySet.held_by",
        "candidates/models/scorecards.py": "Scorecard.is_open",
    }.items():
        target = next(target for target in TARGETS if target.file == file)
        put_in(target, next(fault for fault in made(target) if fault.function == function))

    assert (list(Scorecard.objects.held_by(stranger)), card.is_open) == ([card], False)


def test_a_fault_can_take_the_call_of_super_away(code_kept: None) -> None:
    target = Target("candidates/models/decisions.py", (), ("Decision.save",))

    put_in(target, next(fault for fault in made(target) if fault.before.startswith("super()")))

    Decision().save()  # would ask the database, which no test may without saying so
