"""Forms of yearly plans: what is needed, a new plan, a row, why it is sent back."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from courses.models import TrainingModule
from courses.modules.permissions import visible_modules
from courses.yearly.permissions import branches_to_plan
from portal.models import Organisation, Person

QUARTERS = [(number, str(number)) for number in range(1, 5)]


class _ModuleForm(forms.Form):
    module = forms.ModelChoiceField(TrainingModule.objects.none(), label=gettext_lazy("Module"))
    quarter = forms.TypedChoiceField(label=gettext_lazy("Quarter"), choices=QUARTERS, coerce=int)
    heads = forms.IntegerField(label=gettext_lazy("Number of people"), min_value=1, max_value=30_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["module"].queryset = TrainingModule.objects.filter(live=True).order_by("code")


class PlanForm(forms.Form):
    """The branch and the year of a plan."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("branch"))
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"year": timezone.localdate().year + 1})
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = branches_to_plan(by)


class NeedForm(PlanForm, _ModuleForm):
    """So many people of a place need a module."""

    note = forms.CharField(label=gettext_lazy("note"), max_length=200, required=False)

    field_order = ("organisation", "year", "module", "quarter", "heads", "note")


class OwnNeedForm(_ModuleForm):
    """A module somebody needs themselves."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    note = forms.CharField(label=gettext_lazy("note"), max_length=200, required=False)

    field_order = ("module", "year", "quarter", "note")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["heads"]
        this = timezone.localdate().year
        self.fields["year"].choices = [(year, str(year)) for year in (this, this + 1)]
        self.fields["year"].initial = this + 1
        self.fields["module"].queryset = visible_modules(by).order_by("code")


class RowForm(_ModuleForm):
    """A row of a plan."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes for each person"),
        min_value=1,
        max_value=60_000,
        required=False,
        help_text=gettext_lazy("Empty for the minutes of the module."),
    )
    for_whom = forms.CharField(label=gettext_lazy("Trainees"), max_length=160, required=False)


class RemarkForm(forms.Form):
    """Why a plan is sent back."""

    remark = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
