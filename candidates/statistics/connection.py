"""Who can be compared with whom: candidates are connected when a chain of shared interviewers joins them.

Source: Weeks & Williams (1964), Technometrics 6.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from candidates.statistics.voices import Id, ordered

Link = tuple[Id, Id]
"""(candidate, interviewer): the two met."""


class SuggestedInterview(NamedTuple):
    """An interview that would connect two parts of a panel."""

    candidate_id: Id
    interviewer_id: Id


@dataclass(frozen=True)
class Component:
    """Candidates who can be compared with one another, and the interviewers who met them."""

    candidates: tuple[Id, ...]
    interviewers: tuple[Id, ...]


def components(links: Iterable[Link]) -> tuple[Component, ...]:
    """The connected parts of the graph of candidates and interviewers, the one with most candidates first."""
    parent: dict[tuple[str, Id], tuple[str, Id]] = {}

    def root(node: tuple[str, Id]) -> tuple[str, Id]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for candidate, interviewer in links:
        parent[root(("interviewer", interviewer))] = root(("candidate", candidate))
    parts: dict[tuple[str, Id], dict[str, set[Id]]] = {}
    for node in parent:
        parts.setdefault(root(node), {"candidate": set(), "interviewer": set()})[node[0]].add(node[1])
    place = {
        key: position for position, key in enumerate(ordered({key for kind, key in parent if kind == "candidate"}))
    }
    found = [Component(ordered(part["candidate"]), ordered(part["interviewer"])) for part in parts.values()]
    return tuple(sorted(found, key=lambda part: (-len(part.candidates), place[part.candidates[0]])))


def connecting_interviews(parts: Sequence[Component], links: Iterable[Link]) -> tuple[SuggestedInterview, ...]:
    """One interview for each further part: its candidate with the fewest cards meets the busiest of the first part."""
    met = list(links)
    cards = Counter(candidate for candidate, _ in met)
    interviews = Counter(interviewer for _, interviewer in met)
    busiest = max(parts[0].interviewers, key=interviews.__getitem__)
    return tuple(SuggestedInterview(min(part.candidates, key=cards.__getitem__), busiest) for part in parts[1:])
