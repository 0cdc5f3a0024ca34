"""Openings, candidates, interviews, scorecards and what is made of them."""

from django.urls import path

from candidates.views import events, home

app_name = "candidates"
urlpatterns = [
    path("", home.home, name="home"),
    # audit
    path("audit/", events.event_list, name="event_list"),
    path("audit/export/", events.event_export, name="event_export"),
]
