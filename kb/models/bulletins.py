"""Bulletins and regulations: for some machines or all, for some time or always, read and confirmed by each person."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.search import index

from kb.enums import BulletinKind
from kb.models.blocks import NoticeBlock
from kb.models.published import PublishedRecord
from kb.serials import in_range
from kb.validators import Shortfall, article_number_validator, edition_validator
from portal.enums import Audience, Role
from portal.models import AppendOnlyModel


class Bulletin(PublishedRecord):
    """A notice or a rule, in editions; publishing a new edition asks its readers anew."""

    number = models.CharField(
        _("number"),
        max_length=30,
        unique=True,
        validators=[article_number_validator],
        help_text=_("For example TB-2026-03; part of the address."),
    )
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=BulletinKind.choices, default=BulletinKind.SERVICE)
    edition = models.CharField(
        _("edition"),
        max_length=20,
        default="A/0",
        validators=[edition_validator],
        help_text=_("A new one asks everybody to read again; for a slip of the pen leave it as it is."),
    )
    summary = models.CharField(_("summary"), max_length=300, help_text=_("What is to be done, in one sentence."))
    body = StreamField(NoticeBlock(), blank=True, verbose_name=_("text"))
    aliases = models.TextField(_("what people say"), blank=True, help_text=_("Other words, one a line. Searched."))
    tools = models.TextField(_("tools"), blank=True, help_text=_("One a line."))
    category = models.ForeignKey(
        "portal.EquipmentCategory",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bulletins",
        verbose_name=_("category"),
        help_text=_("Empty for a regulation that is about no equipment."),
    )
    equipment = ParentalManyToManyField(
        "portal.EquipmentModel",
        blank=True,
        related_name="bulletins",
        verbose_name=_("equipment models"),
        help_text=_("None when it holds for the whole category."),
    )
    serial_from = models.CharField(_("from serial number"), max_length=60, blank=True)
    serial_to = models.CharField(_("to serial number"), max_length=60, blank=True)
    valid_from = models.DateField(_("in force from"), default=timezone.localdate)
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.STAFF)
    read_by = models.DateField(
        _("to be confirmed by"),
        null=True,
        blank=True,
        help_text=_(
            "The day until which each reader confirms this edition; empty when nobody has to. "
            "Once an edition is issued, its day stands."
        ),
    )
    reader_roles = models.JSONField(_("roles that confirm"), default=list, blank=True)
    places = ParentalManyToManyField(
        "portal.Organisation",
        blank=True,
        related_name="+",
        verbose_name=_("places that confirm"),
        help_text=_("With what stands below them; none means the whole network."),
    )
    note = models.TextField(_("note for editors"), blank=True, help_text=_("Not shown to readers."))
    review_due = models.DateField(_("review due"), null=True, blank=True)

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("number"),
        index.SearchField("summary"),
        index.AutocompleteField("title"),
        index.AutocompleteField("number"),
        index.FilterField("kind"),
        index.FilterField("audience"),
        index.FilterField("live"),
        index.FilterField("number"),
    ]

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering = ["-valid_from", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=BulletinKind.values),
                name="bulletin_kind_known",
                violation_error_message=_("Choose one of the kinds offered."),
            ),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values),
                name="bulletin_audience_known",
                violation_error_message=_("Choose one of the audiences offered."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="bulletin_ends_after_it_begins",
                violation_error_message=_("The last day in force is not before the first one."),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("kb:bulletin", args=[self.number])

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "kb/bulletins/bulletin.html"

    @property
    def is_dangerous(self) -> bool:
        """Whether it is a safety notice or warns of danger."""
        warned = any(block.block_type == "safety" and block.value["level"] == "danger" for block in self.body)
        return warned or self.kind in (BulletinKind.SAFETY, BulletinKind.RECALL)

    @property
    def role_labels(self) -> list[str]:
        """Roles that confirm, as people read them."""
        return [str(Role(role).label) for role in self.reader_roles if role in Role.values]

    @property
    def is_in_force(self) -> bool:
        """Whether it holds today."""
        today = timezone.localdate()
        return self.valid_from <= today and (self.valid_until is None or today <= self.valid_until)

    def is_about_serial(self, serial: str) -> bool:
        """Whether a machine of its models is meant, by its serial number."""
        return in_range(serial, self.serial_from, self.serial_to)

    def shortfalls(self) -> list[Shortfall]:
        """Return what keeps this version from being published."""
        found = []
        if not self.body:
            found.append(Shortfall("text_missing", _("Write what is to be done."), "body"))
        issued = BulletinIssue.objects.filter(bulletin=self.pk, edition=self.edition).only("read_by").first()
        if issued is not None and issued.read_by != self.read_by:
            message = _("Edition %(edition)s was issued with another day to confirm; a new day needs a new edition.")
            found.append(Shortfall("read_by_issued", message % {"edition": self.edition}, "read_by"))
        if self.read_by and issued is None and self.read_by < timezone.localdate():
            message = _("The day until which it is to be confirmed is over; give readers time.")
            found.append(Shortfall("read_by_over", message, "read_by"))
        return found


class BulletinIssue(AppendOnlyModel):
    """An edition of a bulletin as it was published: what readers confirm, and until when."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="issues")
    edition = models.CharField(_("edition"), max_length=20)
    content = models.JSONField(encoder=DjangoJSONEncoder, help_text="The revision as it was published.")
    read_by = models.DateField(_("to be confirmed by"), null=True, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)

    class Meta:
        verbose_name = _("issued edition of a bulletin")
        verbose_name_plural = _("issued editions of bulletins")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "edition"],
                name="bulletin_edition_once",
                violation_error_message=_("This edition was issued already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin} {self.edition}"


class BulletinConfirmation(AppendOnlyModel):
    """A person's word that they have read an edition."""

    issue = models.ForeignKey(BulletinIssue, on_delete=models.PROTECT, related_name="confirmations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("confirmed at"), default=timezone.now)

    class Meta:
        verbose_name = _("confirmation of a bulletin")
        verbose_name_plural = _("confirmations of bulletins")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["issue", "person"], name="bulletin_confirmed_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.issue}"


class BulletinReminder(AppendOnlyModel):
    """That somebody was reminded of an edition, so that it happens once."""

    issue = models.ForeignKey(BulletinIssue, on_delete=models.PROTECT, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("reminded at"), default=timezone.now)

    class Meta:
        verbose_name = _("reminder of a bulletin")
        verbose_name_plural = _("reminders of bulletins")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["issue", "person"], name="bulletin_reminded_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.issue}"
