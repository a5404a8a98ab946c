"""What the tests of kept rows share."""

import pytest
from django.db import connection, transaction

from portal.operations import immutability


@pytest.fixture
def own_rules(monkeypatch):
    """Start with no rule at all; the triggers end with the test's transaction."""
    monkeypatch.setattr(immutability, "_rules", {})


@pytest.fixture
def execute():
    """Return a function running one statement in a savepoint."""

    def run(sql: str, *params: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)

    return run
