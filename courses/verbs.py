"""Names of the acts of training in the audit log."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "courses.module_published": _("Module published"),
    "courses.module_withdrawn": _("Module withdrawn"),
    "courses.session_scheduled": _("Session scheduled"),
    "courses.session_rescheduled": _("Session rescheduled"),
    "courses.session_cancelled": _("Session cancelled"),
    "courses.check_in_opened": _("Check-in opened"),
    "courses.session_closed": _("Session closed"),
    "courses.checked_in": _("Checked in"),
    "courses.checked_out": _("Checked out"),
    "courses.attendance_corrected": _("Attendance corrected"),
    "courses.seat_freed": _("Seat freed: the person left"),
    "courses.seat_booked": _("Seat booked"),
    "courses.seat_cancelled": _("Seat cancelled"),
    "courses.seat_moved_up": _("Moved up from the waiting list"),
    "courses.training_asked_for": _("Training asked for"),
    "courses.naming_opened": _("Link to name people given"),
    "courses.naming_link_renewed": _("Link to name people renewed"),
    "courses.people_named": _("People named"),
    "courses.request_planned": _("Request planned"),
    "courses.request_declined": _("Request declined"),
    "courses.nominees_recorded": _("Times of named people recorded"),
    "courses.nominee_matched": _("Named person matched"),
    "courses.feed_opened": _("Calendar feed opened"),
    "courses.feed_revoked": _("Calendar feed revoked"),
}
