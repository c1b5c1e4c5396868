"""From a clean clone to green tests."""

import subprocess
import time
from pathlib import Path

from bench.bench import Bench
from bench.outcome import Outcome

_MOST_MINUTES = 25


def measure(bench: Bench, _engine: str) -> list[Outcome]:
    """Clones the repository as it is committed and runs its tests."""
    source = Path(__file__).resolve().parents[2]
    target = bench.folder / "clone"
    started = time.monotonic()
    subprocess.run(["git", "clone", "--quiet", str(source), str(target)], check=True)
    log = bench.folder / "clone.log"
    with open(log, "wb") as output:
        result = subprocess.run(
            [target / "bin" / "test"], cwd=target, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            check=False, timeout=3600)
    minutes = (time.monotonic() - started) / 60
    notes = [] if result.returncode == 0 else log.read_text(errors="replace").strip().split("\n")[-15:]
    return [Outcome(
        "a clean clone to bin/test green", "both", round(minutes, 1), "min", f"at most {_MOST_MINUTES} min",
        result.returncode == 0 and minutes <= _MOST_MINUTES, notes=notes)]
