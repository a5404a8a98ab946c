"""A learner works under a named, qualified person: on the gate, its page and API; refused when the guide is not."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from certification import ledger
from certification.certificates.awards import award_if_complete
from certification.duty.nearby import nearby
from certification.enums import Level
from certification.errors import ReasonNeeded
from certification.guidance.domain import approve_guidance, award_after_guidance, end_guidance
from certification.guidance.errors import (
    GuidanceOver,
    GuidanceOverlaps,
    GuideNotQualified,
    ImpossibleGuidance,
    MayNotApprove,
)
from certification.models import DutyInquiry, Guidance, LedgerEntry, Requirement
from certification.schemes.progress import progress
from certification.stops.domain import stop_work
from portal.enums import Task
from portal.models import Person
from portal.registry import duty
from tests.certification.requesting import get
from tests.factories.certification import (
    AttemptFactory,
    ConditionFactory,
    LedgerEntryFactory,
    SchemeFactory,
    version_one,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 18)


@pytest.fixture
def pair(network):
    """The colleague is qualified and may guide the technician, who is not."""
    ledger.grant(network["colleague"], network["scheme"], act_key="guide")
    return network


def approve(network, *, by="manager", learner="technician", guide="colleague", scheme=None, **given):
    usual = {"starts_on": TODAY, "ends_on": TODAY + dt.timedelta(days=60), "form_key": uuid.uuid4()}
    scheme = scheme or network["scheme"]
    people = [fresh(network, name) for name in (by, learner, guide)]
    return approve_guidance(*people, scheme, **(usual | given))


def fresh(network, name):
    """The person as the database holds them: a record made earlier does not know where it stands in the tree."""
    return Person.objects.get(pk=network[name].pk)


def answer(network, on=TODAY, known_at=None):
    return duty.ask(network["technician"], network["equipment"], Task.REPAIR, on, known_at or timezone.now())


def test_allowed_only_under_the_guide(pair):
    assert not answer(pair).allowed
    before = timezone.now() - dt.timedelta(seconds=1)
    approve(pair, limits="不碰带电部位")
    found = answer(pair)
    assert found.allowed
    assert found.only_under == "杨振华"
    assert not found.is_overridden
    assert found.reasons[0].code == "under_guidance"
    assert "不碰带电部位" in found.reasons[0].message
    assert "hours_missing" in {reason.code for reason in found.reasons}
    assert not answer(pair, TODAY + dt.timedelta(days=61)).allowed
    assert not answer(pair, known_at=before).allowed


def test_refused_when_the_guide_is_not_qualified_that_day(pair):
    approve(pair)
    ledger.suspend(pair["colleague"], pair["scheme"], reason="抽查", act_key="s", by=pair["manager"])
    found = answer(pair)
    assert not found.allowed
    assert found.reasons[0].code == "guide_not_qualified"
    assert found.way_out[0]["code"] == "guide_not_qualified"


def test_a_guide_stands_in_for_no_condition_and_no_stop(pair):
    approve(pair)
    condition = ConditionFactory()
    ledger.grant(pair["colleague"], condition, act_key="c")
    assert not answer(pair).allowed
    ledger.grant(pair["technician"], condition, act_key="d")
    assert answer(pair).only_under
    stop_work(pair["administrator"], model=pair["equipment"], reason="召回", form_key=uuid.uuid4())
    assert not answer(pair).allowed


def test_a_guide_stands_in_for_nothing_taken_away(pair):
    approve(pair)
    ledger.grant(pair["technician"], pair["scheme"], act_key="own")
    ledger.revoke(pair["technician"], pair["scheme"], reason="违章", act_key="r", by=pair["manager"])
    assert not answer(pair).allowed


def test_who_is_qualified_needs_no_guide(pair):
    approve(pair)
    ledger.grant(pair["technician"], pair["scheme"], act_key="own")
    assert answer(pair).only_under == ""


def test_work_for_two_says_so(pair):
    pair["scheme"].needs_two = True
    pair["scheme"].save()
    ledger.grant(pair["technician"], pair["scheme"], act_key="own")
    assert [reason.code for reason in answer(pair).reasons] == ["certified", "two_persons"]


@pytest.mark.parametrize("by", ["technician", "colleague", "trainer", "far_manager", "auditor", "dispatcher"])
def test_only_the_keepers_of_the_learners_file_approve(pair, by):
    with pytest.raises(MayNotApprove):
        approve(pair, by=by)


def test_what_cannot_be_is_refused(pair):
    with pytest.raises(ImpossibleGuidance):
        approve(pair, guide="technician")
    with pytest.raises(ImpossibleGuidance):
        approve(pair, ends_on=TODAY - dt.timedelta(days=1))
    with pytest.raises(ImpossibleGuidance):
        approve(pair, scheme=ConditionFactory())
    with pytest.raises(GuideNotQualified):
        approve(pair, guide="stranger")
    assert not Guidance.objects.exists()


def test_the_same_two_do_not_overlap_and_a_second_post_is_the_first(pair):
    key = uuid.uuid4()
    first = approve(pair, form_key=key)
    assert approve(pair, form_key=key) == first
    with pytest.raises(GuidanceOverlaps):
        approve(pair, starts_on=TODAY + dt.timedelta(days=60), ends_on=TODAY + dt.timedelta(days=90))
    approve(pair, starts_on=TODAY + dt.timedelta(days=61), ends_on=TODAY + dt.timedelta(days=90))


def test_an_ended_guidance_still_answers_for_before(pair):
    record = approve(pair)
    moment = timezone.now()
    with pytest.raises(ReasonNeeded):
        end_guidance(fresh(pair, "manager"), record, reason=" ")
    with pytest.raises(MayNotApprove):
        end_guidance(fresh(pair, "colleague"), record, reason="调岗")
    end_guidance(fresh(pair, "manager"), record, reason="调岗", at=moment + dt.timedelta(minutes=1))
    assert not answer(pair, known_at=moment + dt.timedelta(minutes=2)).allowed
    assert answer(pair, known_at=moment).allowed
    with pytest.raises(GuidanceOver):
        end_guidance(fresh(pair, "manager"), record, reason="再次")


def test_months_under_guidance_are_counted_and_bring_the_grant(pair):
    scheme = SchemeFactory(version=True)
    Requirement.objects.create(scheme=scheme, kind="guided_months", parameters={"months": 2})
    ledger.grant(pair["colleague"], scheme, act_key="g", valid_from=TODAY - dt.timedelta(days=200))
    start = TODAY - dt.timedelta(days=70)
    record = approve(pair, scheme=scheme, starts_on=TODAY - dt.timedelta(days=40))
    assert award_if_complete(pair["technician"], scheme) is None
    end_guidance(fresh(pair, "manager"), record, reason="换人")
    ledger.grant(pair["assessor"], scheme, act_key="h", valid_from=TODAY - dt.timedelta(days=200))
    approve(pair, scheme=scheme, guide="assessor", starts_on=start, ends_on=TODAY)
    assert award_after_guidance() == 1
    entry = LedgerEntry.objects.get(person=pair["technician"], scheme=scheme)
    assert entry.evidence["shown"][0]["days"] == 71
    assert award_after_guidance() == 0


def test_the_gate_asks_as_often_for_many_learners(pair, django_assert_num_queries):
    approve(pair)
    approve(pair, learner="assessor")
    people = [pair["technician"], pair["assessor"]]
    asked = [duty.DutyQuestion(each, TODAY, timezone.now(), pair["equipment"], Task.REPAIR) for each in people]
    duty.ask_many(asked)
    for some in (asked[:1], asked):
        with django_assert_num_queries(5):
            assert all(found.only_under for found in duty.ask_many(some))


# --- pages ------------------------------------------------------------------------------------------------------------


def form(network, **given):
    usual = {
        "learner": network["technician"].staff_number,
        "guide": network["colleague"].staff_number,
        "scheme": network["scheme"].pk,
        "starts_on": TODAY.isoformat(),
        "ends_on": (TODAY + dt.timedelta(days=30)).isoformat(),
        "form_key": str(uuid.uuid4()),
    }
    return usual | given


def test_a_manager_names_and_ends_it_on_the_page(pair, client_of):
    client = client_of(pair["manager"])
    address = reverse("certification:guidance")
    assert client.post(address, form(pair, guide=pair["stranger"].staff_number)).status_code == 422
    assert client.post(address, form(pair)).status_code == 302
    for reader in ("technician", "colleague", "manager"):
        assert "杨振华" in get(client_of, pair[reader], "guidance").content.decode()
    page = get(client_of, pair["dispatcher"], "duty", person=pair["technician"].staff_number, equipment="RF-LK")
    assert "杨振华" in page.content.decode()
    record = Guidance.objects.get()
    end = reverse("certification:guidance_end", args=[record.pk])
    assert client_of(pair["technician"]).post(end, {"reason": "不要"}).status_code == 403
    assert client_of(pair["stranger"]).post(end, {"reason": "不要"}).status_code == 404
    assert client.post(end, {"reason": "调岗"}).status_code == 302
    assert not answer(pair).allowed


def test_others_see_nothing_and_name_nobody(pair, client_of):
    approve(pair)
    assert "杨振华" not in get(client_of, pair["stranger"], "guidance").content.decode()
    assert client_of(pair["trainer"]).post(reverse("certification:guidance"), form(pair)).status_code == 403
    assert get(client_of, pair["customer"], "guidance").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_pins_its_queries(pair, client_of, django_assert_num_queries, rows):
    for number in range(rows):
        day = TODAY + dt.timedelta(days=10 * number)
        approve(pair, starts_on=day, ends_on=day + dt.timedelta(days=5))
    client = client_of(pair["technician"])
    client.get(reverse("certification:guidance"))
    with django_assert_num_queries(7):
        client.get(reverse("certification:guidance"))


def test_a_learner_is_nowhere_shown_as_allowed_alone(pair, client_of):
    approve(pair)
    learner, manager = fresh(pair, "technician"), fresh(pair, "manager")
    client = client_of(manager)
    machine, day = pair["equipment"].code, TODAY.isoformat()

    asked = {"people": learner.staff_number, "equipment": machine, "task": "repair", "days": day}
    listed = client.post("/certification/duty/list/", asked)
    assert listed.context["answered"].counts == {"allowed": 0, "under": 1, "override": 0, "refused": 0}
    assert "杨振华" in listed.text
    kept = DutyInquiry.objects.get(person=learner)
    assert kept.state == "under"
    assert "green" not in render_to_string("certification/duty/log/answer.html", {"row": kept})
    page = client.get(reverse("certification:works"), {"equipment": machine, "task": "repair"})
    states = {cell.state for row in page.context["rows"] if row.person == learner for cell in row.cells}
    assert states == {"under"}
    assert learner not in nearby(fresh(pair, "colleague"), pair["equipment"], Task.REPAIR, TODAY, 10)


def test_days_on_which_the_guide_was_not_qualified_do_not_count(pair):
    scheme = SchemeFactory(version=True)
    Requirement.objects.create(scheme=scheme, kind="guided_months", parameters={"months": 2})
    guide = pair["colleague"]
    ledger.grant(guide, scheme, act_key="g", valid_from=TODAY - dt.timedelta(days=200))
    approve(pair, scheme=scheme, starts_on=TODAY - dt.timedelta(days=70))
    now = timezone.now()
    (before,) = progress(pair["technician"], scheme)
    ledger.suspend(
        guide,
        scheme,
        reason="抽查",
        act_key="s",
        by=pair["manager"],
        valid_from=TODAY - dt.timedelta(days=30),
        valid_to=TODAY - dt.timedelta(days=21),
        at=now + dt.timedelta(minutes=1),
    )
    (after,) = progress(pair["technician"], scheme, TODAY, now + dt.timedelta(minutes=2))
    (then,) = progress(pair["technician"], scheme, TODAY, now)
    assert (before.params["days"], after.params["days"], then.params["days"]) == (71, 61, 71)


def test_one_scheme_nobody_approved_keeps_nobody_else_from_the_grant(pair, caplog):
    bare, good = SchemeFactory(version=False), SchemeFactory(version=True)
    start = TODAY - dt.timedelta(days=70)
    for scheme in (bare, good):
        Requirement.objects.create(scheme=scheme, kind="guided_months", parameters={"months": 2})
        version = version_one(scheme if scheme == good else pair["scheme"])
        LedgerEntryFactory(person=pair["colleague"], scheme=scheme, valid_from=start, scheme_version=version)
        approve(pair, scheme=scheme, starts_on=start)
    assert award_after_guidance() == 1
    assert LedgerEntry.objects.get(person=pair["technician"]).scheme == good
    assert bare.code in caplog.text


def test_what_was_shown_early_renews_when_the_last_days_begin(pair):
    scheme, person = pair["scheme"], pair["technician"]
    scheme.requirements.exclude(kind="quiz").delete()
    ledger.grant(person, scheme, act_key="old", at=timezone.now() - dt.timedelta(days=400))
    AttemptFactory(person=person, quiz=pair["quiz"])
    assert award_after_guidance() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(days=300)):
        assert award_after_guidance() == 1
        assert award_after_guidance() == 0


# --- levels and grace -------------------------------------------------------------------------------------------------


def test_who_holds_a_higher_level_of_the_track_may_guide_and_the_months_count(network):
    scheme = network["scheme"]
    scheme.track, scheme.level = "冷冻设备", Level.BASIC
    scheme.save()
    higher = SchemeFactory(track="冷冻设备", level=Level.ADVANCED)
    Requirement.objects.create(scheme=scheme, kind="guided_months", parameters={"months": 1})
    with pytest.raises(GuideNotQualified):
        approve(network)
    first = TODAY - dt.timedelta(days=60)
    ledger.grant(network["colleague"], higher, act_key="h", valid_from=first)
    approve(network, starts_on=TODAY - dt.timedelta(days=40))
    assert answer(network).only_under
    months = next(each for each in progress(network["technician"], scheme) if each.params["kind"] == "guided_months")
    assert (months.met, months.params["days"]) == (True, 41)


def test_who_is_in_the_days_of_grace_may_guide_until_they_end(network):
    scheme = network["scheme"]
    scheme.grace_days = 30
    scheme.save()
    ledger.grant(network["colleague"], scheme, act_key="old", valid_from=dt.date(2024, 3, 14))
    Requirement.objects.create(scheme=scheme, kind="guided_months", parameters={"months": 1})
    approve(network)
    assert answer(network).only_under
    until = dt.date(2026, 4, 12)
    assert answer(network, on=until).only_under
    assert not answer(network, on=until + dt.timedelta(days=1)).allowed
    months = next(
        each
        for each in progress(network["technician"], scheme, TODAY + dt.timedelta(days=60))
        if each.params["kind"] == "guided_months"
    )
    assert months.params["days"] == (until - TODAY).days + 1
