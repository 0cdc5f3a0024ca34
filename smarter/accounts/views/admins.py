"""Pages for admins only."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import Http404, HttpResponseBase

from smarter.accounts.models import UserRequest

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


def admin_required(
    view: Callable[Concatenate[UserRequest, P], R],
) -> Callable[Concatenate[UserRequest, P], R]:
    """For others than admins the page does not exist."""

    @wraps(view)
    def admins_only(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if not request.user.is_admin:
            raise Http404
        return view(request, *args, **kwargs)

    return admins_only
