"""Refusals about training modules."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class ModuleNotPublishable(DomainError):
    """A module without content is published."""

    code = "module_not_publishable"
    status = 422
    message = _("“%(module)s” has no covering content yet. The draft is kept. Add at least one topic, then publish.")


class NotYourModules(NotAllowed):
    """Somebody copies a module who may not write any."""

    code = "not_your_modules"
    message = _("Modules are written by trainers and editors. Nothing was copied.")


class ModuleCodeTaken(DomainError):
    """A copy gets the code of another module."""

    code = "module_code_taken"
    message = _("A module with the code %(code)s exists already. Nothing was copied. Choose another code.")
