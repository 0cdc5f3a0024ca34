"""Openings, candidates, interviews, scorecards and what is made of them."""

from django.urls import path

from candidates.views import home

app_name = "candidates"
urlpatterns = [
    path("", home.home, name="home"),
]
