"""What an organisation takes over from before its first day: certificates, papers, practicals and hours."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import TakenOverKind
from certification.models.ledger import LedgerEntry
from certification.models.practicals import Checklist
from certification.models.quizzes import Quiz
from certification.models.schemes import Scheme
from courses.models import TrainingModule

# What a record of each kind names; the other columns stay empty.
SUBJECTS = {"certificate": "scheme", "quiz": "quiz", "practical": "checklist", "hours": "module"}
# How much of it there was, for the kinds that have a number.
NUMBERS = {"quiz": "score", "hours": "minutes"}


def _names_its_subject() -> Q:
    """Return that a record names what its kind is about and nothing else."""
    whole = Q()
    for kind, column in SUBJECTS.items():
        others = {f"{name}__isnull": True for name in SUBJECTS.values() if name != column}
        whole |= Q(kind=kind, **{f"{column}__isnull": False}, **others)
    return whole


class TakenOver(models.Model):
    """One thing somebody had shown before this portal was there, with who vouches for it.

    It counts from the day it bears and is known from the moment it was recorded. A certificate writes a grant to the
    ledger; papers, practicals and hours are evidence. What was wrong is withdrawn, never deleted.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=TakenOverKind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="taken_over", verbose_name=_("person")
    )
    scheme = models.ForeignKey(
        Scheme, null=True, blank=True, on_delete=models.PROTECT, related_name="taken_over", verbose_name=_("scheme")
    )
    quiz = models.ForeignKey(
        Quiz, null=True, blank=True, on_delete=models.PROTECT, related_name="taken_over", verbose_name=_("quiz")
    )
    checklist = models.ForeignKey(
        Checklist,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="taken_over",
        verbose_name=_("practical checklist"),
    )
    module = models.ForeignKey(
        TrainingModule,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="taken_over",
        verbose_name=_("training module"),
    )
    # The grant a certificate wrote.
    entry = models.OneToOneField(
        LedgerEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="taken_over"
    )
    number = models.CharField(_("number"), max_length=60, blank=True)
    on = models.DateField(_("day"))
    until = models.DateField(_("valid until"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True, validators=[MaxValueValidator(100)])
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    examiner = models.CharField(_("examined or taught by"), max_length=120, blank=True)
    vouched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("vouched for by")
    )
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    scan = models.ForeignKey(
        "portal.PortalDocument",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("scan"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Null until then: the database lets a kept row be filled, not changed.
    withdrawn_reason = models.CharField(_("reason"), max_length=300, null=True, blank=True)
    # What there is one of until it is withdrawn: a number of a certificate; of anything else one a person and day.
    once = models.CharField(max_length=120, editable=False)
    # Made by the form or the import; a second post records nothing new.
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("record taken over")
        verbose_name_plural = _("records taken over")
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["person", "kind"])]
        constraints = [
            models.CheckConstraint(
                condition=_names_its_subject(),
                name="taken_over_names_its_subject",
                violation_error_message=_("Name what was shown: the scheme, quiz, checklist or module, one of them."),
            ),
            models.CheckConstraint(
                condition=(Q(kind="certificate", entry__isnull=False, until__isnull=False) & ~Q(number=""))
                | (~Q(kind="certificate") & Q(entry__isnull=True, until__isnull=True)),
                name="taken_over_certificate_is_complete",
                violation_error_message=_("An earlier certificate needs its number and its last day."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("on")),
                name="taken_over_ends_after_start",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(kind="quiz", score__range=(0, 100)) | (~Q(kind="quiz") & Q(score__isnull=True)),
                name="taken_over_quiz_has_a_score",
                violation_error_message=_("An earlier paper needs its score, from 0 to 100."),
            ),
            models.CheckConstraint(
                condition=Q(kind="hours", minutes__gt=0) | (~Q(kind="hours") & Q(minutes__isnull=True)),
                name="taken_over_hours_are_some",
                violation_error_message=_("Earlier hours need at least one minute."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("vouched_by")) & ~Q(person=F("recorded_by")),
                name="nobody_takes_over_for_oneself",
                violation_error_message=_("Nobody vouches for themselves or records their own. Ask a colleague."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_reason__isnull=False),
                name="taken_over_withdrawal_is_complete",
                violation_error_message=_("A withdrawal says who withdrew the record, when and why."),
            ),
            models.UniqueConstraint(
                fields=["once"],
                condition=Q(withdrawn_at__isnull=True),
                name="taken_over_once",
                violation_error_message=_("This was taken over already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill what the record is one of."""
        if self.kind == TakenOverKind.CERTIFICATE:
            self.once = f"{self.kind}:{self.number}"
        else:
            self.once = f"{self.kind}:{self.person_id}:{self.subject.pk}:{self.on.isoformat()}"
        super().save(*args, **kwargs)

    @property
    def subject(self) -> Scheme | Quiz | Checklist | TrainingModule:
        """What was shown."""
        return getattr(self, SUBJECTS[self.kind])

    @property
    def is_withdrawn(self) -> bool:
        """Whether it does not count any more."""
        return self.withdrawn_at is not None
