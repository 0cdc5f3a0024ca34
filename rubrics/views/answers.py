"""The practice answers of a draft: written, put in order, removed and brought back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from rubrics.answers import AnswersForm, digest_of, put_back
from rubrics.document import document_of
from rubrics.file_format import Document, check_document
from rubrics.models import RubricVersion
from rubrics.versioning import DraftChanged, save_draft
from smarter.accounts.models import UserRequest
from smarter.accounts.views.admins import admin_required

REMOVED = "removed_answer"
"""In the session: the answer removed last, for Undo."""


@require_http_methods(["GET", "POST"])
@admin_required
def version_answers(request: UserRequest, pk: int) -> HttpResponse:
    """All practice answers of a draft. Who saves over somebody else's later save is told first."""
    version = get_object_or_404(RubricVersion.objects.editable_by(request.user).select_related("rubric"), pk=pk)
    document = document_of(version)
    form = AnswersForm(request.POST if request.method == "POST" else None, document=document)
    is_stale = form.is_valid() and form.is_stale
    if form.is_valid() and not is_stale:
        try:
            _save(request, version, form.edited)
            _say_so(request, version, form)
            return redirect("rubrics:version_answers", pk)
        except DraftChanged:  # between the reading and the writing
            is_stale = True
    context = {
        "version": version,
        "form": form,
        "seen": digest_of(document),
        "is_stale": is_stale,
        "has_questions": any(row["questions"] for row in document["dimensions"]),
    }
    return render(request, "rubrics/version_answers.html", context)


@require_POST
@admin_required
def version_answer_restore(request: UserRequest, pk: int) -> HttpResponse:
    """Bring back the answer that was removed last."""
    version = get_object_or_404(RubricVersion.objects.editable_by(request.user).select_related("rubric"), pk=pk)
    removed = request.session.pop(REMOVED, None)
    if not removed or removed["version"] != pk:
        messages.warning(request, "There is nothing to bring back.")
        return redirect("rubrics:version_answers", pk)
    document, faults = check_document(put_back(document_of(version), removed["answer"], removed["place"]))
    if faults:
        messages.warning(request, f"It can’t come back as it was: {faults[0]}")
        return redirect("rubrics:version_answers", pk)
    try:
        _save(request, version, document)
        messages.success(request, "The answer is back.")
    except DraftChanged:
        request.session[REMOVED] = removed
        messages.warning(request, "Somebody saved this draft just now. Press Undo once more.")
    return redirect("rubrics:version_answers", pk)


def _save(request: UserRequest, version: RubricVersion, document: Document) -> None:
    """Save the draft as it was read, with other practice answers. Raises DraftChanged where it is another by now."""
    save_draft(
        version=version, document=document, revision=version.revision, user=request.user, change="practice_answers"
    )


def _say_so(request: UserRequest, version: RubricVersion, form: AnswersForm) -> None:
    """That it is saved; after a removal, with the way back."""
    if form.removed is None:
        messages.success(request, "Saved.")
        return
    place = form.keys.index(form.removed["key"]) if form.removed["key"] in form.keys else 0
    request.session[REMOVED] = {"version": version.pk, "answer": form.removed, "place": place}
    undo = reverse("rubrics:version_answer_restore", args=[version.pk])
    messages.success(request, "The answer is removed.", extra_tags=f"undo:{undo}")
