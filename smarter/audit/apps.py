"""Application configuration of the audit."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what, append-only."""

    name = "smarter.audit"
    label = "audit"
