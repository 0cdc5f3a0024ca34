"""`manage.py check_integrity`: whether everything stored holds together; exit code 1 where it does not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from candidates.integrity import INVARIANTS, check_integrity


class Command(BaseCommand):
    """Check what must hold of everything stored."""

    help = "Check the invariants of the data, and list each row that breaks one. Changes nothing."

    def handle(self, *, verbosity: int, **_options: Any) -> None:
        """List violations, and with -v 2 the invariants too."""
        if verbosity > 1:
            for invariant in INVARIANTS:
                self.stdout.write(f"Checked: {invariant.statement}.")
        violations = check_integrity()
        for violation in violations:
            self.stdout.write(str(violation))
        if violations:
            self.stderr.write(f"{len(violations)} violations.")
            sys.exit(1)
        self.stdout.write(f"All {len(INVARIANTS)} invariants hold.")
