"""Topics of training as an organisation lists them: manual chapters, modules and questions meet on them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kb.enums import TopicKind


class Topic(models.Model):
    """One entry of the reusable list; records name it by its code, which therefore stays."""

    code = models.CharField(
        _("code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9-]*\Z", _("Letters, digits and hyphens only."))],
        help_text=_("Stays once the topic is in use."),
    )
    name = models.CharField(_("name"), max_length=80, unique=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    kind = models.CharField(
        _("kind of topic"),
        max_length=12,
        choices=TopicKind.choices,
        default=TopicKind.GENERAL,
        help_text=_("A module should cover faults and maintenance; the coverage page names those that do not."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    # Records name a topic by its code, which the index of references would take for a key.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""),
                name="topic_has_code_and_name",
                violation_error_message=_("A topic has a code and a name."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TopicKind.values),
                name="topic_kind_known",
                violation_error_message=_("Choose one of the kinds offered."),
            ),
        ]

    def __str__(self) -> str:
        is_english = (get_language() or "").startswith("en")
        return self.name_en if is_english and self.name_en else self.name

    def clean(self) -> None:
        """Keep the code records know it by."""
        super().clean()
        stored = type(self).objects.filter(pk=self.pk).values_list("code", flat=True).first() if self.pk else None
        if stored is not None and stored != self.code:
            raise ValidationError({"code": _("The code stays: chapters, modules and questions know the topic by it.")})


def topic_key(**options: Any) -> "models.ForeignKey[Topic, Topic]":
    """Return a field that names a topic by its code."""
    return models.ForeignKey(
        Topic, to_field="code", db_column="topic", null=True, blank=True, related_name="+", **options
    )
