"""A wrong environment is told in sentences, by every command and by the server, and nothing starts with it."""

import subprocess

import pytest

from smarter.environment import environment_faults
from tests.smarter.test_checks import PRODUCTION, python


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        ({}, []),
        (PRODUCTION, []),
        ({"DEBUG": "maybe"}, ["DEBUG is maybe, which is neither on nor off. Set it to 1 or 0."]),
        ({"SECURE_SSL_REDIRECT": "2"}, ["SECURE_SSL_REDIRECT is 2, which is neither on nor off. Set it to 1 or 0."]),
        ({"TRUSTED_PROXIES": "one"}, ["TRUSTED_PROXIES is no number."]),
        ({"TIME_ZONE": "Berlin"}, ["TIME_ZONE is Berlin, which is no time zone."]),
        ({"LOG_FORMAT": "xml"}, ["LOG_FORMAT is xml. Set it to json or text."]),
        ({"DATABASE_URL": ""}, ["DATABASE_URL is no address of a database that Smarter runs on."]),
        ({"DATABASE_URL": "mysql://host/name"}, ["DATABASE_URL is no address of a database that Smarter runs on."]),
        ({"DATABASE_URL": "postgres://user:pa/ss:x@host/name"}, ["DATABASE_URL is no address"]),
        ({"DATABASE_URL": "postgres://user@host:5432"}, ["DATABASE_URL names no database."]),
        ({"DATABASE_URL": "postgres://user:p%2Fw@host:5432/name"}, []),
        ({"DATABASE_URL": "sqlite:////srv/smarter.sqlite3"}, []),
        ({"EMAIL_URL": "mail.example.com:587"}, ["EMAIL_URL is no address of a mail server."]),
        ({"OIDC_ISSUER": "https://id.example.com", "OIDC_CLIENT_ID": "x"}, ["OIDC_CLIENT_SECRET is missing"]),
        ({"FILE_STORAGE": "s3"}, ["FILE_STORAGE is no class of a file store."]),
        ({"FILE_STORAGE_OPTIONS": "bucket"}, ["FILE_STORAGE_OPTIONS is no JSON object."]),
        ({"FILE_STORAGE_OPTIONS": "[]"}, ["FILE_STORAGE_OPTIONS is no JSON object."]),
        ({"FILE_STORAGE_OPTIONS": '{"a": 1}'}, ["FILE_STORAGE_OPTIONS is set without FILE_STORAGE."]),
        ({"FILE_STORAGE": "a.B", "FILE_STORAGE_OPTIONS": '{"a": 1}'}, []),
    ],
)
def test_environment_faults_say_how_to_mend_each(given, sentences):
    faults = environment_faults(given)

    assert len(faults) == len(sentences)
    assert [sentence for sentence, fault in zip(sentences, faults, strict=True) if not fault.startswith(sentence)] == []


def test_a_command_says_it_without_a_traceback():
    done: subprocess.CompletedProcess[str] = python("manage.py", "check", DEBUG="maybe", TIME_ZONE="Berlin")

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "Smarter does not start with this environment.",
        "DEBUG is maybe, which is neither on nor off. Set it to 1 or 0.",
        "TIME_ZONE is Berlin, which is no time zone. Use a name such as Europe/London.",
    ]


def test_no_sentence_repeats_a_password():
    done = python("manage.py", "check", DATABASE_URL="postgres://user:hush/hush@host/name", EMAIL_URL="smpt://u:hush@h")

    assert done.returncode == 1
    assert "hush" not in done.stderr


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, "Static files were not collected."),
        ({"FILE_STORAGE": "nowhere.Store"}, "The file store can't be used (Could not find backend 'nowhere.Store'"),
        ({"FILE_STORAGE": "smarter.marks.Store"}, "Mend FILE_STORAGE and FILE_STORAGE_OPTIONS."),
    ],
)
def test_wsgi_starts_only_where_all_is_prepared(tmp_path, change, sentence):
    done = python("-c", "import smarter.wsgi", **change, VAR_DIR=str(tmp_path))

    assert done.returncode == 1
    assert sentence in done.stderr
