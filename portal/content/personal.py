"""Files of one person's record, such as scans of cards and photos of cases: only the page of the record serves them."""

import secrets

from django.core.files.base import ContentFile
from wagtail.models import Collection

from portal.enums import Audience
from portal.models import Person, PortalDocument


def keep_personal_file(title: str, content: bytes, *, stem: str, ending: str, by: Person | None) -> PortalDocument:
    """Store a file as a personal document under a random name.

    Args:
        title: what the audit log calls it.
        stem: begins the name, e.g. ``card``.
        ending: of the name, without the point; the caller has looked at the content.
        by: who brought it.
    """
    document = PortalDocument(
        title=title,
        collection=Collection.get_first_root_node(),
        audience=Audience.RESTRICTED,
        is_personal=True,
        uploaded_by_user=by,
    )
    document.file = ContentFile(content, name=f"{stem}-{secrets.token_hex(16)}.{ending}")
    document.file_size = len(content)
    document.save()
    return document
