"""Two settings of a Linux process (prctl); elsewhere they do nothing."""

import ctypes
import signal
import sys

# linux/prctl.h
PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15


def end_with_parent() -> None:
    """Have this process sent SIGTERM when its parent dies, even by SIGKILL."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def set_process_name(name: str) -> None:
    """Set the name that ``ps -o comm`` and ``top`` show, at most 15 characters."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode()[:15], 0, 0, 0)
