"""Levels of a track, when a qualification is renewed, and the days after its last one on which it still counts."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from certification import ledger
from certification.certificates.awards import award_if_complete
from certification.duty.candidates import may_work
from certification.duty.pairs import pair_of
from certification.duty.work import opened_work
from certification.enums import EntryKind, Level, Standing
from certification.kinds import requirement_kinds
from certification.ledger.standing import standing
from certification.models import LedgerEntry, Requirement, Scheme
from certification.overview.cover import Wanted, coverage
from certification.overview.matrix import matrix_rows
from certification.practicals.assessors import check_assessor
from certification.practicals.errors import UnqualifiedAssessor
from certification.schemes.progress import progress
from certification.schemes.queries import schemes_in_force
from certification.training_file.queries import file_of, files_of
from portal.enums import Role, Task, Tier
from portal.models import Person
from portal.registry import duty
from tests.factories.certification import (
    AssessorAppointmentFactory,
    AttemptFactory,
    ChecklistFactory,
    ConditionFactory,
    QuizFactory,
    SchemeFactory,
    category_of,
)
from tests.factories.courses import HourCreditFactory, TrainingModuleFactory
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ladder(db):
    """A basic level for a machine and an advanced one of the same track for another."""
    lower = SchemeFactory(name="初级", track="冷冻设备", level=Level.BASIC)
    higher = SchemeFactory(name="高级", track="冷冻设备", level=Level.ADVANCED)
    return lower, higher, EquipmentModelFactory(category=category_of(lower))


def codes(answer):
    return [reason.code for reason in answer.reasons]


def ask(person, machine, on=None):
    return duty.ask(person, machine, Task.REPAIR, on)


def days(number):
    return timezone.localdate() + dt.timedelta(days=number)


# --- levels -----------------------------------------------------------------------------------------------------------


def test_a_higher_level_includes_the_lower_and_not_the_other_way_round(ladder):
    lower, higher, machine = ladder
    expert, beginner = PersonFactory(), PersonFactory()
    ledger.grant(expert, higher, act_key="h")
    ledger.grant(beginner, lower, act_key="l")
    found = ask(expert, machine)
    assert found.allowed
    assert codes(found) == ["certified", "higher_level"]
    assert "高级" in found.reasons[1].message
    assert [each["scheme"] for each in found.certificates] == [higher.code]
    assert ask(beginner, machine).allowed
    assert not ask(beginner, EquipmentModelFactory(category=category_of(higher))).allowed


def test_another_track_and_what_is_suspended_include_nothing(ladder):
    _lower, higher, machine = ladder
    person = PersonFactory()
    ledger.grant(person, SchemeFactory(track="燃气设备", level=Level.ADVANCED), act_key="o")
    assert not ask(person, machine).allowed
    ledger.grant(person, higher, act_key="h")
    ledger.suspend(person, higher, reason="抽查", act_key="s", by=PersonFactory())
    assert not ask(person, machine).allowed


def test_a_post_takes_the_higher_level_too(ladder):
    lower, higher, _machine = ladder
    post = PositionFactory(is_duty_gated=True)
    lower.positions.add(post)
    lower.save()
    person = PersonFactory()
    ledger.grant(person, higher, act_key="h")
    assert duty.ask_post(person, post).allowed


def test_lists_look_for_holders_of_the_higher_level(ladder):
    lower, higher, machine = ladder
    person = PersonFactory()
    ledger.grant(person, higher, act_key="h")
    able = may_work(schemes_in_force(), machine, Task.REPAIR, days(0), timezone.now())
    assert list(Person.objects.filter(able)) == [person]
    (work,) = (each for each in opened_work([machine]) if each.task == Task.REPAIR)
    assert work.openers == {lower.pk, higher.pk}


@pytest.mark.parametrize(
    "given", [{"track": "冷冻设备"}, {"level": Level.BASIC}, {"grace_days": 200}, {"renewal_days": 0}]
)
def test_what_makes_no_sense_is_not_kept(given):
    scheme = SchemeFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Scheme.objects.filter(pk=scheme.pk).update(**given)


# --- grace ------------------------------------------------------------------------------------------------------------


def ended(person, scheme, ago):
    """A qualification whose last day was so many days ago."""
    first = days(-ago + 1)
    return ledger.grant(person, scheme, act_key="old", valid_from=first.replace(year=first.year - 2))


def test_days_of_grace_allow_and_say_until_when(ladder):
    lower, _higher, machine = ladder
    person = PersonFactory()
    entry = ended(person, lower, 5)
    assert codes(ask(person, machine))[0] == "expired"
    Scheme.objects.filter(pk=lower.pk).update(grace_days=30)
    found = ask(person, machine)
    assert found.allowed
    assert codes(found) == ["in_grace"]
    assert found.state == "allowed"
    assert found.reasons[0].params["grace_until"] == (entry.valid_to + dt.timedelta(days=30)).isoformat()
    assert ask(person, machine, entry.valid_to + dt.timedelta(days=30)).allowed
    assert not ask(person, machine, entry.valid_to + dt.timedelta(days=31)).allowed
    able = may_work(schemes_in_force(), machine, Task.REPAIR, days(0), timezone.now())
    assert list(Person.objects.filter(able)) == [person]


def test_no_grace_for_what_was_taken_away(ladder):
    lower, _higher, machine = ladder
    Scheme.objects.update(grace_days=30)
    person = PersonFactory()
    entry = ended(person, lower, 5)
    ledger.suspend(
        person, lower, reason="抽查", act_key="s", by=PersonFactory(), valid_from=entry.valid_to - dt.timedelta(days=9)
    )
    where = standing(LedgerEntry.objects.filter(person=person), days(0), grace_days=30)
    assert (where.standing, where.counts) == (Standing.EXPIRED, False)
    assert not ask(person, machine).allowed


# --- renewal ----------------------------------------------------------------------------------------------------------


def test_the_renewal_round_opens_when_the_scheme_says_and_keeps_the_old_last_day():
    quiz, person = QuizFactory(), PersonFactory()
    scheme = SchemeFactory(renewal_days=90)
    Requirement.objects.create(scheme=scheme, kind="quiz", quiz=quiz)
    first = days(100)
    held = ledger.grant(
        person, scheme, act_key="g", valid_from=first.replace(year=first.year - 2), at=timezone.now() - dt.timedelta(3)
    )
    AttemptFactory(person=person, quiz=quiz)
    assert award_if_complete(person, scheme) is None
    later = timezone.now() + dt.timedelta(days=12)
    renewed = award_if_complete(person, scheme, at=later)
    assert renewed is not None
    assert renewed.kind == EntryKind.RENEWED
    assert renewed.valid_from == timezone.localdate(later)
    assert renewed.valid_to == held.valid_to.replace(year=held.valid_to.year + 2)


# --- a higher level wherever a lower one is demanded ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "does"),
    [
        ({}, True),
        ({"level": Level.BASIC}, False),
        ({"track": "燃气设备"}, False),
        ({"is_active": False}, False),
        ({"effect": "condition"}, False),
    ],
)
def test_one_rule_says_what_does_for_a_lower_level_in_memory_and_in_the_database(ladder, given, does):
    lower, higher, _machine = ladder
    Scheme.objects.filter(pk=higher.pk).update(**given)
    higher.refresh_from_db()
    assert higher.does_for(lower) is does
    assert not lower.does_for(higher)
    assert set(Scheme.objects.doing_for([lower.pk])) == ({lower, higher} if does else {lower})
    assert set(Scheme.objects.done_by(higher)) == ({lower, higher} if does else {higher})
    assert higher.does_for(higher)


def test_a_requirement_of_another_scheme_takes_a_higher_level_and_names_it(ladder):
    lower, higher, _machine = ladder
    next_step, person = SchemeFactory(), PersonFactory()
    requirement = Requirement.objects.create(scheme=next_step, kind="scheme", other_scheme=lower)
    (lacking,) = progress(person, next_step)
    assert (lacking.code, lacking.met) == ("other_scheme_not_held", False)
    entry = ledger.grant(person, higher, act_key="h")
    (reason,) = progress(person, next_step)
    assert (reason.code, reason.params["entry"]) == ("other_scheme_held", entry.pk)
    assert "高级" in reason.message
    began = requirement_kinds.get("scheme").began([requirement.scheme])
    assert list(began.values_list("person", flat=True)) == [person.pk]
    other = PersonFactory()
    ledger.grant(other, SchemeFactory(track="冷冻设备", level=Level.BASIC), act_key="peer")
    assert not progress(other, next_step)[0].met


def test_the_grant_of_a_higher_level_awards_what_asked_for_the_lower_one(ladder):
    lower, higher, _machine = ladder
    quiz, person = QuizFactory(), PersonFactory()
    Requirement.objects.create(scheme=higher, kind="quiz", quiz=quiz)
    next_step = SchemeFactory()
    Requirement.objects.create(scheme=next_step, kind="scheme", other_scheme=lower)
    AttemptFactory(person=person, quiz=quiz, is_passed=True)
    award_if_complete(person, higher)
    assert LedgerEntry.objects.filter(person=person, scheme=next_step, kind=EntryKind.GRANTED).exists()


def test_differences_from_a_sibling_take_its_higher_level(ladder):
    lower, higher, _machine = ladder
    module, person, scheme = TrainingModuleFactory(), PersonFactory(), SchemeFactory()
    Requirement.objects.create(scheme=scheme, kind="differences", other_scheme=lower, module=module, minutes=60)
    ledger.grant(person, higher, act_key="h")
    (reason,) = progress(person, scheme)
    assert reason.params["begun"] is True


def test_a_condition_is_met_by_a_higher_level_in_the_gate_and_in_its_cover(ladder):
    _lower, _higher, machine = ladder
    opener, person, place = SchemeFactory(), PersonFactory(), OrganisationFactory(tier=Tier.OUTLET)
    Person.objects.filter(pk=person.pk).update(organisation=place)
    machine = EquipmentModelFactory(category=category_of(opener))
    basic = ConditionFactory(track="安全", level=Level.BASIC)
    above = ConditionFactory(track="安全", level=Level.ADVANCED, tasks=[Task.INSTALL])
    ledger.grant(person, opener, act_key="o")
    assert not ask(person, machine).allowed
    ledger.grant(person, above, act_key="c")
    assert "higher_level" in codes(ask(person, machine))
    assert ask(person, machine).allowed
    (cover,) = coverage([place], Person.objects.filter(pk=person.pk), Wanted(basic))
    assert cover.certified == {person.pk}


def test_the_cover_of_a_scheme_counts_who_holds_a_higher_level(ladder):
    lower, higher, _machine = ladder
    place = OrganisationFactory(tier=Tier.OUTLET)
    person = PersonFactory(organisation=place)
    ledger.grant(person, higher, act_key="h")
    (cover,) = coverage([place], Person.objects.filter(pk=person.pk), Wanted(lower))
    assert cover.certified == {person.pk}


def test_matrix_and_file_show_a_lower_level_as_included(ladder):
    lower, higher, _machine = ladder
    post, person = PositionFactory(), PersonFactory()
    lower.positions.add(post)
    lower.save()
    AssignmentFactory(person=person, position=post, organisation=post.organisation)
    (row,) = matrix_rows([person], [lower])
    assert (row.cells[0].is_empty, row.cells[0].lamp) == (True, "grey")
    assert file_of(person, lower).needs_work
    ledger.grant(person, higher, act_key="h")
    (row,) = matrix_rows([person], [lower])
    assert (row.cells[0].is_empty, row.cells[0].label, row.cells[0].lamp) == (False, "由高级涵盖", "green")
    for file in (file_of(person, lower), next(each for each in files_of(person) if each.scheme == lower)):
        assert (file.instead, file.needs_work, file.lamp, file.label) == (higher, False, "green", "由高级涵盖")


def test_an_assessor_who_must_be_qualified_may_hold_a_higher_level(ladder):
    _lower, higher, machine = ladder
    checklist = ChecklistFactory(category=machine.category, assessor_task=Task.REPAIR)
    assessor, person = PersonFactory(roles=[Role.ASSESSOR]), PersonFactory()
    AssessorAppointmentFactory(person=assessor, category=machine.category)
    today, now = timezone.localdate(), timezone.now()
    with pytest.raises(UnqualifiedAssessor):
        check_assessor(assessor, person, checklist, today, now)
    ledger.grant(assessor, higher, act_key="h")
    check_assessor(assessor, person, checklist, today, timezone.now())


def test_the_second_person_may_hold_a_higher_level_and_the_work_says_that_it_takes_two(ladder):
    lower, higher, machine = ladder
    Scheme.objects.filter(pk=lower.pk).update(needs_two=True)
    one, other = PersonFactory(), PersonFactory()
    ledger.grant(one, lower, act_key="l")
    ledger.grant(other, higher, act_key="h")
    found = pair_of([ask(one, machine), ask(other, machine)])
    assert (found.allowed, found.needed) == (True, True)
    # Work of the lower level takes one, though the level somebody holds takes two elsewhere.
    Scheme.objects.filter(pk=lower.pk).update(needs_two=False)
    Scheme.objects.filter(pk=higher.pk).update(needs_two=True)
    assert not pair_of([ask(one, machine), ask(other, machine)]).needed


def test_a_higher_level_that_lacks_its_yearly_hours_includes_nothing_and_the_gate_says_so(ladder):
    lower, higher, machine = ladder
    person = PersonFactory()
    post = PositionFactory()
    lower.positions.add(post)
    lower.save()
    AssignmentFactory(person=person, position=post, organisation=post.organisation)
    Requirement.objects.create(scheme=higher, kind="yearly_hours", parameters={"minutes": 600})
    ledger.grant(person, higher, act_key="h", valid_from=days(-400))
    found = ask(person, machine)
    assert (found.allowed, codes(found)) == (False, ["yearly_hours_missing"])
    (row,) = matrix_rows([person], [lower])
    assert (row.cells[0].instead, row.cells[0].lamp) == (None, "grey")
    for file in (file_of(person, lower), next(each for each in files_of(person) if each.scheme == lower)):
        assert (file.instead, file.needs_work, file.lamp) == (None, True, "grey")
    module = TrainingModuleFactory()
    HourCreditFactory(person=person, module=module, minutes=600)
    assert codes(ask(person, machine)) == ["certified", "yearly_hours_met", "higher_level"]
    assert matrix_rows([person], [lower])[0].cells[0].instead == higher
    assert file_of(person, lower).instead == higher


def test_what_ended_is_said_beside_what_the_higher_level_lacks(ladder):
    lower, higher, machine = ladder
    person = PersonFactory()
    ended(person, lower, 5)
    Requirement.objects.create(scheme=higher, kind="yearly_hours", parameters={"minutes": 600})
    ledger.grant(person, higher, act_key="h", valid_from=days(-400))
    assert codes(ask(person, machine)) == ["expired", "yearly_hours_missing"]


def test_a_condition_that_is_missing_is_said_with_the_level_that_is_included(ladder):
    lower, higher, machine = ladder
    person, post = PersonFactory(), PositionFactory()
    lower.positions.add(post)
    lower.save()
    AssignmentFactory(person=person, position=post, organisation=post.organisation)
    ConditionFactory(name="安全")
    ledger.grant(person, higher, act_key="h")
    assert not ask(person, machine).allowed
    (row,) = matrix_rows([person], [lower])
    assert (row.cells[0].instead, row.cells[0].is_refused, row.cells[0].lamp) == (higher, True, "red")
    for file in (file_of(person, lower), next(each for each in files_of(person) if each.scheme == lower)):
        assert (file.instead, file.is_blocked, file.lamp) == (higher, True, "red")
        assert any("安全" in message for message in file.refusals)
