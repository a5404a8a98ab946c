"""What every page asks about its reader, read in one statement: the roles, the posts of today and the settings.

Each is read when it is first asked for otherwise, by a question of its own.
"""

from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils import timezone

from portal.access.together import Columns, together
from portal.models import Assignment, PortalSettings


def know(request: HttpRequest) -> None:
    """Read about whoever is signed in and opens a page; what is known already stays."""
    reader: Any = request.user
    settings = PortalSettings.get_cache_attr_name()
    if not reader.is_authenticated or hasattr(reader, "posts_of_day"):
        return
    posts = Assignment.objects.valid_on(timezone.localdate()).filter(person=reader.pk)
    found = together(
        roles=Columns(Group.objects.filter(user=reader.pk), ["name"]),
        posts=posts.select_related("position", "organisation"),
        settings=PortalSettings.objects.order_by("pk")[:1],
    )
    reader.role_names = frozenset(name for (name,) in found["roles"])
    reader.posts_of_day = found["posts"]
    for stored in found["settings"]:
        setattr(request, settings, stored)
