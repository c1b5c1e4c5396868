"""Placing orders on SQLite, beside a plain loop that runs the statements that the program ran."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bench import load, placing, shelf, sqlite_loop
from bench.bench import Bench
from bench.outcome import Outcome, alternate, at_least, median
from bench.statements import Statement, from_sqlite_trace
from rig import preload
from rig.installation import Installation

CLIENTS = 32
SLOW_CLIENTS = 64
SLOW_SYNC_MILLISECONDS = 5
# Orders of the trace, and so of each round of the loop.
_TRACED = 12_000
# With one slow commit per order, that many take seconds.
_TRACED_SINGLY = 600


@dataclass
class Trace:
    """What the program's writing connection ran while it placed orders."""

    opening: list[Statement]
    placing: list[Statement]

    @property
    def orders(self) -> int:
        """Orders placed."""
        return sum(map(sqlite_loop.is_order, self.placing))

    @property
    def commits(self) -> int:
        """Commits that the orders took."""
        return sum(statement.verb == "COMMIT" for statement in self.placing)


def measure(bench: Bench, _engine: str) -> list[Outcome]:
    """At the disk's own speed, and with slowed flushes."""
    with bench.install("sqlite") as installation:
        made = placing.stock(installation)
        count = max(_TRACED, round(placing.MOST_PER_SECOND * bench.seconds) + placing.WARM_UP)
        bench.say(f"{count:,} checkouts are prepared")
        shelf.prepare(installation, made, count)
        snapshot = installation.sqlite_file.with_suffix(".snapshot")
        shutil.copyfile(installation.sqlite_file, snapshot)
        trace = _traced(bench, installation, CLIENTS)
        rounds = Rounds(bench, installation, snapshot, count)
        return [_fast(rounds, trace), _slow(rounds, trace)]


class Rounds:
    """The rounds of the program and of the plain loop, each on a fresh copy of the database."""

    def __init__(self, bench: Bench, installation: Installation, snapshot: Path, count: int):
        self.bench = bench
        self.installation = installation
        self.snapshot = snapshot
        self.count = count

    def program(self, clients: int, slow: dict[str, str]) -> load.Load:
        """What the program did."""
        _renew(self.installation.sqlite_file, self.snapshot)
        with self.installation.program.serve(slow) as server:
            buyers = placing.Buyers(self.bench, self.installation, server, 1, self.count)
            buyers.place(clients, 2, placing.WARM_UP)
            return buyers.place(clients, self.bench.seconds)

    def loop(self, opening: list[Statement], timed: list[Statement], name: str, slow: dict[str, str]) -> float:
        """Orders a second of the plain loop."""
        database, plan = self.bench.folder / "loop.sqlite", self.bench.folder / f"{name}.plan"
        if not plan.exists():
            # The program checkpoints by a call that no trace shows; the loop does it as often, by SQLite's own means.
            settings = [*opening, Statement("PRAGMA wal_autocheckpoint = 1000")]
            sqlite_loop.write_plan(plan, [*settings, *timed], len(settings))
        _renew(database, self.snapshot)
        orders = sum(map(sqlite_loop.is_order, timed))
        return orders / sqlite_loop.run(database, plan, self.bench.folder, {**os.environ, **slow})


def _fast(rounds: Rounds, trace: Trace) -> Outcome:
    seen = []

    def program(_round: int) -> float:
        seen.append(rounds.program(CLIENTS, {}))
        return seen[-1].per_second

    alone = sqlite_loop.only_orders(trace.placing)
    ours, all_statements, orders_only = alternate(
        rounds.bench.rounds, program, lambda _round: rounds.loop(trace.opening, trace.placing, "all", {}),
        lambda _round: rounds.loop(trace.opening, alone, "orders", {}))
    outcome = at_least(
        0.5, f"placing, {CLIENTS} clients, one store", "sqlite", "orders/s", ours, all_statements,
        "a plain loop without HTTP, the same statements in the same batches")
    outcome.samples["reference without the jobs' statements"] = orders_only
    outcome.notes += [
        f"beside the loop without the statements of the jobs that run meanwhile: ratio "
        f"{median(ours) / median(orders_only):.2f}",
        f"the batches: {trace.orders / trace.commits:.1f} orders per commit, "
        f"{len(trace.placing) / trace.orders:.1f} statements per order",
        f"latency of the last round: p50 {seen[-1].p50:.1f} ms, p95 {seen[-1].p95:.1f} ms, p99 {seen[-1].p99:.1f} ms",
    ]
    return outcome


def _slow(rounds: Rounds, trace: Trace) -> Outcome:
    slow = preload.slow_sync(rounds.bench.folder, SLOW_SYNC_MILLISECONDS)
    singly = _first_orders(sqlite_loop.one_commit_each(sqlite_loop.only_orders(trace.placing)), _TRACED_SINGLY)
    ours, theirs = alternate(
        max(3, rounds.bench.rounds - 2), lambda _round: rounds.program(SLOW_CLIENTS, slow).per_second,
        lambda _round: rounds.loop(trace.opening, singly, "singly", slow))
    return at_least(
        10, f"placing, {SLOW_CLIENTS} clients, one store, flushes {SLOW_SYNC_MILLISECONDS} ms slower", "sqlite",
        "orders/s", ours, theirs, "one commit per order: the plain loop, the same statements")


def _traced(bench: Bench, installation: Installation, connections: int) -> Trace:
    """Places orders with every statement written down."""
    trace = bench.folder / "trace"
    with installation.program.serve(preload.sql_trace(bench.folder, trace)) as server:
        placing.Buyers(bench, installation, server, 1, _TRACED).place(connections, 120, _TRACED)
    statements = max(
        from_sqlite_trace(trace).values(), key=lambda statements: sum(map(sqlite_loop.is_order, statements)))
    begin, end = sqlite_loop.placing_part(statements)
    return Trace(statements[:begin], statements[begin:end])


def _first_orders(statements: list[Statement], count: int) -> list[Statement]:
    """The transactions up to the one with the `count`-th order."""
    found = 0
    for index, statement in enumerate(statements):
        found += sqlite_loop.is_order(statement)
        if found >= count and statement.verb == "COMMIT":
            return statements[:index + 1]
    return statements


def _renew(database: Path, snapshot: Path) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(snapshot, database)
