"""The limits of this process: how much memory it may hold, and how much of a processor's time one page may take.

The system itself stops what goes beyond them where it can: memory on Linux, time on Linux and macOS. Elsewhere a thread
looks, now and then; what it can't see in time, the clock of the process that asks does.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

# How a process ends that is over a limit: statuses that neither Python nor a signal gives.
OUT_OF_MEMORY = 77
_OUT_OF_TIME = 78
_SECONDS_BETWEEN_LOOKS = 0.02


def is_out_of_time(status: int) -> bool:
    """Whether a process ended with ``status`` because its time was over."""
    return status in {_OUT_OF_TIME, _SIGNAL}


class Watch:
    """Holds this process to ``memory`` bytes from now on; to be made once, when all that it needs at rest is loaded."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._end: float | None = None
        # The thread comes first: its stack is not to be part of what the system counts.
        threading.Thread(target=self._watch, name="limits", daemon=True).start()
        _refuse_beyond(memory)

    def give(self, seconds: float) -> None:
        """End this process after so many ``seconds`` of processor time."""
        if not _end_after(seconds):
            self._end = time.process_time() + seconds

    def take_back(self) -> None:
        """Let what comes now take its time."""
        _end_after(0)
        self._end = None

    def _watch(self) -> None:
        while held() <= self._memory:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
            end = self._end
            if end is not None and time.process_time() > end:
                os._exit(_OUT_OF_TIME)
        os._exit(OUT_OF_MEMORY)


if sys.platform == "win32":
    import ctypes

    _SIGNAL = _OUT_OF_TIME

    class _Counters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS_EX."""

        _fields_ = (
            ("cb", ctypes.c_uint32), ("page_faults", ctypes.c_uint32), ("peak_working_set", ctypes.c_size_t),
            ("working_set", ctypes.c_size_t), ("peak_paged_pool", ctypes.c_size_t), ("paged_pool", ctypes.c_size_t),
            ("peak_nonpaged_pool", ctypes.c_size_t), ("nonpaged_pool", ctypes.c_size_t), ("pagefile", ctypes.c_size_t),
            ("peak_pagefile", ctypes.c_size_t), ("private", ctypes.c_size_t),
        )

    _kernel = ctypes.WinDLL("kernel32")
    _kernel.GetCurrentProcess.restype = ctypes.c_void_p
    _kernel.K32GetProcessMemoryInfo.argtypes = (ctypes.c_void_p, ctypes.POINTER(_Counters), ctypes.c_uint32)

    def held() -> int:
        """Bytes of memory that the process holds; 0 where the system does not tell."""
        counters = _Counters(cb=ctypes.sizeof(_Counters))
        told = _kernel.K32GetProcessMemoryInfo(_kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
        return int(counters.private) if told else 0

    def _refuse_beyond(memory: int) -> None:
        """Windows bounds only the processes of a job: here the watch must do."""

    def _end_after(seconds: float) -> bool:
        """Windows has no such timer: here the watch must do."""
        return False

else:
    import resource

    _SIGNAL = -signal.SIGPROF
    _STATM = Path("/proc/self/statm")

    def held() -> int:
        """Bytes of memory that the process holds; the most that it ever held where the system tells only that."""
        if _STATM.exists():
            return int(_STATM.read_text().split()[1]) * resource.getpagesize()
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024

    def _refuse_beyond(memory: int) -> None:
        if not _STATM.exists():
            return
        # The system bounds addresses, of which a process has more than memory: those that it has at rest are added.
        at_rest = int(_STATM.read_text().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = at_rest + memory
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))

    def _end_after(seconds: float) -> bool:
        """Have the system end this process after ``seconds`` of its time, even inside a library's call; 0: never."""
        signal.setitimer(signal.ITIMER_PROF, seconds)
        return True
