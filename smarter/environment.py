"""What the environment may say: each fault is a sentence that says how to mend it, before anything stumbles over it."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit
from zoneinfo import available_timezones

TRUTHS = {"1", "0", "true", "false", "on", "off", "yes", "no", "y", "n", ""}
DATABASES = ("postgres", "postgresql", "sqlite")
MAILS = ("smtp", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "memorymail", "dummymail")
LOG_FORMATS = ("json", "text")


def environment_faults(given: Mapping[str, str]) -> list[str]:
    """Sentences on what is set and can't be meant; never a value that may hold a password."""
    faults = [
        f"{name} is {given[name]}, which is neither on nor off. Set it to 1 or 0."
        for name in ("DEBUG", "SECURE_SSL_REDIRECT")
        if given.get(name, "").strip().lower() not in TRUTHS
    ]
    if not given.get("TRUSTED_PROXIES", "0").strip().isdecimal():
        faults.append("TRUSTED_PROXIES is no number. Set it to how many proxies of your own stand in front, or 0.")
    if given.get("TIME_ZONE", "UTC") not in available_timezones():
        faults.append(f"TIME_ZONE is {given['TIME_ZONE']}, which is no time zone. Use a name such as Europe/London.")
    if given.get("LOG_FORMAT", "json") not in LOG_FORMATS:
        faults.append(f"LOG_FORMAT is {given['LOG_FORMAT']}. Set it to json or text.")
    faults += _address_faults(given)
    faults += _storage_faults(given)
    return faults


def _address_faults(given: Mapping[str, str]) -> list[str]:
    faults = []
    database = given.get("DATABASE_URL", "sqlite:///file")
    if _scheme(database) not in DATABASES:
        faults.append(
            "DATABASE_URL is no address of a database that Smarter runs on. Write it as "
            "postgres://user:password@host:5432/name, with special characters of the password percent-encoded, or as "
            "sqlite:///path/to/file."
        )
    elif _scheme(database) != "sqlite" and not urlsplit(database).path.strip("/"):
        faults.append("DATABASE_URL names no database. Add its name after the host: postgres://user@host:5432/name.")
    if _scheme(given.get("EMAIL_URL", "consolemail://")) not in MAILS:
        faults.append(
            "EMAIL_URL is no address of a mail server. Write it as smtp+tls://user:password@host:587, with special "
            "characters of the password percent-encoded."
        )
    if given.get("OIDC_ISSUER"):
        faults += [
            f"{name} is missing and goes with OIDC_ISSUER. Set it to what the sign-in server calls Smarter."
            for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
            if not given.get(name)
        ]
    return faults


def _storage_faults(given: Mapping[str, str]) -> list[str]:
    faults = []
    if "." not in given.get("FILE_STORAGE", "a.b"):
        faults.append("FILE_STORAGE is no class of a file store. Write it with dots: storages.backends.s3.S3Storage.")
    try:
        options = json.loads(given.get("FILE_STORAGE_OPTIONS") or "{}")
    except ValueError:
        options = None
    if not isinstance(options, dict):
        faults.append('FILE_STORAGE_OPTIONS is no JSON object. Write it as {"bucket_name": "smarter-files"}.')
    elif options and not given.get("FILE_STORAGE"):
        faults.append("FILE_STORAGE_OPTIONS is set without FILE_STORAGE. Name the file store they are for.")
    return faults


def _scheme(address: str) -> str:
    try:
        parts = urlsplit(address)
        return parts.scheme if parts.port != 0 else ""
    except ValueError:  # a port or a host that is none
        return ""
