"""Progress on long work at the command line."""

import time

from django.core.management.base import OutputWrapper

WIDTH = 30
EVERY = 0.2


class ProgressBar:
    """A bar that goes on in its line on a terminal; elsewhere a line when a step is done, so that logs stay short."""

    def __init__(self, stream: OutputWrapper) -> None:
        self._stream = stream
        self._moves = stream.isatty()
        self._drawn_at = 0.0

    def __call__(self, label: str, done: int, total: int) -> None:
        """Show that `done` of `total` are done."""
        is_last = done >= total
        if is_last and not self._moves:
            self._say(f"{label}: {total:,}\n")
        if not self._moves or (not is_last and time.monotonic() - self._drawn_at < EVERY):
            return
        self._drawn_at = time.monotonic()
        full = WIDTH * done // max(total, 1)
        end = "\n" if is_last else ""
        self._say(f"\r{label:10} [{'#' * full}{'.' * (WIDTH - full)}] {done:,} of {total:,}{end}")

    def _say(self, text: str) -> None:
        self._stream.write(text, ending="")
        self._stream.flush()
