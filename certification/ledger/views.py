"""Pages to correct a ledger entry: form, preview of the effect, confirmation."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certification import ledger
from certification.enums import Standing
from certification.ledger.errors import AlreadyCorrected
from certification.ledger.forms import CorrectionForm
from certification.ledger.standing import standing_under
from certification.models import LedgerEntry
from certification.permissions import can_correct_ledger
from certification.training_file.views import find_file
from certification.wording import LAMPS
from portal.errors import DomainError
from portal.models import PortalSettings

# What the buttons send: without one the correction is shown for a second look.
WRITE, EDIT = "write", "edit"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, staff_number: str, pk: int) -> HttpResponse:
    """Correct an entry in two steps; what was typed stays when the ledger refuses.

    Raises:
        AlreadyCorrected: asked for an entry that does not stand any more.
    """
    person = find_file(request.user, staff_number)
    if not can_correct_ledger(request.user, person):
        raise PermissionDenied
    entries = LedgerEntry.objects.select_related("person", "scheme", "recorded_by", "corrects")
    entry = get_object_or_404(entries, pk=pk, person=person)
    if request.method != "POST" and entry.corrections.exists():
        raise AlreadyCorrected
    form = CorrectionForm(request.POST or None, entry=entry)
    context: dict[str, Any] = {"subject": person, "entry": entry, "form": form}
    step = request.POST.get("step")
    if request.method == "POST" and step != EDIT and form.is_valid():
        try:
            if step == WRITE:
                key = str(form.cleaned_data["form_key"])
                ledger.correct(entry, act_key=key, by=request.user, **form.right())
                messages.success(request, _("Corrected. The old entry stays in the ledger, struck through."))
                return redirect("certification:person", person.staff_number)
            draft = ledger.draft_correction(entry, by=request.user, **form.right())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return render(request, "certification/ledger/correction_look.html", context | {"look": look_at(draft)})
    return render(request, "certification/ledger/correction_form.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Look:
    """A correction before it is written, and what it makes of the qualification today."""

    draft: LedgerEntry
    before: Standing
    after: Standing

    @property
    def lamps(self) -> tuple[str, str]:
        """The colours of before and after."""
        return LAMPS.get(self.before, "grey"), LAMPS.get(self.after, "grey")


def look_at(draft: LedgerEntry) -> Look:
    """Return the standing today without and with the correction."""
    entries = list(LedgerEntry.objects.filter(person=draft.person, scheme=draft.scheme))
    today, days = timezone.localdate(), PortalSettings.load().expiring_days
    before = standing_under(draft.scheme, entries, today, expiring_days=days).standing
    return Look(draft, before, standing_under(draft.scheme, [*entries, draft], today, expiring_days=days).standing)
