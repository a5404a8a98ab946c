"""Base viewset of snippets: every save (drafts included) and deletion is recorded in the audit log."""

from typing import Any

from django.db.models import Model
from wagtail.models import RevisionMixin
from wagtail.snippets.views import snippets

from portal.admin.creation import OneRecordAForm, addresses, continues_creation
from portal.admin.stale import RefusesStaleSaves
from portal.admin.viewsets import Audited, AuditedDelete


class SnippetCreateView(OneRecordAForm, Audited, snippets.CreateView):
    """The form of a new record."""

    audit_verb = "added"


class SnippetCopyView(OneRecordAForm, Audited, snippets.CopyView):
    """The form of a new record, filled from another."""

    audit_verb = "added"


class SnippetEditView(RefusesStaleSaves, Audited, snippets.EditView):
    """The form of a record or of its draft."""

    audit_verb = "changed"

    def get_object(self, queryset: Any = None) -> Model:
        """Return the record or its newest draft, without rows the posted form does not know.

        Such rows were stored by an autosave of the same form that was under way when a button was pressed; the form
        posts them again as new ones.
        """
        found = super().get_object(queryset)
        if self.request.method == "POST" and isinstance(found, RevisionMixin) and self._saved_last(found):
            self._leave_unknown_rows(found)
        return found

    def _saved_last(self, found: RevisionMixin) -> bool:
        latest = found.latest_revision
        return latest is not None and latest.user_id == self.request.user.pk

    def _leave_unknown_rows(self, found: Model) -> None:
        for name in getattr(self.get_form_class(), "formsets", {}):
            manager, posted = getattr(found, name), self.request.POST
            if f"{name}-TOTAL_FORMS" not in posted:
                continue
            count = posted.get(f"{name}-INITIAL_FORMS", "")
            known = {posted.get(f"{name}-{place}-id", "") for place in range(int(count) if count.isdigit() else 0)}
            unknown = [row for row in manager.all() if row.pk is not None and str(row.pk) not in known]
            if unknown:
                manager.remove(*unknown)

    def get_success_json(self) -> dict[str, Any]:
        """Tell the form of a new record where it goes on."""
        further = addresses(self.edit_url_name, self.object) if continues_creation(self.request) else {}
        return super().get_success_json() | further


class SnippetDeleteView(AuditedDelete, snippets.DeleteView):
    """The question before a record goes."""


class AuditedSnippetViewSet(snippets.SnippetViewSet):
    """A snippet whose writes are recorded with old and new values."""

    add_view_class = SnippetCreateView
    copy_view_class = SnippetCopyView
    edit_view_class = SnippetEditView
    delete_view_class = SnippetDeleteView

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Pass the view on which a form of a new record goes on."""
        return super().get_add_view_kwargs(edit_view=self.edit_view, **kwargs)
