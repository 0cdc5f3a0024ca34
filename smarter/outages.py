"""When the database is at fault and not the program: busy, locked, full, read-only, restarting or gone."""

from django.db import DatabaseError, InterfaceError, InternalError, OperationalError

READ_ONLY = "25006"


def is_outage(error: BaseException | None) -> bool:
    """Whether this is a fault that passes by itself or by an operator's hand, so that trying again makes sense."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    cause = error.__cause__ if isinstance(error, DatabaseError) else None
    if isinstance(error, InternalError):
        return getattr(cause, "pgcode", None) == READ_ONLY
    # A driver that lost its server in mid-answer knows no better class; Django raises this class itself, causeless.
    return type(error) is DatabaseError and cause is not None
