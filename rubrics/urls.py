"""Rubrics: read, edit, publish."""

from django.urls import path

from rubrics import views

app_name = "rubrics"
urlpatterns = [
    path("", views.rubric_list, name="rubric_list"),
    path("versions/<int:pk>/", views.version_detail, name="version_detail"),
    path("versions/<int:pk>/file/", views.version_file, name="version_file"),
]
