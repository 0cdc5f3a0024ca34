"""The project as an app: its checks and its commands."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class SmarterConfig(AppConfig):
    """Registers the checks of a deployment."""

    name = "smarter"

    def ready(self) -> None:
        """Let `check --deploy` say what production would refuse."""
        from smarter.checks import unsafe_settings

        register(unsafe_settings, Tags.security, deploy=True)
