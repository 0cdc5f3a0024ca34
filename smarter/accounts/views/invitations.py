"""Invitations: made, sent again and withdrawn by admins, accepted by whoever holds the link."""

from allauth.account.utils import perform_login
from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from smarter.accounts.forms import AcceptInvitationForm, InvitationForm
from smarter.accounts.invitations import InvitationRefused, accept, invite, renew, withdraw
from smarter.accounts.models import Invitation, UserRequest
from smarter.accounts.views.admins import admin_required


@require_http_methods(["GET", "POST"])
@admin_required
def invitation_create(request: UserRequest) -> HttpResponse:
    """Invite somebody. The link is shown in the answer itself, because it is kept nowhere."""
    form = InvitationForm(request.POST if request.method == "POST" else None)
    link = None
    if form.is_valid():
        link = invite(actor=request.user, invitation=form.save(commit=False))
    return render(request, "accounts/invitation_create.html", {"form": form, "link": link})


@require_POST
@admin_required
def invitation_renew(request: UserRequest, pk: int) -> HttpResponse:
    """Send an invitation again, with a new link."""
    get_object_or_404(Invitation, pk=pk)
    try:
        link = renew(actor=request.user, invitation_id=pk)
    except InvitationRefused:
        messages.error(request, "This invitation was accepted or withdrawn, so it was not sent again.")
        return redirect("accounts:person_list")
    return render(request, "accounts/invitation_create.html", {"link": link})


@require_POST
@admin_required
def invitation_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """Make an invitation's link useless."""
    get_object_or_404(Invitation, pk=pk)
    try:
        invitation = withdraw(actor=request.user, invitation_id=pk)
    except InvitationRefused:
        messages.error(request, "This invitation was accepted or withdrawn already.")
    else:
        messages.success(request, f"The invitation of {invitation.email} is withdrawn. Its link no longer works.")
    return redirect("accounts:person_list")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@login_not_required
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Set a name and a password, and come in. Links used, withdrawn, old or made up get one and the same answer."""
    limited: HttpResponse | None = consume_or_429(request, action="invitation")
    if limited:
        return limited
    invitation = Invitation.objects.usable().with_token(token).first()
    if invitation is None:
        return render(request, "accounts/invitation_gone.html", status=404)
    form = AcceptInvitationForm(request.POST if request.method == "POST" else None, invitation=invitation)
    if not form.is_valid():
        return render(request, "accounts/invitation_accept.html", {"form": form, "invitation": invitation})
    given = {key: form.cleaned_data[key] for key in ("name", "time_zone", "password")}
    try:
        user = accept(invitation_id=invitation.pk, **given)
    except InvitationRefused:
        return render(request, "accounts/invitation_gone.html", status=404)
    response: HttpResponse = perform_login(request, user)
    return response
