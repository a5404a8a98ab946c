"""Answer a posted form of the Wagtail admin in one transaction, so that what it checked still holds when it saves."""

from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _


class InOneTransaction:
    """Validates and saves under one lock; a unique value taken by somebody else meanwhile is an error of the form.

    SQLite begins every transaction IMMEDIATE, so a second post waits for the first. PostgreSQL lets both validate:
    whoever comes second fails on the constraint and is validated once more, now with the other's record in sight.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the post; again if a constraint refused it, and then as an error of the form."""
        for _attempt in range(2):
            try:
                with transaction.atomic():
                    self.hold()
                    return self.answer(request, *args, **kwargs)
            except IntegrityError:
                self.setup(request, *args, **kwargs)
        return self.refuse_taken()

    def hold(self) -> None:
        """Lock what the form writes; for subclasses."""

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Validate, save, respond."""
        return super().post(request, *args, **kwargs)

    def refuse_taken(self) -> HttpResponse:
        """Show the form again with what was typed, saying that the database refused it."""
        if not hasattr(self, "object"):
            self.object = self.get_object() if "pk" in self.kwargs else None
        form = self.get_form()
        form.full_clean()
        form.add_error(None, _("Another record holds one of these values already. Nothing was saved."))
        self.produced_error_code = "validation_error"
        self.produced_error_message = self.get_error_message()
        return self.form_invalid(form)


class HoldsRecord(InOneTransaction):
    """An edit form: the record's row is locked and read anew before the form is validated."""

    def hold(self) -> None:
        """Lock the row, then read the record as it is now."""
        held = self.model._base_manager.select_for_update(of=("self",)).filter(pk=self.object_pk)
        if held.values_list("pk", flat=True).first() is not None and hasattr(self, "object"):
            self.setup(self.request, *self.args, **self.kwargs)
