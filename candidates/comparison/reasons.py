"""Why a figure is withheld, and what would mend it: one sentence each, for every page that shows figures."""

from collections.abc import Mapping

from candidates.models import Application
from candidates.statistics.severity import PanelFit, Refusal
from candidates.statistics.totals import PanelScore
from smarter.marks import listed

MOST_NAMED = 12
"""Candidates named in the groups of a sentence; of more, their number is said."""

NO_ORDER_YET = "No interval and no tier for this panel yet."
"""Of everybody, where there is a reason that is said once."""

NOTHING_COMPARES = "No dimension compares across the rubric versions used here, so there is no score."


def plural(number: int, one: str, many: str = "") -> str:
    """`1 scorecard`, `3 scorecards`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def withheld(application: Application, score: PanelScore | None, fit: PanelFit | Refusal) -> str:
    """Why this application has no interval or no tier."""
    if score is None:
        return _unread(application)
    if score.total is None:
        return "Nothing was observed on any dimension that carries weight, so there is no score."
    if not score.complete:
        return _incomplete(score)
    if isinstance(fit, Refusal):
        return NO_ORDER_YET
    if score.cards == 1:
        return "One scorecard only, so nothing is said about how sure the score is. A second one would change that."
    return "No longer in the running, so there is no tier."


def set_apart(*, is_running: bool) -> str:
    """Why there is nothing but a score for somebody whom nobody met who also met the others."""
    if not is_running:
        return "Met by nobody who also met the others, so there is no interval."
    return (
        "Met by nobody who also met the others, so there is no interval and no tier. An interview with one of their "
        "interviewers would help."
    )


def _unread(application: Application) -> str:
    """Why there is no score to see at all."""
    if application.is_sealed:
        return "Hidden until your own scorecard is in."
    if application.is_readable:
        return "Only shadow scorecards are in, and those never count."
    if not application.cards_in:
        return "No scorecard is in yet."
    if not application.is_on_team:
        return "Open to those who submitted a scorecard, and to the opening’s team."
    waiting = application.cards_expected - application.cards_in
    last = "the last one" if waiting == 1 else f"the last {waiting}"
    return f"{application.cards_in} of {application.cards_expected} scorecards in; scores open with {last}."


def _incomplete(score: PanelScore) -> str:
    """Some card has no rating on a dimension that carries weight."""
    missing = score.asked - score.rated
    if not missing:
        return "Interviewers covered different dimensions, so there is no interval and no tier."
    verb = "was" if missing == 1 else "were"
    return (
        f"{missing} of {plural(score.asked, 'rating')} {verb} not observed, so there is a possible range instead of "
        "an interval, and no tier."
    )


def refused(refusal: Refusal, candidates: Mapping[int, str], interviewers: Mapping[int, str]) -> str:
    """Why there are no intervals, tiers or chances at all, and what would allow them."""
    if refusal.reason == "empty":
        return "No scores to compare yet."
    if refusal.reason == "disconnected":
        wanted = "; ".join(
            f"{candidates[row.candidate_id]} with {interviewers[row.interviewer_id]}" for row in refusal.suggestion
        )
        groups = len(refusal.components)
        return (
            f"The panels fall into {groups} groups with no interviewer in common{_members(refusal, candidates)}, so "
            "candidates of different groups can’t be put in order, and there are no intervals and tiers. What would "
            f"join them: an interview of {wanted}."
        )
    if refusal.reason == "incomplete_cards":
        return (
            "Too few scorecards rate every dimension to say how sure the scores are. Scorecards without gaps would "
            "allow intervals and an order."
        )
    more = plural(refusal.cards_needed, "more complete scorecard")
    return f"Too few scorecards to say how sure the scores are. {more} for these candidates would allow it."


def _members(refusal: Refusal, candidates: Mapping[int, str]) -> str:
    """Who is in which group, in brackets."""
    parts = [part.candidates for part in refusal.components]
    if sum(map(len, parts)) > MOST_NAMED:
        return f" (of {listed([str(len(part)) for part in parts])} candidates)"
    return f" ({'; '.join(listed([candidates[pk] for pk in part]) for part in parts)})"
