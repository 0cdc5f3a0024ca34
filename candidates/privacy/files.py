"""A disclosure as one file to hand over: the data, a page to read, and the CV."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone

from candidates.models import Candidate
from candidates.privacy.disclosure import Disclosure

FOLDER = "cv"
SETTLED = timedelta(days=1)
"""A file that no row names may belong to a request that is still going on; after this it does not."""


def pack(disclosure: Disclosure) -> bytes:
    """An archive with `disclosure.json`, `disclosure.html`, and the CV under its kind, if there is one."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(disclosure.stored(), ensure_ascii=False, indent=2)
        archive.writestr("disclosure.json", text)
        archive.writestr("disclosure.html", _page(disclosure))
        cv: Any = disclosure.candidate.cv
        if cv and cv.storage.exists(cv.name):
            with cv.open("rb") as stream:
                archive.writestr(f"cv{Path(cv.name).suffix}", stream.read())
    return content.getvalue()


def _page(disclosure: Disclosure) -> str:
    """The same as the page of the app, in plain HTML that needs nothing beside it."""
    return render_to_string("candidates/disclosure_file.html", {"disclosure": disclosure})


def sweep_files() -> int:
    """Delete CV files that no candidate has any more, such as a crash left behind; how many there were."""
    if not default_storage.exists(FOLDER):
        return 0
    named = set(Candidate.objects.exclude(cv="").values_list("cv", flat=True))
    before = timezone.now() - SETTLED
    lost = [
        path
        for path in (f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1])
        if path not in named and default_storage.get_modified_time(path) < before
    ]
    for path in lost:
        default_storage.delete(path)
    return len(lost)
