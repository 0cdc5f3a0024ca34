"""Why a backup is not made or not restored."""


class ArchiveRefused(Exception):
    """The backup can't be made, or not be restored here; the text says why and what to do."""
