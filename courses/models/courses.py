"""Courses: several modules taught one after another."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from courses.enums import Level
from courses.models.modules import TrainingModule
from portal.enums import Audience


class Course(ClusterableModel):
    """A bundle of modules in order; one books seats in sessions of its modules."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("summary"), blank=True)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices, default=Level.BASIC)
    owner = models.ForeignKey(
        "portal.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="courses_owned",
        verbose_name=_("looked after by"),
    )
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.STAFF)
    is_active = models.BooleanField(_("on offer"), default=True)

    # Rows that are part of the record in the audit log.
    audited_rows = ("parts",)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=Level.values, audience__in=Audience.values),
                name="course_level_and_audience_known",
                violation_error_message=_("Choose a level and an audience that are offered."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:course", args=[self.code])


class CourseModule(Orderable):
    """One module of a course."""

    course = ParentalKey(Course, on_delete=models.CASCADE, related_name="parts")
    module = models.ForeignKey(
        TrainingModule, on_delete=models.PROTECT, related_name="course_parts", verbose_name=_("module")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("module of a course")
        verbose_name_plural = _("modules of courses")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "module"],
                name="module_once_a_course",
                violation_error_message=_("A course has each module once."),
            )
        ]

    def __str__(self) -> str:
        return str(self.module)
