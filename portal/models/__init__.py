"""Models of ``portal``."""

from portal.models.assignments import Assignment, AssignmentRecord
from portal.models.audit import AppendOnlyError, AppendOnlyModel, AppendOnlyQuerySet, AuditEvent
from portal.models.bar import BarChange, BarDecision
from portal.models.created_by_form import CreatedByForm
from portal.models.equipment import EquipmentAlias, EquipmentCategory, EquipmentModel, EquipmentUnit
from portal.models.imports import ImportLine, ImportRun
from portal.models.jobs import JobState
from portal.models.media import DocumentText, PortalDocument, PortalImage, PortalRendition
from portal.models.notices import ChatRobot, NoticeChoice, PortalNotice, Reminder, RobotKind, RobotMessage
from portal.models.organisations import Organisation, Position, ServiceArea
from portal.models.pages import AudiencePageMixin, HomePage, InformationPage
from portal.models.people import Person, PersonQuerySet
from portal.models.retention import RetentionRun, RetentionTerm
from portal.models.search import SearchRecord, StarterList, SynonymGroup, SynonymKind
from portal.models.search_outbox import OutboxAction, SearchOutbox
from portal.models.settings import PortalSettings
from portal.models.statutory import StatutoryKind, StatutoryRule
from portal.models.tokens import AccessToken
from portal.models.work import Letter, WorkerBeat

__all__ = [
    "AccessToken",
    "AppendOnlyError",
    "AppendOnlyModel",
    "AppendOnlyQuerySet",
    "Assignment",
    "AssignmentRecord",
    "AudiencePageMixin",
    "AuditEvent",
    "BarChange",
    "BarDecision",
    "ChatRobot",
    "CreatedByForm",
    "DocumentText",
    "EquipmentAlias",
    "EquipmentCategory",
    "EquipmentModel",
    "EquipmentUnit",
    "HomePage",
    "ImportLine",
    "ImportRun",
    "InformationPage",
    "JobState",
    "Letter",
    "NoticeChoice",
    "Organisation",
    "OutboxAction",
    "Person",
    "PersonQuerySet",
    "PortalDocument",
    "PortalImage",
    "PortalNotice",
    "PortalRendition",
    "PortalSettings",
    "Position",
    "Reminder",
    "RetentionRun",
    "RetentionTerm",
    "RobotKind",
    "RobotMessage",
    "SearchOutbox",
    "SearchRecord",
    "ServiceArea",
    "StarterList",
    "StatutoryKind",
    "StatutoryRule",
    "SynonymGroup",
    "SynonymKind",
    "WorkerBeat",
]
