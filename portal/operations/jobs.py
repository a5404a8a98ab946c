"""Schedule and run the regular jobs: one row per job, so that any number of workers may keep time."""

import datetime as dt
import logging
import threading

from django.db import close_old_connections, transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task

from portal.models import JobState
from portal.registry.jobs import Job, jobs

#: What stands in the state of a job whose worker was killed.
WORKER_LOST = "WorkerLost"

logger = logging.getLogger(__name__)

#: Seconds between two looks of a timekeeper.
LOOK_EVERY = 5.0


def enter_jobs(**kwargs: object) -> None:
    """Give every registered job its row (after every migrate, and before every look at the clock)."""
    known = jobs()
    missing = known.keys() - set(JobState.objects.values_list("name", flat=True))
    now = timezone.now()
    JobState.objects.bulk_create(
        (JobState(name=name, due_at=now if known[name].every else known[name].next_after(now)) for name in missing),
        ignore_conflicts=True,
    )


def queue_due() -> list[str]:
    """Put every job that is due into the task queue and return their names."""
    enter_jobs()
    now = timezone.now()
    queued = []
    for name in _due(now):
        # The queue lies in the same database: a job is both taken and queued, or neither.
        with transaction.atomic():
            if _take(name, now):
                run_job.enqueue(name, now.isoformat())
                queued.append(name)
    return queued


def run_due() -> dict[str, bool]:
    """Run every job that is due here and now; return by name whether it succeeded."""
    enter_jobs()
    now = timezone.now()
    known = jobs()
    return {name: _run(known[name], now) for name in _due(now) if _take(name, now)}


def late_jobs() -> list[str]:
    """Return the names of the jobs that have not succeeded for too long (daily ones: two days)."""
    now = timezone.now()
    known = jobs()
    return [
        state.name
        for state in JobState.objects.filter(name__in=known)
        if (state.succeeded_at or state.created_at) < now - known[state.name].late_after
    ]


def keep_time(stopping: threading.Event) -> None:
    """Queue due jobs every few seconds until stopped; runs in its own thread of every task worker.

    While that fails, each kind of error is logged once; one line says when it goes on.
    """
    told: set[type[Exception]] = set()
    while True:
        try:
            queue_due()
        except Exception as error:
            if type(error) not in told:
                logger.exception("The regular jobs could not be looked at")
            told.add(type(error))
        else:
            if told:
                logger.warning("The regular jobs are looked at again")
            told.clear()
        close_old_connections()
        if stopping.wait(LOOK_EVERY):
            return


# Before what people queued: these are short, and search waits for some of them.
@task(priority=10)
def run_job(name: str, taken_at: str) -> bool:
    """Run a job taken at that moment (ISO 8601); return whether it ran and succeeded."""
    job = jobs().get(name)
    return job is not None and _run(job, dt.datetime.fromisoformat(taken_at))


def release_job(name: str, taken_at: str) -> None:
    """Let a job whose worker was killed run again: at once, but at its next time when it was lost before.

    A job that kills its worker each time would otherwise do nothing else.
    """
    now = timezone.now()
    state = JobState.objects.filter(name=name)
    state.filter(queued_at=dt.datetime.fromisoformat(taken_at)).update(queued_at=None)
    running = state.filter(started_at__isnull=False).filter(Q(finished_at=None) | Q(finished_at__lt=F("started_at")))
    again = running.exclude(error=WORKER_LOST).values_list("pk", flat=True)
    for pk in list(again):
        JobState.objects.filter(pk=pk).update(due_at=now)
    running.update(finished_at=now, error=WORKER_LOST)


def _due(now: dt.datetime) -> list[str]:
    return list(JobState.objects.due(now).filter(name__in=jobs()).values_list("name", flat=True))


def _take(name: str, now: dt.datetime) -> bool:
    return bool(JobState.objects.due(now).filter(name=name).update(queued_at=now))


def _run(job: Job, taken_at: dt.datetime) -> bool:
    state, now = JobState.objects.filter(name=job.name), timezone.now()
    # One that was thought lost and taken again is left to whoever took it last.
    if not state.filter(queued_at=taken_at).update(queued_at=None, started_at=now, due_at=job.next_after(now)):
        return False
    mine = state.filter(started_at=now)
    try:
        job.run()
    except BaseException as error:
        logger.exception("Regular job %s failed", job.name)
        mine.update(finished_at=timezone.now(), error=repr(error))
        if isinstance(error, Exception):
            return False
        raise  # The worker is being terminated: the job no longer runs.
    now = timezone.now()
    mine.update(finished_at=now, succeeded_at=now, error="")
    return True
