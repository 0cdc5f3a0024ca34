"""Whether this server can take requests: the database answers and has the shape that the code expects."""

from django.db import Error, connection

from smarter.migrations_state import unapplied_migrations


def not_ready() -> str:
    """Why not, in one line for the operator; empty where all is well. Says nothing that a stranger could use."""
    try:
        connection.ensure_connection()
        missing = unapplied_migrations()
    except Error:
        return "The database does not answer."
    if missing:
        return f"{len(missing)} migrations are not applied. Run manage.py migrate."
    return ""
