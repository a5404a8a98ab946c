"""Base viewsets of ``portal``'s models: rows in sight only, every write recorded in the audit log."""

from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet, RestrictedError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet

from portal.access import audit, changes
from portal.admin.answering import InOneTransaction
from portal.admin.forms import InSightForm
from portal.admin.stale import RefusesStaleSaves
from portal.typed import unlabelled

ACTIONS = ("add", "change", "delete", "view")


class InSight:
    """Rows outside the editor's sight do not exist: not listed, 404 by address."""

    def get_queryset(self) -> QuerySet:
        """Return the rows the registered policy grants."""
        seen = self.permission_policy.instances_user_has_any_permission_for(self.request.user, ACTIONS)
        return super().get_queryset().filter(pk__in=seen.values("pk"))

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        """Look for what was typed without its label, in one width."""
        if getattr(self, "search_query", None):
            self.search_query = unlabelled(self.search_query)
        return super().search_queryset(queryset)


class OfSeenObject:
    """A page about one record (history, usage): 404 unless the editor sees the record."""

    def get_object(self, *args: Any, **kwargs: Any) -> Model:
        """Return the record."""
        found = super().get_object(*args, **kwargs)
        policy = self.permission_policy
        if not any(policy.user_has_permission_for_instance(self.request.user, act, found) for act in ACTIONS):
            raise Http404
        return found


class Audited:
    """Writes each save into the audit log, with old and new values of fields and rows; no password."""

    audit_verb = "saved"

    def save_instance(self) -> Any:
        """Save, then record who changed what into what; nothing where nothing changed."""
        before = changes.stored(getattr(self, "object", None))
        instance = super().save_instance()
        facts: dict[str, Any] = {"changes": changes.stored_since(before, instance)}
        if "new_password" in self.form.changed_data:
            facts["password_changed"] = True
        facts |= self.form.audit_facts() if isinstance(self.form, InSightForm) else {}
        if any(facts.values()):
            action = f"{instance._meta.label_lower}_{self.audit_verb}"
            audit.record(action, instance, actor=self.request.user, **facts)
        return instance


class AuditedDelete:
    """Writes what was deleted into the audit log, with all it said; what others rest on stays and it is said why."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete, or say which records still name it."""
        success_url = self.get_success_url()
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except (ProtectedError, RestrictedError) as error:
            found = getattr(error, "protected_objects", None) or error.restricted_objects
            nouns = sorted({str(record._meta.verbose_name) for record in found})
            facts = {"record": self.object, "nouns": _(", ").join(nouns)}
            messages.error(self.request, _("“%(record)s” stays: it is still named by %(nouns)s.") % facts)
            return redirect(success_url)

    def delete_action(self) -> None:
        """Delete, and leave a trace of what it was."""
        name, label = f"{self.object._meta.label_lower}:{self.object.pk}", str(self.object)
        lost = changes.between(type(self.object), changes.stored(self.object), None)
        super().delete_action()
        action = f"{self.model._meta.label_lower}_deleted"
        audit.record(action, name, actor=self.request.user, was=label, changes=lost)


class IndexView(InSight, generic.IndexView):
    """The list, with what its columns show fetched at once."""

    related: tuple[str, ...] = ()

    def get_queryset(self) -> QuerySet:
        """Return the rows with their related records."""
        return super().get_queryset().select_related(*self.related)


class TreeIndexView(IndexView):
    """A tree as a list: in tree order, names indented by depth."""

    further_columns: list[Column] = []
    default_ordering = "path"

    @property
    def columns(self) -> list[Column]:
        """The indented name, then what the viewset adds."""
        name = self._get_title_column_class(TitleColumn)
        return [
            name("name", label=capfirst(_("name")), accessor=_indented, get_url=self.get_edit_url),
            *self.further_columns,
        ]


def _indented(node: Any) -> str:
    return f"{'— ' * (node.depth - 1)}{node.name}"


class CreateView(InOneTransaction, Audited, generic.CreateView):
    """The form of a new record."""

    audit_verb = "added"


class EditView(RefusesStaleSaves, Audited, InSight, generic.EditView):
    """The form of a record."""

    audit_verb = "changed"


class DeleteView(AuditedDelete, InSight, generic.DeleteView):
    """The question before a record goes."""


class HistoryView(OfSeenObject, history.HistoryView):
    """What was changed when."""


class UsageView(OfSeenObject, usage.UsageView):
    """Where the record is used."""


class GroundFloorViewSet(ModelViewSet):
    """A viewset whose rows are narrowed and whose writes are recorded."""

    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    history_view_class = HistoryView
    usage_view_class = UsageView
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 20
    form_class: type | None = None
    list_related: tuple[str, ...] = ()

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Pass the relations to prefetch to the list view."""
        return super().get_index_view_kwargs(related=self.list_related, **kwargs)

    def get_form_class(self, for_update: bool = False) -> Any:
        """Return the viewset's own form class, or the one made of its fields."""
        return self.form_class or super().get_form_class(for_update)
