"""Registry of background tasks that may be run again after the worker that ran them was killed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a task may be begun, and what is done when it is given up.

    Args:
        at_most: how often it is begun, the first time included.
        given_up: called with the task's arguments when it was lost for the last time.
    """

    at_most: int
    given_up: Callable[..., object] | None = None


_retries: dict[str, Retry] = {}


def register_retry(task: Any, *, at_most: int = 3, given_up: Callable[..., object] | None = None) -> None:
    """Have ``task`` run again when its worker was killed; it must do no harm when run twice.

    A task that is not registered is run once: lost, it ends as failed.
    """
    _retries[task.module_path] = Retry(at_most, given_up)


def retry_of(task_path: str) -> Retry:
    """Return how often the task of this path may be begun."""
    return _retries.get(task_path, Retry(at_most=1))
