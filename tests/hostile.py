"""Hostile text for every field that holds text: ways to break out of a page, and where each of them was put."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

SHORTEST = "\"'><svg onload=ran()>"
SHORT = f"</title></textarea>{SHORTEST}"
LONG = f"</script></style>--><img src=x onerror=ran()>{SHORT}<x-ran>"
LONGEST = "\n".join(
    [
        "javascript:ran()",
        "<script>ran()</script><iframe srcdoc='<script>parent.ran()</script>'></iframe>",
        '<a href="javascript:ran()">go</a><form action="javascript:ran()"><button formaction="javascript:ran()">go',
        "<math><mtext><style><img src=x onerror=ran()></style><details open ontoggle=ran()>",
        "<input autofocus onfocus=ran()>",
        "\" onmouseover=\"ran()\" x-ran=\" ' onfocus='ran()' autofocus=' ` onclick=`ran()` ",
        "${ran()} {{ ran }} {% load ran %} \\u003cscript>ran()\\u003c/script> &lt;script&gt;ran()&lt;/script&gt;",
        ']]> */ };ran();// \\";ran();// </option></select></td></table></dialog></form>',
        LONG,
    ]
)
PAYLOADS = [LONGEST, LONG, SHORT, SHORTEST, "<"]

# Fields that hold no free text, and who sees to that.
NO_TEXT = {
    "accounts.User.password": "a hash",
    "accounts.User.time_zone": "checked against the list of time zones",
    "accounts.Invitation.token_hash": "a hash",
    "candidates.Interview.time_zone": "checked against the list of time zones",
    "candidates.Candidate.cv": "a random name, shown nowhere",
    "candidates.Decision.snapshot": "made of what other fields hold",
    "candidates.Scorecard.focus": "keys of dimensions",
    "candidates.WeightChange.before": "points by key",
    "candidates.WeightChange.after": "points by key",
    "candidates.RetentionRun.candidates": "row numbers",
    "mail.MailMessage.kind": "a code",
    "mail.MailMessage.key": "codes and numbers",
    "mail.MailMessage.message_id": "made by chance",
    "mail.MailMessage.address": "whom it goes to, on no page",
    "mail.MailMessage.reply_to": "whom an answer goes to, on no page",
    "mail.MailMessage.subject": "made of what other fields hold, and read below",
    "mail.MailMessage.text": "made of what other fields hold, and no markup",
    "mail.MailMessage.html": "made of what other fields hold, and read below",
    "mail.MailMessage.attachments": "made of what other fields hold, and no markup",
    "mail.MailMessage.error": "a code",
    "rubrics.Dimension.letter": "one character, which cannot break out of anything",
}
# Filled while the row is made, because the database keeps these as they are.
KEPT = {
    "audit.AuditEvent.act",
    "audit.AuditEvent.subject",
    "audit.AuditEvent.detail",
    "candidates.Decision.rationale",
    "candidates.Decision.against_order_reason",
}
# Filled, and shown on no page of this world.
UNSEEN = {"rubrics.Removal.content"}  # its title is the name of a dimension or the text of a question


def text_fields() -> Iterator[tuple[str, type[models.Model], Any]]:
    """Every field of our models that text can be in; choices and slugs are checked by their own kind."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in ("candidates", "rubrics", "smarter"):
            continue
        for field in model._meta.concrete_fields:
            kinds = (models.CharField, models.TextField, models.JSONField, models.FileField)
            if isinstance(field, kinds) and not field.choices and not isinstance(field, models.SlugField):
                yield f"{model._meta.label}.{field.name}", model, field


def names_of_fields() -> list[str]:
    """Their names, as in the lists above."""
    return sorted(name for name, _, _ in text_fields())


def mark(name: str) -> str:
    """What tells the text of one field from that of another."""
    return f"z{names_of_fields().index(name):02}z"


def hostile(name: str, field: Any) -> str:
    """The worst that fits into a field, with its mark."""
    room = (field.max_length or 10_000) - 12
    return next(payload for payload in PAYLOADS if len(payload) < room) + mark(name)


def poison() -> None:
    """Fill every text field of every row."""
    for name, model, field in text_fields():
        if name in NO_TEXT or name in KEPT:
            continue
        text = hostile(name, field)
        if isinstance(field, models.JSONField):
            model._default_manager.update(**{field.name: [text, text]})
        elif field.unique or isinstance(field, models.EmailField):
            for pk in model._default_manager.values_list("pk", flat=True):
                model._default_manager.filter(pk=pk).update(**{field.name: f'"{SHORTEST}{mark(name)}{pk}"@x.example'})
        else:
            model._default_manager.update(**{field.name: text})
