"""Names of the acts of certification in the audit log."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "certification.draft_saved": _("Draft saved"),
    "certification.draft_rejected": _("Draft rejected"),
    "certification.version_approved": _("Version approved"),
    "certification.version_enacted": _("Version put into effect"),
    "certification.attempt_started": _("Attempt started"),
    "certification.attempt_closed": _("Attempt closed"),
    "certification.attempts_released": _("Further attempts released"),
    "certification.practical_signed": _("Practical signed"),
    "certification.countersigned": _("Counter-signed"),
    "certification.corrected": _("Ledger corrected"),
    "certification.granted": _("Qualification granted"),
    "certification.renewed": _("Qualification renewed"),
    "certification.suspended": _("Qualification suspended"),
    "certification.reinstated": _("Qualification reinstated"),
    "certification.revoked": _("Qualification revoked"),
    "certification.work_stopped": _("Work stopped"),
    "certification.work_resumed": _("Work resumed"),
    "certification.lapsed": _("Qualification lapsed"),
    "certification.statutory_recorded": _("Statutory certificate recorded"),
    "certification.statutory_verified": _("Statutory certificate verified"),
    "certification.statutory_withdrawn": _("Statutory certificate withdrawn"),
    "certification.statutory_scan_opened": _("Scan of a statutory certificate opened"),
    "certification.paper_opened": _("Answer paper opened"),
    "certification.checklist_opened": _("Signed checklist opened"),
    "certification.certificate_printed": _("Certificate printed"),
    "certification.work_card_printed": _("Work card printed"),
}
