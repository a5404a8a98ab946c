"""Names of the portal's acts in the audit log."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "portal.person_added": _("Person entered"),
    "portal.roles_changed": _("Roles changed"),
    "portal.role_given": _("Role given"),
    "portal.position_assigned": _("Position assigned"),
    "portal.assignment_ended": _("Assignment ended"),
    "portal.organisation_added": _("Organisation added"),
    "portal.position_added": _("Position added"),
    "portal.category_added": _("Equipment category added"),
    "portal.model_added": _("Equipment model added"),
    "portal.unit_added": _("Machine added"),
    "portal.label_renewed": _("Label renewed"),
    "portal.link_revoked": _("Secret link revoked"),
    "portal.page_withdrawn": _("Page withdrawn"),
    "portal.signed_in": _("Signed in"),
    "portal.signed_out": _("Signed out"),
    "portal.sign_in_failed": _("Sign-in failed"),
    "portal.sign_in_blocked": _("Sign-in blocked for a while"),
    "portal.password_changed": _("Password changed"),
    "portal.second_factor_added": _("Second factor added"),
    "portal.second_factor_removed": _("Second factor removed"),
    "portal.group_added": _("Group added"),
    "portal.group_changed": _("Group changed"),
    "portal.import_started": _("Import started"),
    "portal.import_accepted": _("Import accepted"),
    "portal.import_undone": _("Import undone"),
    "portal.import_taken_back": _("Taken back with an import"),
    "portal.token_made": _("API token made"),
    "portal.token_revoked": _("API token revoked"),
}
