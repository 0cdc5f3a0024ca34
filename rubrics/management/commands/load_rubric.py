"""`manage.py load_rubric [FILE]`: load a rubric file and publish it; without FILE the built-in SMART rubric."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rubrics.exchange import BUILT_IN, publish_rubric
from rubrics.file_format import RubricFileRefused, read_document
from rubrics.models import RubricVersion
from rubrics.versioning import DraftExists, NotPublishable


class Command(BaseCommand):
    """Load a rubric and publish it."""

    help = "Load a rubric file and publish it as a new version. Without FILE, the built-in SMART rubric."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, if any."""
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a rubric file (docs/rubric-format.md)")

    def handle(self, *, file: Path | None, **_options: Any) -> None:
        """Load, publish, and say what came of it."""
        try:
            document = read_document((file or BUILT_IN).read_bytes())
            if file is None and self._was_edited(document["rubric"]["key"]):
                return
            loaded = publish_rubric(document=document, user=None)
        except OSError as error:
            raise CommandError(f"Can't read {file}: {error.strerror}.") from None
        except (RubricFileRefused, NotPublishable) as error:
            raise CommandError("Nothing was loaded.\n" + "\n".join(map(str, error.faults))) from None
        except DraftExists as error:
            raise CommandError(f"Nothing was loaded. {error}") from None
        outcome = "published" if loaded.is_new else "says the same already; nothing changed"
        self.stdout.write(f"{loaded.version}: {outcome}.")

    def _was_edited(self, key: str) -> bool:
        """Whether somebody here has edited the built-in rubric: then a newer built-in text doesn't override them."""
        ours = RubricVersion.objects.filter(rubric__key=key).exclude(published_by=None).first()
        if ours:
            self.stdout.write(f"{ours} was edited here, so the built-in text was left alone. Name its file to load it.")
        return ours is not None
