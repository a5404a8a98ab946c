"""What only SQLite knows: REPLACE by expressions and by the hidden rowid, and definitions kept as they were written."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from portal.models import Person
from portal.operations.immutability import keep, protect
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", ["P0001", "p0001"])
def test_expressions_of_unique_constraints_are_compared(own_rules, number, execute):
    """A staff number is unique whatever its case: so says a constraint on Lower("staff_number")."""
    person = PersonFactory(staff_number="P0001")
    keep(Person)
    protect(connection)
    columns = [field.column for field in Person._meta.local_concrete_fields if field.column != "id"]
    chosen = ", ".join("%s" if column == "staff_number" else f'"{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with pytest.raises(IntegrityError, match="portal_person is append-only"):
        execute(f"INSERT OR REPLACE INTO portal_person ({names}) SELECT {chosen} FROM portal_person", number)
    assert Person.objects.get() == person


def test_the_hidden_rowid_is_a_key_too(own_rules, execute):
    """Where the primary key is a text, SQLite still replaces by the rowid."""
    task = DBTaskResult.objects.create(args_kwargs={}, task_path="x", backend_name="default", queue_name="default")
    keep(DBTaskResult)
    protect(connection)
    columns = [field.column for field in DBTaskResult._meta.local_concrete_fields]
    names = ", ".join(f'"{column}"' for column in columns)
    chosen = ", ".join("%s" if column == "id" else f'"{column}"' for column in columns)
    table = DBTaskResult._meta.db_table
    with pytest.raises(IntegrityError, match="append-only"):
        execute(f"REPLACE INTO {table} (rowid, {names}) SELECT rowid, {chosen} FROM {table}", "0" * 32)
    with pytest.raises(IntegrityError, match="append-only"):
        execute(f"UPDATE {table} SET rowid = rowid + 1")
    assert DBTaskResult.objects.get() == task


def test_triggers_that_stand_are_left_alone():
    with CaptureQueriesContext(connection) as queries:
        protect(connection)
    assert [query["sql"] for query in queries if "TRIGGER" in query["sql"]] == []
