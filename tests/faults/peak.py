"""The most memory that a command held, or a process that it started: ``python -m faults.peak COMMAND...``; bytes, last line."""

from __future__ import annotations

import sys
from pathlib import Path

from minutes_archive.cli import main


def peak() -> int:
    """Bytes: of this process, or of the largest that it started and waited for, where the system tells of those."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415

        from minutes_archive.bounded import limits  # noqa: PLC0415

        counters = limits._Counters(cb=ctypes.sizeof(limits._Counters))
        limits._kernel.K32GetProcessMemoryInfo(limits._kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
        return int(counters.peak_working_set)
    import resource  # noqa: PLC0415

    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if sys.platform == "darwin":
        return max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, children)
    # Linux counts in ``ru_maxrss`` what the process that started this one held at that moment.
    own = next(line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmHWM:"))
    return max(int(own.split()[1]), children) * 1024


if __name__ == "__main__":
    status: object = 0
    try:
        main(sys.argv[1:])
    except SystemExit as ended:
        status = ended.code
    from minutes_archive.bounded import shared_reader

    shared_reader().close()
    print(f"\n{peak()}")
    sys.exit(status if isinstance(status, int) else 1)
