"""When the recommendation and the ratings of one interviewer pull apart."""

from collections.abc import Collection
from typing import Literal

from candidates.models import Recommendation

LEANS_LOW, LEANS_HIGH = 2.5, 3.5


def contradiction(recommendation: int | None, values: Collection[float]) -> Literal["", "low", "high"]:
    """Where the ratings lean although the recommendation says otherwise; empty where they agree or one is missing."""
    if not values or not recommendation:
        return ""
    mean, is_yes = sum(values) / len(values), recommendation >= Recommendation.YES
    if is_yes and mean <= LEANS_LOW:
        return "low"
    return "high" if not is_yes and mean >= LEANS_HIGH else ""
