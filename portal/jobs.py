"""Regular jobs: one registry, one row a job, and timekeepers of whom any number may look at the same clock.

Apps register what must happen regularly from ``AppConfig.ready()``. Every task worker keeps time and puts a job into
the task queue when it is due; ``manage.py run_jobs`` runs what is due without a queue. A conditional UPDATE of the
job's row decides who takes it, so it is run once however many hosts look. What was missed is run once, not as often as
it was missed; a job that fails is tried again at its next time.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections, transaction
from django.utils import timezone
from django_tasks import task

from portal.models import JobState

logger = logging.getLogger(__name__)

#: Seconds between two looks of a timekeeper.
LOOK_EVERY = 5.0


@dataclass(frozen=True, slots=True)
class Job:
    """What is run, and either how often or at which time of the day in the portal's time zone."""

    name: str
    run: Callable[[], object]
    every: dt.timedelta | None = None
    daily_at: dt.time | None = None

    def next_after(self, moment: dt.datetime) -> dt.datetime:
        """Return when the job is due after a run at ``moment``."""
        if self.daily_at is None:
            assert self.every is not None
            return moment + self.every
        zone = timezone.get_default_timezone()
        day = moment.astimezone(zone).date()
        today = dt.datetime.combine(day, self.daily_at, zone)
        return today if today > moment else dt.datetime.combine(day + dt.timedelta(days=1), self.daily_at, zone)

    @property
    def late_after(self) -> dt.timedelta:
        """How long the job may go without having succeeded before that is worth saying."""
        return dt.timedelta(days=2) if self.every is None else max(10 * self.every, dt.timedelta(minutes=10))


_jobs: dict[str, Job] = {}


def register_job(
    name: str, run: Callable[[], object], *, every: dt.timedelta | None = None, daily_at: dt.time | None = None
) -> None:
    """Have ``run`` called regularly by some task worker; call this from ``AppConfig.ready``.

    Args:
        name: names the job's row and its log lines.
        run: must do no harm when run twice, or when killed and run again.
        every: time from one run to the next; the first is at once.
        daily_at: time of the day, in the portal's time zone; give this or ``every``.

    Raises:
        ValueError: both times were given, or none.
    """
    if (every is None) == (daily_at is None):
        raise ValueError(f"Job {name}: say either every or daily_at.")
    _jobs[name] = Job(name, run, every, daily_at)


def jobs() -> dict[str, Job]:
    """Return the registered jobs by name."""
    return dict(_jobs)


def enter_jobs(**kwargs: object) -> None:
    """Give every registered job its row (after every migrate, and before every look at the clock)."""
    missing = _jobs.keys() - set(JobState.objects.values_list("name", flat=True))
    now = timezone.now()
    JobState.objects.bulk_create(
        (JobState(name=name, due_at=now if _jobs[name].every else _jobs[name].next_after(now)) for name in missing),
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
    return {name: _run(_jobs[name], now) for name in _due(now) if _take(name, now)}


def late_jobs() -> list[str]:
    """Return the names of the jobs that have not succeeded for too long (daily ones: two days)."""
    now = timezone.now()
    return [
        state.name
        for state in JobState.objects.filter(name__in=_jobs)
        if (state.succeeded_at or state.created_at) < now - _jobs[state.name].late_after
    ]


def keep_time(stopping: threading.Event) -> None:
    """Queue what is due, every few seconds, until told to stop; a thread of its own in every task worker.

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
    return name in _jobs and _run(_jobs[name], dt.datetime.fromisoformat(taken_at))


def _due(now: dt.datetime) -> list[str]:
    return list(JobState.objects.due(now).filter(name__in=_jobs).values_list("name", flat=True))


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
        raise  # A worker told to end at once: the job does not run any more.
    now = timezone.now()
    mine.update(finished_at=now, succeeded_at=now, error="")
    return True
