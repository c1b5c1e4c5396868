"""Placing orders on PostgreSQL, beside pgbench running the statements that the program ran."""

import contextlib

from bench import pattern, pgbench, placing, shelf
from bench.bench import Bench
from bench.outcome import Outcome, alternate, at_least
from bench.statements import Statement, from_postgres_log, transactions
from rig import preload
from rig.installation import Installation
from rig.postgres import Cluster

CLIENTS = 32
SLOW_CLIENTS = 64
SLOW_SYNC_MILLISECONDS = 5
_SAMPLES = 3


class Reference:
    """pgbench on a copy of the shop, with the program's statements."""

    def __init__(self, bench: Bench, cluster: Cluster, database: str, script: pgbench.Script, first: int):
        self.bench = bench
        self.cluster = cluster
        self.database = database
        self.script = script
        self.next = first

    def run(self, clients: int, seconds: float) -> float:
        """Transactions a second. Fails unless each was a new order."""
        before = self._orders()
        rate, count = pgbench.run(
            self.cluster, self.database, self.script, self.bench.folder, clients, seconds, self.next)
        made = self._orders() - before
        completed = int(self.cluster.sql(
            self.database, "SELECT COUNT(*) FROM checkouts WHERE status = 'completed'")[0][0])
        if made != count or completed != before + made:
            raise RuntimeError(f"pgbench ran {count} transactions, but made {made} orders of {completed} checkouts")
        highest = int(self.cluster.sql(self.database, "SELECT MAX(number) FROM orders")[0][0])
        self.next = highest - 1_000_000 + 1
        return rate

    def best(self, seconds: float) -> tuple[int, dict[int, float]]:
        """The number of clients with which it does most, and what each number did."""
        rates = {clients: self.run(clients, seconds) for clients in (4, 8, 16, 32)}
        return max(rates, key=rates.__getitem__), rates

    def _orders(self) -> int:
        return int(self.cluster.sql(self.database, "SELECT COUNT(*) FROM orders")[0][0])


def measure(bench: Bench, _engine: str) -> list[Outcome]:
    """At the disk's own speed, and with slowed flushes."""
    with contextlib.ExitStack() as stack:
        cluster = bench.cluster()
        stack.callback(cluster.stop)
        installation = stack.enter_context(bench.install("postgres", cluster))
        made = placing.stock(installation)
        count = round(placing.MOST_PER_SECOND * (bench.seconds * (bench.rounds * 2 + 1) + 8)) + 2 * placing.WARM_UP
        bench.say(f"{count:,} checkouts are prepared")
        shelf.prepare(installation, made, count)
        script = captured_script(bench, installation)
        cluster.create_database("reference", installation.database)
        reference = Reference(bench, cluster, "reference", script, _SAMPLES + 1)
        cluster.sql("reference", "VACUUM ANALYZE")
        buyers = placing.Buyers(bench, installation, installation.serve(), _SAMPLES + 1, count)
        outcomes = [_fast(bench, buyers, reference)]
        installation.stop()
        cluster.restart(preload.slow_sync(bench.folder, SLOW_SYNC_MILLISECONDS))
        buyers.server = installation.serve()
        return [*outcomes, _slow(bench, buyers, reference)]


def captured_script(bench: Bench, installation: Installation) -> pgbench.Script:
    """Places a few orders with every statement logged, and makes a script of what was logged."""
    cluster = installation.cluster
    cluster.create_database("captured", installation.database)
    cluster.sql("captured", "ALTER DATABASE captured SET log_statement = 'all'")
    with bench.install("postgres", cluster, "captured") as captured, captured.serve() as server:
        with installation.shop.buyer(server.port) as buyer:
            for number in range(1, _SAMPLES + 1):
                path, key = shelf.Prepared(number).request
                buyer.expect(201, "POST", path, shelf.PLACING, key)
    cluster.drop_database("captured")
    sessions = from_postgres_log(cluster.log())
    found = [_placing_of(shelf.Prepared(number), sessions) for number in range(1, _SAMPLES + 1)]
    if len({tuple(statement.sql for statement in statements) for statements in found}) != 1:
        raise pattern.PatternError("the orders were not placed by the same statements")
    specs = pattern.infer([
        pattern.Sample(
            [value for statement in statements for value in statement.values],
            shelf.Prepared(number).known, [shelf.Prepared(number).request[1]])
        for number, statements in enumerate(found, 1)])
    script = pgbench.script(found[0], specs, shelf.KNOWN, shelf.PREAMBLE)
    (bench.folder / "placing.sql").write_text(script.text)
    return script


def _fast(bench: Bench, buyers: placing.Buyers, reference: Reference) -> Outcome:
    buyers.place(CLIENTS, 2, placing.WARM_UP)
    clients, rates = reference.best(2)
    bench.say("pgbench: " + ", ".join(f"{count} clients {rate:,.0f}/s" for count, rate in rates.items()))
    seen = []

    def program(_round: int) -> float:
        seen.append(buyers.place(CLIENTS, bench.seconds))
        return seen[-1].per_second

    ours, theirs = alternate(bench.rounds, program, lambda _round: reference.run(clients, bench.seconds))
    return at_least(
        0.5, f"placing, {CLIENTS} clients, one store", "postgres", "orders/s", ours, theirs,
        f"pgbench, the same {_count(reference)} statements, prepared, {clients} clients (its best of 4, 8, 16, 32)",
        [f"latency of the last round: p50 {seen[-1].p50:.1f} ms, p95 {seen[-1].p95:.1f} ms, p99 {seen[-1].p99:.1f} ms",
         "pgbench by clients: " + ", ".join(f"{count}: {rate:,.0f}/s" for count, rate in rates.items())])


def _slow(bench: Bench, buyers: placing.Buyers, reference: Reference) -> Outcome:
    buyers.place(SLOW_CLIENTS, 2, placing.WARM_UP)
    ours, theirs = alternate(
        max(3, bench.rounds - 2), lambda _round: buyers.place(SLOW_CLIENTS, bench.seconds).per_second,
        lambda _round: reference.run(1, bench.seconds))
    # What the database itself manages here when the flushes are shared: the rest is for the processors to say.
    shared = reference.run(SLOW_CLIENTS, bench.seconds)
    return at_least(
        10, f"placing, {SLOW_CLIENTS} clients, one store, flushes {SLOW_SYNC_MILLISECONDS} ms slower", "postgres",
        "orders/s", ours, theirs, "one commit per order: pgbench, the same statements, 1 client",
        [f"pgbench, the same statements, {SLOW_CLIENTS} clients: {shared:,.0f}/s"])


def _placing_of(prepared: shelf.Prepared, sessions: dict[str, list[Statement]]) -> list[Statement]:
    checkout = str(prepared.checkout)
    for statements in sessions.values():
        for transaction in transactions(statements):
            if any(checkout in statement.values for statement in transaction):
                return transaction
    raise RuntimeError("the log does not show how the order was placed")


def _count(reference: Reference) -> int:
    return reference.script.text.count(";\n")

