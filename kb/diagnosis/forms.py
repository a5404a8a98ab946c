"""Forms of guided diagnosis: start and end of a run, and the admin form of a guide."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from kb.control.forms import refuse_alone
from kb.diagnosis.later import LateRun
from kb.enums import RunResult
from kb.manuals.forms import EquipmentField
from kb.manuals.verdict_forms import JudgedForm
from kb.models import DiagnosisGuide, DiagnosisStep
from kb.tree import LONGEST_PATH, Tree
from portal.models import EquipmentModel


class StartForm(forms.Form):
    """Which machine; sent twice it starts one run."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    equipment = forms.ModelChoiceField(
        EquipmentModel.objects.none(), to_field_name="code", label=_("Which machine is it?"), empty_label=_("Choose")
    )

    def __init__(self, *args: Any, guide: DiagnosisGuide, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4()
        machines = guide.machines()
        if not machines:
            del self.fields["equipment"]
            return
        field = self.fields["equipment"]
        field.queryset = EquipmentModel.objects.filter(pk__in=[machine.pk for machine in machines]).order_by("code")
        if len(machines) == 1:
            field.initial, field.empty_label = machines[0].code, None


class EndForm(forms.Form):
    """Whether it helped."""

    result = forms.ChoiceField(choices=[choice for choice in RunResult.choices if choice[0] != RunResult.OPEN])
    reason = forms.CharField(
        required=False,
        max_length=500,
        label=_("What did not help?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In your own words; the editor reads it."),
    )


class LateRunForm(forms.Form):
    """A run as a device sends it."""

    token = forms.UUIDField()
    path = forms.RegexField(r"^[yn]{0,%d}$" % LONGEST_PATH, required=False)  # noqa: UP031  (braces stand in the pattern)
    equipment = forms.CharField(required=False, max_length=40)
    result = forms.ChoiceField(choices=RunResult.choices)
    reason = forms.CharField(required=False, max_length=500)
    started_at = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S.%fZ"])
    ended_at = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S.%fZ"])

    def __init__(self, *args: Any, guide: DiagnosisGuide, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.machines = {machine.code: machine for machine in guide.machines()}

    def clean_equipment(self) -> EquipmentModel | None:
        """Return the machine, one of the guide's; a guide may have lost it since."""
        return self.machines.get(self.cleaned_data["equipment"])

    def _utc(self, name: str) -> dt.datetime:
        return self.cleaned_data[name].replace(tzinfo=dt.UTC)

    def clean_started_at(self) -> dt.datetime:
        """Return the moment; a device writes it in UTC."""
        return self._utc("started_at")

    def clean_ended_at(self) -> dt.datetime:
        """Return the moment; a device writes it in UTC."""
        return self._utc("ended_at")

    def late_run(self) -> LateRun:
        """Return the run."""
        facts = dict(self.cleaned_data)
        return LateRun(**facts | {"result": RunResult(facts["result"])})


class DiagnosisGuideForm(JudgedForm, WagtailAdminModelForm):
    """A guide with its steps: a draft may be incomplete, what is published may not."""

    equipment = EquipmentField(required=False, label=_("equipment models"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin_verdict(self.initial, self.instance)

    def clean(self) -> dict[str, Any]:
        """Refuse to publish a tree with open branches, loops, unreachable steps or no escalation."""
        cleaned = super().clean()
        if self.is_deferred_validation:
            return cleaned
        steps = self._steps()
        refuse_alone(self, is_dangerous=any(step.task for step in steps), title=cleaned.get("title", ""))
        given = DiagnosisGuide(
            revision_verdict=cleaned.get("revision_verdict", ""), read_until=cleaned.get("read_until")
        )
        for shortfall in [*Tree(step.as_node() for step in steps).shortfalls(), *given.verdict_shortfalls()]:
            self.add_error(None, forms.ValidationError(shortfall.message, code=shortfall.code))
        return cleaned

    def _steps(self) -> list[DiagnosisStep]:
        """Return the steps as typed, in the order they will have."""
        formset = self.formsets.get("steps")
        rows = [form for form in (formset.forms if formset else []) if form.is_valid() and form.cleaned_data.get("key")]
        kept = [form for form in rows if not form.cleaned_data.get("DELETE")]
        kept.sort(key=lambda form: form.cleaned_data.get("ORDER") or 0)
        return [form.instance for form in kept]
