"""Pauses before a process that died is started again."""

import time

#: Seconds before the first restart; each one that comes soon after the last waits twice as long.
FIRST = 0.5
LONGEST = 60.0
#: Seconds a process lived after which its death is the first again.
LIVED_LONG = 60.0


class Pauses:
    """How long to wait before starting something again: at once if it lived, ever longer if it keeps dying."""

    def __init__(self) -> None:
        self._next = FIRST
        self.started()

    def started(self) -> None:
        """Note that it runs since now."""
        self._since = time.monotonic()

    def after_death(self) -> float:
        """Return the seconds to wait now that it has died."""
        if time.monotonic() - self._since > LIVED_LONG:
            self._next = FIRST
        pause, self._next = self._next, min(self._next * 2, LONGEST)
        return pause
