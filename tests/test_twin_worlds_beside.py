"""The twin worlds of tests/test_twin_worlds.py, asked by those with no card open: they learn only what is theirs."""

import pytest

from tests.twins import QUERIES, differences
from tests.worlds import World, make_world, stop_the_clock


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    stop_the_clock(monkeypatch)
    return make_world()


@pytest.mark.parametrize("viewer", ["decliner", "recruiter", "other", "admin", "stranger"])
def test_answers_to_those_beside_do_not_depend_on_what_is_hidden(world: World, viewer: str) -> None:
    different, compared = differences(world, viewer, QUERIES if viewer == "decliner" else QUERIES[1:])

    assert different == []
    assert compared >= 150
