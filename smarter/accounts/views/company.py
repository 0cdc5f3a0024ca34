"""Company sign-in; there only where OIDC_ISSUER is set, with the libraries of the extra `sso`."""

from allauth.socialaccount.providers.openid_connect import views as allauth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from smarter.accounts.sso import back_to_sign_in


@require_POST
@login_not_required
def company_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the company's server, if it answers."""
    try:
        response: HttpResponse = allauth_views.login(request, provider_id)
    except RequestException:
        return back_to_sign_in(request)
    return response


@require_GET
@login_not_required
def company_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the company's server."""
    response: HttpResponse = allauth_views.callback(request, provider_id)
    return response
