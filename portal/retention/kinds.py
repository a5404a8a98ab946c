"""Kinds of record of the portal itself."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.admin import creation
from portal.models import (
    AssignmentRecord,
    AuditEvent,
    CreatedByForm,
    ImportRun,
    Letter,
    PortalNotice,
    Reminder,
    RetentionTerm,
    RobotMessage,
    SearchRecord,
)
from portal.notices import reminders
from portal.notices.door import forget_notices, notices_term
from portal.operations import letters
from portal.registry.retention import KindOfRecord, register_kind_of_record


def searches_term() -> dt.timedelta:
    """Return how long searches are kept as long as nobody approved another term."""
    return dt.timedelta(days=settings.SEARCH_LOG_DAYS)


def register_kinds() -> None:
    """What is read again for a while, and what is evidence."""
    for kind in (
        KindOfRecord("searches", _("Searches"), SearchRecord, "searched_at", searches_term),
        KindOfRecord(
            "notices",
            _("Notices to people"),
            PortalNotice,
            "created_at",
            notices_term,
            person="person",
            remove=forget_notices,
        ),
        KindOfRecord("robot_messages", _("Messages of chat robots"), RobotMessage, "created_at", notices_term),
        KindOfRecord(
            "reminders",
            _("Reminders that were given"),
            Reminder,
            "created_at",
            lambda: reminders.KEPT_FOR,
            least=reminders.KEPT_FOR,
        ),
        KindOfRecord(
            "letters",
            _("Letters that were sent"),
            Letter,
            "created_at",
            lambda: letters.KEPT_FOR,
            least=letters.KEPT_FOR,
        ),
        KindOfRecord(
            "forms",
            _("Forms of new records"),
            CreatedByForm,
            "created_at",
            lambda: creation.KEPT_FOR,
            least=creation.KEPT_FOR,
        ),
        KindOfRecord("table_imports", _("Imported tables, as they came"), ImportRun, "created_at"),
        KindOfRecord(
            "audit",
            _("Audit log"),
            AuditEvent,
            "at",
            is_fixed=True,
            why=_("who did what is answered for any day"),
        ),
        KindOfRecord(
            "assignments",
            _("Records of assignments to posts"),
            AssignmentRecord,
            "recorded_at",
            is_fixed=True,
            why=_("answers about past days rest on them"),
        ),
        KindOfRecord("terms", _("Retention terms"), RetentionTerm, "proposed_at", is_fixed=True),
    ):
        register_kind_of_record(kind)
