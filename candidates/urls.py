"""Openings, candidates, interviews, scorecards and what is made of them."""

from django.urls import path

from candidates.views import events, home, scorecards

app_name = "candidates"
urlpatterns = [
    path("", home.home, name="home"),
    # audit
    path("audit/", events.event_list, name="event_list"),
    path("audit/export/", events.event_export, name="event_export"),
    # scorecards
    path("scorecards/<int:pk>/", scorecards.scorecard_detail, name="scorecard_detail"),
    path("scorecards/<int:pk>/edit/", scorecards.scorecard_edit, name="scorecard_edit"),
    path("scorecards/<int:pk>/review/", scorecards.scorecard_review, name="scorecard_review"),
    path("scorecards/<int:pk>/decline/", scorecards.scorecard_decline, name="scorecard_decline"),
    path("scorecards/<int:pk>/hand-back/", scorecards.scorecard_hand_back, name="scorecard_hand_back"),
    path("scores/<int:pk>/revise/", scorecards.score_revise, name="score_revise"),
]
