"""Application configuration of candidates."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class CandidatesConfig(AppConfig):
    """Whom we met and what we heard."""

    name = "candidates"

    def ready(self) -> None:
        """Tell the rubrics how much their versions are used, and have triggers made anew after each `migrate`.

        Rubrics may not ask themselves; migrations rebuild tables without triggers.
        """
        from candidates.adopting import count_movable, count_usage
        from rubrics.usage import Counters, tell_usage

        tell_usage(Counters(count_usage, count_movable))
        pre_migrate.connect(self._unwatch, sender=self)
        post_migrate.connect(self._watch, sender=self)

    def _unwatch(self, *, using: str, **_rest: Any) -> None:
        from candidates.generations import unwatch

        unwatch(connections[using])

    def _watch(self, *, using: str, plan: object = None, **_rest: Any) -> None:
        from candidates.append_only import DECISIONS
        from candidates.generations import watch

        if plan is not None:  # after `migrate`, not where tests empty their database
            watch(connections[using])
            DECISIONS.renew(connections[using])
