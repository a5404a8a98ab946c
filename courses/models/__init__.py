"""Models of ``courses``."""

from courses.models.modules import ModuleTopic, TrainingModule
from courses.models.sessions import Attendance, Enrolment, HourCredit, Session, SessionModule

__all__ = [
    "Attendance",
    "Enrolment",
    "HourCredit",
    "ModuleTopic",
    "Session",
    "SessionModule",
    "TrainingModule",
]
