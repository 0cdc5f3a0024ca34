"""What a server that others reach must not be set up with; each finding is a sentence that says how to mend it."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error
from django.core.files.storage import InvalidStorageError, storages
from django.http.request import validate_host


def unsafe_settings(**_options: Any) -> list[Error]:
    """Findings about the settings as they are: a deploy check, and what smarter/wsgi.py refuses to start with."""
    public = sorted(set(settings.ALLOWED_HOSTS) - set(settings.LOCAL_HOSTS))
    if settings.DEBUG:
        return [_debug_in_public(public)] if public else []
    site = urlsplit(settings.SITE_URL)
    findings = []
    if "*" in public:
        findings.append(
            Error(
                "ALLOWED_HOSTS holds *, so a forged Host header is believed. Name the hosts that Smarter answers at, "
                "such as ALLOWED_HOSTS=smarter.example.com.",
                id="smarter.E001",
            )
        )
    if settings.SECRET_KEY_IS_LOCAL:
        findings.append(
            Error(
                "SECRET_KEY is not set, so sessions hang on a key that this machine made up. Set SECRET_KEY to 50 or "
                "more random characters and keep it.",
                id="smarter.E003",
            )
        )
    if site.scheme != "https":
        findings.append(
            Error(
                "SITE_URL is missing or does not start with https://, and links in mails start with it. Set it to the "
                "address people use, such as SITE_URL=https://smarter.example.com.",
                id="smarter.E004",
            )
        )
    elif not validate_host(site.hostname or "", settings.ALLOWED_HOSTS):
        findings.append(
            Error(
                "The host in SITE_URL is not in ALLOWED_HOSTS, so links in mails would lead to an error. Add it to "
                "ALLOWED_HOSTS.",
                id="smarter.E005",
            )
        )
    if settings.OIDC_ISSUER and urlsplit(settings.OIDC_ISSUER).scheme != "https":
        findings.append(
            Error(
                "OIDC_ISSUER does not start with https://, so anybody on the way could sign in as anybody. Set it to "
                "the https address of the company's sign-in server.",
                id="smarter.E006",
            )
        )
    return findings


def missing_preparation() -> list[str]:
    """What a server that others reach can't do without, though settings are fine: each says how to mend it."""
    faults = []
    try:
        storages["default"]
    except (InvalidStorageError, ImportError, TypeError) as problem:
        faults.append(f"The file store can't be used ({problem}). Mend FILE_STORAGE and FILE_STORAGE_OPTIONS.")
    if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        faults.append("Static files were not collected. Run `manage.py collectstatic --noinput` with this environment.")
    return faults


def _debug_in_public(hosts: list[str]) -> Error:
    return Error(
        f"DEBUG is on while ALLOWED_HOSTS names {', '.join(hosts)}; error pages would show settings and data, and "
        "anybody could sign in as a demo person. Set DEBUG=0, or take these hosts out.",
        id="smarter.E002",
    )
