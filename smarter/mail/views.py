"""Stopping mails by the link in them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from smarter.mail.stopping import person_of, stop_mails


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed link is the permission
@require_http_methods(["GET", "POST"])
@login_not_required
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask by GET, because mail scanners open every link; stop by POST."""
    person = person_of(token)
    if person is None:
        return render(request, "mail/mail_stop_gone.html", status=404)
    if request.method == "POST":
        stop_mails(person=person)
    return render(request, "mail/mail_stop.html", {"is_stopped": request.method == "POST"})
