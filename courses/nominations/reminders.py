"""A regular job: remind contacts of places still to be named, once a deadline."""

import datetime as dt

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from courses.enums import RequestState
from courses.models import TrainingRequest
from courses.nominations.notices import tell_contact

#: How long before the last day the contact is reminded.
REMIND_BEFORE = dt.timedelta(days=2)


def remind_contacts() -> int:
    """Write to the contacts whose list is not full and whose last day is near; return how many."""
    today = timezone.localdate()
    near = TrainingRequest.objects.filter(
        state__in=[RequestState.NAMING, RequestState.PLANNED],
        name_by__gte=today,
        name_by__lte=today + REMIND_BEFORE,
        reminded_at__isnull=True,
    ).exclude(contact_email="")
    counted = near.annotate(named=Count("nominees", filter=Q(nominees__withdrawn_at__isnull=True)))
    reminded = 0
    for pk in counted.filter(named__lt=F("seats")).values_list("pk", flat=True):
        with transaction.atomic():
            request = TrainingRequest.objects.select_for_update().get(pk=pk)
            if request.reminded_at is not None:
                continue
            request.reminded_at = timezone.now()
            request.save(update_fields=["reminded_at"])
            tell_contact(request, "reminder")
        reminded += 1
    return reminded
