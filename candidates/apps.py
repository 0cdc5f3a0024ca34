"""Application configuration of candidates."""

from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    """Whom we met and what we heard."""

    name = "candidates"

    def ready(self) -> None:
        """Tell the rubrics how much their versions are used; they may not ask themselves."""
        from candidates.adopting import count_movable, count_usage
        from rubrics.usage import Counters, tell_usage

        tell_usage(Counters(count_usage, count_movable))
