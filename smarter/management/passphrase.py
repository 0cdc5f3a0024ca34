"""Where a passphrase comes from: a file that only the service reads, or the person at the terminal."""

import getpass
import sys
from pathlib import Path

from django.core.management.base import CommandError

SHORTEST = 12


def read_passphrase(path: Path | None, *, ask: bool, twice: bool) -> str:
    """The first line of the file, or what is typed where `ask`; empty where neither is wanted."""
    if path is not None:
        try:
            passphrase = path.read_text().partition("\n")[0]
        except (OSError, UnicodeDecodeError):
            raise CommandError(f"Can't read the passphrase in {path}.") from None
    elif not ask:
        return ""
    elif not sys.stdin.isatty():
        raise CommandError("Nobody is there to type the passphrase. Give it with --passphrase-file FILE.")
    else:
        passphrase = getpass.getpass("Passphrase: ")
        if twice and getpass.getpass("The same again: ") != passphrase:
            raise CommandError("The two were not the same.")
    if twice and len(passphrase) < SHORTEST:
        raise CommandError(f"The passphrase needs {SHORTEST} characters or more: it is all that guards the copy.")
    return passphrase
