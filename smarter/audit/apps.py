"""Application configuration of the audit."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    """Who did what, append-only."""

    name = "smarter.audit"
    label = "audit"

    def ready(self) -> None:
        """Have the triggers made anew after each `migrate`."""
        post_migrate.connect(self._guard, sender=self)

    def _guard(self, *, using: str, plan: object = None, **_rest: Any) -> None:
        from smarter.audit.triggers import AUDIT

        if plan is not None:  # after `migrate`, not where tests empty their database
            AUDIT.renew(connections[using])
