"""Names of the knowledge base's acts in the audit log."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "kb.fault_published": _("Fault article published"),
    "kb.fault_withdrawn": _("Fault article withdrawn"),
    "kb.guide_published": _("Diagnosis guide published"),
    "kb.guide_withdrawn": _("Diagnosis guide withdrawn"),
    "kb.case_reported": _("Field case reported"),
    "kb.case_taken": _("Field case taken over"),
    "kb.case_asked": _("Question about a field case"),
    "kb.case_replied": _("Reply about a field case"),
    "kb.case_noted": _("Note on a field case"),
    "kb.case_passed_up": _("Field case passed up"),
    "kb.case_answered": _("Field case answered"),
    "kb.case_reopened": _("Field case reopened"),
    "kb.case_closed": _("Field case closed"),
    "kb.case_merged": _("Field case merged"),
    "kb.case_drafted": _("Article drafted from a field case"),
    "kb.work_recorded": _("Work recorded in the file of a machine"),
    "kb.work_corrected": _("Record of work corrected"),
    "kb.edition_started": _("Edition started"),
    "kb.import_started": _("Manual uploaded for import"),
    "kb.import_accepted": _("Import of a manual accepted"),
    "kb.edition_published": _("Edition published"),
    "kb.chapter_moved": _("Chapter moved in the outline"),
    "kb.verdict_given": _("Verdict on an edition given"),
    "kb.citation_moved": _("Citation moved to the new edition"),
    "kb.citation_kept": _("Citation left at its edition"),
    "kb.citation_dropped": _("Citation dropped"),
}
