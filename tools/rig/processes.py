"""Processes: their descendants, their memory, their end."""

import os
import signal
import subprocess
import time
from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes below a process, however deep."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, open_ends = [], [pid]
    while open_ends:
        below = parents.get(open_ends.pop(), [])
        found += below
        open_ends += below
    return found


def kill(pid: int) -> None:
    """Ends a process at once, as `kill -9` does; does nothing when it is gone."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def stop(process: subprocess.Popen, within_seconds: float = 35) -> int:
    """Asks a process to end, and kills it when it does not. Returns its exit status."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(within_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def resident_megabytes(pid: int) -> float:
    """The memory a process holds now (RSS)."""
    return _status(pid, "VmRSS")


def peak_megabytes(pid: int) -> float:
    """The most memory a process ever held (RSS)."""
    return _status(pid, "VmHWM")


def _status(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} has no {field}")


def wait_until(condition, within_seconds: float, every_seconds: float = 0.05) -> bool:
    """Asks again and again; False when the condition has not come true in time."""
    deadline = time.monotonic() + within_seconds
    while True:
        if condition():
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(every_seconds)
