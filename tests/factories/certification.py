"""Factories of certification: one a model, and the few worlds its tests share."""

import datetime as dt
import uuid

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from certification.certificates.domain import issue
from certification.enums import AttemptState, PracticalResult, SchemeEffect
from certification.ledger import grant
from certification.models import (
    ApprovedVersion,
    AssessorAppointment,
    Attempt,
    Certificate,
    Checklist,
    ChecklistItem,
    Choice,
    DrawRule,
    LedgerEntry,
    PracticalAssessment,
    Question,
    QuestionBank,
    QuestionVersion,
    Quiz,
    Requirement,
    Scheme,
    SchemeScope,
    SchemeTask,
    StatutoryCertificate,
)
from certification.versions.kinds import label_of
from portal.access.changes import snapshot
from portal.enums import Role, Task
from portal.models import EquipmentCategory, Person
from tests.factories.courses import TrainingModuleFactory
from tests.factories.portal import EquipmentCategoryFactory, PersonFactory, StatutoryKindFactory


def approve_as_it_is(record) -> ApprovedVersion:
    """Return version 1 of a record made by a factory, approved by somebody who belongs to no organisation."""
    approver = Person.objects.filter(staff_number="approver").first()
    approver = approver or PersonFactory(staff_number="approver", organisation=None, is_active=False)
    fresh = type(record).objects.get(pk=record.pk)
    return ApprovedVersion.objects.create(
        record_label=label_of(record), record_id=record.pk, number=1, content=snapshot(fresh), approved_by=approver
    )


def version_one(record) -> ApprovedVersion:
    """Return version 1 of a record."""
    return ApprovedVersion.objects.get(record_label=label_of(record), record_id=record.pk, number=1)


class QuestionBankFactory(DjangoModelFactory):
    """An empty bank."""

    class Meta:
        model = QuestionBank

    code = factory.Sequence(lambda n: f"qb-{n}")
    name = factory.Sequence(lambda n: f"题库 {n}")
    category = factory.SubFactory(EquipmentCategoryFactory)


class QuestionFactory(DjangoModelFactory):
    """A question with one version; ``answers`` are (text, is_correct) pairs."""

    class Meta:
        model = Question
        skip_postgeneration_save = True

    bank = factory.SubFactory(QuestionBankFactory)
    ref = factory.Sequence(lambda n: f"q-{n}")

    @factory.post_generation
    def version(self, create, extracted, **kwargs):
        answers = kwargs.pop("answers", [("正确的做法", True), ("错误甲", False), ("错误乙", False)])
        fields = {"kind": "single", "stem": f"题目 {self.ref}", "explanation": f"解析 {self.ref}"}
        version = QuestionVersion.objects.create(question=self, number=1, **(fields | kwargs))
        for order, (text, is_correct) in enumerate(answers):
            Choice.objects.create(version=version, order=order, text=text, is_correct=is_correct)


class QuizFactory(DjangoModelFactory):
    """Ten questions from a bank of fifteen (or ``questions=n``), thirty minutes, two attempts."""

    class Meta:
        model = Quiz
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"qz-{n}")
    title = factory.Sequence(lambda n: f"理论考试 {n}")
    bank = factory.SubFactory(QuestionBankFactory)

    @factory.post_generation
    def questions(self, create, extracted, **kwargs):
        for _number in range(15 if extracted is None else extracted):
            QuestionFactory(bank=self.bank)

    @factory.post_generation
    def draw(self, create, extracted, **kwargs):
        for order, rule in enumerate([{"count": 10}] if extracted is None else extracted):
            DrawRule.objects.create(quiz=self, order=order, **rule)

    @factory.post_generation
    def version(self, create, extracted, **kwargs):
        approve_as_it_is(self)


class ChecklistFactory(DjangoModelFactory):
    """A checklist of one critical and four ordinary items."""

    class Meta:
        model = Checklist
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"pr-{n}")
    title = factory.Sequence(lambda n: f"实操考核 {n}")
    category = factory.SubFactory(EquipmentCategoryFactory)

    @factory.post_generation
    def items(self, create, extracted, **kwargs):
        for number in range(5):
            ChecklistItem.objects.create(
                checklist=self, sort_order=number, text=f"项目 {number}", is_critical=number == 0
            )

    @factory.post_generation
    def version(self, create, extracted, **kwargs):
        approve_as_it_is(self)


class AssessorFactory(PersonFactory):
    """A person with the assessor's role, not appointed to anything yet."""

    staff_number = factory.Sequence(lambda n: f"A{n:04}")

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        PersonFactory.roles.function(self, create, [Role.ASSESSOR, *(extracted or [])])


class AssessorAppointmentFactory(DjangoModelFactory):
    """An open-ended appointment since last year."""

    class Meta:
        model = AssessorAppointment

    person = factory.SubFactory(AssessorFactory)
    category = factory.SubFactory(EquipmentCategoryFactory)
    start = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=365))


class SchemeFactory(DjangoModelFactory):
    """A scheme without requirements that opens repair and maintenance of one category.

    ``tasks=[…]`` and ``scopes=[…]`` (categories and models) take the place of these, ``positions=[…]`` require it. See
    the requirement factories and :func:`full_scheme`.
    """

    class Meta:
        model = Scheme
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"cs-{n}")
    name = factory.Sequence(lambda n: f"上岗资格 {n}")
    valid_months = 24

    @factory.post_generation
    def tasks(self, create, extracted, **kwargs):
        for task in [Task.REPAIR, Task.MAINTAIN] if extracted is None else extracted:
            SchemeTask.objects.create(scheme=self, task=task)

    @factory.post_generation
    def scopes(self, create, extracted, **kwargs):
        for subject in [EquipmentCategoryFactory()] if extracted is None else extracted:
            field = "category" if isinstance(subject, EquipmentCategory) else "model"
            SchemeScope.objects.create(scheme=self, **{field: subject})

    @factory.post_generation
    def positions(self, create, extracted, **kwargs):
        if extracted:
            self.positions.set(extracted)
            self.save()

    @factory.post_generation
    def version(self, create, extracted, **kwargs):
        if extracted is not False:
            approve_as_it_is(self)


class ConditionFactory(SchemeFactory):
    """A condition of every task on all equipment, unless tasks, scopes or positions are given."""

    effect = SchemeEffect.CONDITION
    name = factory.Sequence(lambda n: f"附加条件 {n}")

    @factory.post_generation
    def tasks(self, create, extracted, **kwargs):
        SchemeFactory.tasks.function(self, create, extracted or [])

    @factory.post_generation
    def scopes(self, create, extracted, **kwargs):
        SchemeFactory.scopes.function(self, create, extracted or [])


class HoursRequirementFactory(DjangoModelFactory):
    """Eight hours of a module."""

    class Meta:
        model = Requirement

    scheme = factory.SubFactory(SchemeFactory)
    kind = "hours"
    module = factory.SubFactory(TrainingModuleFactory)
    minutes = 480
    order = 0


class QuizRequirementFactory(DjangoModelFactory):
    """A passed quiz."""

    class Meta:
        model = Requirement

    scheme = factory.SubFactory(SchemeFactory)
    kind = "quiz"
    quiz = factory.SubFactory(QuizFactory)
    order = 1


class PracticalRequirementFactory(DjangoModelFactory):
    """A signed practical."""

    class Meta:
        model = Requirement

    scheme = factory.SubFactory(SchemeFactory)
    kind = "practical"
    checklist = factory.SubFactory(ChecklistFactory)
    order = 2


class StatutoryRequirementFactory(DjangoModelFactory):
    """A card from outside."""

    class Meta:
        model = Requirement

    scheme = factory.SubFactory(SchemeFactory)
    kind = "statutory"
    statutory_kind = factory.SubFactory(StatutoryKindFactory)
    order = 3


class StatutoryCertificateFactory(DjangoModelFactory):
    """A card valid for years."""

    class Meta:
        model = StatutoryCertificate

    person = factory.SubFactory(PersonFactory)
    kind = factory.SubFactory(StatutoryKindFactory)
    number = factory.Sequence(lambda n: f"CARD-{n}")
    valid_from = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=100))
    valid_to = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=1000))


class PracticalAssessmentFactory(DjangoModelFactory):
    """A passed practical signed today."""

    class Meta:
        model = PracticalAssessment

    person = factory.SubFactory(PersonFactory)
    checklist = factory.SubFactory(ChecklistFactory)
    checklist_version = factory.LazyAttribute(lambda o: version_one(o.checklist))
    assessor = factory.SubFactory(AssessorFactory)
    assessed_on = factory.LazyFunction(timezone.localdate)
    result = PracticalResult.PASSED
    rows = factory.LazyFunction(list)
    form_key = factory.LazyFunction(uuid.uuid4)


class AttemptFactory(DjangoModelFactory):
    """A passed attempt handed in just now; it shows no questions."""

    class Meta:
        model = Attempt

    quiz = factory.SubFactory(QuizFactory)
    quiz_version = factory.LazyAttribute(lambda o: version_one(o.quiz))
    person = factory.SubFactory(PersonFactory)
    number = factory.Sequence(lambda n: n % 30000 + 1)
    state = AttemptState.SUBMITTED
    seed = 7
    started_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(minutes=10))
    deadline = factory.LazyAttribute(lambda o: o.started_at + dt.timedelta(minutes=30))
    closed_at = factory.LazyFunction(timezone.now)
    pass_mark = 80
    score = 90
    is_passed = True


class LedgerEntryFactory(DjangoModelFactory):
    """A grant since today for two years, written past the domain's rules."""

    class Meta:
        model = LedgerEntry

    person = factory.SubFactory(PersonFactory)
    scheme = factory.SubFactory(SchemeFactory)
    scheme_version = factory.LazyAttribute(lambda o: version_one(o.scheme))
    kind = "granted"
    valid_from = factory.LazyFunction(timezone.localdate)
    valid_to = factory.LazyAttribute(lambda o: o.valid_from + dt.timedelta(days=729))
    recorded_at = factory.LazyFunction(timezone.now)
    act_key = factory.LazyFunction(lambda: uuid.uuid4().hex)


def full_scheme(**fields) -> Scheme:
    """Return a scheme asking for hours, quiz and practical, all of its own category."""
    category = fields.pop("category", None) or EquipmentCategoryFactory()
    scheme = SchemeFactory(scopes=[category], version=False, **fields)
    HoursRequirementFactory(scheme=scheme, module__category=category)
    QuizRequirementFactory(scheme=scheme, quiz__bank__category=category)
    PracticalRequirementFactory(scheme=scheme, checklist__category=category)
    approve_as_it_is(scheme)
    return scheme


def category_of(scheme: Scheme) -> EquipmentCategory:
    """Return the category a scheme of one category covers."""
    return scheme.scopes.get().category


def certificate_for(person, scheme, *, days_ago: int = 0, **fields) -> Certificate:
    """Return the certificate of a grant made ``days_ago``."""
    at = timezone.now() - dt.timedelta(days=days_ago)
    entry = grant(person, scheme, act_key=uuid.uuid4().hex, at=at)
    return issue(entry, score=92, minutes=480, **fields)
