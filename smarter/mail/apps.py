"""Application configuration of the outbox."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Mails wait here, in the transaction of what they tell of, until they are sent."""

    name = "smarter.mail"
    label = "mail"
