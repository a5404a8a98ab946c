"""Terms: what counts, what is over, when somebody left; and the verbs that change a term."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from portal.access import audit
from portal.enums import Role
from portal.models import Assignment, Person, RetentionTerm
from portal.people.activity import activity_of
from portal.registry.retention import KindOfRecord, kinds_of_record
from portal.retention.errors import (
    KeptForEver,
    NoSuchKind,
    NotYourTerms,
    OwnTerm,
    SameTerm,
    TermDecided,
    TermWaits,
    TooShort,
)


@dataclass(frozen=True)
class Term:
    """How long a kind is kept.

    Args:
        months: None where nobody approved a number of them; ``span`` is what the portal came with then.
        months_after_leaving: of who left, counted from that day; None as for everybody.
        approved: the record that says so; None where the portal came with it.
    """

    months: int | None = None
    span: dt.timedelta | None = None
    months_after_leaving: int | None = None
    approved: RetentionTerm | None = None

    @property
    def is_endless(self) -> bool:
        """Whether nothing of the kind is ever deleted."""
        return self.months is None and self.span is None and self.months_after_leaving is None

    def before(self, now: dt.datetime) -> dt.datetime | None:
        """Return the moment before which records are over; None where they are kept for ever."""
        if self.months is not None:
            return now - relativedelta(months=self.months)
        return now - self.span if self.span is not None else None


def may_decide(reader: Person) -> bool:
    """Whether ``reader`` proposes and approves terms."""
    return reader.has_role(Role.ADMINISTRATOR)


def kind_named(key: str) -> KindOfRecord:
    """Return a kind of record.

    Raises:
        NoSuchKind: there is none.
    """
    kind = kinds_of_record().get(key)
    if kind is None:
        raise NoSuchKind
    return kind


def terms_in_force() -> dict[str, Term]:
    """Return the term of every kind: the last one approved, else what the portal came with; one query."""
    approved = {each.kind: each for each in RetentionTerm.objects.filter(is_approved=True).order_by("decided_at", "pk")}
    return {key: _term(kind, approved.get(key)) for key, kind in kinds_of_record().items()}


def _term(kind: KindOfRecord, approved: RetentionTerm | None) -> Term:
    if kind.is_fixed:
        return Term()
    if approved is None:
        return Term(span=kind.term())
    return Term(approved.months, None, approved.months_after_leaving if kind.person else None, approved)


def leaving_days(people: Collection[int]) -> dict[int, dt.date]:
    """Return the day each of these inactive people left: by the audit log, else the end of their last post."""
    turns = activity_of(people)
    found = {
        person: timezone.localdate(max(at for at, _old, new in of_person if not new))
        for person, of_person in turns.items()
        if any(not new for _at, _old, new in of_person)
    }
    ends = Assignment.objects.filter(person__in=set(people) - found.keys()).order_by().values("person")
    for row in ends.annotate(last=Max("end")):
        if row["last"] is not None:
            found[row["person"]] = row["last"]
    return found


def over(kind: KindOfRecord, term: Term, now: dt.datetime) -> QuerySet:
    """Return the records of a kind whose term is over and on which nothing rests."""
    rows = kind.model._base_manager.all()
    before = term.before(now)
    is_over = Q(pk__in=()) if before is None else Q(**{f"{kind.moment}__lt": before})
    if term.months_after_leaving is not None:
        last = timezone.localdate(now) - relativedelta(months=term.months_after_leaving)
        gone = Person.objects.filter(is_active=False)
        days = leaving_days(list(gone.values_list("pk", flat=True)))
        long_gone = [person for person, left in days.items() if left < last]
        is_over = is_over & ~Q(**{f"{kind.person}__in": gone}) | Q(**{f"{kind.person}__in": long_gone})
    found = rows.filter(is_over)
    return kind.spare(found) if kind.spare else found


@transaction.atomic
def propose_term(
    by: Person,
    key: str,
    *,
    months: int | None,
    months_after_leaving: int | None,
    reason: str,
    form_key: uuid.UUID,
) -> RetentionTerm:
    """Propose how long a kind is kept; it counts once another administrator approves it.

    Raises:
        NotYourTerms: not an administrator.
        NoSuchKind, KeptForEver: nothing a term is set for.
        TooShort: for longer than that the records keep something from happening twice.
        TermWaits: another proposal waits.
        SameTerm: it says what counts already.
    """
    if not may_decide(by):
        raise NotYourTerms
    kind = kind_named(key)
    if kind.is_fixed:
        raise KeptForEver(kind=kind.label)
    now_day = timezone.localdate()
    if kind.least and months is not None and now_day - relativedelta(months=months) > now_day - kind.least:
        raise TooShort(kind=kind.label, days=kind.least.days)
    # Two posts of one form wait for each other here.
    Person.objects.select_for_update().only("pk").get(pk=by.pk)
    done = RetentionTerm.objects.filter(form_key=form_key).first()
    if done is not None:
        return done
    if RetentionTerm.objects.filter(kind=key, decided_at=None).exists():
        raise TermWaits(kind=kind.label)
    after = months_after_leaving if kind.person else None
    now = terms_in_force()[key]
    if (now.months, now.span, now.months_after_leaving) == (months, None, after):
        raise SameTerm(kind=kind.label)
    said = {"months": months, "months_after_leaving": after, "reason": reason.strip()}
    made = RetentionTerm(kind=key, proposed_by=by, form_key=form_key, **said)
    made.full_clean()
    made.save()
    audit.record("portal.term_proposed", made, actor=by, kind=key, **said)
    return made


@transaction.atomic
def decide_term(by: Person, pk: int, *, approve: bool) -> RetentionTerm:
    """Approve a term that somebody else proposed, or turn it down; who proposed it may take it back.

    Raises:
        NotYourTerms: not an administrator.
        NoSuchKind: no such proposal.
        OwnTerm: approved by who proposed it.
        TermDecided: it was decided before.
    """
    if not may_decide(by):
        raise NotYourTerms
    term = RetentionTerm.objects.select_for_update().filter(pk=pk).first()
    if term is None:
        raise NoSuchKind
    if term.decided_at is not None:
        raise TermDecided
    if approve and term.proposed_by_id == by.pk:
        raise OwnTerm
    term.decided_by, term.decided_at, term.is_approved = by, timezone.now(), approve
    term.save(update_fields=["decided_by", "decided_at", "is_approved"])
    act = "portal.term_approved" if approve else "portal.term_rejected"
    audit.record(act, term, actor=by, kind=term.kind, months=term.months, after_leaving=term.months_after_leaving)
    return term
