"""URLs of training."""

from django.urls import path

from courses.assignments import views as assignments
from courses.calendars import feed_views
from courses.calendars.schedule_views import schedule
from courses.calendars.views import calendar
from courses.checkins.views import scanning, screen
from courses.evaluations.views import answering, reading
from courses.modules import views as modules
from courses.nominations.views import attendance as nominee_attendance
from courses.nominations.views import naming, requests
from courses.places import views as places
from courses.plans import views as plans
from courses.records import views as records
from courses.sessions.views import attendance, corrections, files, mine, moving, scheduling, seats, sessions

app_name = "courses"
urlpatterns = [
    path("", modules.catalogue, name="catalogue"),
    path("coverage/", modules.coverage, name="coverage"),
    path("modules/<slug:code>/", modules.module, name="module"),
    path("modules/<slug:code>/trainers/", modules.trainers, name="module_trainers"),
    path("modules/<slug:code>/copy/", modules.copy, name="module_copy"),
    path("courses/<slug:code>/", modules.course, name="course"),
    path("sessions/", sessions.session_list, name="sessions"),
    path("sessions/new/", scheduling.session_new, name="session_new"),
    path("sessions/<int:pk>/", sessions.session, name="session"),
    path("sessions/<int:pk>.ics", files.session_calendar, name="session_calendar"),
    path("sessions/<int:pk>/edit/", scheduling.session_edit, name="session_edit"),
    path("sessions/<int:pk>/cancel/", scheduling.session_cancel, name="session_cancel"),
    path("sessions/<int:pk>/book/", seats.book, name="book"),
    path("sessions/<int:pk>/leave/", seats.leave, name="leave"),
    path("sessions/<int:pk>/attendance/", attendance.attendance, name="attendance"),
    path("sessions/<int:pk>/attendance/open/", attendance.open_session, name="open_session"),
    path("sessions/<int:pk>/attendance/close/", attendance.close, name="close_session"),
    path("sessions/<int:pk>/attendance/walk-in/", attendance.walk_in, name="walk_in"),
    path("sessions/<int:pk>/attendance/paper/", attendance.paper, name="paper"),
    path("sessions/<int:pk>/attendance/everybody-out/", attendance.everybody_out, name="everybody_out"),
    path("sessions/<int:pk>/check-in/", screen.screen, name="check_in_screen"),
    path("sessions/<int:pk>/check-in/decide/", screen.decide, name="decide_arrivals"),
    path("sessions/<int:pk>/check-in/named-out/", screen.named_out, name="named_out"),
    path("sessions/<int:pk>/check-in/taps/", screen.taps, name="taps"),
    path("sessions/<int:pk>/sheet-scans/", screen.add_scan, name="add_sheet_scan"),
    path("sessions/<int:pk>/sheet-scans/<int:scan>/", screen.open_scan, name="sheet_scan"),
    path("sessions/keeper.js", screen.keeper, name="keeper"),
    path("check-in/<int:pk>/", scanning.arrive, name="arrive"),
    path("check-in/<int:pk>/<str:code>/", scanning.scan, name="scan"),
    path("sessions/<int:pk>/record.pdf", reading.training_record, name="training_record"),
    path("sessions/<int:pk>/evaluation.pdf", reading.evaluation_form, name="evaluation_form"),
    path("sessions/<int:pk>/evaluations/", reading.of_session, name="session_evaluations"),
    path("evaluations/", reading.summaries, name="evaluations"),
    path("evaluations/complaints/", reading.complaints, name="complaints"),
    path("evaluations/effects/", reading.reviews, name="effects"),
    path("evaluations/effects/<int:pk>/", reading.review, name="effect"),
    path("evaluate/<uuid:uid>/", answering.answer, name="evaluate"),
    path("hours/", records.hours, name="hours"),
    path("reports/", records.reports, name="reports"),
    path("reports/<int:pk>/", records.report, name="report"),
    path("enrolments/<int:pk>/correct/", corrections.correct, name="correct"),
    path("enrolments/<int:pk>/<slug:act>/", attendance.mark, name="mark"),
    path("sessions/<int:pk>/sign-in-sheet.pdf", files.sign_in_sheet, name="sign_in_sheet"),
    path("sessions/<int:pk>/named/", nominee_attendance.nominee_times, name="nominee_times"),
    path("nominees/<int:pk>/match/", nominee_attendance.match, name="match_nominee"),
    path("requests/", requests.request_list, name="requests"),
    path("requests/new/", requests.request_new, name="request_new"),
    path("requests/<int:pk>/", requests.training_request, name="request"),
    path("requests/<int:pk>/names/", naming.names, name="names"),
    path("requests/<int:pk>/naming/", requests.open_naming, name="open_naming"),
    path("requests/<int:pk>/link/", requests.renew_link, name="renew_link"),
    path("requests/<int:pk>/plan/", requests.plan, name="plan_request"),
    path("requests/<int:pk>/decline/", requests.decline, name="decline_request"),
    path("naming/<str:secret>/", naming.naming, name="naming"),
    path("projects/", plans.project_list, name="projects"),
    path("projects/new/", plans.project_new, name="project_new"),
    path("projects/<slug:code>/", plans.project, name="project"),
    path("projects/<slug:code>/grid/", plans.grid, name="plan_grid"),
    path("projects/<slug:code>/schedule/", plans.schedule, name="plan_schedule"),
    path("projects/<slug:code>/generate/", plans.generate, name="plan_generate"),
    path("projects/<slug:code>/plan.<slug:form>", plans.export, name="plan_export"),
    path("sessions/<int:pk>/enrol/", assignments.enrol, name="enrol"),
    path("assigned/", assignments.due_list, name="dues"),
    path("assigned/new/", assignments.due_new, name="due_new"),
    path("assigned/overdue/", assignments.overdue, name="overdue"),
    path("assigned/<int:pk>/", assignments.due, name="due"),
    path("assigned/<int:pk>/withdraw/", assignments.due_withdraw, name="due_withdraw"),
    path("places/", places.place_list, name="places"),
    path("places/new/", places.place_new, name="place_new"),
    path("places/<int:pk>/", places.place, name="place"),
    path("places/<int:pk>/merge/", places.place_merge, name="place_merge"),
    path("schedule/", schedule, name="schedule"),
    path("sessions/<int:pk>/move/", moving.session_move, name="session_move"),
    path("calendar/", calendar, name="calendar"),
    path("my/", mine.my_training, name="my"),
    path("feeds/", feed_views.feed_list, name="feeds"),
    path("feeds/<int:pk>/revoke/", feed_views.feed_revoke, name="feed_revoke"),
]
