"""A draft: begun from a version, edited dimension by dimension, thrown away.

The page of a dimension saves itself (rubrics/views/autosave.py); without scripts it is a form, and this is where it
goes. Either way nobody overwrites what somebody else saved meanwhile, and no typed text goes lost.
"""

import json
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from rubrics.checks import faults_of
from rubrics.desk import Desk, Meeting, open_desk
from rubrics.diff import diff
from rubrics.document import document_of
from rubrics.editing import Edit, perform
from rubrics.editor import DimensionForm
from rubrics.fields import as_typed, changed_fields
from rubrics.forms import EditForm
from rubrics.guide import Weight, weight_bar
from rubrics.models import Removal, RubricVersion
from rubrics.versioning import TEXT, DraftChanged, DraftExists, copy_to_draft, discard_draft, save_draft
from smarter.accounts.models import UserRequest
from smarter.accounts.views.admins import admin_required

LONGEST_CODE = 14  # "past_behaviour": shorter than any text worth copying


@require_POST
@admin_required
def version_draft(request: UserRequest, pk: int) -> HttpResponse:
    """Begin the next version from this one; where there is a draft already, go on with it."""
    version = get_object_or_404(RubricVersion.objects.visible_to(request.user).select_related("rubric"), pk=pk)
    try:
        draft = copy_to_draft(version=version, user=request.user)
    except DraftExists:
        draft = get_object_or_404(RubricVersion.objects.editable_by(request.user), rubric=version.rubric_id)
        messages.info(request, f"{draft} is being edited already. This is it.")
    return redirect("rubrics:version_edit", draft.pk)


@require_http_methods(["GET", "POST"])
@admin_required
def version_edit(request: UserRequest, pk: int, key: str = "") -> HttpResponse:
    """Edit one dimension of a draft: a POST saves what is typed, then does what the pressed button says."""
    desk = open_desk(request.user, pk, key)
    if request.method == "POST":
        return _act(request, desk) if desk else _closed(request, pk)
    if desk is None:
        raise Http404
    return _page(request, desk, DimensionForm(None, document=desk.document, key=desk.key))


def _act(request: UserRequest, desk: Desk) -> HttpResponse:
    """Save and act, unless that would overwrite or lose somebody's text: then ask."""
    envelope = EditForm(request.POST)
    sent = envelope.cleaned_data if envelope.is_valid() else {"version": None, "act": "", "base": {}}
    back = desk.find_removal(sent["act"])
    stays_out = desk.removal is not None and back != desk.removal
    if back and back != desk.removal:
        desk = desk.with_put_back(back)
    meeting = desk.meet(request.POST.dict(), None if sent["version"] == desk.version.revision else sent["base"])
    form = DimensionForm(meeting.fields, document=meeting.document, key=desk.key)
    if meeting.asks or stays_out:
        return _page(request, desk, form, meeting=meeting, status=409)
    if not form.is_valid():
        return _page(request, desk, form)
    edit = perform(form.edited, desk.key, sent["act"], desk.taken_keys)
    if back:
        edit = replace(edit, change="put_back", at=f"question-{back.question_key}", key=back.dimension_key)
    try:
        _save(request, desk, edit, [*([back] if back else []), *meeting.put_back])
    except DraftChanged:  # between the reading and the writing
        return version_edit(request, desk.version.pk, desk.key)
    address = reverse("rubrics:version_edit", args=[desk.version.pk, edit.key])
    return HttpResponseRedirect(f"{address}#{edit.at}" if edit.at else address)


def _save(request: UserRequest, desk: Desk, edit: Edit, put_back: list[Removal]) -> None:
    save_draft(
        version=desk.version,
        document=edit.document,
        revision=desk.version.revision,
        user=request.user,
        change=edit.change,
        removed=edit.removed,
        put_back=put_back,
    )
    if edit.change == TEXT:
        messages.success(request, "Saved.")


def _page(
    request: UserRequest, desk: Desk, form: DimensionForm, *, meeting: Meeting | None = None, status: int = 200
) -> HttpResponse:
    """The editor with what is in the form; `meeting` holds what somebody has to settle before it can be saved."""
    before = desk.version.before()
    published = document_of(before) if before else None
    changes = diff(published, desk.document) if published else []
    context = {
        "version": desk.version,
        "dimension": form.dimension,
        "form": form,
        "desk": desk,
        "base": json.dumps(desk.fields, ensure_ascii=False),
        "meeting": meeting,
        "is_typed": request.method == "POST",
        "against": before,
        "changes": changes,
        "changed": changed_fields(published, desk.document, desk.key) if published else set(),
        "changed_letters": {change.letter for change in changes},
        "faults": faults_of(desk.document),
        "weights": weight_bar(Weight(row["letter"], row["name"], row["weight"]) for row in desk.document["dimensions"]),
        "versions": RubricVersion.objects.visible_to(request.user).filter(rubric=desk.version.rubric_id).reverse(),
    }
    return render(request, "rubrics/version_edit.html", context, status=status)


def _closed(request: UserRequest, pk: int) -> HttpResponse:
    """A draft that takes no more, published or discarded meanwhile: what was sent, to be copied."""
    version = RubricVersion.objects.visible_to(request.user).select_related("rubric").filter(pk=pk).first()
    texts = [text for text in as_typed(request.POST.dict()).values() if len(text) > LONGEST_CODE]
    context = {"version": version, "texts": texts}
    return render(request, "rubrics/version_closed.html", context, status=409)


@require_POST
@admin_required
def version_discard(request: UserRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    version = get_object_or_404(RubricVersion.objects.editable_by(request.user).select_related("rubric"), pk=pk)
    discard_draft(version=version, user=request.user)
    messages.success(request, f"The draft {version} is gone.")
    return redirect("rubrics:rubric_list")
