"""Models of ``courses``."""

from courses.models.assignments import DueLetter, TrainingDue
from courses.models.attendance import Attendance, AttendanceCorrection, HourCredit
from courses.models.checkins import Arrival, SentTap, SheetScan
from courses.models.courses import Course, CourseModule
from courses.models.days import SpecialDay
from courses.models.evaluations import Complaint, EffectReview, Evaluation, EvaluationInvite
from courses.models.meetings import DroppedMeeting, Meeting
from courses.models.modules import ModuleTopic, TrainingModule
from courses.models.nominations import Nominee, NomineeCredit, NomineeMatch, NomineeTimes, TrainingRequest
from courses.models.places import Place, PlaceName
from courses.models.plans import PlannedSession, PlanPeriod, PlanRow, PlanSlip, Project
from courses.models.records import TrainingReport
from courses.models.rules import ClashPolicy
from courses.models.seats import ModuleInterest, SeatReservation
from courses.models.sessions import Enrolment, Session, SessionModule
from courses.models.yearly import OwnNeed, TrainingNeed, YearlyPlan, YearlyPlanRow

__all__ = [
    "Arrival",
    "Attendance",
    "AttendanceCorrection",
    "ClashPolicy",
    "Complaint",
    "Course",
    "CourseModule",
    "DroppedMeeting",
    "DueLetter",
    "EffectReview",
    "Enrolment",
    "Evaluation",
    "EvaluationInvite",
    "HourCredit",
    "Meeting",
    "ModuleInterest",
    "ModuleTopic",
    "Nominee",
    "NomineeCredit",
    "NomineeMatch",
    "NomineeTimes",
    "OwnNeed",
    "Place",
    "PlaceName",
    "PlanPeriod",
    "PlanRow",
    "PlanSlip",
    "PlannedSession",
    "Project",
    "SeatReservation",
    "SentTap",
    "Session",
    "SessionModule",
    "SheetScan",
    "SpecialDay",
    "TrainingDue",
    "TrainingModule",
    "TrainingNeed",
    "TrainingReport",
    "TrainingRequest",
    "YearlyPlan",
    "YearlyPlanRow",
]
