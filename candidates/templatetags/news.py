"""What the frame of every page shows of candidates' doings: the number on the bell."""

from django import template

from candidates.models import Notification
from smarter.accounts.models import User

register = template.Library()


@register.simple_tag
def unread(user: User) -> int:
    """How many notifications wait; asks once for a page, and only where the person was read with some waiting."""
    if not getattr(user, "has_news", False):
        return 0
    if "unread_number" not in user.__dict__:
        user.__dict__["unread_number"] = Notification.objects.unread().visible_to(user).count()
    return int(user.__dict__["unread_number"])
