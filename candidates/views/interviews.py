"""Interviews: plan one with its panel, change it, read it, cancel it, use its panel for others."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from candidates.conversations import read_conversation
from candidates.exchange.calendar import FILE_NAME, PUBLISH, calendar_file
from candidates.forms.interviews import BaseSeatFormSet, ChangeForm, NewInterviewForm, PanelCopyForm, seat_formset
from candidates.models import Application, Interview, Opening, Scorecard
from candidates.panels import (
    InterviewChanged,
    Unconfirmed,
    cancel_interview,
    change_interview,
    copy_panel,
    plan_interview,
)
from candidates.planning import read_plan, warn_of
from candidates.views.erased import not_found_once_erased
from smarter.accounts.models import User, UserRequest

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
def interview_create(request: UserRequest, pk: int) -> HttpResponse:
    """A new interview of an application, with its panel."""
    managed = Application.objects.managed_by(request.user).not_erased()
    application = get_object_or_404(managed.select_related("candidate", "opening__rubric_version"), pk=pk)
    number = application.interviews.count() + 1
    interview = Interview(application=application, title=f"Interview {number}", time_zone=request.user.time_zone)
    data = request.POST if request.method == "POST" else None
    form = NewInterviewForm(data, instance=interview)
    dimensions = list(application.opening.rubric_version.dimensions.all())
    seats = seat_formset(data, dimensions=dimensions, cards=[], taken=set())
    if form.is_valid() & seats.is_valid():
        with not_found_once_erased():
            interview = plan_interview(user=request.user, interview=interview, seats=seats.seats)
        messages.success(request, f"{interview.title} with {application.candidate} is planned.")
        return redirect("candidates:interview_detail", interview.pk)
    context = {"form": form, "seats": seats, "application": application}
    return render(request, "candidates/interview_create.html", context)


@require_GET
def interview_detail(request: UserRequest, pk: int) -> HttpResponse:
    """When, where and who; how far the panel is as far as open; the way to one's own scorecard."""
    interview = get_object_or_404(Interview.objects.visible_to(request.user).with_application(), pk=pk)
    application = Application.objects.with_seal(request.user).get(pk=interview.application_id)
    context = {
        "interview": interview,
        "seal": application,
        "conversation": read_conversation(request.user, application, interview),
        "own": Scorecard.objects.visible_to(request.user).filter(interview=interview, interviewer=request.user).first(),
        "unread": _unread(request.user, interview) if application.is_on_team else [],
        "warnings": warn_of(request.user, interview) if application.is_on_team else [],
    }
    return render(request, "candidates/interview_detail.html", context)


@require_GET
def interview_calendar(request: UserRequest, pk: int) -> HttpResponse:
    """The interview as a file for one's own calendar; there once it has a time."""
    interviews = Interview.objects.visible_to(request.user).with_application().filter(starts_at__isnull=False)
    interview = get_object_or_404(interviews, pk=pk)
    text = calendar_file(interview, method=PUBLISH, now=timezone.now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


def _unread(user: User, interview: Interview) -> list[Scorecard]:
    """Submitted cards that this recruiter may still hand back, because nobody has read them."""
    cards = Scorecard.objects.returnable_by(user).filter(interview=interview, first_seen_at=None)
    return list(cards.select_related("interviewer"))


@require_http_methods(["GET", "POST"])
def interview_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Time, place and panel. While sealed, one changes no seat of others: it would tell whose card is in."""
    interview = get_object_or_404(Interview.objects.changeable_by(request.user).with_application(), pk=pk)
    application = Application.objects.with_seal(request.user).get(pk=interview.application_id)
    data = request.POST if request.method == "POST" else None
    form = ChangeForm(data, instance=interview)
    seats, locked = _panel(request.user, interview, application, data)
    unconfirmed: list[str] = []
    if form.is_valid() & seats.is_valid():
        try:
            unconfirmed = _change(request, interview, seats)
        except InterviewChanged:
            messages.warning(
                request, "Somebody else saved at the same moment, so nothing was changed. Look at it again."
            )
            return redirect(request.path)
        if not unconfirmed:
            messages.success(request, "Interview saved.")
            return redirect("candidates:interview_detail", pk)
    context = {
        "form": form,
        "seats": seats,
        "interview": interview,
        "unconfirmed": unconfirmed,
        "is_sealed": application.is_sealed,
        "locked": locked,
    }
    return render(request, "candidates/interview_edit.html", context)


def _panel(
    user: User, interview: Interview, application: Application, data: QueryDict | None
) -> tuple[BaseSeatFormSet, list[str]]:
    """The seats that `user` may change as a formset, and the names of those on the others."""
    cards = _seats_to_set(user, interview, application)
    seated = Scorecard.objects.seats_visible_to(user).filter(interview=interview).select_related("interviewer")
    others = {card.interviewer_id: card.interviewer.name for card in seated}
    for card in cards:
        others.pop(card.interviewer_id, None)
    dimensions = list(interview.pinned_version().dimensions.all())
    return seat_formset(data, dimensions=dimensions, cards=cards, taken=set(others)), list(others.values())


def _change(request: UserRequest, interview: Interview, seats: BaseSeatFormSet) -> list[str]:
    """Save it, or name those whose begun scorecards would be closed and nobody has confirmed that."""
    try:
        with not_found_once_erased():
            change_interview(
                user=request.user,
                interview=interview,
                seats=seats.seats,
                removed=seats.removed,
                is_confirmed="confirm" in request.POST,
            )
    except Unconfirmed as error:
        return [card.interviewer.name for card in error.cards]
    return []


@require_http_methods(["GET", "POST"])
def interview_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Say what cancelling means; a POST does it."""
    interview = get_object_or_404(Interview.objects.changeable_by(request.user).with_application(), pk=pk)
    if request.method == "POST":
        cancel_interview(user=request.user, interview=interview)
        messages.success(request, f"{interview.title} with {interview.application.candidate} is cancelled.")
        return redirect("candidates:interview_detail", pk)
    return render(request, "candidates/interview_cancel.html", {"interview": interview})


@require_http_methods(["GET", "POST"])
def panel_copy(request: UserRequest, pk: int) -> HttpResponse:
    """The same interview with the same interviewers for other candidates of the opening."""
    source = get_object_or_404(Interview.objects.changeable_by(request.user).with_application(), pk=pk)
    others = source.application.opening.applications.running().not_erased().exclude(pk=source.application_id)
    form = PanelCopyForm(request.POST if request.method == "POST" else None, source=source, applications=others)
    if form.is_valid():
        with not_found_once_erased():
            made = copy_panel(user=request.user, source=source, applications=form.cleaned_data["applications"])
        messages.success(request, f"{source.title} is planned for {len(made)} more; set the times next.")
        return redirect("candidates:opening_plan", source.application.opening_id)
    seats = Scorecard.objects.seats_visible_to(request.user).filter(interview=source).select_related("interviewer")
    context = {
        "form": form,
        "interview": source,
        "names": [seat.interviewer.name for seat in seats],
        "cancel_url": reverse("candidates:interview_detail", args=[pk]),
    }
    return render(request, "candidates/panel_copy.html", context)


@require_GET
def opening_plan(request: UserRequest, pk: int) -> HttpResponse:
    """Who covers what for each candidate, and what to watch."""
    mine = Opening.objects.managed_by(request.user).with_team().select_related("rubric_version__rubric")
    opening = get_object_or_404(mine, pk=pk)
    running = opening.applications.running().not_erased()
    applications = running.select_related("candidate").order_by("candidate__name", "pk")
    page = Paginator(applications, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"opening": opening, "page": page, "plan": read_plan(request.user, opening, list(page.object_list))}
    return render(request, "candidates/opening_plan.html", context)


def _seats_to_set(user: User, interview: Interview, application: Application) -> list[Scorecard]:
    """The open seats that `user` may change: all, or while sealed only the own one."""
    cards = Scorecard.objects.managed_by(user).filter(interview=interview).open().select_related("interviewer")
    return list(cards.filter(interviewer=user) if application.is_sealed else cards)
