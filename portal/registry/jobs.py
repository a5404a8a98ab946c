"""Registry of regular jobs with their interval or time of day."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone


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
