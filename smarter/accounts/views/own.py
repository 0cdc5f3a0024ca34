"""One's own account."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from smarter.accounts.forms import ProfileForm
from smarter.accounts.models import User, UserRequest
from smarter.accounts.people import change_profile


@require_http_methods(["GET", "POST"])
def profile(request: UserRequest) -> HttpResponse:
    """Name, job title, time zone and habits; the ways to password, second factor and sessions."""
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        change_profile(person=person)
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:profile")
    kinds = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    context = {
        "form": form,
        "has_totp": Authenticator.Type.TOTP in kinds,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "sessions": UserSession.objects.filter(user=person).count(),
    }
    return render(request, "accounts/profile.html", context)
