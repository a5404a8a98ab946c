"""Training modules of equipment categories: topics, qualified trainers, duration in minutes."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, PreviewableMixin, RevisionMixin
from wagtail.search import index

from courses.enums import Level, Policy
from kb.models.topics import topic_key
from portal.enums import Audience, Task
from portal.registry.contexts import context_of


class TrainingModule(PreviewableMixin, DraftStateMixin, LockableMixin, RevisionMixin, index.Indexed, ClusterableModel):
    """One row of a training plan as a reusable course: covering content, trainers, hours, place, audience."""

    code = models.SlugField(_("module code"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("summary"), blank=True)
    category = models.ForeignKey(
        "portal.EquipmentCategory",
        on_delete=models.PROTECT,
        related_name="modules",
        verbose_name=_("category"),
    )
    equipment = ParentalManyToManyField(
        "portal.EquipmentModel", blank=True, related_name="modules", verbose_name=_("equipment models")
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1)], help_text=_("60 is one hour (小时).")
    )
    level = models.CharField(_("level"), max_length=12, choices=Level.choices, default=Level.BASIC)
    place = models.CharField(_("training place"), max_length=120, blank=True)
    for_whom = models.CharField(_("trainees"), max_length=160, blank=True)
    trainers = ParentalManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="modules_taught",
        verbose_name=_("qualified trainers"),
    )
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.STAFF)
    edition = models.CharField(_("edition"), max_length=10, blank=True, help_text=_("For example A/1."))
    owner = models.ForeignKey(
        "portal.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="modules_owned",
        verbose_name=_("looked after by"),
    )
    materials = ParentalManyToManyField(
        "portal.PortalDocument", blank=True, related_name="+", verbose_name=_("materials")
    )
    prerequisites = ParentalManyToManyField(
        "self",
        blank=True,
        symmetrical=False,
        related_name="opens",
        verbose_name=_("prerequisites"),
        help_text=_("Modules to be credited in full before a seat in this one is booked."),
    )
    prerequisite_policy = models.CharField(
        _("without the prerequisites"), max_length=8, choices=Policy.choices, default=Policy.BLOCK
    )
    task = models.CharField(
        _("teaches the task"),
        max_length=12,
        choices=Task.choices,
        blank=True,
        help_text=_("Trainers must be allowed this task on the machines on the day they teach; empty asks nothing."),
    )
    trainer_policy = models.CharField(
        _("trainer not qualified that day"), max_length=8, choices=Policy.choices, default=Policy.WARN
    )
    is_template = models.BooleanField(
        _("template"), default=False, help_text=_("Copied for new modules, never published itself.")
    )

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("summary"),
        index.SearchField("code"),
        index.RelatedFields("topics", [index.SearchField("text")]),
        index.AutocompleteField("title"),
        index.FilterField("audience"),
        index.FilterField("category_id"),
        index.FilterField("live"),
        index.FilterField("code"),
    ]

    class Meta:
        verbose_name = _("training module")
        verbose_name_plural = _("training modules")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0),
                name="module_takes_time",
                violation_error_message=_("A training module takes at least one minute."),
            ),
            models.CheckConstraint(
                condition=models.Q(live=False) | models.Q(is_template=False),
                name="template_is_not_published",
                violation_error_message=_("A template is not published. Copy it and publish the copy."),
            ),
            models.CheckConstraint(
                condition=models.Q(prerequisite_policy__in=Policy.values, trainer_policy__in=Policy.values),
                name="module_policies_known",
                violation_error_message=_("Choose one of the policies offered."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:module", args=[self.code])

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """Return the page itself: what editors preview is what readers get."""
        return "courses/modules/module.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict:
        """Return the facts of the page without the sessions, which an unsaved draft cannot have."""
        return super().get_preview_context(request, mode_name) | context_of(self, request)


class ModuleTopic(ClusterableModel, Orderable):
    """One line of the covering content, with what to read about it: a topic of the list, or the module's own."""

    module = ParentalKey(TrainingModule, on_delete=models.CASCADE, related_name="topics")
    # Set to null where a draft names a topic that is no more: the line stays as the module's own.
    topic = topic_key(
        verbose_name=_("topic"),
        on_delete=models.SET_NULL,
        help_text=_("Empty for a topic of this module alone."),
    )
    text = models.CharField(_("as written in the plan"), max_length=160)
    chapters = ParentalManyToManyField(
        "kb.ManualChapter", blank=True, related_name="+", verbose_name=_("manual chapters")
    )
    articles = ParentalManyToManyField(
        "kb.FaultArticle", blank=True, related_name="+", verbose_name=_("fault articles")
    )
    drawings = ParentalManyToManyField("portal.PortalImage", blank=True, related_name="+", verbose_name=_("drawings"))

    class Meta(Orderable.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.text
