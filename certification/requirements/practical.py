"""实操考核: a checklist signed by an assessor."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, Panel

from certification.actions import Action
from certification.enums import PracticalResult, Stage
from certification.models import PracticalAssessment, Requirement, Scheme
from certification.requirements.base import Asked, RowKind, day_text
from certification.requirements.rows import PEOPLE, Row, flag, instance, rows_of
from certification.requirements.seats import SeatFinder
from certification.requirements.taken_over import (
    Shown,
    asked_for_by,
    begun,
    nothing_shown,
    read_taken_over,
    taken_over_rows,
)
from portal.models import Person
from portal.registry.duty import Reason


class PracticalReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    SIGNED = "practical_signed"
    NOT_SIGNED = "practical_not_signed"


Practicals = Shown[PracticalAssessment]


class PracticalKind(RowKind):
    """A signed practical; what is loaded are the passed assessments by checklist."""

    key = "practical"
    label = gettext_lazy("Practical assessment")
    order = 30
    fields = ("checklist",)
    constraint = Q(checklist__isnull=False)
    codes = frozenset(PracticalReason.values)
    proof_params = ("checklist", "practical", "taken_over")

    def panels(self) -> list[Panel]:
        """The checklist."""
        return [FieldPanel("checklist")]

    def rows(self, *, of_schemes: bool) -> QuerySet[Any]:
        """The passed assessments."""
        return self.passed_rows(self.key, self.asked_for(of_schemes=of_schemes))

    def passed_rows(self, source: str, asked_for: Mapping[str, Any]) -> QuerySet[Any]:
        """Return the passed assessments of the checklists asked for, for any kind that counts them."""
        passed = PracticalAssessment.objects.filter(person__in=PEOPLE, result=PracticalResult.PASSED)
        return rows_of(
            passed.filter(**asked_for),
            source,
            "checklist_id",
            days=["assessed_on"],
            moments=["signed_at"],
            numbers=["assessor_id", flag("changed_checklist")],
            texts=["assessor__name"],
        )

    def more_rows(self, *, of_schemes: bool) -> list[QuerySet[Any]]:
        """What was shown before the portal."""
        return [taken_over_rows(self.key, self.asked_for(of_schemes=of_schemes))]

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, Practicals]:
        """By checklist, in the order in which they were signed."""
        found: dict[int, Practicals] = nothing_shown(person_ids)
        for row in sorted(read_taken_over(found, rows), key=lambda row: (row.moment_1, row.key)):
            practical = instance(
                PracticalAssessment,
                id=row.key,
                person_id=row.person,
                checklist_id=row.subject,
                assessor_id=row.number_1,
                assessed_on=row.day_1,
                result=PracticalResult.PASSED.value,
                signed_at=row.moment_1,
                changed_checklist=bool(row.number_2),
            )
            practical.assessor = instance(Person, id=row.number_1, name=row.text_1)
            found[row.person][row.subject].append(practical)
        return found

    def is_untouched(self, requirement: Requirement, shown: Practicals) -> bool:
        """Nothing on record."""
        return not shown.has(requirement.checklist_id)

    def judge(self, requirement: Requirement, shown: Practicals, asked: Asked) -> Reason:
        """Look for the first passed practical of the round."""
        checklist = requirement.checklist
        if checklist is None:
            raise ValueError(f"{requirement} names no checklist")
        params: dict[str, Any] = {"checklist": checklist.code}
        for practical in shown.get(checklist.pk, ()):
            if asked.counts(practical.assessed_on, practical.signed_at):
                message = _("%(checklist)s signed by %(assessor)s on %(day)s") % {
                    "checklist": checklist.title,
                    "assessor": practical.assessor.name,
                    "day": day_text(practical.assessed_on),
                }
                facts = params | {"practical": practical.pk}
                return self.reason(requirement, PracticalReason.SIGNED, message, met=True, **facts)
        taken = shown.first_taken(checklist.pk, asked)
        if taken is not None:
            said = {"checklist": checklist.title, "day": day_text(taken.day), "by": taken.voucher}
            message = _("%(checklist)s passed on %(day)s, taken over; %(by)s vouches for it") % said
            return self.reason(requirement, PracticalReason.SIGNED, message, met=True, **params, taken_over=[taken.pk])
        message = _("%(checklist)s not signed by an assessor") % {"checklist": checklist.title}
        return self.reason(requirement, PracticalReason.NOT_SIGNED, message, met=False, **params)

    def begun_by(self, person: Model) -> Q:
        """A practical was taken."""
        practicals = PracticalAssessment.objects.filter(person=person)
        return Q(requirements__checklist__in=practicals.order_by().values("checklist")) | begun(self.key, person)

    def began(self, schemes: Collection[Scheme]) -> QuerySet[Any]:
        """A practical was passed."""
        passed = PracticalAssessment.objects.filter(result=PracticalResult.PASSED)
        return self.in_round(passed, schemes, "signed_at").union(asked_for_by(schemes, self.key))

    def stage(self, reason: Reason, *, begun: bool) -> Stage:
        """Only the assessor is missing."""
        return Stage.AWAITING_PRACTICAL

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """Whom to ask."""
        return _("Ask an assessor for an appointment; the assessor signs the checklist on the phone."), None

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """Whom to ask."""
        return _("Ask an assessor for an appointment; the assessor signs the checklist on the phone."), ""


KIND = PracticalKind()


def is_practical(reason: Reason) -> bool:
    """Whether a reason is about a practical, however many assessors sign it."""
    return "checklist" in reason.params
