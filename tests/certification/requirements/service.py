"""A kind of requirement for tests: so many days since the person joined, kept in ``Requirement.parameters``."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from certification.actions import Action
from certification.requirements.base import LoadedKind
from portal.models import Person


class Service(LoadedKind):
    key = "service"
    label = "工龄"
    order = 50
    codes = frozenset({"service_long_enough", "service_too_short"})
    proof_params = ("days", "joined")

    def parameter_fields(self):
        return {"days": forms.IntegerField(min_value=1, label="工作天数")}

    def clean(self, requirement):
        super().clean(requirement)
        if "days" not in requirement.parameters:
            raise ValidationError("请填写工作天数")

    def load(self, person_ids):
        joined = Person.objects.filter(pk__in=person_ids).values_list("pk", "joined_on")
        return dict.fromkeys(person_ids) | dict(joined)

    def judge(self, requirement, shown, asked):
        wanted = requirement.parameters["days"]
        params = {"days": wanted, "joined": shown.isoformat() if shown else ""}
        if shown and shown + dt.timedelta(days=wanted) <= asked.on:
            return self.reason(requirement, "service_long_enough", "工龄已满", met=True, **params)
        return self.reason(requirement, "service_too_short", f"工龄不足{wanted}天", met=False, **params)

    def hint(self, reason, seats):
        return "工龄满后再申请", Action("查看档案", "/certification/")


def joined(days_ago: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days_ago)
