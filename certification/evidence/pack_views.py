"""Pages of evidence packs: one person's at once, an auditor's sample in the background."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certification.enums import SampleState
from certification.evidence.packs.asked import Asked
from certification.evidence.packs.domain import ask_for_sample, make_pack
from certification.evidence.packs.tasks import make_sample_file
from certification.models import EvidenceSample
from certification.models.evidence_samples import MOST
from certification.permissions import evidence_open_to, may_audit
from portal.access.lookup import find_equipment, find_person, find_task
from portal.enums import Task
from portal.errors import DomainError
from portal.exchange.downloads import content_disposition, file_name
from portal.ui.fields import DayField, DayInput, MomentField
from portal.ui.typed import offer_choices

PAGE = 20


class AskedForm(forms.Form):
    """What a pack is about."""

    equipment = forms.CharField(label=gettext_lazy("Equipment"), max_length=400)
    task = forms.ChoiceField(label=gettext_lazy("Task"), choices=Task.choices)
    on = DayField(label=gettext_lazy("Day of work"), initial=timezone.localdate)
    known_at = MomentField(
        label=gettext_lazy("As known at the end of"),
        required=False,
        day_means="end",
        widget=DayInput,
        help_text=gettext_lazy("Empty: as known now, with all later corrections."),
    )

    def asked(self, asker: Any) -> Asked:
        """Return what was asked.

        Raises:
            DomainError: there is no such machine, or several.
        """
        data = self.cleaned_data
        now = timezone.now()
        equipment = find_equipment(data["equipment"], asker)
        return Asked(equipment, find_task(data["task"]), data["on"], min(data["known_at"] or now, now))


class PackForm(AskedForm):
    """A pack of one person."""

    person = forms.CharField(label=gettext_lazy("Person"), max_length=200)

    field_order = ["person", "equipment", "task", "on", "known_at"]


class SampleForm(AskedForm):
    """A sample of people."""

    size = forms.IntegerField(
        label=gettext_lazy("People"), initial=5, validators=[MinValueValidator(1), MaxValueValidator(MOST)]
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("Empty: drawn anew. A seed of before draws the same people from the same list."),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: HttpRequest) -> HttpResponse:
    """Ask for the pack of a person; a post gives it."""
    initial = {"person": request.user.staff_number, "task": Task.REPAIR} | request.GET.dict()
    form = PackForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {"form": form, "samples": may_audit(request.user)}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            person = find_person(request.user, form.cleaned_data["person"], evidence_open_to(request.user))
            asked = form.asked(request.user)
        except DomainError as error:
            context["problem"], status = error, error.status
            offer_choices(form, error)
        else:
            content = make_pack(person, asked, by=request.user)
            return _zip(HttpResponse(content), _("Evidence pack"), person.name, asked.equipment.code, asked.on)
    elif form.is_bound:
        status = 422
    return render(request, "certification/evidence/packs/pack.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def samples(request: HttpRequest) -> HttpResponse:
    """List the reader's samples; a post draws one more."""
    if not may_audit(request.user):
        raise PermissionDenied
    form = SampleForm(request.POST or None, initial={"task": Task.REPAIR} | request.GET.dict())
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            with transaction.atomic():
                sample = ask_for_sample(form.asked(request.user), data["size"], by=request.user, seed=data["seed"])
                transaction.on_commit(partial(make_sample_file.enqueue, sample.pk))
        except DomainError as error:
            context["problem"], status = error, error.status
            offer_choices(form, error)
        else:
            messages.success(
                request,
                _("Drawn: %(people)s. The packs are made in the background.") % {"people": _(", ").join(sample.drawn)},
            )
            return redirect("certification:samples")
    elif form.is_bound:
        status = 422
    own = EvidenceSample.objects.filter(asked_by=request.user).select_related("equipment")
    context["page_obj"] = Paginator(own, PAGE).get_page(request.GET.get("page"))
    return render(request, "certification/evidence/packs/samples.html", context, status=status)


@login_required
@require_safe
def sample_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the file of one of the reader's samples; nobody else has it.

    Raises:
        Http404: there is none, it is another's, or it is not ready.
    """
    found = EvidenceSample.objects.filter(pk=pk, asked_by=request.user, state=SampleState.READY).first()
    if found is None or not may_audit(request.user) or not found.file.storage.exists(found.file.name):
        raise Http404
    return _zip(FileResponse(found.file.open("rb")), _("Evidence sample"), found.equipment.code, found.on, found.pk)


def _zip(response: Any, *parts: object) -> HttpResponse:
    response["Content-Type"] = "application/zip"
    response["Content-Disposition"] = content_disposition(file_name(*parts, extension="zip"))
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
