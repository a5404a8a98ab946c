"""The task worker of `django_tasks_db`, which keeps time for the regular jobs beside its work."""

import os
import threading
from typing import Any

from django.utils.autoreload import DJANGO_AUTORELOAD_ENV
from django_tasks_db.management.commands.db_worker import Command as WorkerCommand

from portal.operations.jobs import keep_time
from portal.operations.lost_tasks import keep_beating


class Command(WorkerCommand):
    """However a worker is started, the regular jobs are seen to; with ``--batch`` it only empties the queue.

    Every worker says that it lives, so that the tasks of one that was killed are found.
    """

    help = "Work off background tasks, and queue the regular jobs when they are due."

    def handle(self, *args: Any, **options: Any) -> None:
        """Keep time in a thread of its own, so that a long task holds nobody else's jobs up, and work."""
        only_watches_files = options["reload"] and os.environ.get(DJANGO_AUTORELOAD_ENV) != "true"
        stopping = threading.Event()
        threads = []
        if not only_watches_files:
            beating = (options.get("worker_id", ""), stopping)
            threads.append(threading.Thread(target=keep_beating, args=beating, daemon=True, name="beat"))
            if not options["batch"]:
                threads.append(threading.Thread(target=keep_time, args=[stopping], daemon=True, name="timekeeper"))
        for thread in threads:
            thread.start()
        try:
            super().handle(*args, **options)
        finally:
            stopping.set()
