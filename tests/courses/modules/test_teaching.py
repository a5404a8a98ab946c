"""Who may teach a module on a day, with typed reasons; what the policy of the module makes of it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.enums import ClashKind, Policy
from courses.modules.teaching import may_teach
from courses.sessions.clashes.rules import judged
from courses.sessions.errors.scheduling import TrainerNotAllowedThatDay
from courses.sessions.scheduling.arrangement import SessionPlan
from courses.sessions.scheduling.domain import reschedule_session, schedule_session
from portal.enums import Task
from portal.registry import duty
from portal.registry.duty import DutyAnswer, Reason
from tests.factories.courses import TrainingModuleFactory
from tests.factories.portal import EquipmentModelFactory, PersonFactory

DAY = dt.date(2026, 3, 18)


@pytest.fixture
def gate(monkeypatch):
    """A gate that allows nobody until it is told otherwise; what it was asked is kept."""
    asked = []

    class Gate:
        allowed = False

        def __call__(self, questions):
            asked.append(list(questions))
            missing = (
                [] if self.allowed else [Reason("hours_missing", "学时不足。"), Reason("card", "有卡。", met=True)]
            )
            return [DutyAnswer(question, self.allowed, missing) for question in questions]

    gate = Gate()
    gate.asked = asked
    monkeypatch.setattr(duty, "_gates", [gate])
    return gate


@pytest.fixture
def module(world):
    """A module that teaches repair of one machine."""
    found = TrainingModuleFactory(trainers=[world.trainer], task=Task.REPAIR)
    found.equipment.set([EquipmentModelFactory(name="六门冰柜", category=found.category)])
    found.save()
    return found


def codes(answer):
    return [reason.code for reason in answer.reasons]


def test_named_trainer_is_allowed_where_the_gate_allows(world, module, gate):
    gate.allowed = True
    (answer,) = may_teach([module], [world.trainer], DAY)
    assert answer.allowed
    (question,) = gate.asked[0]
    assert (question.on, question.task, question.equipment.name) == (DAY, Task.REPAIR, "六门冰柜")


def test_reasons_are_typed_and_name_machine_task_and_what_is_missing(world, module, gate):
    (answer,) = may_teach([module], [world.trainer], DAY)
    (reason,) = answer.reasons
    assert (reason.code, reason.met, reason.params["machine"]) == ("trainer_not_qualified", False, "六门冰柜")
    assert "学时不足。" in reason.message
    assert "有卡。" not in reason.message


def test_stranger_without_the_role_is_told_every_reason(world, module, gate):
    gone = PersonFactory(is_active=False)
    (answer,) = may_teach([module], [gone], DAY)
    assert codes(answer) == ["trainer_has_left", "no_trainer", "trainer_not_named", "trainer_not_qualified"]


def test_module_without_task_asks_the_gate_nothing(world, gate):
    (answer,) = may_teach([world.module], [world.trainer], DAY)
    assert (answer.allowed, gate.asked) == (True, [])


def test_module_without_machines_asks_about_its_category(world, gate):
    module = TrainingModuleFactory(trainers=[world.trainer], task=Task.OPERATE)
    machines = {EquipmentModelFactory(category=module.category) for _ in range(2)}
    may_teach([module], [world.trainer], DAY)
    assert {question.equipment for question in gate.asked[0]} == machines


def test_gate_is_asked_once_for_all(world, module, gate):
    may_teach([module], [world.trainer, world.manager, world.technician], DAY)
    assert [len(questions) for questions in gate.asked] == [3]


def plan(world, module, **facts):
    start = timezone.now() + dt.timedelta(days=3)
    given = {"trainer": world.trainer, "organisation": world.west, "modules": {module: 60}, "place": "一号教室"}
    return SessionPlan(**given | {"starts_at": start, "ends_at": start + dt.timedelta(hours=2)} | facts)


@pytest.mark.parametrize(("policy", "warned"), [(Policy.WARN, 1), (Policy.IGNORE, 0)])
def test_warned_of_or_ignored_the_session_is_arranged(client_of, world, module, gate, policy, warned):
    module.trainer_policy = policy
    module.save()
    session = schedule_session(plan(world, module), by=world.trainer)
    assert len(judged(session, [module], kinds=[ClashKind.UNQUALIFIED])) == warned
    page = client_of(world.trainer).get(session.get_absolute_url()).text
    assert ("六门冰柜" in page) is bool(warned)
    # Who only takes part is not told what the trainer lacks.
    assert "学时不足。" not in client_of(world.technician).get(session.get_absolute_url()).text


def test_strict_module_refuses_to_arrange_and_to_move(world, module, gate):
    module.trainer_policy = Policy.BLOCK
    module.save()
    with pytest.raises(TrainerNotAllowedThatDay, match="六门冰柜"):
        schedule_session(plan(world, module), by=world.trainer)
    gate.allowed = True
    session = schedule_session(plan(world, module), by=world.trainer)
    gate.allowed = False
    with pytest.raises(TrainerNotAllowedThatDay):
        reschedule_session(session, by=world.trainer, place="二号教室")
    session.refresh_from_db()
    assert session.place == "一号教室"


def test_page_says_who_may_teach_on_a_day(client_of, world, module, gate):
    address = reverse("courses:module_trainers", args=[module.code])
    page = client_of(world.manager).get(address, {"on": "2026-03-20"}).text
    assert "陈老师" in page
    assert "学时不足。" in page
    assert gate.asked[-1][0].on == dt.date(2026, 3, 20)
    assert client_of(world.technician).get(address).status_code == 403
    assert client_of(world.contact).get(address).status_code == 404
    assert client_of().get(address).status_code == 302
    assert client_of(world.manager).get(address, {"on": "2026-02-30"}).status_code == 422
    assert address in client_of(world.manager).get(module.get_absolute_url()).text


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_trainers_takes_the_same_queries_at_any_length(
    client_of, world, module, gate, django_assert_num_queries, count
):
    module.trainers.set([PersonFactory(organisation=world.west) for _ in range(count)])
    module.save()
    client = client_of(world.manager)
    address = reverse("courses:module_trainers", args=[module.code])
    client.get(address)
    with django_assert_num_queries(14):
        client.get(address)
