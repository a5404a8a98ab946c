"""Base viewset of snippets: every save (drafts included) and deletion is recorded in the audit log."""

from wagtail.snippets.views import snippets

from portal.admin.viewsets import Audited, AuditedDelete


class SnippetCreateView(Audited, snippets.CreateView):
    """The form of a new record."""

    audit_verb = "added"


class SnippetCopyView(Audited, snippets.CopyView):
    """The form of a new record, filled from another."""

    audit_verb = "added"


class SnippetEditView(Audited, snippets.EditView):
    """The form of a record or of its draft."""

    audit_verb = "changed"


class SnippetDeleteView(AuditedDelete, snippets.DeleteView):
    """The question before a record goes."""


class AuditedSnippetViewSet(snippets.SnippetViewSet):
    """A snippet whose writes are recorded with old and new values."""

    add_view_class = SnippetCreateView
    copy_view_class = SnippetCopyView
    edit_view_class = SnippetEditView
    delete_view_class = SnippetDeleteView
