"""What is known of an application at one moment, as plain data that a decision keeps for good."""

from collections.abc import Collection
from typing import Any

from candidates.comparison import Reading, Standing, Standings, place
from candidates.comparison.columns import tally
from candidates.comparison.versions import describe_versions
from candidates.models import Application, EarlyLook, Opening
from candidates.statistics.severity import PanelFit
from smarter.accounts.models import User

PLACES = 6
"""Decimals kept: more than any page shows."""


def take_snapshot(reading: Reading, application: Application, *, together: bool = False) -> dict[str, Any]:
    """Scores before and after the debrief with their coverage, range and tier, and everything they stand on.

    People are kept by number, so that a record tells no names by itself. `stands_on` are the applications whose scores
    went into it, because who may not read one of those may not learn what came of the comparison; see `known_without`.
    """
    before = place(reading, together=together)
    after = place(reading, after_debrief=True, together=together)
    notice = describe_versions(reading, before.differences, together=together)
    cards = [card for card in reading.counted if card.interview.application_id == application.pk]
    version = reading.opening.rubric_version
    looks = EarlyLook.objects.filter(application=application)
    return {
        "stands_on": sorted({card.interview.application_id for card in reading.counted}),
        "rubric": {"id": version.pk, "name": version.rubric.name, "number": version.number},
        "versions": sorted({card.interview.rubric_version_id or version.pk for card in cards}),
        "versions_differ": list(notice.sentences) if notice else [],
        "dimensions": _dimensions(before, after, application.pk),
        "before": _figures(before, application.pk),
        "after": _figures(after, application.pk),
        "cards_in": application.cards_in,
        "cards_expected": application.cards_expected,
        "recommendations": tally(cards),
        "not_independent": sorted({card.interviewer_id for card in cards if not card.is_independent}),
        "early_looks": [
            {
                "viewer": look.viewer_id,
                "looked_at": look.looked_at.isoformat(),
                "cards_in": look.cards_in,
                "cards_expected": look.cards_expected,
            }
            for look in looks
        ],
    }


def closed_to(user: User, opening: Opening) -> set[int]:
    """The applications of an opening whose scores this user may not read now."""
    here = Application.objects.filter(opening=opening)
    return set(here.exclude(pk__in=here.unsealed_for(user).order_by().values("pk")).values_list("pk", flat=True))


def known_without(snapshot: dict[str, Any], closed: Collection[int]) -> dict[str, Any]:
    """A snapshot for who may not read the `closed` applications: unless it stands on none of them, only what is the
    candidate's own. `is_partial` says so. A record that does not say on whom it stands may stand on anybody."""
    if not set(snapshot.get("stands_on", closed)) & set(closed):
        return snapshot | {"is_partial": False}
    own = {when: snapshot[when] | COMPARED for when in ("before", "after") if when in snapshot}
    return snapshot | own | {"is_partial": True}


COMPARED: dict[str, Any] = {"interval": None, "tier": None, "tiers": 0, "compared": 0, "reason": "", "can_order": False}
"""What stands on the scores of other candidates too, left out."""


def _figures(found: Standings, application: int) -> dict[str, Any]:
    row = found.by_application[application]
    return {
        "total": _kept(row.total),
        "interval": [_kept(row.interval.low), _kept(row.interval.high)] if row.interval else None,
        "possible": [_kept(row.possible.low), _kept(row.possible.high)] if row.possible else None,
        "coverage": _kept(row.score.coverage) if row.score else None,
        "tier": row.tier,
        "tiers": max((other.tier or 0 for other in found.rows), default=0),
        "compared": sum(other.tier is not None for other in found.rows),
        "reason": row.reason,
        "can_order": isinstance(found.fit, PanelFit),
    }


def _dimensions(before: Standings, after: Standings, application: int) -> list[dict[str, Any]]:
    first, second = before.by_application[application], after.by_application[application]
    return [
        {
            "key": dimension.key,
            "letter": dimension.letter,
            "name": dimension.name,
            "points": dimension.points,
            "is_apart": dimension.key in before.apart,
            "before": _mean(first, dimension.key),
            "after": _mean(second, dimension.key),
            "ratings": _count(first, dimension.key),
        }
        for dimension in before.reading.dimensions
    ]


def _mean(row: Standing, key: str) -> float | None:
    score = row.score.dimensions.get(key) if row.score else None
    return _kept(score.mean) if score else None


def _count(row: Standing, key: str) -> int:
    score = row.score.dimensions.get(key) if row.score else None
    return len(score.values) if score else 0


def _kept(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
