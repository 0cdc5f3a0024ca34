import networkx
import numpy as np
import pytest

from candidates.statistics.connection import Component, SuggestedInterview, components, connecting_interviews
from tests.candidates.statistics.panels import published


@pytest.mark.parametrize("panel", published("connectedness")["inputs"])
def test_components_reproduce_the_published_cases(panel):
    case = published("connectedness")

    parts = components(map(tuple, case["inputs"][panel]))

    assert len(parts) == case["expected"]["components"][panel]
    assert (len(parts) == 1) is case["expected"]["comparable"][panel]
    nodes = sum(len(part.candidates) + len(part.interviewers) for part in parts)
    freedom = len(case["inputs"][panel]) - nodes + len(parts)
    assert freedom == case["expected"]["residual_df_candidates_fixed_raters_fixed"][panel]


def test_components_equal_networkx_on_random_panels():
    generator = np.random.default_rng(3)
    for _ in range(200):
        links = [(int(i), int(j)) for i, j in generator.integers(0, 12, size=(generator.integers(1, 25), 2))]
        graph = networkx.Graph((("candidate", i), ("interviewer", j)) for i, j in links)

        parts = components(links)

        found = {
            frozenset([("candidate", i) for i in p.candidates] + [("interviewer", j) for j in p.interviewers])
            for p in parts
        }
        assert found == set(map(frozenset, networkx.connected_components(graph)))
        sizes = [len(part.candidates) for part in parts]
        assert sizes == sorted(sizes, reverse=True)


def test_suggested_interviews_connect_everybody():
    generator = np.random.default_rng(4)
    for _ in range(100):
        links = [(int(i), int(j)) for i, j in generator.integers(0, 20, size=(15, 2))]
        suggested = connecting_interviews(components(links), links)

        assert len(suggested) == len(components(links)) - 1
        assert len(components([*links, *suggested])) == 1


def test_suggestion_gives_the_candidate_with_fewest_cards_to_the_busiest_interviewer():
    links = [("Ana", 1), ("Ana", 2), ("Ben", 2), ("Cy", 3), ("Cy", 4), ("Dee", 4)]

    parts = components(links)

    assert parts == (Component(("Ana", "Ben"), (1, 2)), Component(("Cy", "Dee"), (3, 4)))
    assert connecting_interviews(parts, links) == (SuggestedInterview("Dee", 2),)


def test_candidate_and_interviewer_with_the_same_id_are_two_nodes():
    assert len(components([(1, 2), (2, 3)])) == 2
