"""A person's name and addresses in texts about others: found, and taken out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.html import escape

from candidates.models import ERASED, Candidate, Decision
from candidates.privacy.holdings import BLANKED, DECIDED, DELETED, SHARED
from smarter.accounts.models import User

SHORTEST_NAME, SHORTEST_PHONE = 5, 7


def words_for(candidate: Candidate) -> list[str]:
    """What gives this person away wherever it stands: the address, the phone, and the full name if it is theirs alone.

    A single word, or the name of somebody else here, would take words out of texts that mean others.
    """
    name = candidate.name.strip()
    namesakes = Candidate.objects.not_erased().filter(name__iexact=name).exclude(pk=candidate.pk)
    is_theirs = " " in name and len(name) >= SHORTEST_NAME and not namesakes.exists()
    is_theirs = is_theirs and not User.objects.filter(name__iexact=name).exists()
    found = [name] if is_theirs else []
    found += [candidate.email] if candidate.email else []
    found += [candidate.phone] if len(candidate.phone) >= SHORTEST_PHONE else []
    return found


def without(text: str, words: Sequence[str], *, mark: str = ERASED) -> str:
    """The text with a mark in the place of each of the words, whatever their case."""
    if not words:
        return text
    pattern = "|".join(r"\s+".join(map(re.escape, word.split())) for word in sorted(words, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", lambda _found: mark, text, flags=re.IGNORECASE)


def take_out(candidate: Candidate, words: Sequence[str]) -> None:
    """Take the words out of every text about others and about openings."""
    if not words:
        return
    words = [*words, *(escape(word) for word in words if escape(word) != word)]  # as in the HTML of mails
    for holding in (*BLANKED, *DELETED):
        for row, texts in _mentioning(holding.others(candidate), list(holding.texts), words):
            holding.model._default_manager.filter(pk=row).update(**texts)
    for row, texts in _mentioning(DECIDED.others(candidate), list(DECIDED.texts), words):
        Decision.objects.filter(pk=row).erase_words(**texts)
    for model, fields in SHARED.items():
        for row, texts in _mentioning(model._default_manager.all(), fields, words):
            _write_shared(model, row, texts)
    notes = Candidate.objects.exclude(pk=candidate.pk)
    for row, texts in _mentioning(notes, ("note", "cv_name"), words):
        Candidate.objects.filter(pk=row).update(**texts)


def _write_shared(model: type[models.Model], row: int, texts: dict[str, str]) -> None:
    """Names of lists are unlike each other; with a number they stay so."""
    if model in SHARED and "name" in texts:
        texts["name"] = f"{texts['name'][:60]} {row}"
    model._default_manager.filter(pk=row).update(**texts)


def _mentioning(
    rows: models.QuerySet[Any], fields: Iterable[str], words: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row in which a word stands, with all of these texts as they read without it."""
    fields = list(fields)
    found = Q()
    for field in fields:
        for word in words:
            # SQLite ignores the case of a to z only; names have other letters too.
            for way in {word, word.lower(), word.upper(), word.title()}:
                found |= Q(**{f"{field}__icontains": way})
    for pk, *texts in rows.filter(found).order_by("pk").values_list("pk", *fields):
        cleaned = {field: without(text, words) for field, text in zip(fields, texts, strict=True)}
        if list(cleaned.values()) != texts:
            yield pk, cleaned
