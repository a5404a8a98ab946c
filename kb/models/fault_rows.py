"""The rows of a fault article: codes, warnings, causes with remedies, sources."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.fields import StreamField
from wagtail.models import Orderable

from kb.enums import Basis, Where
from kb.models.pictures import PictureBlock
from kb.validators import Shortfall, code_clash
from portal.search.analysis import bare_code


class FaultCode(Orderable):
    """A code as the machine displays it: case kept, because E6 and e6 are different faults."""

    article = ParentalKey("kb.FaultArticle", on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(
        _("code as displayed"), max_length=40, help_text=_("Exactly as shown, with its case: E6 is not e6.")
    )
    # Category, brand and family of the article, copied on save so that the database can hold the rule that a family
    # shows a code for one fault only.
    scope = models.CharField(max_length=210, editable=False, default="")
    # The code as it may be misread (E06, e6, E6 alike): finds the codes to warn of, never merges them.
    folded = models.CharField(max_length=40, editable=False, default="", db_index=True)

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.code = self.code.strip()
        self.scope = self.article.code_scope
        self.folded = bare_code(self.code)
        super().save(*args, **kwargs)


def clashes(scope: str, codes: list[str], article_pk: int | None) -> list[Shortfall]:
    """Return the codes another article of the same category, brand and family already has.

    Args:
        scope: ``FaultArticle.code_scope``.
        codes: codes as displayed.
        article_pk: the article that is allowed to have them.
    """
    taken = FaultCode.objects.filter(scope=scope, code__in=codes).exclude(article_id=article_pk)
    return [
        code_clash(row.code, row.article.number, row.article.title)
        for row in taken.select_related("article").order_by("code")
    ]


class SafetyNote(Orderable):
    """A warning, shown before everything else."""

    article = ParentalKey("kb.FaultArticle", on_delete=models.CASCADE, related_name="safety_notes")
    text = models.CharField(_("warning"), max_length=300)
    basis = models.CharField(_("basis"), max_length=8, choices=Basis.choices, default=Basis.DOMAIN)

    class Meta(Orderable.Meta):
        verbose_name = _("safety note")
        verbose_name_plural = _("safety notes")

    def __str__(self) -> str:
        return self.text


class CausePair(Orderable):
    """A cause with the check that finds it and the remedy that cures it; likeliest first.

    Without a cause it is a check made before looking for causes; with neither cause nor check, a thing to do last.
    """

    article = ParentalKey("kb.FaultArticle", on_delete=models.CASCADE, related_name="pairs")
    cause = models.CharField(
        _("possible cause"),
        max_length=300,
        blank=True,
        help_text=_("Empty for a check that is always made first, or for what is done at the end."),
    )
    check_text = models.TextField(_("check"), blank=True)
    remedy = models.TextField(_("remedy"), blank=True)
    where = models.CharField(_("where"), max_length=5, choices=Where.choices, default=Where.SITE)
    part = models.CharField(_("part"), max_length=80, blank=True)
    basis = models.CharField(_("basis"), max_length=8, choices=Basis.choices, default=Basis.DOMAIN)
    dose = models.CharField(
        _("dose"), max_length=200, blank=True, help_text=_("Of a medicine: how much, how often, for how long.")
    )
    withdrawal = models.CharField(
        _("withdrawal period"), max_length=120, blank=True, help_text=_("Before slaughter, milking or laying.")
    )
    pictures = StreamField(PictureBlock(), blank=True, verbose_name=_("pictures"))

    class Meta(Orderable.Meta):
        verbose_name = _("cause, check, remedy")
        verbose_name_plural = _("causes, checks, remedies")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(cause="", check_text="", remedy=""),
                name="cause_pair_says_something",
                violation_error_message=_("Fill in a cause, a check or a remedy."),
            ),
        ]

    def __str__(self) -> str:
        return self.cause or self.check_text or self.remedy

    def clean(self) -> None:
        super().clean()
        if not (self.cause or self.check_text or self.remedy):
            raise ValidationError(_("Write a cause, a check or a remedy."))


class FaultRelation(Orderable):
    """Another article worth reading beside this one; shown on both, with the sign that tells the two apart."""

    article = ParentalKey("kb.FaultArticle", on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(
        "kb.FaultArticle", on_delete=models.CASCADE, related_name="related_from", verbose_name=_("related article")
    )
    sign = models.CharField(
        _("how to tell them apart"), max_length=300, blank=True, help_text=_("Read on both articles; may be empty.")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("related article")
        verbose_name_plural = _("related articles")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "other"],
                name="fault_related_once",
                violation_error_message=_("This article is related already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(article=models.F("other")),
                name="fault_related_to_another",
                violation_error_message=_("An article is not related to itself."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.other)


class FaultSource(Orderable):
    """Where the facts come from and how far the source can be relied on."""

    article = ParentalKey("kb.FaultArticle", on_delete=models.CASCADE, related_name="sources")
    key = models.CharField(_("short name"), max_length=40)
    address = models.CharField(_("address"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=120, blank=True)
    reliability = models.CharField(_("reliability"), max_length=160, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.key
