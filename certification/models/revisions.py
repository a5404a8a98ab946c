"""Readings that holders of a qualification owe after a manual was revised, and their confirmations."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.models.schemes import Scheme
from portal.models import AppendOnlyModel


class ReadingDue(AppendOnlyModel):
    """Somebody who held a qualification when a verdict was given must read the edition; known from that moment."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="readings_due")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="readings_due")
    verdict = models.ForeignKey("kb.EditionVerdict", on_delete=models.PROTECT, related_name="readings_due")
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        verbose_name = _("reading due")
        verbose_name_plural = _("readings due")
        ordering = ["-recorded_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "scheme", "verdict"], name="reading_due_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.verdict}"


class ManualReading(AppendOnlyModel):
    """Somebody's word that they have read an edition which a scheme asks for, whoever holds it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="manuals_read")
    edition = models.ForeignKey("kb.ManualEdition", on_delete=models.PROTECT, related_name="readings")
    confirmed_at = models.DateTimeField(_("confirmed at"), default=timezone.now)
    # Made by the form; the same edition may be read again in a later round, the same form confirms once.
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("manual read")
        verbose_name_plural = _("manuals read")
        ordering = ["-confirmed_at", "-pk"]
        indexes = [models.Index(fields=["person", "edition"])]

    def __str__(self) -> str:
        return f"{self.person} · {self.edition}"


class ReadingConfirmation(AppendOnlyModel):
    """Somebody's word that they have read an edition."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="readings_confirmed")
    verdict = models.ForeignKey("kb.EditionVerdict", on_delete=models.PROTECT, related_name="readings_confirmed")
    confirmed_at = models.DateTimeField(_("confirmed at"), default=timezone.now)

    class Meta:
        verbose_name = _("confirmed reading")
        verbose_name_plural = _("confirmed readings")
        ordering = ["-confirmed_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "verdict"], name="reading_confirmed_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.verdict}"


class ChangedChapter(AppendOnlyModel):
    """A chapter that says something else since an edition: questions that cite it make the short quiz of the verdict.

    The same chapter of later editions is added when they are published, so that the quiz can be drawn as long as
    somebody owes it.
    """

    verdict = models.ForeignKey("kb.EditionVerdict", on_delete=models.PROTECT, related_name="changed_chapters")
    chapter = models.ForeignKey("kb.ManualChapter", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("changed chapter")
        verbose_name_plural = _("changed chapters")
        ordering = ["verdict", "pk"]
        constraints = [models.UniqueConstraint(fields=["verdict", "chapter"], name="chapter_changed_once")]

    def __str__(self) -> str:
        return f"{self.verdict} · {self.chapter}"
