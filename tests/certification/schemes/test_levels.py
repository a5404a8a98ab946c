"""Levels of a track, when a qualification is renewed, and the days after its last one on which it still counts."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from certification import ledger
from certification.certificates.awards import award_if_complete
from certification.duty.candidates import may_work
from certification.duty.work import opened_work
from certification.enums import EntryKind, Level, Standing
from certification.ledger.standing import standing
from certification.models import LedgerEntry, Requirement, Scheme
from certification.schemes.queries import schemes_in_force
from portal.enums import Task
from portal.models import Person
from portal.registry import duty
from tests.factories.certification import AttemptFactory, QuizFactory, SchemeFactory, category_of
from tests.factories.portal import EquipmentModelFactory, PersonFactory, PositionFactory

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
