"""Audiences of content (public, customers, staff, restricted) and which of them a reader may open."""

from typing import Any, NoReturn
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone

from portal.enums import Audience, Role

# Roles that may open restricted knowledge (accident files, answer keys' explanations in drafts).
RESTRICTED_ROLES = (Role.ADMINISTRATOR, Role.AUDITOR, Role.EDITOR, Role.TRAINER, Role.MANAGER)


def audiences_of(reader: Any) -> frozenset[str]:
    """Return the audiences whose content ``reader`` may open.

    Args:
        reader: a Person or AnonymousUser. Who works at a customer's today sees what customers see, whatever their role
            and whatever organisation is on their record.
    """
    if not getattr(reader, "is_authenticated", False) or not reader.is_active:
        return frozenset({Audience.PUBLIC})
    if reader.is_superuser:
        return frozenset(Audience.values)
    if not reader.is_of_network:
        return frozenset({Audience.PUBLIC, Audience.CUSTOMERS})
    seen = {Audience.PUBLIC, Audience.CUSTOMERS, Audience.STAFF}
    if reader.has_role(*RESTRICTED_ROLES):
        seen.add(Audience.RESTRICTED)
    return frozenset(seen)


def can_open(reader: Any, audience: str) -> bool:
    """Whether ``reader`` may open something of ``audience``."""
    return audience in audiences_of(reader)


def readable(queryset: QuerySet, reader: Any) -> QuerySet:
    """Narrow a queryset of records with an ``audience`` field to what ``reader`` may open."""
    return queryset.filter(audience__in=audiences_of(reader))


def who_open(people: QuerySet, audience: str) -> QuerySet:
    """Narrow people with accounts to those who may open something of ``audience``.

    The same rule as :func:`audiences_of`, asked of many at once.
    """
    if audience in (Audience.PUBLIC, Audience.CUSTOMERS):
        return people
    of_network = people.model.objects.of_network(timezone.localdate()).order_by().values("pk")
    staff = people.filter(Q(is_superuser=True) | Q(pk__in=of_network))
    if audience != Audience.RESTRICTED:
        return staff
    trusted = people.model.objects.filter(groups__name__in=RESTRICTED_ROLES).order_by().values("pk")
    return staff.filter(Q(is_superuser=True) | Q(pk__in=trusted))


def hide() -> NoReturn:
    """Answer a reader who may not open something as if there were nothing: the 404 page, which offers to sign in.

    Another answer would tell that there is an article, a document or a picture of this number.

    Raises:
        Http404: always.
    """
    raise Http404


def refuse_reader(request: HttpRequest) -> HttpResponse:
    """Redirect an anonymous reader to sign in; refuse a signed-in one. For pages that everybody knows there are.

    Raises:
        PermissionDenied: for a signed-in reader.
    """
    if not request.user.is_authenticated:
        # Django's own redirect_to_login needs the auth user model, which is loaded after the page models that ask here.
        return redirect(f"{resolve_url(settings.LOGIN_URL)}?next={quote(request.get_full_path())}")
    raise PermissionDenied


def is_staff_member(person: Any) -> bool:
    """Whether the person works for the service network today (not at a customer's) and is active."""
    return Audience.STAFF in audiences_of(person)
