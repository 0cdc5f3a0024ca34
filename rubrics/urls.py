"""Rubrics: read, edit, publish."""

from django.urls import path

from rubrics.views import answers, autosave, drafts, publishing, rubrics, versions

app_name = "rubrics"
urlpatterns = [
    path("", rubrics.rubric_list, name="rubric_list"),
    path("new/", rubrics.rubric_create, name="rubric_create"),
    path("<int:pk>/edit/", rubrics.rubric_edit, name="rubric_edit"),
    path("<int:pk>/archive/", rubrics.rubric_archive, name="rubric_archive"),
    path("<int:pk>/restore/", rubrics.rubric_restore, name="rubric_restore"),
    path("import/", rubrics.rubric_import, name="rubric_import"),
    path("versions/<int:pk>/", versions.version_detail, name="version_detail"),
    path("versions/<int:pk>/file/", versions.version_file, name="version_file"),
    path("versions/<int:pk>/changes/", versions.version_changes, name="version_changes"),
    path("versions/<int:pk>/draft/", drafts.version_draft, name="version_draft"),
    path("versions/<int:pk>/edit/", drafts.version_edit, name="version_edit"),
    path("versions/<int:pk>/edit/<slug:key>/", drafts.version_edit, name="version_edit"),
    path("versions/<int:pk>/edit/<slug:key>/autosave/", autosave.version_autosave, name="version_autosave"),
    path("versions/<int:pk>/answers/", answers.version_answers, name="version_answers"),
    path("versions/<int:pk>/answers/restore/", answers.version_answer_restore, name="version_answer_restore"),
    path("versions/<int:pk>/publish/", publishing.version_publish, name="version_publish"),
    path("versions/<int:pk>/discard/", drafts.version_discard, name="version_discard"),
    path("versions/<int:pk>/retire/", publishing.version_retire, name="version_retire"),
]
