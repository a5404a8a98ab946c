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
    "courses.project_added": _("Customer project opened"),
    "courses.plan_row_added": _("Row of a training plan added"),
    "courses.plan_row_changed": _("Row of a training plan changed"),
    "courses.plan_row_dropped": _("Row of a training plan taken out"),
    "courses.schedule_set": _("Schedule of a project set"),
    "courses.plan_scheduled": _("Sessions of a plan generated"),
    "courses.feed_opened": _("Calendar feed opened"),
    "courses.feed_revoked": _("Calendar feed revoked"),
}
