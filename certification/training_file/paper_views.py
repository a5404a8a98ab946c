"""The file of a person as a PDF, as of a day and as known at a moment."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certification.training_file.paper import dossier_paper
from certification.training_file.views import find_file
from portal.access import audit
from portal.exchange.downloads import file_name
from portal.exchange.pdf import pdf_response, render_pdf
from portal.ui.fields import DayField, DayInput, MomentField


class DossierForm(forms.Form):
    """Of which day the file is printed, and by what was on record when."""

    on = DayField(label=gettext_lazy("As of"), widget=DayInput)
    known_at = MomentField(
        label=gettext_lazy("As known at the end of"),
        required=False,
        day_means="end",
        widget=DayInput,
        help_text=gettext_lazy("Empty: as known now, with all later corrections."),
    )

    def clean_on(self) -> Any:
        """See that the day has come."""
        day = self.cleaned_data["on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("A file shows what was; choose today or a day before."))
        return day


@login_required
@never_cache
@require_safe
def dossier(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Ask for the day, then return the file as a PDF; for whoever may open its page."""
    subject = find_file(request.user, staff_number)
    form = DossierForm(request.GET or None, initial={"on": timezone.localdate()})
    if not form.is_valid():
        context = {"subject": subject, "form": form}
        return render(
            request, "certification/training_file/dossier.html", context, status=422 if form.is_bound else 200
        )
    day, known_at = form.cleaned_data["on"], form.cleaned_data["known_at"]
    paper = dossier_paper(subject, day, min(known_at, timezone.now()) if known_at else None)
    title = _("Personal training file")
    printed = render_pdf("certification/training_file/print/dossier.html", {"paper": paper, "title": title})
    facts = {"person": subject.pk, "on": day.isoformat(), "known_at": paper.known_at.isoformat()}
    audit.record("certification.file_printed", subject, actor=request.user, **facts)
    name = file_name(title, subject.name, subject.staff_number, day.isoformat(), extension="pdf")
    return pdf_response(request, printed, name)
