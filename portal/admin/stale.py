"""Edit forms of the Wagtail admin that refuse to overwrite what somebody else has stored since they were opened."""

from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property
from wagtail.models import RevisionMixin

from portal.access import changes
from portal.admin.answering import HoldsRecord
from portal.ui.stale import FIELD, STALE, Difference, differences, version_of


class RefusesStaleSaves(HoldsRecord):
    """A form of a record without revisions: 409 with both states when the record is no longer what the form showed.

    Records with revisions keep every state, and Wagtail itself tells editors of each other.
    """

    #: What differs, once a save was refused.
    stale: list[Difference] | None = None

    @cached_property
    def checks_version(self) -> bool:
        """Whether the form carries a version."""
        return self.model is not None and not issubclass(self.model, RevisionMixin)

    def stored_content(self) -> changes.Snapshot | None:
        """Return the content the form is opened on, as it is stored now."""
        return changes.stored(self.object)

    def opened_form(self) -> Any:
        """Return a form opened on what is stored now."""
        kwargs = {name: value for name, value in self.get_form_kwargs().items() if name not in ("data", "files")}
        return self.get_form_class()(**kwargs | {"instance": self.get_object()})

    def differences(self, form: Any) -> list[Difference]:
        """Return where the posted form says something else than what is stored now."""
        return differences(form, self.opened_form())

    def is_valid(self, form: Any) -> bool:
        """Refuse a valid form whose record has changed; one that says what is stored already saves nothing new."""
        if not super().is_valid(form):
            return False
        seen = self.request.POST.get(FIELD, "")
        if not self.checks_version or not seen or seen == version_of(self.stored_content()):
            return True
        differing = self.differences(form)
        if not differing:
            return True
        self.stale = differing
        self.produced_error_code = "stale"
        self.produced_error_message = str(STALE)
        return False

    def form_invalid(self, form: Any) -> HttpResponse:
        """Answer 409 when the form was stale."""
        answer = super().form_invalid(form)
        if self.stale is not None:
            answer.status_code = 409
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form the version it shows: the one it was opened with, or after a refusal the one it was shown."""
        context = super().get_context_data(**kwargs)
        if not self.checks_version:
            return context
        posted = self.request.POST.get(FIELD, "") if self.stale is None else ""
        return context | {FIELD: posted or version_of(self.stored_content()), "stale": self.stale}
