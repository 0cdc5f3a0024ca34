"""Signing in: allauth's page, and the demo's short cut through it."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from smarter.accounts.models import User


@require_http_methods(["GET", "POST"])
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail and password; in DEBUG one button for each person of the demo."""
    response: HttpResponse = allauth_views.login(request)
    if isinstance(response, TemplateResponse):
        context: dict[str, Any] = response.context_data or {}
        context["demo_personas"] = User.objects.demo_personas() if settings.DEBUG else []
    return response


@require_POST
@login_not_required
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a person of the demo; does not exist outside DEBUG, nor for people who are no demo."""
    personas = {person.email: person for person in User.objects.demo_personas()}
    email = request.POST.get("email", "")
    if not settings.DEBUG or email not in personas:
        raise Http404
    response: HttpResponse = perform_login(request, personas[email])
    return response
