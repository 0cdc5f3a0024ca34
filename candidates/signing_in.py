"""Who is signed in, read at every request together with whether there is news for them."""

from allauth.account.auth_backends import AuthenticationBackend

from smarter.accounts.models import User

# As text, since every request asks it: putting it together anew would take longer than the database takes to answer.
PERSON = """SELECT u.*, EXISTS (SELECT 1 FROM candidates_notification n WHERE n.user_id = u.id AND n.read_at IS NULL)
    AS has_news FROM accounts_user u WHERE u.id = %s"""


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in as allauth does it; the person carries `has_news`, so that the bell asks only where there may be some."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, unless deactivated."""
        person = next(iter(User.objects.raw(PERSON, [user_id])), None)
        return person if person is not None and self.user_can_authenticate(person) else None
