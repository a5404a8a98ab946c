"""Who could read the answers: now, at any time since the questions were made, or by opening them once."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from certification.models import QuestionVersion
from certification.quizzes.attempts import start_attempt, submit_attempt
from certification.quizzes.independence import could_read_answers
from portal.access import audit
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models import AuditEvent, Person
from tests.factories.certification import QuestionBankFactory, QuizRequirementFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def quiz():
    """A quiz whose questions were made just now."""
    synchronise_roles()
    return QuizRequirementFactory().quiz


@pytest.fixture
def trainer(quiz):
    return PersonFactory(roles=[Role.TRAINER])


@pytest.fixture
def question(quiz):
    return quiz.bank.questions.order_by("ref").first()


def knows(person, quiz):
    """Whether a test begun now counts the person as knowing the answers."""
    return start_attempt(Person.objects.get(pk=person.pk), quiz).could_read_answers


def forget_rights(person):
    """Take every right away so that nothing of it is noted, as by hand in the database."""
    person.groups.through.objects.filter(person=person).delete()
    Person.objects.filter(pk=person.pk).update(is_superuser=False)


# --- rights that were taken away --------------------------------------------------------------------------------------


def leaves_role(person):
    person.groups.remove(Group.objects.get(name=Role.TRAINER))


def set_to_nothing(person):
    person.groups.set([])


def cleared(person):
    person.groups.clear()


def from_the_role(person):
    Group.objects.get(name=Role.TRAINER).user_set.remove(person)


def role_emptied(person):
    Group.objects.get(name=Role.TRAINER).user_set.clear()


def role_narrowed(person):
    group = Group.objects.get(name=Role.TRAINER)
    group.permissions.remove(*group.permissions.filter(content_type__app_label="certification"))


def role_deleted(person):
    Group.objects.get(name=Role.TRAINER).delete()


def while_inactive(person):
    Person.objects.filter(pk=person.pk).update(is_active=False)
    Person.objects.get(pk=person.pk).groups.clear()
    Person.objects.filter(pk=person.pk).update(is_active=True)


WAYS = [leaves_role, set_to_nothing, cleared, from_the_role, role_emptied, role_narrowed, role_deleted, while_inactive]


@pytest.mark.parametrize("lose", WAYS)
def test_a_role_given_back_before_the_test_counts(quiz, trainer, lose):
    lose(trainer)
    assert not Person.objects.get(pk=trainer.pk).has_perm("certification.view_question")
    assert knows(trainer, quiz)


@pytest.mark.parametrize("act", ["portal.roles_changed", "portal.person_changed"])
def test_a_role_taken_away_before_that_was_noted_is_read_from_the_log(quiz, trainer, act):
    forget_rights(trainer)
    audit.record(act, trainer, changes=[{"field": "groups", "old": ["engineer", "trainer"], "new": ["engineer"]}])
    assert knows(trainer, quiz)
    other = PersonFactory(roles=[Role.ENGINEER])
    audit.record(act, other, changes=[{"field": "groups", "old": ["engineer"], "new": ["engineer", "dispatcher"]}])
    audit.record(act, other, changes=[{"field": "name", "old": "trainer", "new": "李"}])
    assert not knows(other, quiz)


def test_a_right_of_ones_own_counts_when_it_is_gone(quiz):
    person = PersonFactory(roles=[Role.ENGINEER])
    person.user_permissions.add(Permission.objects.get(codename="view_question"))
    person.user_permissions.clear()
    assert knows(person, quiz)


def test_other_roles_given_back_count_for_nothing(quiz):
    person = PersonFactory(roles=[Role.ENGINEER])
    person.groups.clear()
    person.groups.add(Group.objects.get(name=Role.DISPATCHER))
    person.groups.set([])
    assert not knows(person, quiz)


def test_a_role_taken_away_by_the_form_of_people_counts(quiz, trainer, client_of):
    administrator = PersonFactory(organisation=trainer.organisation, roles=[Role.ADMINISTRATOR])
    data = {"staff_number": trainer.staff_number, "name": trainer.name, "organisation": trainer.organisation.pk}
    data |= {"is_active": "on", "roles": [Group.objects.get(name=Role.ENGINEER).pk], "new_password": ""}
    address = reverse("wagtailusers_users:edit", args=[trainer.pk])
    assert client_of(administrator).post(address, data | {"mobile": "", "email": ""}).status_code == 302
    assert Person.objects.get(pk=trainer.pk).role_names == {Role.ENGINEER}
    assert knows(trainer, quiz)


def test_who_left_before_the_questions_were_made_does_not_know_them(quiz):
    former = PersonFactory(roles=[Role.TRAINER])
    with time_machine.travel(timezone.now() - 30 * DAY, tick=False):
        former.groups.clear()
    assert not knows(former, quiz)


def test_one_old_question_on_the_paper_is_enough(quiz):
    former = PersonFactory(roles=[Role.TRAINER])
    versions = list(QuestionVersion.objects.filter(question__bank=quiz.bank)[:2])
    with time_machine.travel(timezone.now() - 30 * DAY, tick=False):
        former.groups.clear()
    versions[0].created_at = timezone.now() - 31 * DAY
    assert could_read_answers(former, quiz.bank, versions)
    assert not could_read_answers(former, quiz.bank, versions[1:])


def test_a_role_had_while_the_paper_was_open_counts(quiz):
    person = PersonFactory(roles=[Role.ENGINEER])
    attempt = start_attempt(person, quiz)
    person.groups.add(Group.objects.get(name=Role.TRAINER))
    person.groups.clear()
    assert submit_attempt(attempt).could_read_answers


# --- answers that were opened -----------------------------------------------------------------------------------------


def address_of(path, quiz, question):
    version = question.versions.get(is_current=True)
    return {
        "gift": reverse("certification_questions_export", args=[quiz.bank.pk, "gift"]),
        "xlsx": reverse("certification_questions_export", args=[quiz.bank.pk, "xlsx"]),
        "qti": reverse("certification_questions_export", args=[quiz.bank.pk, "qti"]),
        "edit": reverse("question:edit", args=[question.pk]),
        "history": reverse("question:history", args=[question.pk]),
        "item": reverse("certification_item", args=[quiz.code, version.pk]),
        "regrade": reverse("certification_regrade", args=[question.pk]),
        "review": reverse("certification_questions_review"),
    }[path]


@pytest.mark.parametrize("path", ["gift", "xlsx", "qti", "edit", "history", "item", "regrade", "review"])
def test_who_opened_the_answers_once_knows_them(quiz, trainer, question, client_of, path):
    if path == "review":
        quiz.bank.questions.filter(pk=question.pk).update(suspended_at=timezone.now())
    assert client_of(trainer).get(address_of(path, quiz, question)).status_code == 200
    quiz.bank.questions.update(suspended_at=None)
    forget_rights(trainer)
    assert knows(trainer, quiz)


@pytest.mark.parametrize("path", ["gift", "xlsx", "edit", "history", "item", "regrade", "review"])
def test_who_may_not_open_the_answers_is_not_noted(quiz, question, client_of, path):
    intruder = PersonFactory(roles=[Role.ENGINEER])
    assert client_of(intruder).get(address_of(path, quiz, question)).status_code in (302, 403, 404)
    assert not AuditEvent.objects.filter(actor=intruder, action__startswith="certification.").exists()
    assert not knows(intruder, quiz)


def test_answers_of_another_bank_are_no_answers_of_this_one(quiz, trainer, client_of):
    other = QuestionBankFactory()
    client_of(trainer).get(reverse("certification_questions_export", args=[other.pk, "gift"]))
    forget_rights(trainer)
    assert not knows(trainer, quiz)


def test_a_reading_is_noted_once_a_day(quiz, trainer, question, client_of):
    client, address = client_of(trainer), reverse("question:edit", args=[question.pk])
    for _turn in range(3):
        client.get(address)
    noted = AuditEvent.objects.filter(action="certification.answers_read", actor=trainer)
    assert [event.subject for event in noted] == [f"certification.questionbank:{quiz.bank.pk}"]
    with time_machine.travel(timezone.now() + DAY, tick=False):
        client_of(trainer).get(address)
    assert noted.all().count() == 2
