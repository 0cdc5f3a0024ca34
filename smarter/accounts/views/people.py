"""People: who may sign in and what they may do. For admins."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarter.accounts.forms import PersonFilterForm, PersonForm
from smarter.accounts.models import Invitation, User, UserRequest
from smarter.accounts.people import ChangeRefused, change_person, deactivate, reactivate
from smarter.accounts.views.admins import admin_required

PAGE_SIZE = 50
LOCKED_OUT = "That would lock you out. Ask another admin to do it."


@require_GET
@admin_required
def person_list(request: UserRequest) -> HttpResponse:
    """Everybody with an account, and the invitations that are still open."""
    form = PersonFilterForm(request.GET)
    page = Paginator(form.apply(User.objects.all()), PAGE_SIZE).get_page(request.GET.get("page"))
    invitations = Invitation.objects.pending().select_related("invited_by")
    context = {"form": form, "page": page, "invitations": invitations, "filters": form.as_query()}
    return render(request, "accounts/person_list.html", context)


@require_http_methods(["GET", "POST"])
@admin_required
def person_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Roles, job title and seniority; whether the person may sign in."""
    person = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST if request.method == "POST" else None, instance=person, by=request.user)
    if form.is_valid():
        try:
            change_person(actor=request.user, person=person)
        except ChangeRefused:
            messages.error(request, LOCKED_OUT)
            return redirect(request.path)
        messages.success(request, f"{person.name} is saved.")
        return redirect("accounts:person_list")
    return render(request, "accounts/person_edit.html", {"person": User.objects.get(pk=pk), "form": form})


@require_POST
@admin_required
def person_deactivate(request: UserRequest, pk: int) -> HttpResponse:
    """End a person's access at once."""
    person = get_object_or_404(User, pk=pk)
    try:
        deactivate(actor=request.user, person=person)
    except ChangeRefused:
        messages.error(request, LOCKED_OUT)
    else:
        messages.success(request, f"{person.name} can no longer sign in; their sessions have ended.")
    return redirect("accounts:person_edit", pk)


@require_POST
@admin_required
def person_reactivate(request: UserRequest, pk: int) -> HttpResponse:
    """Let a person in again."""
    person = get_object_or_404(User, pk=pk)
    reactivate(actor=request.user, person=person)
    messages.success(request, f"{person.name} can sign in again.")
    return redirect("accounts:person_edit", pk)
