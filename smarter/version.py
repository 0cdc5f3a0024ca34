"""Which version of Smarter this is."""

import functools
import tomllib

from django.conf import settings


@functools.cache
def version() -> str:
    """The version that pyproject.toml names; the checkout runs where it stands, so that file is always there."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return str(project["version"])
