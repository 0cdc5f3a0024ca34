"""Application configuration of rubrics."""

from django.apps import AppConfig


class RubricsConfig(AppConfig):
    """What good looks like; knows nothing of candidates."""

    name = "rubrics"
