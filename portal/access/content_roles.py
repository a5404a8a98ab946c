"""Permissions of roles on pages, documents and images, which Wagtail keeps per page tree and collection.

Only missing rights are given; rights an administrator added by hand stay.
"""

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from portal.enums import Role

PAGE_RIGHTS = {
    Role.EDITOR: ("add_page", "change_page", "publish_page", "lock_page"),
    Role.ADMINISTRATOR: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}
FILE_RIGHTS = {
    Role.EDITOR: ("add", "change", "delete", "choose"),
    Role.ADMINISTRATOR: ("add", "change", "delete", "choose"),
    Role.TRAINER: ("add", "choose"),
}


def synchronise_content_rights(**kwargs: object) -> None:
    """Give the roles their rights on the page tree and the files (post_migrate, after the roles exist)."""
    root, files = Page.get_first_root_node(), Collection.get_first_root_node()
    if root is None or files is None:
        return
    for role, codenames in PAGE_RIGHTS.items():
        group = Group.objects.get(name=role)
        for permission in Permission.objects.filter(
            content_type__app_label="wagtailcore", content_type__model="page", codename__in=codenames
        ):
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    for role, acts in FILE_RIGHTS.items():
        group = Group.objects.get(name=role)
        # Wagtail asks for the rights on its own Image and Document, whatever models stand in for them.
        wanted = [f"{act}_{model}" for act in acts for model in ("document", "image")]
        for permission in Permission.objects.filter(
            content_type__app_label__in=("wagtaildocs", "wagtailimages"), codename__in=wanted
        ):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=files, permission=permission)
