"""Questions somebody asked the gate, so that the record of questions has something to show."""

from django.utils import timezone

from certification.duty.log.domain import keep_inquiries
from certification.enums import AskedFrom
from certification.models import DutyInquiry, Scheme
from certification.permissions import files_in_sight, may_audit, may_survey
from portal.enums import Task
from portal.models import EquipmentModel, Person
from portal.registry.duty import DutyQuestion, ask_many

# People asked about by each asker.
ASKED = 6


def load_inquiries() -> dict[str, int]:
    """Let a dispatcher and a manager ask about the first people in their sight, once."""
    machine = EquipmentModel.objects.select_related("category").order_by("code").first()
    if machine is None or DutyInquiry.objects.exists() or not Scheme.objects.exists():
        return {"questions to the gate": 0}
    kept = 0
    for place, allowed in ((AskedFrom.PAGE, _dispatches), (AskedFrom.BATCH, may_audit)):
        asker = next((person for person in Person.objects.order_by("staff_number") if allowed(person)), None)
        if asker is not None:
            kept += keep_inquiries(asker, place, ask_many(_questions(asker, machine)))
    return {"questions to the gate": kept}


def _dispatches(person: Person) -> bool:
    return may_survey(person) and not may_audit(person)


def _questions(asker: Person, machine: EquipmentModel) -> list[DutyQuestion]:
    day, now = timezone.localdate(), timezone.now()
    people = files_in_sight(asker).exclude(pk=asker.pk).order_by("staff_number")[:ASKED]
    return [DutyQuestion(person, day, now, equipment=machine, task=Task.REPAIR) for person in people]
