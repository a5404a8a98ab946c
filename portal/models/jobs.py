"""State of the regular jobs: last run, result, next run."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

#: How long a job may wait in the queue before it is thought lost, with the worker that took it, and queued again.
LOST_AFTER = dt.timedelta(minutes=15)
#: How long a job may run before it is thought lost, with the worker that ran it; longer than any rebuild takes.
RUNS_AT_MOST = dt.timedelta(hours=2)


class JobStateQuerySet(models.QuerySet["JobState"]):
    """Jobs by what is left to do with them."""

    def due(self, moment: dt.datetime) -> "JobStateQuerySet":
        """Return the jobs to be run at ``moment``: their time has come, nobody has queued or runs them."""
        unfinished = Q(finished_at=None) | Q(finished_at__lt=F("started_at"))
        running = Q(started_at__gt=moment - RUNS_AT_MOST) & unfinished
        return self.filter(due_at__lte=moment).exclude(queued_at__gt=moment - LOST_AFTER).exclude(running)


class JobState(models.Model):
    """A regular job of ``portal.registry.jobs``. The worker that updates the row runs the job, on any host."""

    name = models.CharField(_("name"), max_length=64, primary_key=True)
    created_at = models.DateTimeField(_("known since"), auto_now_add=True)
    due_at = models.DateTimeField(_("next run"))
    queued_at = models.DateTimeField(_("queued"), null=True, blank=True)
    started_at = models.DateTimeField(_("last started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("last finished"), null=True, blank=True)
    succeeded_at = models.DateTimeField(_("last succeeded"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    objects = JobStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("regular job")
        verbose_name_plural = _("regular jobs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
