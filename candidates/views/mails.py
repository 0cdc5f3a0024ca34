"""The outbox, for admins. It lives here because the seal does: who was reminded tells whose card is not in."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from candidates.models import Application
from smarter.accounts.models import User, UserRequest
from smarter.accounts.views.admins import admin_required
from smarter.audit.recording import record
from smarter.mail.models import MailMessage, MailMessageQuerySet

PAGE_SIZE = 50
STANDS_STILL = timedelta(minutes=15)
"""So long after its time a mail should have been tried, if anything sends mails at all."""


@require_GET
@admin_required
def mail_list(request: UserRequest) -> HttpResponse:
    """What waits, what was given up and why; never what a mail says."""
    now = timezone.now()
    mails = readable_mails(request.user)
    troubled = mails.troubled().select_related("user")
    context = {
        "page": Paginator(troubled, PAGE_SIZE).get_page(request.GET.get("page")),
        "waiting": mails.waiting().count(),
        "failed": mails.failed().count(),
        "sent": mails.sent().filter(sent_at__gt=now - timedelta(days=1)).count(),
        "stands_still": mails.due(now - STANDS_STILL).exists(),
        "now": now,
    }
    return render(request, "candidates/mail_list.html", context)


@require_POST
@admin_required
@transaction.atomic
def mail_retry(request: UserRequest, pk: int) -> HttpResponse:
    """Try a mail again that was given up."""
    message = get_object_or_404(readable_mails(request.user).failed().select_for_update(), pk=pk)
    if message.retry(timezone.now()):
        record(
            actor=request.user,
            act="mail.retry",
            subject=message,
            opening_id=message.opening_id,
            candidate_id=message.candidate_id,
        )
        messages.success(request, f"The mail to {message.address} is tried again.")
    else:
        messages.error(request, "This mail is of no use any more, so it was not sent again.")
    return redirect("candidates:mail_list")


def readable_mails(user: User) -> MailMessageQuerySet:
    """Mails that say nothing of candidates this admin is sealed for."""
    sealed = Application.objects.visible_to(user).sealed_for(user)
    candidates = list(sealed.values_list("candidate", flat=True))
    return MailMessage.objects.all().outside(candidates)
