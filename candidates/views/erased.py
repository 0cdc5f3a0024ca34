"""What a request is answered that meets an erasure half-way: the same as one that comes after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404

from candidates.models import CandidateErased


@contextmanager
def not_found_once_erased() -> Iterator[None]:
    """Turn CandidateErased into the answer for what is not there."""
    try:
        yield
    except CandidateErased as error:
        raise Http404 from error
