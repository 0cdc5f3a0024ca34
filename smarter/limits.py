"""The cache that limits are counted in."""

from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, connection

from smarter.outages import is_outage


class LimitsCache(DatabaseCache):
    """Django's cache in the database, which hides every database error: a lock that can't be had looks taken."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Add what is not there yet. Raises an outage, or sign-in would say that somebody tried too often."""
        outages: list[DatabaseError] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001
            try:
                return execute(sql, params, many, context)
            except DatabaseError as error:
                if is_outage(error):
                    outages.append(error)
                raise

        with connection.execute_wrapper(note):
            added: bool = super().add(*args, **kwargs)
        if outages and not added:
            raise outages[0]
        return added
