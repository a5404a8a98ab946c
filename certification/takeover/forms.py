"""Forms of what is taken over: one a kind, its scan, its withdrawal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.enums import TakenOverKind
from certification.forms import OnceForm
from certification.models import Checklist, Quiz, Scheme
from certification.statutory.fields import ScanField
from certification.takeover.contradictions import Facts
from courses.models import TrainingModule
from portal.models import Person
from portal.ui.fields import DayField


class TakeOverForm(OnceForm):
    """What all kinds share."""

    kind: TakenOverKind
    person = forms.CharField(label=_("Staff number or name"), max_length=200)
    on = DayField(label=_("Day"))
    number = forms.CharField(label=_("File number"), max_length=60, required=False)
    examiner = forms.CharField(label=_("Examined or taught by"), max_length=120, required=False)
    vouched_by = forms.CharField(
        label=_("Vouched for by"), max_length=200, help_text=_("Staff number or name of who answers for it.")
    )
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)
    scan = ScanField(required=False)

    def facts(self, person: Person, voucher: Person) -> Facts:
        """Return what the form says, about the people its texts mean."""
        data = self.cleaned_data
        named = {name: data[name] for name in ("until", "score", "minutes") if name in data}
        texts = {name: data[name].strip() for name in ("number", "examiner", "remark")}
        return Facts(self.kind, person, data["subject"], data["on"], voucher, **named, **texts)


class CertificateForm(TakeOverForm):
    """An earlier certificate."""

    kind = TakenOverKind.CERTIFICATE
    subject = forms.ModelChoiceField(Scheme.objects.in_force().order_by("code"), label=_("Scheme"))
    on = DayField(label=_("Valid from"))
    until = DayField(label=_("Valid until"))
    number = forms.CharField(label=_("Certificate number"), max_length=60)
    field_order = ["person", "subject", "number", "on", "until", "vouched_by", "examiner", "remark", "scan"]


class QuizForm(TakeOverForm):
    """An earlier quiz on paper that was passed."""

    kind = TakenOverKind.QUIZ
    subject = forms.ModelChoiceField(Quiz.objects.select_related("bank__category").order_by("code"), label=_("Quiz"))
    score = forms.IntegerField(label=_("Score"), min_value=0, max_value=100)
    field_order = ["person", "subject", "on", "score", "vouched_by", "examiner", "number", "remark", "scan"]


class PracticalForm(TakeOverForm):
    """An earlier practical that was passed."""

    kind = TakenOverKind.PRACTICAL
    subject = forms.ModelChoiceField(
        Checklist.objects.select_related("category").order_by("code"), label=_("Checklist")
    )
    field_order = ["person", "subject", "on", "vouched_by", "examiner", "number", "remark", "scan"]


class HoursForm(TakeOverForm):
    """Earlier training hours."""

    kind = TakenOverKind.HOURS
    subject = forms.ModelChoiceField(TrainingModule.objects.order_by("code"), label=_("Training module"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=60 * 200)
    field_order = ["person", "subject", "on", "minutes", "vouched_by", "examiner", "number", "remark", "scan"]


FORMS: dict[str, type[TakeOverForm]] = {
    form.kind.value: form for form in (CertificateForm, QuizForm, PracticalForm, HoursForm)
}


class KeepScanForm(forms.Form):
    """A scan for a record that came without one."""

    scan = ScanField()


class WithdrawForm(forms.Form):
    """Why a record should not have been taken over."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class FilterForm(forms.Form):
    """What the list is narrowed to; wrong values narrow nothing."""

    kind = forms.ChoiceField(choices=[("", _("Every kind")), *TakenOverKind.choices], required=False, label=_("Kind"))
