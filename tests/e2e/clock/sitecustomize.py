"""Loaded by every Python process of a portal that is to live on another day; see ``tests.servers.portal``.

Only what Python tells of the time of day is moved; durations and sleeping stay real.
"""

import datetime as dt
import os

import time_machine

now = dt.datetime.now(dt.UTC)
time_machine.travel(now + dt.timedelta(seconds=float(os.environ["CLOCK_SHIFT_SECONDS"])), tick=True).start()
