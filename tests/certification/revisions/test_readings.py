"""A verdict on an edition: whom it asks to read, what the gate says before and after the grace, and who may confirm."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification import ledger
from certification.models import ReadingConfirmation, ReadingDue
from certification.requirements.readings import Reading
from certification.revisions.domain import ask_holders, confirm_reading
from certification.revisions.errors import NothingToRead
from certification.revisions.queries import count_touched
from certification.revisions.tasks import send_reading_letter
from kb.enums import CitationChoice, VerdictKind
from kb.errors import VerdictWithoutDay
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import Verdict
from kb.models import EditionVerdict
from portal.registry import duty
from tests.factories.kb import ManualEditionFactory, ManualFactory
from tests.factories.portal import EquipmentModelFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOON = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 18)
GRACE = dt.date(2026, 3, 25)
AFTER = dt.date(2026, 3, 26)
MUST_READ = Verdict(VerdictKind.MUST_READ, GRACE)


@pytest.fixture
def manual(network):
    found = ManualFactory(category=network["equipment"].category, title="冷库维修手册")
    ManualEditionFactory(manual=found, edition="A/0")
    return found


@pytest.fixture
def holder(network):
    ledger.grant(network["technician"], network["scheme"], act_key="held", at=NOON - dt.timedelta(days=30))
    return network["technician"]


def revise(manual, verdict=MUST_READ, name="A/1"):
    publish_edition(new_edition(manual, name), decisions=CitationChoice.STAY, verdict=verdict)
    return EditionVerdict.objects.get(edition__manual=manual, edition__edition=name)


def refusals(answer):
    return [] if answer.allowed else [reason.code for reason in answer.reasons]


def test_holder_is_refused_after_the_grace_and_told_where_to_read(network, manual, holder):
    verdict = revise(manual)
    assert duty.ask(holder, network["equipment"], on=GRACE).allowed
    late = duty.ask(holder, network["equipment"], on=AFTER)
    assert refusals(late) == ["revision_unread"]
    assert late.way_out[0]["url"] == reverse("certification:reading", args=[verdict.pk])


def test_confirmed_reading_opens_the_gate_and_the_qualification_stays(network, manual, holder):
    verdict = revise(manual)
    with time_machine.travel(NOON + dt.timedelta(days=10)):
        assert refusals(duty.ask(holder, network["equipment"])) == ["revision_unread"]
        first = confirm_reading(verdict, person=holder)
        assert confirm_reading(verdict, person=holder) == first
        answer = duty.ask(holder, network["equipment"])
        assert answer.allowed
        assert answer.certificates[0]["scheme"] == network["scheme"].code


def test_the_past_and_what_was_known_then_stay_answered(network, manual, holder):
    before = NOON - dt.timedelta(minutes=1)
    verdict = revise(manual)
    with time_machine.travel(NOON + dt.timedelta(days=10)):
        confirm_reading(verdict, person=holder)
    with time_machine.travel(NOON + dt.timedelta(days=20)):
        machine = network["equipment"]
        assert duty.ask(holder, machine, on=AFTER, known_at=before).allowed
        assert refusals(duty.ask(holder, machine, on=AFTER, known_at=NOON + dt.timedelta(days=9))) == [
            "revision_unread"
        ]
        assert refusals(duty.ask(holder, machine, on=AFTER)) == ["revision_unread"]
        assert duty.ask(holder, machine, on=dt.date(2026, 3, 28)).allowed


def test_editorial_verdict_asks_nobody(network, manual, holder):
    revise(manual, Verdict(VerdictKind.EDITORIAL))
    assert not ReadingDue.objects.exists()
    assert duty.ask(holder, network["equipment"], on=AFTER).allowed


def test_who_is_granted_later_learnt_from_the_new_edition(network, manual):
    revise(manual)
    ledger.grant(network["colleague"], network["scheme"], act_key="later")
    assert duty.ask(network["colleague"], network["equipment"], on=AFTER).allowed


def test_manual_of_other_machines_touches_nobody(network, holder):
    other = ManualFactory(category=EquipmentModelFactory().category)
    ManualEditionFactory(manual=other, edition="A/0")
    revise(other)
    assert not ReadingDue.objects.exists()


def test_editor_is_told_the_holders_by_scheme(network, manual, holder):
    assert [(each.name, each.holders) for each in count_touched(manual)] == [(network["scheme"].name, 1)]


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(VerdictKind.MUST_READ),
        Verdict(VerdictKind.MUST_READ, TODAY - dt.timedelta(days=1)),
        Verdict(VerdictKind.EDITORIAL, GRACE),
    ],
)
def test_verdict_with_an_impossible_day_publishes_nothing(network, manual, verdict):
    draft = new_edition(manual, "A/1")
    with pytest.raises(VerdictWithoutDay):
        publish_edition(draft, decisions=CitationChoice.STAY, verdict=verdict)
    draft.refresh_from_db()
    assert not draft.is_published


def test_asking_again_records_and_writes_once(network, manual, holder, django_capture_on_commit_callbacks):
    verdict = revise(manual)
    assert ask_holders(verdict) == []
    assert ReadingDue.objects.get().person == holder
    holder.email = "lin@example.org"
    holder.save()
    for _time in range(2):
        assert send_reading_letter.func(verdict.pk, holder.pk)
    assert [letter.to for letter in mail.outbox] == [["lin@example.org"]]
    assert reverse("certification:reading", args=[verdict.pk]) in mail.outbox[0].body


def test_person_confirms_on_the_page_and_the_tile_goes(network, manual, holder, client_of):
    verdict = revise(manual)
    page, client = reverse("certification:reading", args=[verdict.pk]), client_of(holder)
    assert page in client.get("/").content.decode()
    assert verdict.edition.get_absolute_url() in client.get(page).content.decode()
    for _time in range(2):
        assert client.post(page).status_code == 302
    assert ReadingConfirmation.objects.get().person == holder
    assert page not in client.get("/").content.decode()


def test_who_was_not_asked_can_neither_see_nor_confirm(network, manual, holder, client_of):
    verdict = revise(manual)
    page, client = reverse("certification:reading", args=[verdict.pk]), client_of(network["colleague"])
    assert (client.get(page).status_code, client.post(page).status_code) == (404, 404)
    with pytest.raises(NothingToRead):
        confirm_reading(verdict, person=network["colleague"])
    assert not ReadingConfirmation.objects.exists()


def test_gate_takes_as_many_queries_with_readings_as_without(network, manual, holder, django_assert_num_queries):
    duty.ask(holder, network["equipment"])
    for number in (1, 2):
        revise(manual, name=f"A/{number}")
        with django_assert_num_queries(4):
            duty.ask(holder, network["equipment"], on=AFTER)


DAYS = st.integers(min_value=-40, max_value=40)


@given(grace=DAYS, recorded=DAYS, confirmed=st.none() | DAYS, on=DAYS, known=DAYS)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_reading_refuses_only_between_grace_and_confirmation_as_known(grace, recorded, confirmed, on, known):
    def moment(day):
        return NOON + dt.timedelta(days=day)

    said = None if confirmed is None else moment(confirmed)
    reading = Reading(1, TODAY + dt.timedelta(days=grace), moment(recorded), said, "A/1")
    refused = reading.refuses(TODAY + dt.timedelta(days=on), moment(known))
    was_read = confirmed is not None and confirmed <= known and confirmed <= on
    assert refused == (recorded <= known and on > grace and not was_read)
    # Knowing more may excuse, never accuse, once the verdict is known; before it nobody is refused.
    if recorded <= known and not refused:
        assert not reading.refuses(TODAY + dt.timedelta(days=on), moment(known + 1))
