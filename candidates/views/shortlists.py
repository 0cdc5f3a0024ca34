"""Shortlists of an opening, ordered by hand: nothing on these pages stands on a score."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from candidates.comparison.choice import MOST_COLUMNS
from candidates.forms.shortlists import EntriesForm, EntriesUndoForm, FillForm, MoveForm, NoteForm, ShortlistForm
from candidates.models import Application, Opening, Shortlist, ShortlistEntry
from candidates.shortlisting import (
    create_shortlist,
    fill_shortlist,
    move_entry,
    note_on,
    put_back,
    put_on,
    take_off,
    undo_additions,
)
from candidates.views.erased import not_found_once_erased
from smarter.accounts.models import UserRequest


@require_http_methods(["GET", "POST"])
def shortlist_create(request: UserRequest, pk: int) -> HttpResponse:
    """The shortlists of an opening, and a new one."""
    opening = get_object_or_404(Opening.objects.managed_by(request.user).with_team(), pk=pk)
    form = ShortlistForm(request.POST if request.method == "POST" else None, opening=opening)
    if form.is_valid():
        shortlist = create_shortlist(user=request.user, opening=opening, name=form.cleaned_data["name"])
        return redirect("candidates:shortlist_detail", shortlist.pk)
    context = {
        "opening": opening,
        "shortlists": Shortlist.objects.managed_by(request.user).filter(opening=opening).with_numbers(),
        "form": form,
        "cancel_url": reverse("candidates:opening_detail", args=[pk]),
    }
    return render(request, "candidates/shortlist_create.html", context)


@require_http_methods(["GET", "POST"])
def shortlist_fill(request: UserRequest, pk: int) -> HttpResponse:
    """Put candidates chosen on the opening's page or in a comparison on a list, or on a new one."""
    opening = get_object_or_404(Opening.objects.managed_by(request.user).with_team(), pk=pk)
    chosen = _chosen(opening, request.GET.getlist("c"))
    if not chosen:
        messages.error(request, "Choose at least one candidate first.")
        return redirect("candidates:opening_detail", pk)
    shortlists = Shortlist.objects.managed_by(request.user).filter(opening=opening)
    data = request.POST if request.method == "POST" else None
    form = FillForm(data, opening=opening, chosen=chosen, shortlists=list(shortlists))
    if form.is_valid():
        shortlist, added = fill_shortlist(user=request.user, opening=opening, **form.asked())
        _say_added(request, shortlist, added)
        return redirect("candidates:shortlist_detail", shortlist.pk)
    context = {"opening": opening, "form": form, "cancel_url": reverse("candidates:opening_detail", args=[pk])}
    return render(request, "candidates/shortlist_fill.html", context)


@require_POST
def shortlist_undo(request: UserRequest, pk: int) -> HttpResponse:
    """Take back the additions that the address names."""
    shortlist = get_object_or_404(Shortlist.objects.managed_by(request.user), pk=pk)
    form = EntriesUndoForm(request.GET, entries=shortlist.entries.select_related("shortlist", "application"))
    undone = undo_additions(user=request.user, entries=form.cleaned_data["entry"]) if form.is_valid() else 0
    if undone:
        messages.info(request, f"Took {undone} candidate{'' if undone == 1 else 's'} off again.")
    else:
        messages.error(request, "Nothing could be taken back: the list has changed since.")
    return redirect("candidates:shortlist_detail", pk)


@require_GET
def shortlist_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One list: order it, note on it, compare it."""
    shortlists = Shortlist.objects.managed_by(request.user).select_related("opening", "created_by")
    shortlist = get_object_or_404(shortlists, pk=pk)
    entries = list(shortlist.entries.on_it().select_related("application__candidate"))
    first = [("c", entry.application_id) for entry in entries[:MOST_COLUMNS]]
    listed = [entry.application_id for entry in entries]
    noted = set(shortlist.entries.noted_to(request.user).values_list("pk", flat=True)) if entries else set()
    context = {
        "shortlist": shortlist,
        "entries": [(entry, entry.pk in noted) for entry in entries],
        "compared": len(first),
        "compare_query": urlencode(first),
        "others": shortlist.opening.applications.running().exclude(pk__in=listed).select_related("candidate"),
    }
    return render(request, "candidates/shortlist_detail.html", context)


@require_POST
def shortlist_entry_add(request: UserRequest, pk: int) -> HttpResponse:
    """Put candidates on the list, at its end."""
    shortlist = get_object_or_404(Shortlist.objects.managed_by(request.user).select_related("opening"), pk=pk)
    form = EntriesForm(request.POST, applications=shortlist.opening.applications.select_related("candidate"))
    if not form.is_valid():
        messages.error(request, str(form.errors["c"][0]))
        return redirect("candidates:shortlist_detail", pk)
    added = put_on(user=request.user, shortlist=shortlist, applications=form.cleaned_data["c"])
    _say_added(request, shortlist, added)
    return redirect("candidates:shortlist_detail", pk)


@require_POST
def shortlist_entry_remove(request: UserRequest, pk: int) -> HttpResponse:
    """Take somebody off, with an Undo that keeps the note."""
    entry = _entry(request, pk)
    take_off(user=request.user, entry=entry)
    undo = reverse("candidates:shortlist_entry_restore", args=[pk])
    messages.success(request, f"Took {entry.application.candidate} off the list.", extra_tags=f"undo:{undo}")
    return redirect("candidates:shortlist_detail", entry.shortlist_id)


@require_POST
def shortlist_entry_restore(request: UserRequest, pk: int) -> HttpResponse:
    """Bring back somebody who was taken off."""
    entry = _entry(request, pk)
    put_back(user=request.user, entry=entry)
    messages.info(request, f"{entry.application.candidate} is on the list again.")
    return redirect("candidates:shortlist_detail", entry.shortlist_id)


@require_POST
def shortlist_entry_move(request: UserRequest, pk: int) -> HttpResponse:
    """One place up or down; the page comes back at that row."""
    entry = _entry(request, pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose whether to move up or down.")
    elif not move_entry(user=request.user, entry=entry, by=form.cleaned_data["by"]):
        messages.info(request, f"{entry.application.candidate} can’t move further.")
    return redirect(_row(entry))


@require_POST
def shortlist_entry_note(request: UserRequest, pk: int) -> HttpResponse:
    """Write the note of an entry; not while sealed, as one would write over what one has not read."""
    entry = _entry(request, pk)
    if not ShortlistEntry.objects.noted_to(request.user).filter(pk=pk).exists():
        raise Http404
    form = NoteForm(request.POST)
    if form.is_valid():
        with not_found_once_erased():
            note_on(user=request.user, entry=entry, note=form.cleaned_data["note"])
        messages.success(request, f"The note on {entry.application.candidate} is saved.")
    else:
        messages.error(request, f"The note was not saved: {form.errors['note'][0]}")
    return redirect(_row(entry))


def _chosen(opening: Opening, asked: list[str]) -> list[Application]:
    """The applications asked for, in that order and each once; what is not in the opening is left out."""
    known = {str(row.pk): row for row in opening.applications.select_related("candidate")}
    return [known[key] for key in dict.fromkeys(asked) if key in known]


def _say_added(request: UserRequest, shortlist: Shortlist, added: list[ShortlistEntry]) -> None:
    """Say who was added, with an Undo of exactly these."""
    if not added:
        messages.info(request, "On the list already; nothing was added.")
        return
    undo = reverse("candidates:shortlist_undo", args=[shortlist.pk])
    query = urlencode([("entry", entry.pk) for entry in added])
    names = str(added[0].application.candidate) if len(added) == 1 else f"{len(added)} candidates"
    messages.success(request, f"Added {names}.", extra_tags=f"undo:{undo}?{query}")


def _entry(request: UserRequest, pk: int) -> ShortlistEntry:
    entries = ShortlistEntry.objects.managed_by(request.user)
    return get_object_or_404(entries.select_related("shortlist", "application__candidate"), pk=pk)


def _row(entry: ShortlistEntry) -> str:
    return reverse("candidates:shortlist_detail", args=[entry.shortlist_id]) + f"#entry-{entry.pk}"
