"""Lists of training requests, and a request with its people."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Prefetch, Q, QuerySet

from courses.enums import SessionState
from courses.models import Nominee, Session, TrainingRequest
from portal.models import Person


def for_lists(requests: QuerySet[TrainingRequest]) -> QuerySet[TrainingRequest]:
    """Return requests with customer, session, modules and ``named``: how many people are on the list."""
    return (
        requests.select_related("organisation", "session__trainer", "asked_by")
        .prefetch_related("modules")
        .annotate(named=Count("nominees", filter=Q(nominees__withdrawn_at__isnull=True)))
        # Grouping takes the order of the model away.
        .order_by("-asked_at", "-pk")
    )


def with_people(requests: QuerySet[TrainingRequest]) -> QuerySet[TrainingRequest]:
    """Return requests as :func:`for_lists`, with the people on the list (``people``), their times and matches."""
    people = (
        Nominee.objects.named()
        .select_related("match__person")
        .prefetch_related("times__credits__module", "times__meeting")
    )
    return for_lists(requests).prefetch_related(Prefetch("nominees", people.order_by("number", "pk"), to_attr="people"))


def sessions_to_answer_with(request: TrainingRequest) -> QuerySet[Session]:
    """Return the sessions held for the customer that have no list of names yet and were not called off."""
    free = Session.objects.filter(organisation=request.organisation_id, training_requests__isnull=True)
    return free.exclude(state=SessionState.CANCELLED).order_by("-starts_at")


def with_namesakes(request: TrainingRequest, people: Iterable[Nominee]) -> list[tuple[Nominee, list[Person]]]:
    """Return each named person nobody was matched to with the people of the customer who have that name."""
    unmatched = [nominee for nominee in people if nominee.matched_to is None]
    names = {nominee.name for nominee in unmatched}
    staff = Person.objects.filter(is_active=True, name__in=names, organisation=request.organisation_id)
    alike: dict[str, list[Person]] = defaultdict(list)
    for person in staff.order_by("staff_number"):
        alike[person.name].append(person)
    return [(nominee, alike[nominee.name]) for nominee in unmatched]
