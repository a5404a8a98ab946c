"""Refusals about training modules."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class ModuleNotPublishable(DomainError):
    """A module without content is published."""

    code = "module_not_publishable"
    status = 422
    message = _("“%(module)s” has no covering content yet. The draft is kept. Add at least one topic, then publish.")
