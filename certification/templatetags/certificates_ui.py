"""Template tags of the public page of a certificate."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from certification.certificates.verification import Verified
from certification.enums import Standing
from portal.templatetags.portal_format import org_day

register = template.Library()


@register.simple_tag
def verified_sentence(verified: Verified) -> str:
    """Return why a certificate is not valid, or until when it is relied on although it has ended."""
    day = org_day(verified.since)
    match verified.standing:
        case Standing.REVOKED:
            return _("It was revoked on %(day)s.") % {"day": day} if day else _("It was declared void.")
        case Standing.SUSPENDED:
            return _("It is suspended since %(day)s.") % {"day": day}
        case Standing.NOT_YET:
            return _("It is valid only from %(day)s.") % {"day": day}
        case Standing.GRACE:
            facts = {"day": org_day(verified.valid_to), "until": org_day(verified.grace_until)}
            return _("It ended on %(day)s; the work is allowed in its days of grace until %(until)s.") % facts
        case _:
            return _("It was valid until %(day)s.") % {"day": org_day(verified.valid_to)}


@register.simple_tag(takes_context=True)
def verified_facts(context: dict[str, Any], verified: Verified, tasks: str, scope: str) -> list[tuple[str, str]]:
    """Return what the public may know."""
    certificate = verified.certificate
    limited = [(_("Limits in words"), verified.limit)] if verified.limit else []
    earlier = [(_("Taken over from certificate"), verified.taken_over)] if verified.taken_over else []
    return [
        (_("Certificate number"), certificate.number),
        (_("Short number"), certificate.short_number),
        (_("Holder"), certificate.person.masked_name),
        (_("Qualification"), certificate.scheme.name),
        (_("Condition for") if certificate.scheme.is_condition else _("Tasks"), tasks),
        (_("Equipment"), scope),
        (_("Valid from"), org_day(verified.valid_from)),
        (_("Valid until"), org_day(verified.valid_to)),
        (_("Version of the scheme"), str(certificate.entry.scheme_version.number)),
        *limited,
        *earlier,
        (_("Issued by"), context["portal_settings"].issuer),
    ]
