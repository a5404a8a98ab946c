"""What a checklist asks of its assessor and of the candidate besides the appointment."""

import uuid

import pytest

from certification.practicals.domain import Acknowledgement, Judgement, sign_practical
from certification.practicals.errors import (
    MissingRemark,
    SignatureMissing,
    TrainedByAssessor,
    UnqualifiedAssessor,
)
from tests.factories.certification import certificate_for
from tests.factories.courses import HourCreditFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

LINE = [number for x in range(10) for number in (x * 10, 20)]


def sign(network, judgement=None, **more):
    judgements = {item.pk: judgement or Judgement(True) for item in network["checklist"].items.all()}
    return sign_practical(
        network["assessor"], network["technician"], network["checklist"], judgements, form_key=uuid.uuid4(), **more
    )


def ask(network, **rules):
    for name, value in rules.items():
        setattr(network["checklist"], name, value)
    network["checklist"].save()


def test_what_was_not_done_properly_wants_a_word(network):
    with pytest.raises(MissingRemark):
        sign(network, Judgement(False, "  "))
    assert sign(network, Judgement(False, "未戴护目镜")).rows[0]["remark"] == "未戴护目镜"


def test_an_assessor_who_may_not_do_the_work_does_not_sign(network):
    ask(network, assessor_task="repair")
    with pytest.raises(UnqualifiedAssessor):
        sign(network)

    certificate_for(network["assessor"], network["scheme"])

    assert sign(network).pk


def test_the_trainer_signs_unless_the_checklist_says_otherwise(network):
    credit = HourCreditFactory(person=network["technician"], module=network["module"])
    session = credit.attendance.enrolment.session
    session.trainer = network["assessor"]
    session.save()
    assert sign(network).pk

    ask(network, trainer_may_assess=False)

    with pytest.raises(TrainedByAssessor):
        sign(network)


def test_a_checklist_that_asks_for_the_candidates_hand_is_not_signed_without(network):
    ask(network, asks_signature=True)
    with pytest.raises(SignatureMissing):
        sign(network, acknowledgement=Acknowledgement(unsigned_because=" "))

    assert sign(network, acknowledgement=Acknowledgement([LINE])).signature == [LINE]
    assert sign(network, acknowledgement=Acknowledgement(unsigned_because="拒签")).unsigned_because == "拒签"


def test_a_hand_nobody_asked_for_is_not_kept(network):
    assert sign(network, acknowledgement=Acknowledgement([LINE])).signature == []
