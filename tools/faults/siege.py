"""The siege: shoppers at work while processes are killed and started again."""

import contextlib
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench import shelf
from faults import verdict
from faults.ledger import Ledger
from faults.report import Report
from faults.shoppers import Shopper
from rig.installation import Installation
from rig.postgres import Cluster
from rig.program import Server, Worker

SHOPPERS = 8
VARIANTS = 12
ON_HAND = 1_000_000
SERVERS = 2
WORKERS = 2


class Siege:
    """One installation with its processes, and who is to be killed in it."""

    def __init__(self, program: Path, folder: Path, engine: str, rounds: int, seed: int):
        self.program = program
        self.folder = folder
        self.engine = engine
        self.rounds = rounds
        self.seed = seed
        self.random = random.Random(seed)
        self.cluster: Cluster | None = None
        self.servers: list[Server] = []
        self.workers: list[Worker] = []

    def run(self, name: str, strike: Callable[["Siege"], str], changes_orders: bool = True) -> Report:
        """Lets the shoppers in, strikes so many times, and judges. `strike` kills something and starts it again."""
        report = Report(name, self.engine, self.rounds, self.seed)
        with contextlib.ExitStack() as stack:
            if self.engine == "postgres":
                self.cluster = Cluster(self.folder / "postgres")
                stack.callback(self.cluster.stop)
                self.cluster.start()
            installation = stack.enter_context(Installation(self.program, self.engine, self.folder, self.cluster))
            shop = installation.create()
            several = self.engine == "postgres"
            self.servers = [installation.serve() for _ in range(SERVERS if several else 1)]
            self.workers = [installation.work() for _ in range(WORKERS if several else 0)]
            with shop.staff(self.servers[0].port) as staff:
                variants = [shelf.add_product(staff, f"Jar {number}", 450) for number in range(VARIANTS)]
                for variant in variants:
                    staff.expect(200, "PUT", f"/api/v1/variants/{variant}/stock", {"on_hand": ON_HAND})
            ledger = Ledger()
            shoppers = [
                Shopper(f"shopper-{number}", shop, self.servers, variants, ledger, self.seed * 100 + number,
                        changes_orders)
                for number in range(SHOPPERS)]
            self._shop_while_striking(shoppers, strike, ledger)
            report.faults = verdict.judge(installation, ledger, self.servers[0].port, variants, ON_HAND)
            report.faults["the program's own checks of its books"] = verdict.preflight(installation)
            report.counts = dict(ledger.counts)
        return report

    def _shop_while_striking(
        self, shoppers: list[Shopper], strike: Callable[["Siege"], str], ledger: Ledger
    ) -> None:
        is_over = threading.Event()
        threads = [threading.Thread(target=shopper.run, args=[is_over]) for shopper in shoppers]
        for thread in threads:
            thread.start()
        try:
            for _ in range(self.rounds):
                time.sleep(self.random.uniform(0.02, 0.5))
                ledger.count(f"kills of {strike(self)}")
                if all(not thread.is_alive() for thread in threads):
                    break
            time.sleep(0.5)
        finally:
            is_over.set()
            for thread in threads:
                thread.join()


def kill_any_process(siege: Siege) -> str:
    """A server or a worker."""
    return kill_worker(siege) if siege.workers and siege.random.random() < 0.35 else kill_server(siege)


def kill_server(siege: Siege) -> str:
    """A server, which is ready again when this returns."""
    victim = siege.random.choice(siege.servers)
    victim.kill()
    victim.start()
    return "servers"


def kill_worker(siege: Siege) -> str:
    """A worker."""
    victim = siege.random.choice(siege.workers)
    victim.kill()
    time.sleep(siege.random.uniform(0, 0.3))
    victim.start()
    return "workers"


def kill_database(siege: Siege) -> str:
    """PostgreSQL, with all its processes; it recovers when it is started again."""
    siege.cluster.kill()
    time.sleep(siege.random.uniform(0, 0.5))
    siege.cluster.start()
    time.sleep(1)
    return "PostgreSQL"
