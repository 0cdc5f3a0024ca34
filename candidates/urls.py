"""Openings, candidates, interviews, scorecards and what is made of them."""

from django.urls import path

from candidates.views import (
    applications,
    autosave,
    calibration,
    candidate_files,
    candidates,
    compare,
    debrief,
    decisions,
    events,
    exchange,
    home,
    interviews,
    mails,
    notifications,
    nudges,
    openings,
    practice,
    privacy,
    retention,
    rubrics,
    scorecards,
    shortlists,
)

app_name = "candidates"
urlpatterns = [
    path("", home.home, name="home"),
    # Openings
    path("openings/", openings.opening_list, name="opening_list"),
    path("openings/new/", openings.opening_create, name="opening_create"),
    path("openings/<int:pk>/", openings.opening_detail, name="opening_detail"),
    path("openings/<int:pk>/settings/", openings.opening_edit, name="opening_edit"),
    path("openings/<int:pk>/plan/", interviews.opening_plan, name="opening_plan"),
    path("openings/<int:pk>/choose/", applications.opening_choose, name="opening_choose"),
    # Comparison
    path("openings/<int:pk>/compare/", compare.opening_compare, name="opening_compare"),
    path("openings/<int:pk>/compare/trial/", compare.opening_compare_trial, name="opening_compare_trial"),
    path("openings/<int:pk>/weights/", compare.opening_weights, name="opening_weights"),
    path("openings/<int:pk>/ranking/", compare.opening_ranking, name="opening_ranking"),
    # Debrief and decisions
    path("openings/<int:pk>/debrief/", debrief.opening_debrief, name="opening_debrief"),
    path("openings/<int:pk>/debrief/open/", debrief.debrief_open, name="debrief_open"),
    path("debriefs/<int:pk>/close/", debrief.debrief_close, name="debrief_close"),
    path("debriefs/<int:pk>/follow/", debrief.debrief_follow, name="debrief_follow"),
    path(
        "debriefs/<int:pk>/items/<int:application_pk>/<slug:dimension>/",
        debrief.debrief_item_settle,
        name="debrief_item_settle",
    ),
    path("applications/<int:pk>/decide/", decisions.decision_create, name="decision_create"),
    path("decisions/<int:pk>/", decisions.decision_detail, name="decision_detail"),
    # Shortlists
    path("openings/<int:pk>/shortlists/", shortlists.shortlist_create, name="shortlist_create"),
    path("openings/<int:pk>/shortlists/fill/", shortlists.shortlist_fill, name="shortlist_fill"),
    path("shortlists/<int:pk>/undo/", shortlists.shortlist_undo, name="shortlist_undo"),
    path("shortlists/<int:pk>/", shortlists.shortlist_detail, name="shortlist_detail"),
    path("shortlists/<int:pk>/entries/", shortlists.shortlist_entry_add, name="shortlist_entry_add"),
    path("shortlists/entries/<int:pk>/remove/", shortlists.shortlist_entry_remove, name="shortlist_entry_remove"),
    path("shortlists/entries/<int:pk>/restore/", shortlists.shortlist_entry_restore, name="shortlist_entry_restore"),
    path("shortlists/entries/<int:pk>/move/", shortlists.shortlist_entry_move, name="shortlist_entry_move"),
    path("shortlists/entries/<int:pk>/note/", shortlists.shortlist_entry_note, name="shortlist_entry_note"),
    # Applications
    path("openings/<int:pk>/candidates/new/", applications.application_create, name="application_create"),
    path("openings/<int:pk>/candidates/<int:candidate_pk>/add/", applications.application_add, name="application_add"),
    path("openings/<int:pk>/moves/undo/", applications.application_move_undo, name="application_move_undo"),
    path("applications/<int:pk>/stage/", applications.application_move, name="application_move"),
    path("applications/<int:pk>/early-look/", applications.application_look_early, name="application_look_early"),
    # Candidates
    path("candidates/", candidates.candidate_list, name="candidate_list"),
    path("candidates/<int:pk>/", candidates.candidate_detail, name="candidate_detail"),
    path("candidates/<int:pk>/edit/", candidates.candidate_edit, name="candidate_edit"),
    path("candidates/<int:pk>/cv/", candidates.candidate_cv, name="candidate_cv"),
    # Privacy
    path("candidates/<int:pk>/disclosure/", privacy.candidate_disclosure, name="candidate_disclosure"),
    path("candidates/<int:pk>/disclosure/file/", privacy.candidate_disclosure_file, name="candidate_disclosure_file"),
    path("candidates/<int:pk>/hold/", privacy.candidate_hold, name="candidate_hold"),
    path("candidates/holds/<int:pk>/lift/", privacy.hold_lift, name="hold_lift"),
    path("candidates/<int:pk>/erase/ask/", privacy.candidate_erase_ask, name="candidate_erase_ask"),
    path("candidates/erasures/<int:pk>/withdraw/", privacy.erasure_withdraw, name="erasure_withdraw"),
    path("candidates/<int:pk>/erase/", privacy.candidate_erase, name="candidate_erase"),
    path("retention/", retention.retention, name="retention"),
    path("retention/start/", retention.retention_start, name="retention_start"),
    path("retention/runs/<int:pk>/", retention.retention_run, name="retention_run"),
    # Interviews
    path("applications/<int:pk>/interviews/new/", interviews.interview_create, name="interview_create"),
    path("interviews/<int:pk>/", interviews.interview_detail, name="interview_detail"),
    path("interviews/<int:pk>/calendar/", interviews.interview_calendar, name="interview_calendar"),
    path("interviews/<int:pk>/edit/", interviews.interview_edit, name="interview_edit"),
    path("interviews/<int:pk>/cancel/", interviews.interview_cancel, name="interview_cancel"),
    path("interviews/<int:pk>/panel/copy/", interviews.panel_copy, name="panel_copy"),
    # Calibration and practice
    path("practice/", practice.practice, name="practice"),
    path("practice/<int:pk>/", practice.practice_answer, name="practice_answer"),
    path("calibration/", calibration.calibration, name="calibration"),
    # Mail
    path("mails/", mails.mail_list, name="mail_list"),
    path("mails/<int:pk>/retry/", mails.mail_retry, name="mail_retry"),
    # Notifications
    path("notifications/", notifications.notification_list, name="notification_list"),
    path("notifications/read/", notifications.notification_read, name="notification_read"),
    path("notifications/<int:pk>/", notifications.notification_follow, name="notification_follow"),
    # Nudges
    path("openings/<int:pk>/nudge/", nudges.nudge_create, name="nudge_create"),
    path("openings/<int:pk>/nudge/undo/", nudges.nudge_undo, name="nudge_undo"),
    # Files
    path("openings/<int:pk>/candidates/import/", candidate_files.candidate_import, name="candidate_import"),
    path("openings/<int:pk>/import/", exchange.scorecard_import, name="scorecard_import"),
    path("openings/<int:pk>/export/scores/", exchange.score_export, name="score_export"),
    path("openings/<int:pk>/export/summary/", exchange.summary_export, name="summary_export"),
    # audit
    path("audit/", events.event_list, name="event_list"),
    path("audit/export/", events.event_export, name="event_export"),
    # scorecards
    path("scorecards/<int:pk>/", scorecards.scorecard_detail, name="scorecard_detail"),
    path("scorecards/<int:pk>/edit/", scorecards.scorecard_edit, name="scorecard_edit"),
    path("scorecards/<int:pk>/review/", scorecards.scorecard_review, name="scorecard_review"),
    path("scorecards/<int:pk>/autosave/", autosave.scorecard_autosave, name="scorecard_autosave"),
    path("scorecards/keys/", autosave.scorecard_keys, name="scorecard_keys"),
    path("scorecards/<int:pk>/decline/", scorecards.scorecard_decline, name="scorecard_decline"),
    path("scorecards/<int:pk>/hand-back/", scorecards.scorecard_hand_back, name="scorecard_hand_back"),
    path("scores/<int:pk>/revise/", scorecards.score_revise, name="score_revise"),
    # Rubrics, as far as openings and scorecards use them
    path("rubrics/versions/<int:pk>/preview/", rubrics.version_preview, name="version_preview"),
    path("rubrics/versions/<int:pk>/preview/card/", rubrics.version_preview_card, name="version_preview_card"),
    path("rubrics/versions/<int:pk>/openings/", rubrics.version_openings, name="version_openings"),
    path("openings/<int:pk>/rubric/", rubrics.opening_move, name="opening_move"),
]
