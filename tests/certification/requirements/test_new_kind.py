"""A kind of requirement that only the tests know goes the whole way: admin, progress, hint, award, ledger, gate."""

import pytest
from django.urls import reverse
from django.utils import timezone

from certification.certificates.awards import award_after
from certification.enums import Stage
from certification.kinds import requirement_kinds
from certification.models import Draft, LedgerEntry, PracticalAssessment, Requirement, Scheme
from certification.practicals.waiting import waiting_for
from certification.requirements.evidence import evidence_of
from certification.requirements.hints import steps_of, with_hints
from certification.requirements.seats import SeatFinder
from certification.schemes.progress import progress, stage_of
from certification.schemes.queries import schemes_of_person
from certification.training_file.queries import files_of
from certification.versions.domain import approve
from portal.access.roles import synchronise_roles
from portal.enums import Role, Task
from portal.registry import duty
from tests.certification.requirements.service import Service, joined
from tests.factories.certification import (
    AssessorAppointmentFactory,
    AssessorFactory,
    PracticalRequirementFactory,
    SchemeFactory,
    category_of,
)
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    requirement_kinds.register(Service())
    yield
    requirement_kinds.unregister("service")


def scheme_form(**changes):
    return {
        "code": "CS-SERVICE",
        "name": "资深维修",
        "effect": "opens",
        "permitted_tasks": ["repair"],
        "scopes-TOTAL_FORMS": 1,
        "scopes-INITIAL_FORMS": 0,
        "scopes-MIN_NUM_FORMS": 0,
        "scopes-MAX_NUM_FORMS": 1000,
        "scopes-0-category": EquipmentCategoryFactory().pk,
        "valid_months": 24,
        "level": 0,
        "grace_days": 0,
        "year": "rolling",
        "is_active": "on",
        "requirements-TOTAL_FORMS": 1,
        "requirements-INITIAL_FORMS": 0,
        "requirements-MIN_NUM_FORMS": 1,
        "requirements-MAX_NUM_FORMS": 1000,
        "requirements-0-kind": "service",
        "requirements-0-service_days": "100",
        "requirements-0-ORDER": 1,
        **changes,
    }


def service_scheme(days=100):
    scheme = SchemeFactory()
    Requirement.objects.create(scheme=scheme, kind="service", parameters={"days": days})
    return scheme


def test_the_admin_edits_its_parameters(service, client_of):
    synchronise_roles()
    client = client_of(PersonFactory(roles=[Role.ADMINISTRATOR]))

    wrong = client.post(reverse("scheme:add"), scheme_form(**{"requirements-0-service_days": ""}))
    assert (wrong.status_code, Scheme.objects.count()) == (200, 0)
    assert "请填写工作天数" in wrong.content.decode()
    client.post(reverse("scheme:add"), scheme_form())
    approve(Draft.objects.get(), by=PersonFactory(roles=[Role.MANAGER]), save=1)
    scheme = Scheme.objects.get()
    page = client.get(reverse("scheme:edit", args=[scheme.pk])).content.decode()

    assert scheme.requirements.get().parameters == {"days": 100}
    assert 'name="requirements-0-service_days" value="100"' in page


def test_progress_says_what_is_missing_and_what_to_do(service):
    scheme, person = service_scheme(), PersonFactory(joined_on=joined(30))
    evidence = evidence_of([person.pk])[person.pk]
    now = timezone.now()

    (reason,) = progress(person, scheme)
    stage, _where, _reasons = stage_of(evidence, scheme, timezone.localdate(), now, 60)
    seats = SeatFinder(person)
    (step,) = steps_of([reason], seats)
    (own,) = with_hints([reason], seats)
    (others,) = with_hints([reason], seats, own=False)

    assert (reason.code, reason.met, reason.params["kind"]) == ("service_too_short", False, "service")
    assert stage == Stage.NOT_STARTED
    assert (step.title, step.state, step.action.label) == ("工龄", "next", "查看档案")
    assert (own.detail, others.detail, others.action) == ("工龄满后再申请", "", None)


def test_award_follows_with_evidence_and_the_gate_answers(service):
    scheme = service_scheme()
    equipment = EquipmentModelFactory(category=category_of(scheme))
    young, old = PersonFactory(joined_on=joined(30)), PersonFactory(joined_on=joined(200))

    assert award_after(young, kind="service") == []
    before = duty.ask(old, equipment)
    (entry,) = award_after(old, kind="service")
    allowed = duty.ask(old, equipment)
    refused = duty.ask(young, equipment)

    assert [reason.code for reason in before.reasons] == ["not_granted"]
    assert entry.evidence["shown"] == [{"code": "service_long_enough", "days": 100, "joined": joined(200).isoformat()}]
    assert allowed.allowed
    assert [(reason.code, reason.message) for reason in refused.reasons] == [("service_too_short", "工龄不足100天")]
    assert LedgerEntry.objects.get().certificate.score is None


def test_it_costs_as_many_queries_for_three_as_for_one(service, django_assert_max_num_queries):
    scheme = service_scheme()
    equipment = EquipmentModelFactory(category=category_of(scheme))
    people = [PersonFactory(joined_on=joined(days)) for days in (1, 150, 300)]
    moment = {"on": timezone.localdate(), "known_at": timezone.now(), "task": Task.REPAIR}

    for listed in (people[:1], people):
        questions = [duty.DutyQuestion(person, equipment=equipment, **moment) for person in listed]
        with django_assert_max_num_queries(17):
            assert [answer.allowed for answer in duty.ask_many(questions)] == [False] * len(listed)


def test_the_training_file_and_the_assessor_see_it(service):
    scheme = service_scheme()
    outlet = OrganisationFactory()
    practical = PracticalRequirementFactory(scheme=scheme, checklist__category=category_of(scheme))
    assessor = AssessorFactory(organisation=outlet)
    AssessorAppointmentFactory(person=assessor, category=category_of(scheme))
    person = PersonFactory(organisation=outlet, joined_on=joined(200), roles=[Role.ENGINEER])
    PersonFactory(organisation=outlet, joined_on=joined(20), roles=[Role.ENGINEER])
    position = PositionFactory(organisation=outlet)
    scheme.positions.add(position)
    scheme.save()
    AssignmentFactory(person=person, position=position, organisation=outlet)

    assert [(waiting.person, waiting.checklist) for waiting in waiting_for(assessor)] == [(person, practical.checklist)]
    (file,) = files_of(person)
    assert (file.stage, [step.state for step in file.steps]) == (Stage.AWAITING_PRACTICAL, ["done", "next"])
    assert schemes_of_person(person, timezone.localdate()) == [scheme]
    assert not PracticalAssessment.objects.exists()
