"""What the figures were measured on."""

import os
import platform
import re
import sqlite3
import statistics
import subprocess
import time
from pathlib import Path

from rig import postgres


def describe(program: Path, folder: Path) -> dict:
    """The machine and the versions of everything that takes part."""
    return {
        "cores": os.cpu_count(),
        "cpu": _cpu_model(),
        "memory_megabytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_048_576,
        "kernel": platform.release(),
        "load_average": round(os.getloadavg()[0], 2),
        "fdatasync_microseconds": round(fdatasync_microseconds(folder)),
        "program": _first_line([str(program), "--version"]),
        "postgresql": _first_line([str(postgres.PROGRAMS / "postgres"), "--version"]),
        "sqlite": sqlite3.sqlite_version,
        "wrk": _wrk_version(),
        "python": platform.python_version(),
    }


def fdatasync_microseconds(folder: Path, times: int = 200) -> float:
    """What it costs to get 4 KiB onto the disk, the median."""
    path = folder / "fdatasync"
    samples = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(times):
            file.write(b"\0" * 4096)
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            samples.append(time.perf_counter() - started)
    path.unlink()
    return statistics.median(samples) * 1e6


def _cpu_model() -> str:
    match = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return match.group(1) if match else platform.machine()


def _first_line(command: list[str]) -> str:
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except OSError:
        return "absent"
    return (result.stdout or result.stderr).strip().split("\n")[0] or "unknown"


def _wrk_version() -> str:
    # It has no option for its version and prints it with the usage.
    line = _first_line(["wrk", "-v"])
    return line.split(" [")[0].removeprefix("wrk ") if line.startswith("wrk") else line
