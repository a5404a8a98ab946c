"""Viewset of records whose changes a second person approves: saving stores a draft and leaves the record unchanged."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views import generic

from certification.enums import DraftState
from certification.kept import KeptViewSet
from certification.models import Draft
from certification.versions.domain import save_draft
from certification.versions.kinds import label_of
from certification.versions.queries import latest_save, waiting_draft
from certification.versions.snapshots import restore
from portal.access import changes
from portal.admin.stale import RefusesStaleSaves
from portal.admin.viewsets import InSight


class Drafting:
    """Stores the form as a draft; ``?draft=`` continues a rejected one or makes a new record."""

    draft: Draft | None = None

    @cached_property
    def asked_draft(self) -> Draft | None:
        """The undecided draft named in the address.

        Raises:
            Http404: there is no such draft of this kind.
        """
        wanted = self.request.GET.get("draft", "")
        if not wanted:
            return None
        undecided = Draft.objects.exclude(state=DraftState.APPROVED).filter(record_label=label_of(self.model))
        found = undecided.filter(pk=wanted).first() if wanted.isdigit() and len(wanted) < 18 else None
        if found is None:
            raise Http404
        return found

    def save_instance(self) -> Model:
        """Keep the draft; nothing is written into the record."""
        record = self.form.save(commit=False)
        self.draft = save_draft(record, by=self.request.user, draft=self.asked_draft)
        return record

    def get_success_message(self, *args: Any) -> str:
        """Say that nothing has changed yet."""
        if self.draft is None:
            return _("Nothing was changed.")
        return _("Saved as a draft. It takes effect when somebody else approves it; until then nothing changes.")

    def get_success_buttons(self) -> list[Any]:
        """Lead to the draft."""
        if self.draft is None:
            return []
        return [messages.button(reverse("certification_draft", args=[self.draft.pk]), _("See the draft"))]

    def get_success_url(self) -> str:
        """Back to the list."""
        return reverse(self.index_url_name)


class DraftCreateView(Drafting, generic.CreateView):
    """The form of a new record, which comes into being when it is approved."""

    def get_initial_form_instance(self) -> Model | None:
        """Go on with the draft named in the address."""
        draft = self.asked_draft
        if draft is None:
            return None
        if draft.record_id is not None:
            raise Http404
        return restore(draft.record_label, latest_save(draft).content)

    def get_add_url(self) -> str:
        """Post to the same draft."""
        return f"{super().get_add_url()}{f'?draft={self.asked_draft.pk}' if self.asked_draft else ''}"


class DraftEditView(RefusesStaleSaves, Drafting, InSight, generic.EditView):
    """The form of a record: shows the draft that waits, or what is in effect."""

    can_delete = False

    def get_object(self, queryset: Any = None) -> Model:
        """Return the record with the content of its draft, in memory."""
        record = super().get_object(queryset)
        if self.asked_draft is not None and self.asked_draft.record_id != record.pk:
            raise Http404
        draft = waiting_draft(record) or self.asked_draft
        return record if draft is None else restore(draft.record_label, latest_save(draft).content)

    def stored_content(self) -> changes.Snapshot | None:
        """Return what the form is opened on: the draft that waits, or what is in effect."""
        record = type(self.object)._base_manager.get(pk=self.object.pk)
        draft = waiting_draft(record) or self.asked_draft
        return changes.snapshot(record) if draft is None else latest_save(draft).content

    def get_edit_url(self) -> str:
        """Post to the same draft."""
        return f"{super().get_edit_url()}{f'?draft={self.asked_draft.pk}' if self.asked_draft else ''}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say that a draft is shown."""
        draft = waiting_draft(self.object)
        if draft is not None and self.request.method == "GET":
            button = messages.button(reverse("certification_draft", args=[draft.pk]), _("See the draft"))
            messages.info(self.request, _("This is a draft that waits for approval."), buttons=[button])
        return super().get_context_data(**kwargs)


class RefusedDeleteView(generic.DeleteView):
    """To take a record away would move the bar in one stroke: it is taken out of force by a draft."""

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse, superusers too.

        Raises:
            PermissionDenied: always.
        """
        raise PermissionDenied


class VersionedViewSet(KeptViewSet):
    """What schemes, quizzes and checklists share."""

    add_view_class = DraftCreateView
    edit_view_class = DraftEditView
    delete_view_class = RefusedDeleteView
