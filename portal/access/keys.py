"""Read keys that stand in forms and addresses."""

import uuid

from django.http import Http404


def uuid_or_404(text: str) -> uuid.UUID:
    """Return the UUID somebody sent.

    Raises:
        Http404: it is none.
    """
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
