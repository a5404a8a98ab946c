"""Evidence stays as it was written, whatever statement is tried on it and from wherever."""

import re
import sqlite3

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from portal.operations.immutability import kept_models, release
from portal.operations.unique_keys import unique_keys
from tests.portal.operations.kept_records import RECORDS
from tests.portal.operations.statements import Attack

pytestmark = pytest.mark.engines

REFUSAL = re.compile(r"\w+ is append-only|a published edition does not change")


def attack_on(name: str) -> Attack:
    record = RECORDS[name]
    attack = Attack(record, *record.make())
    connection.check_constraints()
    return attack


def attempted(attack: Attack, sql: str, params: list) -> str:
    """Return how a statement ends, undoing what it did: the error's text, ``harmed`` or ``harmless``."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
            outcome = "harmless" if attack.read() == attack.row else "harmed"
            transaction.set_rollback(True)
    except IntegrityError as error:
        return str(error).splitlines()[0]
    return outcome


@pytest.mark.django_db
@pytest.mark.parametrize("name", RECORDS)
def test_every_statement_is_refused(name):
    attack = attack_on(name)
    tried = attack.statements()
    outcomes = {label: attempted(attack, *statement) for label, statement in tried.items()}
    assert {label: told for label, told in outcomes.items() if not REFUSAL.fullmatch(told)} == {}
    assert attack.read() == attack.row


@pytest.mark.django_db
@pytest.mark.parametrize("name", RECORDS)
def test_without_the_triggers_the_statements_would_harm(name):
    attack = attack_on(name)
    release(connection)
    harming = {label: text for label, text in attack.statements().items() if not label.startswith("change ")}
    outcomes = {label: attempted(attack, *statement) for label, statement in harming.items()}
    assert outcomes == dict.fromkeys(harming, "harmed")


@pytest.mark.django_db
def test_all_kept_models_are_tried():
    assert {type(record.make()[0]) for record in RECORDS.values()} == set(kept_models())


@pytest.mark.django_db
@pytest.mark.parametrize("name", RECORDS)
def test_every_unique_key_of_the_database_is_known(name):
    """What the triggers look at is derived from the models; the database knows what it really holds."""
    record = RECORDS[name]
    model = type(record.make()[0])
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    held = {tuple(entry["columns"]) for entry in found.values() if entry["unique"] or entry["primary_key"]}
    derived = {tuple(model._meta.get_field(part.name).column for part in key.expressions) for key in unique_keys(model)}
    assert derived == held == set(record.keys)


class Sqlite:
    """A connection of Python's own module, without anything of Django's."""

    def __init__(self, *, recursive_triggers: bool) -> None:
        self.connection = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        self.connection.execute(f"PRAGMA recursive_triggers = {'ON' if recursive_triggers else 'OFF'}")

    def outcome(self, sql: str, params: list) -> str:
        """Return how one statement ends; it is undone."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            self.connection.execute(sql.replace("%s", "?"), params)
        except sqlite3.IntegrityError as error:
            return str(error)
        finally:
            self.connection.execute("ROLLBACK")
        return "ran"


class Postgres:
    """A connection of psycopg's own."""

    def __init__(self) -> None:
        settings = connection.settings_dict
        self.connection = psycopg.connect(
            host=settings["HOST"], port=settings["PORT"], user=settings["USER"], dbname=settings["NAME"]
        )

    def outcome(self, sql: str, params: list) -> str:
        """Return how one statement ends; it is undone."""
        try:
            self.connection.execute(sql, params)
        except psycopg.errors.IntegrityConstraintViolation as error:
            return error.diag.message_primary
        finally:
            self.connection.rollback()
        return "ran"


@pytest.fixture
def strangers():
    """Connections that know nothing of Django."""
    if connection.vendor == "postgresql":
        opened = [Postgres()]
    else:
        opened = [Sqlite(recursive_triggers=False), Sqlite(recursive_triggers=True)]
    yield opened
    for stranger in opened:
        stranger.connection.close()


@pytest.mark.django_db(transaction=True)
def test_every_statement_is_refused_from_a_foreign_connection(strangers):
    attacks = {name: attack_on(name) for name in RECORDS}
    outcomes = {
        (place, name, label): stranger.outcome(*statement)
        for place, stranger in enumerate(strangers)
        for name, attack in attacks.items()
        for label, statement in attack.statements().items()
    }
    assert {what: told for what, told in outcomes.items() if not REFUSAL.fullmatch(told)} == {}
    assert [name for name, attack in attacks.items() if attack.read() != attack.row] == []


@pytest.mark.django_db
def test_a_refused_statement_leaves_what_the_transaction_did_before():
    attack = attack_on("ledger entry")
    other = RECORDS["audit event"].make()[0]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {attack.table}")
    assert type(other).objects.filter(pk=other.pk).exists()
