"""Synonyms that editors maintain, and records of searches."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_SEPARATORS = re.compile(r"[,，、;；\n\r]+")


class SynonymKind(models.TextChoices):
    """Direction of a synonym."""

    EQUAL = "equal", _("All mean the same")
    ONE_WAY = "one_way", _("The first also means the others")


class SynonymGroup(models.Model):
    """Words with the same meaning in this trade: 冰箱、冰柜、雪柜."""

    words = models.TextField(
        _("words"), help_text=_("Separated by commas or one a line, for example: 冰箱、冰柜、雪柜")
    )
    kind = models.CharField(_("direction"), max_length=8, choices=SynonymKind, default=SynonymKind.EQUAL)
    field = models.CharField(_("field"), max_length=20, blank=True, help_text=_("For your own order, e.g. 冷冻."))
    note = models.CharField(_("note"), max_length=120, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["field", "words"]
        constraints = [models.UniqueConstraint(fields=["words"], name="synonym_words_once")]

    def __str__(self) -> str:
        return "、".join(self.terms)

    @property
    def terms(self) -> list[str]:
        """The single words, without repeats."""
        return list(dict.fromkeys(word.strip() for word in _SEPARATORS.split(self.words) if word.strip()))

    def clean(self) -> None:
        """Refuse a group of fewer than two words and normalise the words."""
        if len(self.terms) < 2:
            raise ValidationError({"words": _("Give at least two words that mean the same.")})
        self.words = "、".join(self.terms)


class StarterList(models.Model):
    """A starter list of words that was loaded; it is never loaded again, whatever editors did to its groups."""

    name = models.CharField(max_length=40, unique=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class SearchChannel(models.TextChoices):
    """Where a search came from."""

    PAGE = "page", pgettext_lazy("search channel", "Page")
    NO_SCRIPT = "no_script", _("Page without scripts")
    API = "api", _("Program (API)")


class SearchRecord(models.Model):
    """One search as it was used, or several alike of programs, without a trace of who made it.

    Kept for `SEARCH_LOG_DAYS` days; see `portal.search.analytics.usage`.
    """

    token = models.CharField(max_length=36, unique=True, editable=False)
    query = models.CharField(_("query"), max_length=120)
    folded = models.CharField(max_length=120, db_index=True, editable=False)
    channel = models.CharField(_("channel"), max_length=9, choices=SearchChannel, default=SearchChannel.PAGE)
    times = models.PositiveIntegerField(_("times"), default=1)
    total = models.PositiveIntegerField(_("results"))
    is_relaxed = models.BooleanField(_("answered with fewer words"), default=False)
    is_filtered = models.BooleanField(_("narrowed down"), default=False)
    searched_at = models.DateTimeField(_("searched"), auto_now_add=True, db_index=True)
    clicked_ref = models.CharField(_("opened"), max_length=60, blank=True)
    clicked_place = models.PositiveSmallIntegerField(_("place opened"), null=True, blank=True)
    is_solved = models.BooleanField(_("solved"), null=True, blank=True)
    case_ref = models.CharField(_("led to case"), max_length=60, blank=True)
    reformulates = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reformulations",
        verbose_name=_("asked again after"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        ordering = ["-searched_at"]

    def __str__(self) -> str:
        return self.query
