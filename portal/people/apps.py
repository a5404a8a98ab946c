"""AppConfig that makes Wagtail's user management use our viewsets (as Wagtail documents)."""

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(WagtailUsersAppConfig):
    """wagtail.users whose forms know a person, not a first and a last name."""

    user_viewset = "portal.people.admin.PersonViewSet"
    group_viewset = "portal.people.groups.AuditedGroupViewSet"
