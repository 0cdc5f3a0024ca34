"""Who is signed in, read at every request together with whether there is news for them."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef

from candidates.models import Notification
from smarter.accounts.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in as allauth does it; the person carries `has_news`, so that the bell asks only where there may be some."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, unless deactivated."""
        news = Exists(Notification.objects.unread().filter(user=OuterRef("pk")))
        person = User.objects.annotate(has_news=news).filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
