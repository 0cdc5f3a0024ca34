"""Find the opening that a command names."""

from candidates.models import Opening


class OpeningNotFound(Exception):
    """No opening, or more than one, is called so."""


def find_opening(wanted: str) -> Opening:
    """The opening with this number or title. Raises OpeningNotFound with those there are."""
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 18:
        found = list(Opening.objects.filter(pk=int(wanted)))
    else:
        found = list(Opening.objects.filter(title__iexact=wanted))
    if len(found) == 1:
        return found[0]
    there_are = "; ".join(f"{opening.pk} {opening.title}" for opening in Opening.objects.order_by("pk")[:20])
    problem = f"{len(found)} openings are called" if found else "There is no opening"
    raise OpeningNotFound(f"{problem} “{wanted}”. There are: {there_are or 'none yet'}.")
