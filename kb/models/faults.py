"""Fault articles: a fault as a structured record, so that safety stands first and causes stay with their remedies."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, RevisionMixin
from wagtail.search import index

from kb.enums import Basis, Recovery, Severity, Verification, Where
from portal.enums import Audience, ServiceStage


class FaultArticle(DraftStateMixin, LockableMixin, RevisionMixin, index.Indexed, ClusterableModel):
    """What to do about one fault of one family of machines (or one disease of one species)."""

    number = models.CharField(
        _("article number"),
        max_length=30,
        unique=True,
        help_text=_("For example RF-FROST; printed and cited."),
    )
    title = models.CharField(_("title"), max_length=160)
    symptom = models.CharField(_("symptom"), max_length=300)
    category = models.ForeignKey(
        "portal.EquipmentCategory",
        on_delete=models.PROTECT,
        related_name="faults",
        verbose_name=_("category"),
    )
    equipment = ParentalManyToManyField(
        "portal.EquipmentModel", blank=True, related_name="faults", verbose_name=_("equipment models")
    )
    brand = models.CharField(_("brand"), max_length=60, blank=True)
    family = models.CharField(_("model family"), max_length=120, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.STOP)
    stage = models.CharField(
        _("service stage"), max_length=12, choices=ServiceStage.choices, default=ServiceStage.AFTER_SALES
    )
    audience = models.CharField(
        _("audience"), max_length=12, choices=Audience.choices, default=Audience.STAFF
    )
    display_where = models.CharField(_("where the code is shown"), max_length=200, blank=True)
    judgement = models.TextField(_("how the machine judges it"), blank=True)
    recovery = models.CharField(
        _("recovery"), max_length=10, choices=Recovery.choices, default=Recovery.UNKNOWN
    )
    is_phone_doable = models.BooleanField(_("first checks can be done by phone"), default=False)
    who_may_do = models.CharField(_("who may do it"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(_("expected minutes"), null=True, blank=True)
    chapter = models.ForeignKey(
        "kb.ManualChapter",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="faults",
        verbose_name=_("manual chapter"),
    )
    verification = models.CharField(
        _("verification"), max_length=14, choices=Verification.choices, default=Verification.SECONDARY
    )
    note = models.TextField(_("note"), blank=True)
    review_due = models.DateField(_("review due"), null=True, blank=True)

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("symptom"),
        index.SearchField("number"),
        index.SearchField("brand"),
        index.SearchField("family"),
        index.RelatedFields("codes", [index.SearchField("code", boost=3)]),
        index.RelatedFields("aliases", [index.SearchField("text")]),
        index.RelatedFields("pairs", [index.SearchField("cause"), index.SearchField("check_text")]),
        index.AutocompleteField("title"),
        index.AutocompleteField("number"),
        index.FilterField("audience"),
        index.FilterField("severity"),
        index.FilterField("category_id"),
        index.FilterField("live"),
        index.FilterField("number"),
    ]

    class Meta:
        verbose_name = _("fault article")
        verbose_name_plural = _("fault articles")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("kb:fault", args=[self.number])


class FaultCode(Orderable):
    """A code as the machine displays it: case kept, because E6 and e6 are different faults."""

    article = ParentalKey(FaultArticle, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(_("code as displayed"), max_length=40)
    # Category, brand and family of the article, copied on save so that the database can hold the rule that a family
    # shows a code for one fault only.
    scope = models.CharField(max_length=210, editable=False, default="")

    class Meta(Orderable.Meta):
        verbose_name = _("fault code")
        verbose_name_plural = _("fault codes")
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "code"],
                name="fault_code_once_a_family",
                violation_error_message=_("Another article of this brand and family already has this code."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: object, **kwargs: object) -> None:
        article = self.article
        self.scope = "|".join((str(article.category_id), article.brand, article.family))
        super().save(*args, **kwargs)


class FaultAlias(Orderable):
    """What people say when they have this fault."""

    article = ParentalKey(FaultArticle, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(_("what people say"), max_length=120)

    class Meta(Orderable.Meta):
        verbose_name = _("other words")
        verbose_name_plural = _("other words")

    def __str__(self) -> str:
        return self.text


class SafetyNote(Orderable):
    """A warning that stands before everything else."""

    article = ParentalKey(FaultArticle, on_delete=models.CASCADE, related_name="safety_notes")
    text = models.CharField(_("warning"), max_length=300)
    basis = models.CharField(_("basis"), max_length=8, choices=Basis.choices, default=Basis.DOMAIN)

    class Meta(Orderable.Meta):
        verbose_name = _("safety note")
        verbose_name_plural = _("safety notes")

    def __str__(self) -> str:
        return self.text


class CausePair(Orderable):
    """A cause with the check that finds it and the remedy that cures it; likeliest first."""

    article = ParentalKey(FaultArticle, on_delete=models.CASCADE, related_name="pairs")
    cause = models.CharField(_("possible cause"), max_length=300, blank=True)
    check_text = models.TextField(_("check"), blank=True)
    remedy = models.TextField(_("remedy"), blank=True)
    where = models.CharField(_("where"), max_length=5, choices=Where.choices, default=Where.SITE)
    part = models.CharField(_("part"), max_length=80, blank=True)
    basis = models.CharField(_("basis"), max_length=8, choices=Basis.choices, default=Basis.DOMAIN)

    class Meta(Orderable.Meta):
        verbose_name = _("cause, check, remedy")
        verbose_name_plural = _("causes, checks, remedies")

    def __str__(self) -> str:
        return self.cause or self.check_text


class ToolNeeded(Orderable):
    """A tool or a part to bring."""

    article = ParentalKey(FaultArticle, on_delete=models.CASCADE, related_name="tools")
    name = models.CharField(_("tool or part"), max_length=80)
    is_part = models.BooleanField(_("spare part"), default=False)

    class Meta(Orderable.Meta):
        verbose_name = _("tool or part")
        verbose_name_plural = _("tools and parts")

    def __str__(self) -> str:
        return self.name


class FaultSource(Orderable):
    """Where the facts come from and how far the source can be relied on."""

    article = ParentalKey(FaultArticle, on_delete=models.CASCADE, related_name="sources")
    key = models.CharField(_("key"), max_length=40)
    address = models.CharField(_("address"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=120, blank=True)
    reliability = models.CharField(_("reliability"), max_length=160, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.key
