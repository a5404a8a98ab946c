"""The customer's table of people: added once, namesakes asked about, taken off again."""

import pytest
from django.http import Http404
from django.urls import reverse

from courses.nominations.imports import kind
from portal.exchange.imports import domain
from portal.registry.imports import Outcome
from tests.factories.courses import NomineeFactory, TrainingRequestFactory

pytestmark = pytest.mark.django_db
LIST = "姓名,岗位,手机号\n王芳,厨师长,13800000001\n李强,,13800000002\n"


@pytest.fixture
def wanted(world):
    """A list of three seats that is open."""
    return TrainingRequestFactory(organisation=world.customer, modules=[world.module], asked_by=world.contact)


def start(wanted, text, by):
    return domain.start_import(kind, text.encode(), by=by, options={"request": wanted.pk})


def outcomes(run):
    return list(run.lines.order_by("number").values_list("outcome", flat=True))


def names(wanted):
    return [(one.name, one.post, one.mobile) for one in wanted.nominees.named()]


def test_list_is_added_and_the_second_run_changes_nothing(world, wanted):
    run = domain.accept_import(start(wanted, LIST, world.administrator), by=world.administrator)
    assert names(wanted) == [("王芳", "厨师长", "13800000001"), ("李强", "", "13800000002")]
    assert outcomes(start(wanted, LIST, world.administrator)) == [Outcome.SAME] * 2
    domain.undo_import(run, by=world.administrator)
    assert names(wanted) == []
    assert wanted.nominees.count() == 2


def test_namesake_is_asked_about(world, wanted):
    NomineeFactory(request=wanted, name="王芳", mobile="13900000009", number=1)
    run = start(wanted, LIST, world.administrator)
    assert outcomes(run) == [Outcome.ASK, Outcome.ADD]
    run = domain.answer_rows(run, {2: "other"}, by=world.administrator)
    domain.accept_import(run, by=world.administrator)
    assert len(names(wanted)) == 3


def test_other_post_is_changed_and_put_back(world, wanted):
    domain.accept_import(start(wanted, LIST, world.administrator), by=world.administrator)
    run = start(wanted, LIST.replace("厨师长", "厨师"), world.administrator)
    assert outcomes(run) == [Outcome.CHANGE, Outcome.SAME]
    run = domain.accept_import(run, by=world.administrator)
    assert ("王芳", "厨师", "13800000001") in names(wanted)
    domain.undo_import(run, by=world.administrator)
    assert ("王芳", "厨师长", "13800000001") in names(wanted)


def test_twice_in_the_table_too_many_and_no_name_are_refused_by_column(world, wanted):
    text = "姓名,手机\n甲,1\n甲,1\n,2\n乙,\n丙,\n丁,\n"
    run = start(wanted, text, world.administrator)
    problems = {line.number: [column for column, _said in line.problems] for line in run.lines.all() if line.problems}
    assert problems == {3: ["name"], 4: ["name"], 7: [""]}


def test_closed_list_takes_nobody(world, wanted):
    wanted.state = "declined"
    wanted.save()
    assert outcomes(start(wanted, LIST, world.administrator)) == [Outcome.REFUSE] * 2


def test_lists_of_others_are_not_there(world, wanted, client_of):
    for person in (world.other_manager, world.technician, world.auditor):
        with pytest.raises(Http404):
            kind.options(person, {"request": str(wanted.pk)})
    assert kind.options(world.contact, {"request": str(wanted.pk)}) == {"request": wanted.pk}
    page = client_of(world.administrator).get(wanted.get_absolute_url()).text
    assert reverse("import_new", args=["nominees"]) in page
