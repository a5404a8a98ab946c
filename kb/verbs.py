"""Names of the knowledge base's acts in the audit log."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "kb.fault_published": _("Fault article published"),
    "kb.fault_withdrawn": _("Fault article withdrawn"),
    "kb.edition_started": _("Edition started"),
    "kb.edition_published": _("Edition published"),
    "kb.citation_moved": _("Citation moved to the new edition"),
    "kb.citation_kept": _("Citation left at its edition"),
    "kb.citation_dropped": _("Citation dropped"),
}
