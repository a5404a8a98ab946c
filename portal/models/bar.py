"""The bar on the ground floor: what the duty gate reads and one person may change, with a trail of each change.

A model whose rows are part of the bar derives from :class:`BarModel` and is named in :data:`WATCHED` by
:func:`watch`. Whatever writes it (a form, an import, a verb, ``update()``, removal) writes a :class:`BarChange` in the
same transaction. Who made a change does not profit from it until somebody else has confirmed it; for everybody else it
counts at once.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_save, pre_delete, pre_save
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from portal.acting import who_acts
from portal.enums import BarOutcome
from portal.models.audit import AppendOnlyModel, AppendOnlyQuerySet

# Sent inside the transaction in which changes of ``author`` (Person) were confirmed or changed back.
changes_settled = Signal()

#: Stands for a whole row as a field: rows that are a rule themselves.
ROW = "row"
#: Stands for the place in a tree.
PARENT = "parent"
Facts = dict[str, Any]


@dataclass(frozen=True)
class Watched:
    """What of a model is part of the bar.

    Args:
        fields: the fields; :data:`PARENT` for the place in a tree.
        is_rule: a row is a rule: its fields count together, and so do its coming and going.
        named_by: relations that say how the row is called.
        of_self: the field that names whom a row is about; only what people change of rows about themselves is kept.
    """

    fields: tuple[str, ...]
    is_rule: bool = False
    named_by: tuple[str, ...] = ()
    of_self: str = ""


WATCHED: dict[type[models.Model], Watched] = {}


def watch(model: type[models.Model], *fields: str, **how: Any) -> None:
    """Keep a trail of what is changed in ``fields`` of ``model``, whoever changes it.

    Args:
        how: what else :class:`Watched` says.
    """
    WATCHED[model] = Watched(fields, **how)
    label = model._meta.label
    pre_save.connect(_saving, sender=model, dispatch_uid=f"bar.{label}")
    post_save.connect(_saved, sender=model, dispatch_uid=f"bar.{label}")
    pre_delete.connect(_deleting, sender=model, dispatch_uid=f"bar.{label}")


class BarChangeQuerySet(AppendOnlyQuerySet):
    """Changes of the bar by where they stand."""

    def waiting(self) -> "BarChangeQuerySet":
        """Return those that a second person has not looked at yet. What no person did waits for nobody."""
        return self.filter(changed_by__isnull=False, decision__isnull=True)


class BarChange(AppendOnlyModel):
    """One change of what the gate demands: what, from what to what, by whom, when."""

    record_label = models.CharField(_("kind of record"), max_length=60)
    # Not a foreign key: the trail outlives the record.
    record_id = models.BigIntegerField(_("record"))
    record = models.CharField(_("called"), max_length=300)
    field = models.CharField(_("field"), max_length=40)
    before = models.JSONField(_("before"), null=True, help_text=_("Nothing for a rule that was added."))
    after = models.JSONField(_("after"), null=True, help_text=_("Nothing for a rule that was deleted."))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("changed by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, db_index=True)

    objects = BarChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of the bar")
        verbose_name_plural = _("changes of the bar")
        ordering = ["recorded_at", "pk"]
        indexes = [models.Index(fields=["record_label", "record_id", "field"])]

    def __str__(self) -> str:
        return self.record


class BarDecision(AppendOnlyModel):
    """What became of a change: somebody else confirmed it, or it was changed back."""

    change = models.OneToOneField(
        BarChange, on_delete=models.PROTECT, related_name="decision", verbose_name=_("change of the bar")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=BarOutcome.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        verbose_name = _("decision on a change of the bar")
        verbose_name_plural = _("decisions on changes of the bar")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome=BarOutcome.UNDONE) | models.Q(decided_by__isnull=False),
                name="bar_confirmed_by_somebody",
                violation_error_message=_("Say who confirms the change."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change} · {self.outcome}"


class BarQuerySet(models.QuerySet):
    """Rows that are part of the bar: changing many at once leaves the same trail as saving one."""

    def update(self, **kwargs: Any) -> int:
        """Change rows and keep what they said before."""
        with keeping_changes(self.model, list(self.values_list("pk", flat=True))):
            return super().update(**kwargs)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Add rows and keep that they came."""
        with transaction.atomic(using=self.db):
            created = super().bulk_create(objs, *args, **kwargs)
            _keep(self.model, {}, facts_of(self.model, [row.pk for row in created]))
        return created


class BarModel(models.Model):
    """A record of which something is part of the bar; saved in one transaction with the trail of it."""

    objects = BarQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep what was changed."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    @property
    def called(self) -> str:
        """What the trail calls the row; enough to find it once it is gone."""
        return str(self)


@contextmanager
def keeping_changes(model: type[models.Model], keys: Collection[int]) -> Iterator[None]:
    """Keep what the block changes of these rows, in one transaction with it."""
    with transaction.atomic():
        before = facts_of(model, keys)
        yield
        _keep(model, before, facts_of(model, keys))


def facts_of(model: type[models.Model], keys: Collection[int]) -> dict[int, tuple[str, Facts]]:
    """Return how rows are called and what of them is part of the bar, as they are stored."""
    watched = WATCHED[model]
    if watched.of_self and who_acts() is None:
        return {}
    named = [name for name in watched.fields if name != PARENT and model._meta.get_field(name).remote_field]
    rows = model._base_manager.filter(pk__in=keys).select_related(*named, *watched.named_by)
    return {row.pk: (getattr(row, "called", str(row))[:300], _facts(row)) for row in rows}


def _facts(row: models.Model) -> Facts:
    watched = WATCHED[type(row)]
    facts = {name: _plain(_value(row, name)) for name in watched.fields}
    return {ROW: facts} if watched.is_rule else facts


def _value(row: Any, name: str) -> Any:
    if name != PARENT:
        return getattr(row, name)
    return row.get_parent(update=True) if isinstance(row, MP_Node) else None


def _plain(value: Any) -> Any:
    """Return a value as the trail keeps it; a record by key and name, so that it is read when it is gone."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return {"id": value.pk, "name": str(value)} if isinstance(value, models.Model) else value


def _saving(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    known = {} if raw or instance.pk is None else facts_of(type(instance), [instance.pk])
    instance._bar_before = known


def _saved(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    before = instance.__dict__.pop("_bar_before", {})
    if not raw:
        _keep(type(instance), before, facts_of(type(instance), [instance.pk]))


def _deleting(instance: Any, **kwargs: Any) -> None:
    _keep(type(instance), facts_of(type(instance), [instance.pk]), {})


def _keep(
    model: type[models.Model], before: Mapping[int, tuple[str, Facts]], after: Mapping[int, tuple[str, Facts]]
) -> None:
    is_rule, of_self = WATCHED[model].is_rule, WATCHED[model].of_self
    for key in sorted(before.keys() | after.keys()):
        # A machine that is entered or goes moves no bar of another one.
        if not is_rule and (key not in before or key not in after):
            continue
        name, was = before.get(key, ("", {}))
        if of_self and (not was or was[ROW][of_self]["id"] != who_acts().pk):
            continue
        named, now = after.get(key, (name, {}))
        for field in sorted(was.keys() | now.keys()):
            if _key(was.get(field)) != _key(now.get(field)):
                _keep_one(model, key, named or name, field, was.get(field), now.get(field))


def _key(value: Any) -> Any:
    """Return a value without the names of records: another name is no other bar."""
    if not isinstance(value, dict):
        return value
    return value.get("id") if set(value) == {"id", "name"} else {name: _key(each) for name, each in value.items()}


def _keep_one(model: type[models.Model], key: int, name: str, field: str, before: Any, after: Any) -> None:
    label = model._meta.label_lower
    earlier = list(
        BarChange.objects.filter(record_label=label, record_id=key, field=field)
        .select_related("decision", "changed_by")
        .order_by("-pk")
    )
    change = BarChange.objects.create(
        record_label=label,
        record_id=key,
        record=name,
        field=field,
        before=before,
        after=after,
        changed_by=who_acts(),
    )
    undone = _undone_by(change, earlier)
    if undone:
        moment = change.recorded_at
        BarDecision.objects.bulk_create(
            BarDecision(change=each, outcome=BarOutcome.UNDONE, decided_by=change.changed_by, recorded_at=moment)
            for each in (*undone, change)
        )
        for author in {each.changed_by for each in undone}:
            changes_settled.send(BarChange, author=author)


def _undone_by(change: BarChange, earlier: Iterable[BarChange]) -> list[BarChange]:
    """Return the waiting changes that ``change`` takes back: since the last state it restores, none of them settled.

    Args:
        earlier: changes of the same field, the latest first.
    """
    undone: list[BarChange] = []
    for each in earlier:
        decision = getattr(each, "decision", None)
        if decision is not None and decision.outcome == BarOutcome.UNDONE:
            continue
        if decision is not None or each.changed_by_id is None:
            return []
        undone.append(each)
        if _key(each.before) == _key(change.after):
            return undone
    return []
