"""Factories of training: one a model."""

import datetime as dt
import uuid

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from courses.enums import EnrolmentState, RequestState, TimeSource
from courses.models import (
    Attendance,
    AttendanceCorrection,
    Course,
    CourseModule,
    Enrolment,
    HourCredit,
    Meeting,
    ModuleTopic,
    Nominee,
    NomineeCredit,
    NomineeMatch,
    NomineeTimes,
    Place,
    PlaceName,
    PlanRow,
    Project,
    Session,
    SessionModule,
    TrainingDue,
    TrainingModule,
    TrainingRequest,
)
from portal.enums import Role, Tier
from tests.factories.kb import TopicFactory
from tests.factories.portal import EquipmentCategoryFactory, OrganisationFactory, PersonFactory


class TrainerFactory(PersonFactory):
    """A person who teaches."""

    staff_number = factory.Sequence(lambda n: f"R{n:04}")

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        PersonFactory.roles.function(self, create, [Role.TRAINER, *(extracted or [])]) if create else None


class TrainingModuleFactory(DjangoModelFactory):
    """A published module of eight hours; ``trainers=[…]`` are its qualified trainers."""

    class Meta:
        model = TrainingModule
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"tm-{n}")
    title = factory.Sequence(lambda n: f"培训模块 {n}")
    category = factory.SubFactory(EquipmentCategoryFactory)
    minutes = 480
    place = "培训中心"

    @factory.post_generation
    def trainers(self, create, extracted, **kwargs):
        if extracted:
            self.trainers.set(extracted)
            self.save()


class PlaceFactory(DjangoModelFactory):
    """A room of the network; ``names=[…]`` are its other names."""

    class Meta:
        model = Place
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"{n} 号实训室")

    @factory.post_generation
    def names(self, create, extracted, **kwargs):
        for name in (self.name, *(extracted or [])):
            PlaceName.objects.create(place=self, name=name)


class CourseFactory(DjangoModelFactory):
    """A course for staff; ``modules=[…]`` in order."""

    class Meta:
        model = Course
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"kc-{n}")
    title = factory.Sequence(lambda n: f"课程 {n}")

    @factory.post_generation
    def modules(self, create, extracted, **kwargs):
        for order, module in enumerate(extracted or []):
            CourseModule.objects.create(course=self, module=module, sort_order=order)


class ModuleTopicFactory(DjangoModelFactory):
    """One line of the covering content."""

    class Meta:
        model = ModuleTopic
        skip_postgeneration_save = True

    module = factory.SubFactory(TrainingModuleFactory)
    topic = factory.SubFactory(TopicFactory, code="T01", name="结构与特点")
    text = factory.Sequence(lambda n: f"培训内容 {n}")

    @factory.post_generation
    def chapters(self, create, extracted, **kwargs):
        if extracted:
            self.chapters.set(extracted)
            self.save()


class SessionFactory(DjangoModelFactory):
    """A day of class in a week's time, held for the trainer's own branch; ``modules=[…]`` are taught in full."""

    class Meta:
        model = Session
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"培训班 {n}")
    trainer = factory.SubFactory(TrainerFactory)
    organisation = factory.SelfAttribute("trainer.organisation")
    starts_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=7))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + dt.timedelta(hours=9))
    break_minutes = 60
    place = "培训中心一号教室"
    capacity = 12

    @factory.post_generation
    def modules(self, create, extracted, **kwargs):
        for module in extracted or []:
            SessionModuleFactory(session=self, module=module, minutes=module.minutes)

    @factory.post_generation
    def meetings(self, create, extracted, **kwargs):
        """One like the session, or those given as pairs of start and end, which the session then follows."""
        if not create:
            return
        spans = extracted or [(self.starts_at, self.ends_at)]
        for number, (starts_at, ends_at) in enumerate(spans, start=1):
            MeetingFactory(session=self, number=number, starts_at=starts_at, ends_at=ends_at)
        if extracted:
            self.starts_at, self.ends_at, self.meeting_count = spans[0][0], spans[-1][1], len(spans)
            self.break_minutes *= len(spans)
            self.save()


class MeetingFactory(DjangoModelFactory):
    """A meeting of a session at its place; a session has one already."""

    class Meta:
        model = Meeting

    session = factory.SubFactory(SessionFactory)
    number = 1
    starts_at = factory.SelfAttribute("session.starts_at")
    ends_at = factory.SelfAttribute("session.ends_at")
    break_minutes = factory.SelfAttribute("session.break_minutes")
    place = factory.SelfAttribute("session.place")
    place_record = factory.SelfAttribute("session.place_record")
    uid = factory.LazyAttribute(lambda o: o.session.uid if o.number == 1 else uuid.uuid4())


class SessionModuleFactory(DjangoModelFactory):
    """A module taught in a session."""

    class Meta:
        model = SessionModule

    session = factory.SubFactory(SessionFactory)
    module = factory.SubFactory(TrainingModuleFactory)
    minutes = 480


class EnrolmentFactory(DjangoModelFactory):
    """A seat of somebody of the session's branch."""

    class Meta:
        model = Enrolment

    session = factory.SubFactory(SessionFactory)
    person = factory.SubFactory(PersonFactory, organisation=factory.SelfAttribute("..session.organisation"))
    state = EnrolmentState.SEATED
    place_in_line = factory.Sequence(lambda n: n + 1)
    offer_until = factory.LazyAttribute(
        lambda o: o.session.starts_at if o.session and o.state == EnrolmentState.OFFERED else None
    )


class AttendanceFactory(DjangoModelFactory):
    """Somebody who was there from beginning to end."""

    class Meta:
        model = Attendance

    enrolment = factory.SubFactory(EnrolmentFactory)
    meeting = factory.LazyAttribute(lambda o: o.enrolment.session.meetings.first())
    checked_in_at = factory.SelfAttribute("enrolment.session.starts_at")
    checked_out_at = factory.SelfAttribute("enrolment.session.ends_at")
    checked_in_by = factory.SelfAttribute("enrolment.session.trainer")
    checked_out_by = factory.SelfAttribute("enrolment.session.trainer")
    checked_out_from = factory.Maybe("checked_out_at", TimeSource.BUTTON, None)


class AttendanceCorrectionFactory(DjangoModelFactory):
    """A correction that says what was recorded; give the times that differ."""

    class Meta:
        model = AttendanceCorrection

    attendance = factory.SubFactory(AttendanceFactory)
    number = factory.Sequence(lambda n: n + 1)
    came_at = factory.SelfAttribute("attendance.checked_in_at")
    went_at = factory.SelfAttribute("attendance.checked_out_at")
    source = TimeSource.CORRECTION
    reason = "签到表上的时间不同"
    corrected_by = factory.SelfAttribute("attendance.enrolment.session.trainer")


class HourCreditFactory(DjangoModelFactory):
    """Credited time; give ``person``, ``module``, ``minutes``, ``earned_on`` and, for history, ``recorded_at``."""

    class Meta:
        model = HourCredit

    person = factory.SubFactory(PersonFactory)
    module = factory.SubFactory(TrainingModuleFactory)
    attendance = factory.SubFactory(
        AttendanceFactory,
        enrolment=factory.SubFactory(EnrolmentFactory, person=factory.SelfAttribute("...person")),
    )
    minutes = 480
    earned_on = factory.LazyFunction(timezone.localdate)


class TrainingRequestFactory(DjangoModelFactory):
    """A customer's request whose contact may name people for another week; ``modules=[…]``."""

    class Meta:
        model = TrainingRequest
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory, tier=Tier.CUSTOMER)
    state = RequestState.NAMING
    seats = 3
    contact_name = "何雪梅"
    contact_email = "contact@example.com"
    name_by = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=7))
    asked_by = factory.SubFactory(PersonFactory)

    @factory.post_generation
    def modules(self, create, extracted, **kwargs):
        self.modules.set(extracted or [])


class NomineeFactory(DjangoModelFactory):
    """Somebody a customer named."""

    class Meta:
        model = Nominee

    request = factory.SubFactory(TrainingRequestFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"受训人{n}")


class NomineeTimesFactory(DjangoModelFactory):
    """A day from half past eight to half past five."""

    class Meta:
        model = NomineeTimes

    nominee = factory.SubFactory(NomineeFactory)
    meeting = factory.LazyAttribute(
        lambda o: o.nominee.request.session.meetings.first() if o.nominee.request.session else MeetingFactory(number=2)
    )
    number = 1
    came_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(hours=9))
    went_at = factory.LazyFunction(timezone.now)
    recorded_by = factory.SubFactory(PersonFactory)


class NomineeCreditFactory(DjangoModelFactory):
    """Eight hours of a module for somebody a customer named."""

    class Meta:
        model = NomineeCredit

    times = factory.SubFactory(NomineeTimesFactory)
    module = factory.SubFactory(TrainingModuleFactory)
    minutes = 480


class NomineeMatchFactory(DjangoModelFactory):
    """Who a named person turned out to be."""

    class Meta:
        model = NomineeMatch

    nominee = factory.SubFactory(NomineeFactory)
    person = factory.SubFactory(PersonFactory)
    matched_by = factory.SubFactory(PersonFactory)


__all__ = [
    "AttendanceCorrectionFactory",
    "AttendanceFactory",
    "EnrolmentFactory",
    "HourCreditFactory",
    "ModuleTopicFactory",
    "NomineeCreditFactory",
    "NomineeFactory",
    "NomineeMatchFactory",
    "NomineeTimesFactory",
    "SessionFactory",
    "SessionModuleFactory",
    "TrainerFactory",
    "TrainingModuleFactory",
    "TrainingRequestFactory",
]


class ProjectFactory(DjangoModelFactory):
    """A project of a customer below the organisation that serves it."""

    class Meta:
        model = Project

    code = factory.Sequence(lambda n: f"p-{n}")
    name = factory.Sequence(lambda n: f"项目 {n}")
    organisation = factory.SubFactory(OrganisationFactory, tier=Tier.OUTLET)
    customer = factory.LazyAttribute(lambda project: OrganisationFactory(tier="customer", parent=project.organisation))


class PlanRowFactory(DjangoModelFactory):
    """A row of eight hours."""

    class Meta:
        model = PlanRow

    project = factory.SubFactory(ProjectFactory)
    number = factory.Sequence(lambda n: n + 1)
    equipment = ["冷库"]
    contents = ["产品的特点"]
    place_and_trainees = "甲方指定"
    minutes = 480


class TrainingDueFactory(DjangoModelFactory):
    """A module the people of a branch must be credited in a month's time."""

    class Meta:
        model = TrainingDue

    module = factory.SubFactory(TrainingModuleFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=30))
    reason = "旺季前复训"
    assigned_by = factory.SubFactory(PersonFactory)
