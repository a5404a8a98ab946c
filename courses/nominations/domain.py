"""Verbs of training requests: ask, give the link, name people, plan, decline. Each is atomic and locks the request."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import formats, timezone

from courses.enums import RequestState, SessionState
from courses.models import Nominee, Session, TrainingModule, TrainingRequest
from courses.models.places import tidy_place
from courses.nominations.errors import (
    DayOver,
    HasTimes,
    NamedMeanwhile,
    NamedTwice,
    NamingClosed,
    NothingAskedFor,
    NotOfThisCustomer,
    NotYourRequest,
    RequestMoved,
    TooManyNames,
)
from courses.nominations.links import live_links, subject_of
from courses.nominations.notices import tell_arrangers, tell_contact
from courses.nominations.permissions import can_arrange, firms_to_ask_for
from courses.nominations.personal import revoke_links_of
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.enums import TokenPurpose
from portal.models import AccessToken, Organisation, Person

#: From which states each step may be taken.
TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.NAMING: frozenset({RequestState.ASKED, RequestState.NAMING}),
    RequestState.PLANNED: frozenset({RequestState.ASKED, RequestState.NAMING}),
    RequestState.DECLINED: frozenset({RequestState.ASKED, RequestState.NAMING}),
}


@dataclass(frozen=True)
class Named:
    """One row of the list as it is typed.

    Args:
        row: its number on the form, for messages.
    """

    row: int
    name: str
    post: str = ""
    mobile: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes two rows the same person."""
        return self.name, self.mobile


@transaction.atomic
def ask_for_training(
    by: Person,
    organisation: Organisation,
    modules: Sequence[TrainingModule],
    *,
    form_key: uuid.UUID,
    session: Session | None = None,
    **facts: Any,
) -> TrainingRequest:
    """Ask for training of a customer's people; the same form sent twice is one request.

    Args:
        session: the session the customer is to name people for, if it is planned already.
        facts: ``seats``, ``place``, ``wished_on``, ``note``, ``contact_name``, ``contact_mobile``, ``contact_email``.

    Raises:
        NotYourRequest: ``by`` may not ask for this customer, or the form is that of somebody else.
        NothingAskedFor: no module.
        NotOfThisCustomer: the session is held for somebody else, or people are named for it already.
    """
    if not firms_to_ask_for(by).filter(pk=organisation.pk).exists():
        raise NotYourRequest
    if not modules:
        raise NothingAskedFor
    known = TrainingRequest.objects.filter(form_key=form_key).first()
    if known is not None:
        if known.asked_by_id != by.pk:
            raise NotYourRequest
        return known
    if session is not None:
        _check_session(session, organisation)
    facts["place"] = tidy_place(facts.get("place", ""))
    request = TrainingRequest.objects.create(
        organisation=organisation, asked_by=by, form_key=form_key, session=session, **facts
    )
    request.modules.set(modules)
    audit.record("courses.training_asked_for", request, actor=by, changes=added(request))
    if session is None:
        tell_arrangers(request, "asked")
    return request


@transaction.atomic
def open_naming(request: TrainingRequest, *, by: Person, name_by: dt.date) -> AccessToken:
    """Let the contact name people until the end of a day; return the link. Asked again, it moves the day.

    Raises:
        NotYourRequest: ``by`` does not arrange the customer's training.
        RequestMoved: it was declined.
        DayOver: the day lies in the past.
    """
    locked = _locked_for(request, by)
    if name_by < timezone.localdate():
        raise DayOver
    if locked.state != RequestState.PLANNED:
        _move(locked, RequestState.NAMING if locked.session_id is None else RequestState.PLANNED)
    before = snapshot(request)
    locked.name_by = name_by
    locked.reminded_at = None
    locked.save(update_fields=["state", "name_by", "reminded_at"])
    token = AccessToken.objects.current(TokenPurpose.NOMINATION, subject_of(locked))
    audit.record("courses.naming_opened", locked, actor=by, changes=since(before, locked))
    tell_contact(locked, "naming")
    return token


@transaction.atomic
def renew_link(request: TrainingRequest, *, by: Person) -> AccessToken:
    """Revoke the link and give another: the old one opens nothing from now on.

    Raises:
        NotYourRequest: ``by`` does not arrange the customer's training.
    """
    locked = _locked_for(request, by)
    for token in live_links(locked):
        token.revoke()
    token = AccessToken.objects.mint(TokenPurpose.NOMINATION, subject_of(locked))
    audit.record("courses.naming_link_renewed", locked, actor=by)
    return token


@transaction.atomic
def name_people(
    request: TrainingRequest,
    rows: Sequence[Named],
    *,
    version: int,
    by: Person | None = None,
    place: str | None = None,
    wished_on: dt.date | None = None,
) -> TrainingRequest:
    """Save the list of a customer's people; rows that say the same as before stay the records they are.

    Args:
        version: of the list that was looked at.
        by: the contact, where they are signed in; None for who holds the link.
        place, wished_on: what the customer wishes; left as they are where the session is planned.

    Raises:
        NamingClosed: the last day is over, or there never was one.
        NamedMeanwhile: the list was saved by somebody else since.
        TooManyNames, NamedTwice: the rows do not make a list.
        HasTimes: somebody who was there is taken off.
    """
    locked = TrainingRequest.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=request.pk)
    if not locked.is_open_for_names():
        raise _closed(locked)
    if version != locked.version:
        raise NamedMeanwhile
    _check_rows(locked, rows)
    before = snapshot(locked)
    names = [str(nominee) for nominee in locked.nominees.named()]
    _replace(locked, rows)
    if locked.session_id is None:
        locked.place = tidy_place(place or "")
        locked.wished_on = wished_on
    locked.version += 1
    locked.named_at = timezone.now()
    locked.save(update_fields=["place", "place_key", "wished_on", "version", "named_at"])
    changes = [*since(before, locked), {"field": "nominees", "old": names, "new": [row.name for row in rows]}]
    audit.record("courses.people_named", locked, actor=by, by_link=by is None, changes=changes)
    if before["version"] == 0:
        tell_arrangers(locked, "named")
    return locked


@transaction.atomic
def plan_request(request: TrainingRequest, session: Session, *, by: Person) -> TrainingRequest:
    """Say which session the request is answered by; the contact is told day and place.

    Raises:
        NotYourRequest: ``by`` does not arrange the customer's training.
        RequestMoved: it was declined or is planned.
        NotOfThisCustomer: the session is held for somebody else, is called off, or people are named for it already.
    """
    locked = _locked_for(request, by)
    _check_session(session, locked.organisation)
    before = snapshot(locked)
    _move(locked, RequestState.PLANNED)
    locked.session = session
    locked.save(update_fields=["state", "session"])
    audit.record("courses.request_planned", locked, actor=by, changes=since(before, locked))
    tell_contact(locked, "planned")
    return locked


@transaction.atomic
def decline_request(request: TrainingRequest, *, by: Person, reason: str) -> TrainingRequest:
    """Decline a request; its link opens nothing more and the contact is told why.

    Raises:
        NotYourRequest: ``by`` does not arrange the customer's training.
        RequestMoved: it is planned or was declined.
    """
    locked = _locked_for(request, by)
    before = snapshot(locked)
    _move(locked, RequestState.DECLINED)
    locked.refusal = reason.strip()
    locked.save(update_fields=["state", "refusal"])
    for token in live_links(locked):
        token.revoke()
    revoke_links_of(locked.nominees.all())
    audit.record("courses.request_declined", locked, actor=by, changes=since(before, locked))
    tell_contact(locked, "declined")
    return locked


def _locked_for(request: TrainingRequest, by: Person) -> TrainingRequest:
    locked = TrainingRequest.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=request.pk)
    if not can_arrange(by, locked):
        raise NotYourRequest
    return locked


def _move(request: TrainingRequest, state: RequestState) -> None:
    if request.state not in TRANSITIONS[state]:
        raise RequestMoved(number=request.number, state=request.get_state_display())
    request.state = state


def _check_session(session: Session, organisation: Organisation) -> None:
    is_taken = TrainingRequest.objects.filter(session=session).exists()
    if session.organisation_id != organisation.pk or session.state == SessionState.CANCELLED or is_taken:
        raise NotOfThisCustomer(organisation=organisation.name)


def _closed(request: TrainingRequest) -> NamingClosed:
    day = formats.date_format(request.name_by, "DATE_FORMAT") if request.name_by else "—"
    trainer = request.session.trainer.name if request.session else request.organisation.name
    return NamingClosed(day=day, trainer=trainer)


def _check_rows(request: TrainingRequest, rows: Sequence[Named]) -> None:
    if len(rows) > request.seats:
        raise TooManyNames(seats=request.seats, named=len(rows))
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.key in first:
            raise NamedTwice(row=row.row, name=row.name, first=first[row.key])
        first[row.key] = row.row


def _replace(request: TrainingRequest, rows: Sequence[Named]) -> None:
    """Make the rows the list: those that are gone are withdrawn, those that stay keep their record."""
    kept = {(nominee.name, nominee.mobile): nominee for nominee in request.nominees.named().prefetch_related("times")}
    wanted = {row.key for row in rows}
    for key, nominee in kept.items():
        if key in wanted:
            continue
        if nominee.times.all():
            raise HasTimes(name=nominee.name)
        nominee.withdrawn_at = timezone.now()
        nominee.save(update_fields=["withdrawn_at"])
        revoke_links_of([nominee])
    for number, row in enumerate(rows, start=1):
        nominee = kept.get(row.key) or Nominee(request=request, name=row.name, mobile=row.mobile)
        nominee.number, nominee.post = number, row.post
        nominee.save()
