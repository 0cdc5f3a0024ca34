"""Rubrics: read, edit, publish."""

from django.urls import path

from rubrics import views

app_name = "rubrics"
urlpatterns = [
    path("", views.rubric_list, name="rubric_list"),
    path("import/", views.rubric_import, name="rubric_import"),
    path("versions/<int:pk>/", views.version_detail, name="version_detail"),
    path("versions/<int:pk>/file/", views.version_file, name="version_file"),
    path("versions/<int:pk>/changes/", views.version_changes, name="version_changes"),
    path("versions/<int:pk>/draft/", views.version_draft, name="version_draft"),
    path("versions/<int:pk>/edit/", views.version_edit, name="version_edit"),
    path("versions/<int:pk>/edit/<slug:key>/", views.version_edit, name="version_edit"),
    path("versions/<int:pk>/publish/", views.version_publish, name="version_publish"),
    path("versions/<int:pk>/discard/", views.version_discard, name="version_discard"),
    path("versions/<int:pk>/retire/", views.version_retire, name="version_retire"),
]
