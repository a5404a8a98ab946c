"""The personal link of somebody a customer named: the telephone that opened it is recognised at the door.

It opens nothing but that: who it belongs to and which training it is for.
"""

from collections.abc import Iterable, Sized
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from courses.enums import RequestState
from courses.models import Nominee, TrainingRequest
from courses.nominations.errors import NotYourRequest
from courses.nominations.permissions import can_arrange
from courses.sessions.events import absolute
from portal.access import audit
from portal.enums import TokenPurpose
from portal.models import AccessToken, Person


@dataclass(frozen=True)
class PersonalLink:
    """The link of one named person."""

    nominee: Nominee
    address: str


def has_invitations(request: TrainingRequest, people: Sized) -> bool:
    """Whether there is a session to invite the people of the list to, and anybody on it."""
    session = request.session
    return request.state == RequestState.PLANNED and session is not None and not session.is_over and len(people) > 0


def subject_of(nominee: Nominee) -> str:
    """Return the subject of the links that belong to a named person."""
    return f"nominee:{nominee.pk}"


def _live(nominees: Iterable[Nominee]) -> list[AccessToken]:
    subjects = [subject_of(nominee) for nominee in nominees]
    return list(
        AccessToken.objects.filter(
            purpose=TokenPurpose.NOMINEE, subject__in=subjects, revoked_at__isnull=True
        ).order_by("pk")
    )


@transaction.atomic
def personal_links(request: TrainingRequest) -> list[PersonalLink]:
    """Return the links of everybody on the list, in its order; those that are missing are made."""
    # Held, so that two who print at once print the same links.
    TrainingRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    nominees = list(request.nominees.named().order_by("number", "pk"))
    tokens = {token.subject: token for token in _live(nominees)}
    links = []
    for nominee in nominees:
        subject = subject_of(nominee)
        token = tokens.get(subject) or AccessToken.objects.mint(TokenPurpose.NOMINEE, subject)
        links.append(PersonalLink(nominee, absolute(reverse("courses:personal_link", args=[token.secret]))))
    return links


def revoke_links_of(nominees: Iterable[Nominee]) -> int:
    """End the links of these people; telephones that opened them are forgotten. Return how many there were."""
    tokens = _live(nominees)
    for token in tokens:
        token.revoke()
    return len(tokens)


@transaction.atomic
def renew_personal_links(request: TrainingRequest, *, by: Person) -> int:
    """End all personal links of a request; new ones are made when they are printed next. Return how many ended.

    Raises:
        NotYourRequest: ``by`` does not arrange the customer's training.
    """
    locked = TrainingRequest.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=request.pk)
    if not can_arrange(by, locked):
        raise NotYourRequest
    ended = revoke_links_of(locked.nominees.all())
    audit.record("courses.personal_links_renewed", locked, actor=by, links=ended)
    return ended


def found_by(secret: str) -> tuple[AccessToken, Nominee] | None:
    """Return the token of a secret and whom it belongs to; None for a wrong or revoked one."""
    token = AccessToken.objects.find(TokenPurpose.NOMINEE, secret)
    nominee = _whose([token]) if token is not None else []
    return (token, nominee[0]) if token is not None and nominee else None


def recognised(keys: Iterable[int]) -> list[Nominee]:
    """Return the named people of live tokens by their primary keys, in that order; those taken off a list are none."""
    wanted = list(keys)
    live = AccessToken.objects.filter(purpose=TokenPurpose.NOMINEE, revoked_at__isnull=True).in_bulk(wanted)
    return _whose([live[key] for key in wanted if key in live])


def _whose(tokens: list[AccessToken]) -> list[Nominee]:
    numbers = [int(token.subject.partition(":")[2]) for token in tokens]
    known = Nominee.objects.named().select_related("request__session", "request__organisation").in_bulk(numbers)
    return [known[number] for number in numbers if number in known]
