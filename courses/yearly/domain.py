"""Verbs of yearly plans: say what is needed, plan, take needs in, submit, approve, send back."""

from django.db import transaction
from django.utils import timezone

from courses.enums import YearlyState
from courses.models import OwnNeed, TrainingModule, TrainingNeed, YearlyPlan, YearlyPlanRow
from courses.modules.permissions import can_see_module
from courses.yearly.errors import NeedsNotAsked, NotForYou, NothingPlanned, NotYourPlan, OwnPlan, PlanMoved
from courses.yearly.permissions import can_plan, may_say_own_need
from courses.yearly.queries import needs_of
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.models import Organisation, Person


@transaction.atomic
def say_need(
    organisation: Organisation,
    module: TrainingModule,
    *,
    year: int,
    quarter: int,
    heads: int,
    by: Person,
    note: str = "",
) -> TrainingNeed:
    """Note how many people of a place need a module in a quarter; said again, the last number holds.

    Raises:
        NotYourPlan: ``by`` does not manage the place.
    """
    _require(by, organisation)
    found = TrainingNeed.objects.filter(organisation=organisation, module=module, year=year, quarter=quarter).first()
    before = snapshot(found) if found else None
    need = found or TrainingNeed(organisation=organisation, module=module, year=year, quarter=quarter)
    need.heads, need.note, need.said_by, need.said_at = heads, note.strip(), by, timezone.now()
    need.full_clean(validate_unique=False, validate_constraints=False)
    need.save()
    changes = since(before, need) if before else added(need)
    audit.record("courses.need_said", need, actor=by, changes=changes)
    return need


@transaction.atomic
def say_own_need(module: TrainingModule, *, year: int, quarter: int, by: Person, note: str = "") -> OwnNeed:
    """Note that ``by`` needs a module in a quarter; said again for the year, the last quarter holds.

    Raises:
        NeedsNotAsked: the organisation does not ask people, or ``by`` is not of its staff.
        NotForYou: ``by`` may not see the module.
    """
    if by.organisation is None or not may_say_own_need(by):
        raise NeedsNotAsked
    if not can_see_module(by, module):
        raise NotForYou
    # The person is held, so that the same said twice at once is one.
    Person.objects.select_for_update().only("pk").get(pk=by.pk)
    found = OwnNeed.objects.filter(person=by, module=module, year=year).first()
    before = snapshot(found) if found else None
    need = found or OwnNeed(person=by, module=module, year=year)
    need.organisation, need.quarter, need.note, need.said_at = by.organisation, quarter, note.strip(), timezone.now()
    need.full_clean(validate_unique=False, validate_constraints=False)
    need.save()
    audit.record("courses.own_need_said", need, actor=by, changes=since(before, need) if before else added(need))
    return need


@transaction.atomic
def take_back_own_need(need: OwnNeed, *, by: Person) -> None:
    """Take back what ``by`` said they need; taken back already, nothing happens."""
    found = OwnNeed.objects.select_for_update().filter(pk=need.pk, person=by).first()
    if found is not None:
        audit.record("courses.own_need_taken_back", found, actor=by, need=str(found))
        found.delete()


@transaction.atomic
def start_plan(organisation: Organisation, year: int, *, by: Person) -> YearlyPlan:
    """Begin the plan of a branch for a year; begun twice, it is the same.

    Raises:
        NotYourPlan: ``by`` does not manage the branch.
    """
    _require(by, organisation)
    plan, is_new = YearlyPlan.objects.get_or_create(organisation=organisation, year=year, defaults={"made_by": by})
    if is_new:
        audit.record("courses.yearly_plan_started", plan, actor=by, changes=added(plan))
    return plan


@transaction.atomic
def add_row(
    plan: YearlyPlan,
    module: TrainingModule,
    *,
    quarter: int,
    heads: int,
    by: Person,
    minutes: int | None = None,
    for_whom: str = "",
) -> YearlyPlanRow:
    """Put a module into the plan.

    Args:
        minutes: of training for each person; the module's by default.

    Raises:
        NotYourPlan, PlanMoved: ``by`` may not, or it is submitted.
        ValidationError: it stands there for this quarter already.
    """
    locked = _draft(plan, by)
    row = YearlyPlanRow(
        plan=locked,
        module=module,
        quarter=quarter,
        heads=heads,
        minutes=minutes or module.minutes,
        for_whom=(for_whom or module.for_whom).strip(),
    )
    row.full_clean()
    row.save()
    audit.record("courses.yearly_row_added", locked, actor=by, changes=added(row))
    return row


@transaction.atomic
def drop_row(row: YearlyPlanRow, *, by: Person) -> None:
    """Take a row out of a plan that is being drawn up.

    Raises:
        NotYourPlan, PlanMoved: as for :func:`add_row`.
    """
    plan = _draft(row.plan, by)
    name = str(row)
    row.delete()
    audit.record("courses.yearly_row_dropped", plan, actor=by, row=name)


@transaction.atomic
def take_needs(plan: YearlyPlan, *, by: Person) -> int:
    """Put what the places of the branch need into the plan where it does not stand yet; return how many rows are new.

    Raises:
        NotYourPlan, PlanMoved: as for :func:`add_row`.
    """
    locked = _draft(plan, by)
    known = set(locked.rows.values_list("module", "quarter"))
    new = [need for need in needs_of(locked) if (need.module.pk, need.quarter) not in known]
    for need in new:
        add_row(locked, need.module, quarter=need.quarter, heads=need.heads, by=by)
    return len(new)


@transaction.atomic
def submit_plan(plan: YearlyPlan, *, by: Person) -> YearlyPlan:
    """Ask for approval; from now on the rows stay.

    Raises:
        NotYourPlan, PlanMoved: as for :func:`add_row`.
        NothingPlanned: there is no row.
    """
    locked = _draft(plan, by)
    if not locked.rows.exists():
        raise NothingPlanned
    return _move(locked, YearlyState.SUBMITTED, by, "courses.yearly_plan_submitted", submitted_by=by, remark="")


@transaction.atomic
def approve_plan(plan: YearlyPlan, *, by: Person) -> YearlyPlan:
    """Approve a submitted plan.

    Raises:
        NotYourPlan: ``by`` does not manage the branch.
        OwnPlan: ``by`` submitted it.
        PlanMoved: it is not submitted.
    """
    locked = _submitted(plan, by)
    if locked.submitted_by_id == by.pk:
        raise OwnPlan
    facts = {"approved_by": by, "approved_at": timezone.now()}
    return _move(locked, YearlyState.APPROVED, by, "courses.yearly_plan_approved", **facts)


@transaction.atomic
def send_back(plan: YearlyPlan, *, by: Person, remark: str) -> YearlyPlan:
    """Have a submitted plan worked over, and say why.

    Raises:
        NotYourPlan, PlanMoved: as for :func:`approve_plan`.
    """
    locked = _submitted(plan, by)
    return _move(locked, YearlyState.DRAFT, by, "courses.yearly_plan_sent_back", remark=remark.strip()[:300])


def _require(by: Person, organisation: Organisation) -> None:
    if not can_plan(by, organisation):
        raise NotYourPlan(organisation=organisation.name)


def _locked(plan: YearlyPlan, by: Person, state: YearlyState) -> YearlyPlan:
    locked = YearlyPlan.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=plan.pk)
    _require(by, locked.organisation)
    if locked.state != state:
        raise PlanMoved(state=locked.get_state_display())
    return locked


def _draft(plan: YearlyPlan, by: Person) -> YearlyPlan:
    return _locked(plan, by, YearlyState.DRAFT)


def _submitted(plan: YearlyPlan, by: Person) -> YearlyPlan:
    return _locked(plan, by, YearlyState.SUBMITTED)


def _move(plan: YearlyPlan, state: YearlyState, by: Person, act: str, **facts: object) -> YearlyPlan:
    before = snapshot(plan)
    plan.state = state
    for name, value in facts.items():
        setattr(plan, name, value)
    plan.save()
    audit.record(act, plan, actor=by, changes=since(before, plan))
    return plan
