"""What somebody was told in the app: the list, the way to the place, and marking all as read."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from candidates.models import Notification
from candidates.notifying import place_of
from smarter.accounts.models import UserRequest

PAGE_SIZE = 30


@require_GET
def notification_list(request: UserRequest) -> HttpResponse:
    """Everything one may still be told, the newest first."""
    mine = Notification.objects.visible_to(request.user).with_context()
    page = Paginator(mine, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "has_unread": any(row.read_at is None for row in page)}
    return render(request, "candidates/notification_list.html", context)


@require_GET
def notification_follow(request: UserRequest, pk: int) -> HttpResponse:
    """To the place that a notification tells of; from then on it counts as read."""
    row = get_object_or_404(Notification.objects.visible_to(request.user).with_context(), pk=pk)
    Notification.objects.unread().filter(pk=row.pk).update(read_at=timezone.now())
    return redirect(place_of(row))


@require_POST
def notification_read(request: UserRequest) -> HttpResponse:
    """Mark all as read that one may read."""
    shown = Notification.objects.unread().visible_to(request.user).order_by().values_list("pk", flat=True)
    Notification.objects.filter(pk__in=list(shown)).update(read_at=timezone.now())
    return redirect("candidates:notification_list")
