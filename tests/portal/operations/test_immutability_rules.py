"""What the rules of kept rows let pass, and how their triggers come and go."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Q

from certification.models import Answer, AttemptQuestion, Choice, StatutoryCertificate
from courses.models import Attendance
from kb.models import ManualChapter, ManualEdition
from portal.models import AuditEvent, JobState
from portal.operations import immutability
from portal.operations.immutability import (
    keep,
    missing_triggers,
    protect,
    release,
    release_before_migrate,
    released,
)
from portal.web import health
from tests.factories.certification import QuestionFactory, StatutoryCertificateFactory
from tests.factories.courses import AttendanceFactory
from tests.portal.operations.kept_records import RECORDS

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)


# --- what a kept record takes no more -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "add",
    [
        lambda: ManualChapter.objects.bulk_create([ManualChapter(edition=_kept("edition"), number="99", title="x")]),
        lambda: ManualChapter.objects.filter(pk=_mutable("chapter").pk).update(edition=_kept("edition")),
        lambda: AttemptQuestion.objects.create(
            attempt=_kept("closed attempt"), order=99, version=QuestionFactory().versions.get(), choice_order=[]
        ),
        lambda: Answer.objects.create(shown=_kept("closed attempt").questions.get(order=2)),
        lambda: Choice.objects.create(version=_kept("shown version"), order=9, text="x"),
        lambda: Choice.objects.filter(pk=_mutable("choice").pk).update(order=9, version=_kept("shown version")),
    ],
    ids=["chapter", "moved chapter", "question", "answer", "choice", "moved choice"],
)
def test_a_kept_record_takes_no_further_rows(add):
    with pytest.raises(IntegrityError, match=r"append-only|does not change"), transaction.atomic():
        add()


def _kept(name: str):
    return RECORDS[name].make()[0]


def _mutable(name: str):
    return RECORDS[name].make()[1]


# --- what may change all the same ---------------------------------------------------------------------------


def test_what_may_be_filled_is_filled_once():
    card = StatutoryCertificateFactory()
    withdrawals = StatutoryCertificate.objects.filter(pk=card.pk)
    withdrawals.update(withdrawn_on="2026-03-18", withdrawn_recorded_at=NOW)
    withdrawals.update(withdrawn_on="2026-03-18")
    for change in ({"withdrawn_on": "2026-03-19"}, {"withdrawn_on": None, "withdrawn_recorded_at": None}):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            withdrawals.update(**change)
    card.refresh_from_db()
    assert card.withdrawn_on == dt.date(2026, 3, 18)


def test_nobody_comes_twice_and_leaving_is_filled_once():
    present = AttendanceFactory(checked_out_at=None, checked_out_by=None)
    rows = Attendance.objects.filter(pk=present.pk)
    went = present.enrolment.session.ends_at
    rows.update(checked_out_at=went, checked_out_by=present.checked_in_by)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(checked_out_at=went + dt.timedelta(hours=1))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(checked_in_at=went - dt.timedelta(hours=1))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("chapter", {"title": "x"}),
        ("edition", {"changes": "x"}),
        ("choice", {"text": "x"}),
        ("answer", {"response": []}),
        ("shown version", {"stem": "x"}),
    ],
)
def test_rows_that_are_not_kept_change_and_go(name, change):
    row = _mutable(name)
    rows = type(row).objects.filter(pk=row.pk)
    assert (rows.update(**change), rows.delete()[0] > 0) == (1, True)


# --- rules --------------------------------------------------------------------------------------------------


def test_a_rule_that_could_not_be_meant_is_an_error(own_rules):
    with pytest.raises(ValueError, match="when"):
        keep(ManualChapter, of="edition")
    with pytest.raises(ValueError, match="has no nonsense"):
        keep(AuditEvent, may_change=["action", "nonsense"])


def test_a_rule_with_quotes_is_written_out(own_rules, execute):
    event = AuditEvent.objects.create(action="it's 100 %", subject="x")
    keep(AuditEvent, when=Q(action="it's 100 %"), refusal="don't: 100 %")
    protect(connection)
    with pytest.raises(IntegrityError, match="don't: 100 %"):
        execute("DELETE FROM portal_auditevent")
    assert AuditEvent.objects.get() == event


# --- triggers come and go -----------------------------------------------------------------------------------


def test_protecting_twice_changes_nothing_and_a_dropped_rule_goes(monkeypatch):
    protect(connection)
    before = set(immutability.writer_for(connection).existing(connection.cursor()))
    protect(connection)
    assert set(immutability.writer_for(connection).existing(connection.cursor())) == before
    monkeypatch.setattr(immutability, "_rules", {})
    protect(connection)
    assert immutability.writer_for(connection).existing(connection.cursor()) == {}


def test_a_changed_rule_replaces_its_trigger(own_rules, execute):
    keep(AuditEvent, refusal="first")
    protect(connection)
    immutability._rules.clear()
    keep(AuditEvent, refusal="second")
    protect(connection)
    AuditEvent.objects.create(action="x", subject="x")
    with pytest.raises(IntegrityError, match="second"):
        execute("DELETE FROM portal_auditevent")


def test_migrating_releases_only_when_there_is_something_to_migrate():
    release_before_migrate(connection.alias, plan=[])
    assert missing_triggers(connection) == []
    release_before_migrate(connection.alias, plan=[("a migration", False)])
    assert missing_triggers(connection) != []


def test_ready_warns_of_missing_triggers(client, monkeypatch, execute):
    monkeypatch.setattr(health, "_search", lambda: "ok")
    JobState.objects.all().delete()
    health._look.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute(immutability.writer_for(connection).drop("kept_portal_auditevent_delete"))
    assert client.get("/readyz").json()["warnings"] == ["unprotected: 1"]
    health._look.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_the_triggers_are_back_after_migrate_and_flush():
    release(connection)
    call_command("migrate", verbosity=0)
    assert missing_triggers(connection) == []
    release(connection)
    call_command("flush", interactive=False, verbosity=0)
    assert missing_triggers(connection) == []


@pytest.mark.django_db(transaction=True)
def test_a_table_is_altered_while_the_triggers_are_released():
    """SQLite rebuilds the table and does not rename it while triggers of another table name it."""
    old = ManualEdition._meta.get_field("document_number")
    new = old.clone()
    new.max_length += 1
    new.set_attributes_from_name("document_number")
    new.model = ManualEdition
    if connection.vendor == "sqlite":
        with pytest.raises(OperationalError, match="error in trigger"), connection.schema_editor() as editor:
            editor._remake_table(ManualEdition, alter_fields=[(old, new)])
    with released(connection), connection.schema_editor() as editor:
        editor.alter_field(ManualEdition, old, new, strict=False)
        editor.alter_field(ManualEdition, new, old, strict=False)
    assert missing_triggers(connection) == []
