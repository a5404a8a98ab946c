"""Whoever is in the days of grace of a scheme stands on every page as the gate says: allowed, and until when."""

import datetime as dt
import io
import pathlib
import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import certification
from certification import ledger
from certification.certificates.domain import issue
from certification.certificates.verification import verify
from certification.enums import EntryKind, Stage, Standing
from certification.ledger.standing import standing_under
from certification.models import LedgerEntry, ReadingDue, Requirement, Scheme
from certification.overview.cover import Wanted, coverage
from certification.overview.expiring import by_place, ending_within
from certification.overview.matrix import matrix_rows
from certification.requirements.base import day_text
from certification.revisions.queries import count_touched
from certification.schemes.held import held_by_training
from certification.schemes.progress import progress
from certification.training_file.queries import file_of, files_of
from courses.sessions.seats.held import written_held, written_held_of
from kb.enums import CitationChoice, VerdictKind
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import Verdict
from portal.enums import Task
from portal.models import Organisation, Person
from portal.registry import duty
from tests.factories.certification import SchemeFactory
from tests.factories.kb import ManualEditionFactory, ManualFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 18)
LAST, UNTIL = dt.date(2026, 3, 13), dt.date(2026, 4, 12)


@pytest.fixture
def graced(network):
    """The technician's qualification ended five days ago; the scheme gives thirty days."""
    network["scheme"].grace_days = 30
    network["scheme"].save()
    first = dt.date(2024, 3, 14)
    entry = ledger.grant(network["technician"], network["scheme"], act_key="old", valid_from=first)
    assert entry.valid_to == LAST
    return network | {"certificate": issue(entry, score=90, minutes=480)}


def everybody():
    return Person.objects.filter(is_active=True)


def test_the_gate_the_matrix_the_file_and_the_home_page_say_the_same(graced, client_of):
    person, scheme = Person.objects.get(pk=graced["technician"].pk), Scheme.objects.get(pk=graced["scheme"].pk)
    assert duty.ask(person, graced["equipment"], Task.REPAIR).allowed
    (row,) = matrix_rows([person], [scheme])
    assert (row.cells[0].where.standing, row.cells[0].lamp, row.cells[0].until) == (Standing.GRACE, "amber", UNTIL)
    assert not row.cells[0].is_refused
    for file in (file_of(person, scheme), *files_of(person)):
        assert (file.stage, file.is_held, file.is_allowed, file.needs_work) == (Stage.GRACE, True, True, True)
        assert file.days_left == 26
    client = client_of(person)
    for address in (reverse("certification:mine"), "/", "/me/"):
        page = client.get(address).content.decode()
        assert "宽限期内" in page, address
        assert "已过期" not in page, address
    own = client.get(reverse("certification:mine")).content.decode()
    assert "2026年4月12日" in own


def test_cover_counts_who_is_in_grace_and_counts_them_as_expiring(graced):
    (cover,) = coverage(Organisation.objects.filter(pk=graced["outlet"].pk), everybody(), Wanted())
    assert (cover.certified, cover.expiring) == ({graced["technician"].pk}, {graced["technician"].pk})
    (after,) = coverage(
        Organisation.objects.filter(pk=graced["outlet"].pk), everybody(), Wanted(), UNTIL + dt.timedelta(days=1)
    )
    assert not after.certified


def test_what_runs_out_lists_who_is_in_grace_first(graced, client_of):
    (ending,) = ending_within(everybody(), 30)
    assert (ending.last_day, ending.grace_until, ending.days_left, ending.lamp) == (LAST, UNTIL, 25, "red")
    assert [count.within for count in by_place([ending])] == [(1, 1, 1)]
    page = client_of(graced["manager"]).get(reverse("certification:expiring"))
    assert "宽限期至2026年4月12日" in page.content.decode()


def test_the_tables_say_it_too(graced, client_of):
    client = client_of(graced["manager"])
    for name, wanted in (("matrix", "宽限期内 2026-04-12"), ("expiring", UNTIL)):
        response = client.get(reverse(f"certification:{name}"), {"export": "xlsx"})
        cells = [
            cell.date() if isinstance(cell, dt.datetime) else cell
            for row in load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
            for cell in row
        ]
        assert wanted in cells, name


def test_the_public_page_of_the_certificate_says_until_when(graced, client):
    verified = verify(graced["certificate"])
    assert (verified.standing, verified.grace_until, verified.counts, verified.is_valid) == (
        Standing.GRACE,
        UNTIL,
        True,
        False,
    )
    page = client.get(reverse("verify:certificate", args=[graced["certificate"].number])).content.decode()
    assert "2026年4月12日" in page
    assert verify(graced["certificate"], UNTIL + dt.timedelta(days=1)).standing == Standing.EXPIRED


def test_a_certificate_that_was_replaced_has_no_grace_of_its_own(graced):
    person, scheme = graced["technician"], graced["scheme"]
    ledger.lapse(person, scheme, even_in_grace=True)
    newer = ledger.grant(person, scheme, act_key="new")
    assert verify(graced["certificate"]).standing == Standing.EXPIRED
    assert newer.valid_from == TODAY


@pytest.mark.engines
def test_who_is_in_grace_is_asked_to_read_the_new_edition(graced):
    manual = ManualFactory(category=graced["equipment"].category)
    ManualEditionFactory(manual=manual, edition="A/0")
    assert [each.holders for each in count_touched(manual)] == [1]
    verdict = Verdict(VerdictKind.MUST_READ, TODAY + dt.timedelta(days=5))
    publish_edition(new_edition(manual, "A/1"), decisions=CitationChoice.STAY, verdict=verdict)
    assert list(ReadingDue.objects.values_list("person", flat=True)) == [graced["technician"].pk]
    asked = graced["technician"], graced["equipment"], Task.REPAIR
    assert duty.ask(*asked, on=TODAY + dt.timedelta(days=5)).allowed
    late = duty.ask(*asked, on=TODAY + dt.timedelta(days=6))
    assert [reason.code for reason in late.reasons if not reason.met] == ["revision_unread"]


def test_a_course_on_it_is_said_to_count_for_the_renewal(graced):
    (held,) = held_by_training(graced["technician"], [graced["module"]])
    assert (held.until, held.is_expiring, held.ended_on) == (UNTIL, True, LAST)
    for words in (written_held(held), written_held_of(graced["technician"], held)):
        assert f"已于{day_text(LAST)}到期，宽限期至{day_text(UNTIL)}" in words


def test_a_requirement_of_another_scheme_says_that_its_days_of_grace_run(graced):
    next_step = SchemeFactory()
    Requirement.objects.create(scheme=next_step, kind="scheme", other_scheme=graced["scheme"])
    (reason,) = progress(graced["technician"], next_step)
    assert (reason.code, reason.met) == ("other_scheme_held", True)
    assert f"已于{day_text(LAST)}到期，宽限期至{day_text(UNTIL)}" in reason.message


def test_the_end_is_recorded_after_the_grace_so_that_it_can_still_be_taken_away(graced):
    person, scheme = graced["technician"], graced["scheme"]
    call_command("expire_qualifications", verbosity=0)
    assert not LedgerEntry.objects.filter(kind=EntryKind.LAPSED).exists()
    ledger.suspend(person, scheme, reason="抽查", act_key="s", by=graced["manager"])
    assert not duty.ask(person, graced["equipment"], Task.REPAIR).allowed
    ledger.reinstate(person, scheme, act_key="r", by=graced["manager"])
    assert duty.ask(person, graced["equipment"], Task.REPAIR).allowed
    after = timezone.now() + dt.timedelta(days=26)
    assert ledger.lapse(person, scheme, at=after).valid_from == dt.date(2026, 3, 14)


@pytest.mark.parametrize("ago", [0, 1, 29, 30, 31, 200])
def test_the_one_reading_agrees_with_the_gate_on_every_day(graced, ago):
    person, scheme = graced["technician"], Scheme.objects.get(pk=graced["scheme"].pk)
    day = LAST + dt.timedelta(days=ago)
    where = standing_under(scheme, LedgerEntry.objects.filter(person=person), day)
    assert where.counts == duty.ask(person, graced["equipment"], Task.REPAIR, on=day).allowed


def test_nobody_works_out_a_standing_without_the_days_of_its_scheme():
    """The bare reading knows no scheme: only the one with its days, and what narrows for the gate, may call it."""
    room = pathlib.Path(certification.__file__).parent
    callers = {
        str(path.relative_to(room))
        for path in room.rglob("*.py")
        if re.search(r"(?<![\w.])standing\(", re.sub(r'"""[\s\S]*?"""', "", path.read_text()))
    }
    assert callers == {"ledger/standing.py", "duty/work.py"}
