"""多人考核: the same checklist signed by several assessors, each once."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.actions import Action
from certification.enums import Stage
from certification.models import PracticalAssessment, Requirement, Scheme
from certification.requirements.base import Asked, RowKind
from certification.requirements.practical import KIND as PRACTICAL
from certification.requirements.practical import Practicals
from certification.requirements.rows import Row
from certification.requirements.seats import SeatFinder
from portal.registry.duty import Reason

FEWEST, MOST = 2, 10


class SignOffReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    ENOUGH = "sign_offs_enough"
    MISSING = "sign_offs_missing"


class SignOffsKind(RowKind):
    """Passed practicals of one checklist by so many different assessors; what is loaded is that of a practical."""

    key = "sign_offs"
    label = gettext_lazy("Sign-offs by several assessors")
    order = 32
    fields = ("checklist",)
    constraint = Q(checklist__isnull=False)
    codes = frozenset(SignOffReason.values)
    proof_params = ("checklist", "practicals")

    def parameter_fields(self) -> dict[str, forms.Field]:
        """How many assessors."""
        return {
            "assessors": forms.IntegerField(
                min_value=FEWEST, max_value=MOST, label=gettext_lazy("Different assessors (sign-offs)")
            )
        }

    def clean(self, requirement: Requirement) -> None:
        """At least two, or it were a practical."""
        super().clean(requirement)
        if not isinstance(requirement.parameters.get("assessors"), int):
            raise ValidationError({"kind": _("Say by how many different assessors it must be signed.")})

    def rows(self, *, of_schemes: bool) -> QuerySet[Any]:
        """The passed assessments."""
        return PRACTICAL.passed_rows(self.key, self.asked_for(of_schemes=of_schemes))

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, Practicals]:
        """By checklist, in the order in which they were signed."""
        return PRACTICAL.read(person_ids, rows)

    def is_untouched(self, requirement: Requirement, shown: Practicals) -> bool:
        """Nothing on record."""
        return requirement.checklist_id not in shown

    def judge(self, requirement: Requirement, shown: Practicals, asked: Asked) -> Reason:
        """Count the assessors of the round."""
        checklist, wanted = requirement.checklist, requirement.parameters["assessors"]
        if checklist is None:
            raise ValueError(f"{requirement} names no checklist")
        counted = [each for each in shown.get(checklist.pk, ()) if asked.counts(each.assessed_on, each.signed_at)]
        first = {each.assessor_id: each for each in reversed(counted)}
        names = "、".join(first[pk].assessor.name for pk in first)
        facts = {"checklist": checklist.title, "done": len(first), "wanted": wanted, "names": names}
        params: dict[str, Any] = {"checklist": checklist.code, "done": len(first), "wanted": wanted}
        if len(first) >= wanted:
            params["practicals"] = sorted(each.pk for each in first.values())
            message = _("%(checklist)s signed by %(done)s assessors: %(names)s") % facts
            return self.reason(requirement, SignOffReason.ENOUGH, message, met=True, **params)
        message = _("%(checklist)s signed by %(done)s of %(wanted)s different assessors") % facts
        return self.reason(requirement, SignOffReason.MISSING, message, met=False, **params)

    def has_begun(self, reason: Reason) -> bool:
        """Somebody signed."""
        return bool(reason.params["done"])

    def begun_by(self, person: Model) -> Q:
        """A practical was taken."""
        return PRACTICAL.begun_by(person)

    def began(self, schemes: Collection[Scheme]) -> QuerySet[Any]:
        """A practical was passed."""
        passed = PracticalAssessment.objects.filter(result="passed")
        return self.in_round(passed, schemes, "signed_at")

    def stage(self, reason: Reason, *, begun: bool) -> Stage:
        """Only assessors are missing."""
        return Stage.AWAITING_PRACTICAL

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """Whom to ask."""
        return self.way_out(reason)[0], None

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """Whom to ask."""
        return _("Ask another assessor, one who has not signed yet."), ""


KIND = SignOffsKind()
