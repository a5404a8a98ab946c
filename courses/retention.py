"""Kinds of record of training: how long each is kept."""

from django.utils.translation import gettext_lazy as _

from courses.models import Attendance, HourCredit, SentTap, TrainingReport
from portal.registry.retention import KindOfRecord, register_kind_of_record


def register_kinds() -> None:
    """What is read again for a while, and what is evidence."""
    grounds = _("qualifications rest on the hours")
    for kind in (
        KindOfRecord("sent_taps", _("Presses sent by devices"), SentTap, "received_at", person="enrolment__person"),
        KindOfRecord("attendance", _("Attendance"), Attendance, "checked_in_at", is_fixed=True, why=grounds),
        KindOfRecord("credits", _("Credited hours"), HourCredit, "recorded_at", is_fixed=True, why=grounds),
        KindOfRecord(
            "training_reports",
            _("Kept training reports"),
            TrainingReport,
            "made_at",
            is_fixed=True,
            why=_("what was reported is shown as it was"),
        ),
    ):
        register_kind_of_record(kind)
