"""What an order and a page of orders cost with a thousand and with a million orders in the shop."""

import contextlib
import shutil
from pathlib import Path

from bench import history, load, placing, shelf
from bench.bench import Bench
from bench.outcome import Outcome, alternate, median
from rig.installation import Installation
from rig.processes import wait_until

SMALL, LARGE = 1_000, 1_000_000
CLIENTS = 32
_MOST = 1.3


def measure(bench: Bench, engine: str) -> list[Outcome]:
    """Two shops side by side, alike but for their past."""
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(bench.cluster_for(engine))
        small = stack.enter_context(bench.install(engine, cluster, "small"))
        count = round(placing.MOST_PER_SECOND * bench.seconds * (bench.rounds + 1)) + placing.WARM_UP
        made = placing.stock(small)
        shelf.prepare(small, made, count)
        orders = _delivered(small)
        large = _copy(bench, small)
        for installation, size in ((small, SMALL), (large, LARGE)):
            bench.say(f"{size:,} orders are made up")
            history.add(installation, orders, size)
        sides = [_Side(bench, small, count), _Side(bench, large, count)]
        try:
            return [_placing(bench, sides), _page(bench, sides)]
        finally:
            for side in sides:
                side.installation.stop()


class _Side:
    """One of the two shops; its server runs only while it is measured."""

    def __init__(self, bench: Bench, installation: Installation, count: int):
        self.bench = bench
        self.installation = installation
        self.next, self.count = history.SAMPLES + 1, count

    def place(self) -> float:
        """Orders a second."""
        with self.installation.program.serve() as server:
            buyers = placing.Buyers(self.bench, self.installation, server, self.next, self.count)
            buyers.place(CLIENTS, 1, 200)
            rate = buyers.place(CLIENTS, self.bench.seconds).per_second
            self.next = buyers.next
        return rate

    def page(self) -> float:
        """First pages of orders a second."""
        shop = self.installation.shop
        with self.installation.program.serve() as server:
            url = f"{server.address}/api/v1/orders?limit=20"
            headers = {"Authorization": f"Bearer {shop.secret}"}
            load.get(url, headers, self.bench.folder, CLIENTS, 1)
            return load.get(url, headers, self.bench.folder, CLIENTS, self.bench.seconds).per_second


def _placing(bench: Bench, sides: list[_Side]) -> Outcome:
    return _compared(bench, sides, "placing", "orders/s", _Side.place)


def _page(bench: Bench, sides: list[_Side]) -> Outcome:
    return _compared(bench, sides, "the first page of orders", "pages/s", _Side.page)


def _compared(bench: Bench, sides: list[_Side], what: str, unit: str, run) -> Outcome:
    small, large = alternate(bench.rounds, *(lambda _, side=side: run(side) for side in sides))
    ratio = median(small) / median(large)
    return Outcome(
        f"{what} with {LARGE:,} orders in the shop", sides[0].installation.engine, median(large), unit,
        f"at most {_MOST} x the cost with {SMALL:,}", ratio <= _MOST, median(small), f"with {SMALL:,} orders",
        round(ratio, 3), {f"with {SMALL:,}": small, f"with {LARGE:,}": large})


def _delivered(installation: Installation) -> list[dict]:
    """A few orders that went all the way, to be copied; their jobs are done."""
    shop = installation.shop
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(installation.program.serve())
        if installation.engine == "postgres":
            stack.enter_context(installation.program.work())
        buyer, staff = (stack.enter_context(caller(server.port)) for caller in (shop.buyer, shop.staff))
        orders = []
        for number in range(1, history.SAMPLES + 1):
            path, key = shelf.Prepared(number).request
            order = buyer.expect(201, "POST", path, shelf.PLACING, key)["order"]
            staff.expect(201, "POST", f"/api/v1/orders/{order['id']}/fulfillments", {"tracking_number": "RM1"})
            orders.append(staff.expect(200, "GET", f"/api/v1/orders/{order['id']}"))
        owed = "SELECT COUNT(*) FROM jobs WHERE state = 'active' AND store_id IS NOT NULL"
        unplaced = "SELECT (SELECT COUNT(*) FROM events) - (SELECT COUNT(*) FROM event_positions)"
        if not wait_until(lambda: installation.number(owed) == installation.number(unplaced) == 0, 30):
            raise RuntimeError("the jobs of the sample orders were not done within 30 s")
    return orders


def _copy(bench: Bench, small: Installation) -> Installation:
    large = bench.install(small.engine, small.cluster, "large")
    large.shop = small.shop
    if small.engine == "postgres":
        small.cluster.create_database("large", small.database)
    else:
        for suffix in ("", "-wal"):
            if Path(f"{small.sqlite_file}{suffix}").exists():
                shutil.copyfile(f"{small.sqlite_file}{suffix}", f"{large.sqlite_file}{suffix}")
    return large
