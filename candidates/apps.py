"""Application configuration of candidates."""

from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    """Whom we met and what we heard."""

    name = "candidates"
