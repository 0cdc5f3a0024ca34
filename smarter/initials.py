"""Initials of people, told apart where a page shows several."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, count


def initials(names: Iterable[str]) -> dict[str, str]:
    """Name to initials, unlike for unlike names: `Daniel Achebe` and `Dora Alvarez` become `Da` and `Do`.

    Whoever shares initials gets the first letter and, in lower case, the first letter at which the full names differ.
    The answer depends on the set of names only, so give the whole group that an opening shows, in any order.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names)):
        groups[_plain_initials(name)].append(name)
    answer = {group[0]: plain for plain, group in groups.items() if len(group) == 1}
    for group in groups.values():
        if len(group) > 1:
            _tell_apart(group, answer)
    return answer


def _plain_initials(name: str) -> str:
    """First letters of the first and the last word; two letters of a single word."""
    words = [word for word in name.split() if word[0].isalpha()]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:1].upper() + words[0][1:2].lower()
    return (words[0][0] + words[-1][0]).upper()


def _tell_apart(group: list[str], answer: dict[str, str]) -> None:
    """Add to the answer a code for each name of a group that shares initials."""
    taken = set(answer.values())
    for name in group:
        first = (name.strip()[:1] or "?").upper()
        letters = _differing_letters(name, [other for other in group if other != name])
        # Names without a letter of their own (one is the beginning of another) are numbered.
        codes = chain((first + letter for letter in letters), (f"{first}{number}" for number in count(1)))
        answer[name] = next(code for code in codes if code not in taken)
        taken.add(answer[name])


def _differing_letters(name: str, others: list[str]) -> list[str]:
    """The letters of a name after the first, in lower case, at places where no other name has the same."""
    low, low_others = name.lower(), [other.lower() for other in others]
    return [
        letter
        for place, letter in enumerate(low)
        if place and letter.isalpha() and all(other[place : place + 1] != letter for other in low_others)
    ]
