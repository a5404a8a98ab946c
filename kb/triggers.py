"""Published editions cannot be changed by the ways round the models either (bulk updates, SQL): the database refuses.

Deleting is left to the models, so that an empty database can be flushed.
"""

from typing import Any

PUBLISHED = "SELECT 1 FROM kb_manualedition e WHERE e.id = {row}.edition_id AND e.published_on IS NOT NULL"
# name, table, event, when it must not happen
RULES = (
    ("kb_edition_frozen", "kb_manualedition", "UPDATE", "OLD.published_on IS NOT NULL"),
    ("kb_chapter_frozen", "kb_manualchapter", "UPDATE", f"EXISTS ({PUBLISHED.format(row='OLD')})"),
    ("kb_chapter_closed", "kb_manualchapter", "INSERT", f"EXISTS ({PUBLISHED.format(row='NEW')})"),
)
MESSAGE = "a published edition does not change"


def install(apps: Any, schema_editor: Any) -> None:
    """Create the triggers (a migration's forward step)."""
    for name, table, event, condition in RULES:
        for statement in _statements(schema_editor.connection.vendor, name, table, event, condition):
            schema_editor.execute(statement)


def remove(apps: Any, schema_editor: Any) -> None:
    """Drop them (the backward step)."""
    for name, table, _event, _condition in RULES:
        on_table = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def _statements(vendor: str, name: str, table: str, event: str, condition: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        ]
    # A WHEN clause of PostgreSQL may not ask other tables, so the function does.
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} "
        f"THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN NEW; END $$",
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
