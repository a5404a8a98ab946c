"""One record a form: whatever posts of one opened form of a new record arrive, and in which order.

The editor saves by itself half a second after the last keystroke. A button pressed before that answer is back posts the
form of a new record again: without its key, it would collide with the draft the same form has just created.
"""

import datetime as dt
import uuid
from typing import Any

from django.contrib.admin.utils import quote
from django.core import signing
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from portal.admin.answering import InOneTransaction
from portal.models import CreatedByForm

FIELD = "form_key"
SALT = "portal.admin.creation"
#: A form that was opened longer ago than this is no longer known.
KEPT_FOR = dt.timedelta(days=7)
# Where the request says that it continues a form of a new record on the record the form has created.
CONTINUES = "_continues_creation"


def new_form_key(editor: Model) -> str:
    """Return the key of a form that ``editor`` opens; nobody else can post it."""
    return signing.dumps([uuid.uuid4().hex, str(editor.pk)], salt=SALT)


def read_form_key(text: str, editor: Model) -> uuid.UUID | None:
    """Return the key in ``text``, or None if it is none of the editor's."""
    try:
        key, owner = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return uuid.UUID(key) if owner == str(editor.pk) else None


def continues_creation(request: HttpRequest) -> bool:
    """Whether the form of a new record is being saved onto the record it has created before."""
    return getattr(request, CONTINUES, False)


class OneRecordAForm(InOneTransaction):
    """A form of a new record that creates one record, however often it is posted."""

    # Set by the viewset: the view that edits such a record.
    edit_view: Any = None
    opened: CreatedByForm | None = None

    def hold(self) -> None:
        """Lock the form's row; another post of the same form waits here."""
        key = read_form_key(self.request.POST.get(FIELD, ""), self.request.user)
        self.opened = None
        if key is None:
            return
        label = self.model._meta.label_lower
        CreatedByForm.objects.get_or_create(key=key, defaults={"record_label": label})
        self.opened = CreatedByForm.objects.select_for_update().filter(record_label=label).get(key=key)

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Create the record, or save onto the one this form has created."""
        created = self._created()
        if created is None:
            return super().answer(request, *args, **kwargs)
        if self.opened.is_submitted and self.expects_json_response:
            # Autosave that was overtaken by a button: what the button saved is newer.
            return JsonResponse({"success": True, "pk": created.pk, **addresses(self.edit_url_name, created)})
        if not self.expects_json_response:
            CreatedByForm.objects.filter(pk=self.opened.pk).update(is_submitted=True)
        setattr(request, CONTINUES, True)
        return self.edit_view(request, pk=quote(created.pk))

    def save_instance(self) -> Any:
        """Save, and note which record the form has created."""
        instance = super().save_instance()
        if self.opened is not None:
            self.opened.record_pk = str(instance.pk)
            self.opened.is_submitted = not self.expects_json_response
            self.opened.save(update_fields=["record_pk", "is_submitted"])
        return instance

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form its key; the one it was posted with if it is shown again."""
        posted = self.request.POST.get(FIELD, "")
        key = posted if read_form_key(posted, self.request.user) else new_form_key(self.request.user)
        return super().get_context_data(**kwargs) | {FIELD: key}

    def _created(self) -> Model | None:
        """Return the record this form has created, unless the browser went back to it to make another one."""
        if self.opened is None or not self.opened.record_pk or self.edit_view is None:
            return None
        created = self.model._base_manager.filter(pk=self.opened.record_pk).first()
        if created is None or (self.opened.is_submitted and not self._names_the_same(created)):
            return None
        return created

    def _names_the_same(self, created: Model) -> bool:
        posted = self.request.POST
        return all(
            posted.get(field.name, "").strip() == str(field.value_from_object(created) or "")
            for field in identifying_fields(self.model)
            if field.name in posted
        )


def identifying_fields(model: type[Model]) -> list[Any]:
    """Return the fields people fill in that no two records may share, alone or together."""
    meta = model._meta
    together = {name for names in meta.unique_together for name in names}
    together |= {name for constraint in meta.total_unique_constraints for name in constraint.fields}
    return [field for field in meta.fields if field.editable and (field.unique or field.name in together)]


def addresses(edit_url_name: str, record: Model) -> dict[str, str]:
    """Return where the editor goes on, as Wagtail's script expects it after a record was created."""
    url = reverse(edit_url_name, args=[quote(record.pk)])
    return {"url": url, "hydrate_url": f"{url}?_w_hydrate_create_view=1"}
