"""Tasks whose worker was killed: begun again where that does no harm, otherwise ended as failed, with the reason.

Every worker writes down every few seconds that it lives. A task that is running with a worker that has not been seen
for :data:`LEASE` is lost; any other worker finds it.
"""

import datetime as dt
import logging
import threading
from typing import Any

from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from portal.models import WorkerBeat
from portal.registry.tasks import retry_of

logger = logging.getLogger(__name__)

#: Seconds between two beats of a worker.
BEAT_EVERY = 5.0
#: After this time without a beat a worker is thought dead; longer than a busy database keeps a writer waiting.
LEASE = dt.timedelta(seconds=60)
#: What stands in the task's record when it is given up.
LOST = "portal.operations.lost_tasks.WorkerLost"


class WorkerLost(Exception):
    """The worker that ran a task was killed, or its machine went down."""


def beat(worker_id: str) -> None:
    """Write down that the worker lives."""
    WorkerBeat.objects.update_or_create(worker_id=worker_id, defaults={"seen_at": timezone.now()})


def keep_beating(worker_id: str, stopping: threading.Event) -> None:
    """Beat until stopped, and look for tasks of workers that do not; runs in a thread of every task worker."""
    while True:
        try:
            beat(worker_id)
            reap_lost_tasks()
        except DatabaseError:
            logger.warning("The worker could not write down that it lives", exc_info=True)
        close_old_connections()
        if stopping.wait(BEAT_EVERY):
            WorkerBeat.objects.filter(worker_id=worker_id).delete()
            close_old_connections()
            return


def reap_lost_tasks() -> int:
    """Begin lost tasks again or end them as failed; return how many were found."""
    now = timezone.now()
    alive = set(WorkerBeat.objects.filter(seen_at__gt=now - LEASE).values_list("worker_id", flat=True))
    running = DBTaskResult.objects.running().filter(started_at__lte=now - LEASE)
    lost = [task.pk for task in running.only("pk", "worker_ids") if not alive & set(task.worker_ids[-1:])]
    for pk in lost:
        _reap(pk, alive, now)
    WorkerBeat.objects.filter(seen_at__lt=now - 10 * LEASE).delete()
    return len(lost)


@transaction.atomic
def _reap(pk: Any, alive: set[str], now: dt.datetime) -> None:
    """Decide what becomes of one task; locked, so that two workers that look at once decide once."""
    task = DBTaskResult.objects.select_for_update().running().filter(pk=pk, started_at__lte=now - LEASE).first()
    if task is None or alive & set(task.worker_ids[-1:]):
        return
    retry = retry_of(task.task_path)
    if len(task.worker_ids) < retry.at_most:
        logger.warning("Task %s (%s) lost its worker and is begun again", task.pk, task.task_path)
        task.status, task.started_at = TaskResultStatus.READY, None
        task.save(update_fields=["status", "started_at"])
        return
    logger.error("Task %s (%s) lost its worker and is given up", task.pk, task.task_path)
    task.status, task.finished_at = TaskResultStatus.FAILED, now
    task.exception_class_path = LOST
    task.traceback = f"{LOST}: worker {task.worker_ids[-1] if task.worker_ids else '?'} was not seen for {LEASE}."
    task.save(update_fields=["status", "finished_at", "exception_class_path", "traceback"])
    if retry.given_up is not None:
        retry.given_up(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
