"""Jobs from enqueuing to done, in batches."""

import json
import os
import subprocess

from bench.bench import Bench
from bench.outcome import Outcome, median

_JOBS = 50_000
_LEAST_PER_SECOND = 5_000


def measure(bench: Bench, engine: str) -> list[Outcome]:
    """One process enqueues and works at the same time."""
    rates, notes = [], []
    with bench.cluster_for(engine) as cluster:
        for number in range(max(3, bench.rounds - 2)):
            installation = bench.install(engine, cluster, f"jobs{number}")
            if cluster:
                cluster.create_database(installation.database)
            seen = _run(bench, installation.program.database_url)
            rates.append(seen["jobs"] / seen["seconds"])
            notes.append(f"{seen['jobs']:,} jobs in {seen['seconds']:.2f} s, enqueued within {seen['enqueued']:.2f} s")
            installation.remove()
    return [Outcome(
        "jobs, from enqueuing to done", engine, round(median(rates)), "jobs/s",
        f"at least {_LEAST_PER_SECOND:,} a second", median(rates) >= _LEAST_PER_SECOND, samples={"jobs/s": rates},
        notes=["transactional jobs, enqueued 500 to a transaction while they are worked on, one process", *notes])]


def _run(bench: Bench, url: str) -> dict:
    result = subprocess.run(
        [str(bench.reference_program), "jobs", url, str(_JOBS)], capture_output=True, text=True, check=False,
        timeout=300, env={**os.environ, "SHIPSHAPE_DATABASE_URL": url})
    if result.returncode != 0:
        raise RuntimeError(f"bench-reference jobs failed: {result.stderr[-2000:]}")
    return json.loads(result.stdout.strip().split("\n")[-1])
