"""What the parts of an article are called, by the kind of its subject: a machine is repaired, an animal is treated.

Pages, papers and messages take their words from here; a further kind of subject is one more record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kb.enums import Severity
from portal.enums import SubjectKind


@dataclass(frozen=True)
class SubjectWords:
    """The words of one kind of subject.

    Args:
        pairs: heading over causes, checks and remedies together.
        scope: heading over the models an article is about.
        unnamed_scope: whether an article that names no model says its category there instead.
        is_gated: whether the gate is asked who may do the work; nobody is certified for an animal.
        parts: what is used up.
        card: the article on paper.
        unit: what is written by hand on the paper: which one it was.
        same_code: heading over articles that share a code.
        severities: words of severities that are called otherwise than in mixed lists.
        safety_missing: why it is not published without a warning.
        pairs_missing: why it is not published without a cause.
    """

    symptoms: Any
    cause: Any
    check: Any
    remedy: Any
    pairs: Any
    scope: Any
    tools: Any
    parts: Any
    card: Any
    unit: Any
    same_code: Any
    safety_missing: Any
    pairs_missing: Any
    unnamed_scope: bool = True
    is_gated: bool = True
    severities: Mapping[str, Any] = field(default_factory=dict)

    def severity(self, value: str) -> Any:
        """Return what a severity is called."""
        return self.severities.get(value) or Severity(value).label


MACHINE = SubjectWords(
    symptoms=_("Symptoms"),
    cause=_("Possible cause"),
    check=pgettext_lazy("fault", "Check"),
    remedy=_("Remedy"),
    pairs=_("Cause – check – remedy"),
    scope=_("Which equipment"),
    tools=_("Tools"),
    parts=_("Spare parts"),
    card=_("Fault card"),
    unit=_("Machine and serial number"),
    same_code=_("The same code on other equipment"),
    safety_missing=_("Write at least one safety note: the fault is dangerous or stops the machine."),
    pairs_missing=_("Write at least one cause with its check and remedy."),
)

WORDS: dict[str, SubjectWords] = {
    SubjectKind.MACHINE: MACHINE,
    SubjectKind.PRODUCT: replace(
        MACHINE,
        scope=_("Which products"),
        unit=_("Product and batch"),
        same_code=_("The same code on other products"),
        severities={Severity.STOP: _("Unusable")},
        safety_missing=_("Write at least one safety note: it is dangerous or makes the product unusable."),
    ),
    SubjectKind.SPECIES: SubjectWords(
        symptoms=_("Clinical signs"),
        cause=_("Likely cause"),
        check=_("Examination"),
        remedy=_("Treatment"),
        pairs=_("Cause – examination – treatment"),
        scope=_("Which animals"),
        unnamed_scope=False,
        is_gated=False,
        tools=_("Instruments"),
        parts=_("Medicines and supplies"),
        card=_("Disease card"),
        unit=_("Herd and ear tag"),
        same_code=_("The same code for other animals"),
        severities={
            Severity.DANGER: _("Notifiable or deadly"),
            Severity.STOP: _("Severe"),
            Severity.DEGRADED: _("Moderate"),
            Severity.MINOR: _("Mild"),
        },
        safety_missing=_("Write at least one safety note: the disease is severe or may spread to people."),
        pairs_missing=_("Write at least one likely cause with its examination and treatment."),
    ),
}


def words_of(kind: str) -> SubjectWords:
    """Return the words for subjects of ``kind``, a ``SubjectKind``."""
    return WORDS[kind]
