"""Database triggers that refuse to change, delete or replace rows kept as evidence.

An app registers its models with :func:`keep`; after every ``migrate`` the triggers that ``immutability_sql`` writes are
put in place. They hold for every connection, also for one that Django did not open. They are taken away before a
migration that changes the schema (SQLite rebuilds a table to alter it, and refuses to rename it while the trigger of
another table names it) and while a database is emptied or restored (:func:`released`).

The triggers guard against mistakes, bulk updates and tools beside the portal. Whoever may change the schema can drop
them; ``/readyz`` warns when one is missing.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, Q

from portal.operations.immutability_sql import Rule, Trigger, TriggerWriter, name_of, writer_for

_rules: dict[type[Model], list[Rule]] = {}


def keep(
    model: type[Model],
    *,
    when: Q | None = None,
    of: str = "",
    may_change: Collection[str] = (),
    may_fill: Collection[str] = (),
    refusal: str = "",
) -> None:
    """Keep rows of ``model``: they are not changed, deleted or replaced. Several rules of one model add up.

    Args:
        when: the rows that are kept, all by default. It may follow relations.
        of: a foreign key; ``when`` is then about the record it points to, and once that is kept, no row is added to it
            either: no chapter to a published edition.
        may_change: fields that may change at any time.
        may_fill: fields that may be set once, while they are null.
        refusal: what the database says; that the table is append-only when empty.

    Raises:
        ValueError: ``of`` without ``when``, or a field the model does not have.
    """
    if of and not when:
        raise ValueError(f"{model._meta.label} is kept with its {of}: when?")
    if unknown := {*may_change, *may_fill} - {field.name for field in model._meta.local_concrete_fields}:
        raise ValueError(f"{model._meta.label} has no {', '.join(sorted(unknown))}.")
    rule = Rule(
        model=model,
        when=when,
        of=of,
        may_change=frozenset(may_change),
        may_fill=frozenset(may_fill),
        refusal=refusal or f"{model._meta.db_table} is append-only",
    )
    known = _rules.setdefault(model, [])
    if rule not in known:
        known.append(rule)


def kept_models() -> list[type[Model]]:
    """Return the models of which rows are kept."""
    return list(_rules)


def protect(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers those the rules ask for; of tables that do not exist there are none."""
    writer = writer_for(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        existing = writer.existing(cursor)
        wanted = {trigger.name: trigger for trigger in _wanted(writer, cursor)}
        for name in existing.keys() - wanted.keys():
            cursor.execute(writer.drop(name))
        for name, trigger in wanted.items():
            if existing.get(name) != trigger.definition:
                for statement in trigger.statements:
                    cursor.execute(statement)


def release(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers. :func:`protect` puts them back, and so does every ``migrate`` and ``flush`` at its end."""
    writer = writer_for(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for name in writer.existing(cursor):
            cursor.execute(writer.drop(name))


@contextmanager
def released(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let kept rows be changed inside the block: to empty or to restore a database, never in a request."""
    release(connection)
    try:
        yield
    finally:
        protect(connection)


@contextmanager
def deletable(models: Collection[type[Model]], connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let rows of ``models`` be deleted inside the block, in one transaction: what is over the term it is kept for.

    Changing and replacing them stays refused, and so does every deletion from other connections: what is dropped here
    is seen by them only once it stands again.
    """
    writer = writer_for(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        kept = {name_of(model._meta.db_table, "DELETE"): _rules[model] for model in models if model in _rules}
        named = kept.keys() & writer.existing(cursor).keys() if kept else set()
        guards = [trigger for name in sorted(named) for trigger in writer.triggers(kept[name])]
        lifted = [trigger for trigger in guards if trigger.name in named]
        for trigger in lifted:
            cursor.execute(writer.drop(trigger.name))
        yield
        for trigger in lifted:
            for statement in trigger.statements:
                cursor.execute(statement)


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of the triggers that should be there and are not."""
    writer = writer_for(connection)
    with connection.cursor() as cursor:
        return sorted({trigger.name for trigger in _wanted(writer, cursor)} - writer.existing(cursor).keys())


def _wanted(writer: TriggerWriter, cursor: Any) -> list[Trigger]:
    tables = set(writer.connection.introspection.table_names(cursor))
    return [
        trigger
        for rules in _rules.values()
        if all({rule.model._meta.db_table, rule.owner._meta.db_table} <= tables for rule in rules)
        for trigger in writer.triggers(rules)
    ]


def release_before_migrate(using: str, plan: Collection[Any] = (), **kwargs: Any) -> None:
    """Receiver of pre_migrate: a migration may alter tables. Nothing happens when there is none to apply."""
    if plan:
        release(connections[using])


def protect_after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    protect(connections[using])
