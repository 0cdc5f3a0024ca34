"""Every GET address of the site, with the rows of tests/worlds.py filled in."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from candidates.models import Notification
from tests.worlds import DECISION, World


def patterns(resolver: URLResolver, namespace: str = "", prefix: str = "") -> Iterator[tuple[str, URLPattern, str]]:
    """Every pattern with its full name and route."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner, route)
        else:
            yield namespace + (entry.name or route), entry, route


def targets(world: World) -> dict[str, list[Any]]:
    """What may stand after each word of a URL: rows of every kind of visibility."""
    applications = [world.hidden, world.closed, world.visible]
    interviews = [interview for application in applications for interview in application.interviews.all()]
    cards = [world.in_hidden, world.waiting_in_hidden, *world.own_cards.values()]
    cards += [interview.scorecards.all()[0] for interview in interviews if interview.scorecards.exists()]
    return {
        "openings": [world.opening.pk, world.elsewhere.pk],
        "applications": [application.pk for application in applications],
        "candidates": [application.candidate_id for application in applications],
        "interviews": [interviews[0].pk, interviews[1].pk],
        "scorecards": [card.pk for card in cards],
        "scores": [score.pk for card in cards[:3] for score in card.scores.all()[:1]],
        "versions": [world.opening.rubric_version_id],
        "rubrics": [world.opening.rubric_version.rubric_id],
        "people": [world.viewers["stranger"].pk],
        "invitations": [1],
        "passkeys": [1],
        "debriefs": [world.debrief.pk],
        "items": [world.closed.pk],
        "decisions": [DECISION],
        "shortlists": [world.shortlisted.shortlist_id],
        "entries": [world.shortlisted.pk],
        "holds": [1],
        "erasures": [1],
        "runs": [1],
        "practice": [world.opening.rubric_version.sample_answers.get().pk],
        "edit": ["action"],
        "stop": ["made-up"],
        "mails": [1],
        "notifications": list(Notification.objects.order_by("pk").values_list("pk", flat=True)[:8]),
    }


def urls(world: World) -> list[str]:
    """Every GET route with every row it may be asked for; a parameter after a word not in `targets` fails."""
    rows = targets(world)
    found = []
    for _, pattern, route in patterns(get_resolver()):
        names = list(pattern.pattern.converters or {})
        words = [re.search(rf"(\w+)/(?:<\w+:\w+>/)*<\w+:{name}>", route) for name in names]
        for values in product(*(rows[word[1]] for word in words if word)):
            found.append("/" + _fill(route, dict(zip(names, values, strict=True))))
    return found


def _fill(route: str, values: dict[str, Any]) -> str:
    """A route with its parameters filled in."""
    for parameter, value in values.items():
        start = route.index("<")
        end = route.index(">", start)
        assert parameter in route[start:end]
        route = route[:start] + str(value) + route[end + 1 :]
    return route.removeprefix("^").removesuffix("$")
