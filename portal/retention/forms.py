"""Form of a term."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.models import RetentionTerm
from portal.models.retention import MOST_MONTHS
from portal.registry.retention import kinds_of_record


class TermForm(forms.Form):
    """How long a kind of record shall be kept, and why."""

    kind = forms.ChoiceField(label=_("Kind of record"))
    months = forms.IntegerField(
        label=RetentionTerm._meta.get_field("months").verbose_name,
        min_value=1,
        max_value=MOST_MONTHS,
        required=False,
        help_text=_("Empty: for ever. 12 is a year."),
    )
    months_after_leaving = forms.IntegerField(
        label=_("Of who left: months after the leaving day"),
        min_value=1,
        max_value=MOST_MONTHS,
        required=False,
        help_text=_("Instead of the term above, counted from the day somebody left. Empty: as for everybody."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [(key, kind.label) for key, kind in kinds_of_record().items() if not kind.is_fixed]
        self.fields["kind"].choices = free
