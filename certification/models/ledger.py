"""Qualification ledger: append-only, with valid time and recorded time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import EntryKind
from certification.models.schemes import Scheme
from certification.models.versions import ApprovedVersion
from portal.models import AppendOnlyModel


class LedgerEntry(AppendOnlyModel):
    """One fact about one person's qualification.

    ``valid_from``/``valid_to`` say for which days it holds (both included), ``recorded_at`` when it became known:
    "who was qualified on that day" and "what did we know then" are different questions and both are answered.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ledger")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField(_("act"), max_length=10, choices=EntryKind.choices)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    # For a correction: the entry that is replaced as if it had never been made.
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    # For a correction: the entry never held at all. Otherwise the correction's days replace the entry's.
    is_void = models.BooleanField(_("never held"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    # The version of the scheme a grant or renewal rests on; those of quizzes and checklists are in the evidence.
    scheme_version = models.ForeignKey(
        ApprovedVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What makes a second run of the same act a no-op, e.g. "grant:<scheme>:<attempt>:<practical>".
    act_key = models.CharField(max_length=120, unique=True)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["recorded_at", "pk"]
        indexes = [
            models.Index(fields=["person", "scheme", "recorded_at"]),
            # Who holds a scheme on a day, answered without reading the ledger itself. The person stands second, so that
            # a planner without statistics does not take it for one person's entries and read those of everybody.
            models.Index(
                fields=["scheme", "person", "kind", "valid_to", "valid_from", "recorded_at", "is_void"],
                name="ledger_holders_idx",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="ledger_ends_after_start",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["granted", "renewed"]) | Q(valid_to__isnull=False),
                name="granted_until_a_day",
                violation_error_message=_("A qualification is granted until a day; enter the last day."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["granted", "renewed"]) | Q(scheme_version__isnull=False),
                name="grant_rests_on_a_version",
                violation_error_message=_("A qualification must be granted under an approved version of its scheme."),
            ),
            models.CheckConstraint(
                condition=Q(kind="corrected", corrects__isnull=False)
                | (~Q(kind="corrected") & Q(corrects__isnull=True)),
                name="correction_names_its_entry",
                violation_error_message=_(
                    "A correction must name the entry it corrects, and only a correction names one."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["suspended", "revoked", "corrected"]) | ~Q(reason=""),
                name="taking_away_has_a_reason",
                violation_error_message=_(
                    "Give the reason: a qualification is not taken away or corrected without one."
                ),
            ),
            # A second correction corrects the first one: history is a chain, never a fork.
            models.UniqueConstraint(fields=["corrects"], name="entry_corrected_once"),
            models.CheckConstraint(
                condition=Q(is_void=False) | Q(kind="corrected"),
                name="only_corrections_are_void",
                violation_error_message=_("Only a correction can say that an entry never held."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.person} · {self.scheme}"


class WorkLimit(AppendOnlyModel):
    """What somebody does not do although they hold a qualification, in words; the last word about a scheme holds.

    A later one replaces it, renewals keep it, an empty one lifts it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="work_limits")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="work_limits")
    text = models.CharField(_("limits in words"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    # Made by the form; a second post of the same form says it once.
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("limit of a qualification")
        verbose_name_plural = _("limits of qualifications")
        ordering = ["recorded_at", "pk"]
        indexes = [models.Index(fields=["person", "scheme", "recorded_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="limit_has_a_reason",
                violation_error_message=_("Give the reason for the limit or for lifting it."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("set_by")),
                name="nobody_limits_oneself",
                violation_error_message=_("Nobody sets or lifts their own limit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.scheme} · {self.text}"
