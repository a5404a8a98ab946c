"""Context of the home page and of the reader's own page."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audiences import readable
from portal.enums import Role
from portal.models import HomePage, InformationPage, Person
from portal.people.queries import positions_on
from portal.registry.tiles import home_lead, home_tiles, me_tiles
from portal.templatetags.portal_format import masked_mobile, org_day

PAGES_SHOWN = 6


def front_context(request: HttpRequest, page: HomePage | None) -> dict[str, Any]:
    """Return the context of the home page for this reader; works before an editor has made one."""
    notes = readable(InformationPage.objects.live(), request.user).order_by("path")
    return {
        "page": page,
        "lead": home_lead(request),
        "panels": home_tiles(request),
        "notes": [
            {"label": note.title, "url": note.get_url(request), "note": note.introduction, "icon": "book"}
            for note in notes[:PAGES_SHOWN]
        ],
        "roles": role_labels(request.user) if request.user.is_authenticated else [],
    }


def me_context(request: HttpRequest) -> dict[str, Any]:
    """Return the facts of the reader's own page."""
    person = request.user
    return {
        "facts": person_facts(person),
        "assignments": positions_on(person, timezone.localdate()),
        "earlier": person.assignments.filter(end__lt=timezone.localdate()).select_related("position"),
        "roles": role_labels(person),
        "panels": me_tiles(request),
    }


def role_labels(person: Person) -> list[str]:
    """Return the person's roles in the reader's language, in the order the roles are defined."""
    return [str(role.label) for role in Role if role.value in person.role_names]


def person_facts(person: Person) -> list[tuple[str, str]]:
    """Return the basic data of a record; the mobile number is masked even for oneself (screens are seen)."""
    facts = [
        (_("Staff number"), person.staff_number),
        (_("Name"), person.name),
        (_("Organisation"), person.place_names),
        (_("Mobile"), masked_mobile(person.mobile)),
        (_("Email"), person.email),
        (_("Joined on"), org_day(person.joined_on)),
    ]
    return [(label, value) for label, value in facts if value]
