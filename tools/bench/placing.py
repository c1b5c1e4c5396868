"""Placing orders: what its measurements share."""

from bench import load, shelf
from bench.bench import Bench
from rig.installation import Installation
from rig.program import Server

# No machine places more orders a second than this; so many checkouts are prepared.
MOST_PER_SECOND = 9000
WARM_UP = 500


class Buyers:
    """Places one prepared checkout after another against a running server."""

    def __init__(self, bench: Bench, installation: Installation, server: Server, first: int, count: int):
        """Checkouts `first` up to `count` are free to be placed."""
        self.bench = bench
        self.installation = installation
        self.server = server
        self.next = first
        self.count = count

    def place(self, connections: int, seconds: float, most: int | None = None) -> load.Load:
        """Places orders for so long. Fails unless the database holds one new order for each answer."""
        last = min(self.count, self.next + (most or round(MOST_PER_SECOND * seconds)))
        requests = [shelf.Prepared(number).request for number in range(self.next, last + 1)]
        before = self.orders()
        seen = load.post_each(
            self.server.address, requests, shelf.PLACING, self.installation.shop.publishable, self.bench.folder,
            connections,
            seconds)
        made = self.orders() - before
        # What was under way when the time was over is an order too, and nobody waited for its answer.
        if not seen.requests <= made + 2 or made > seen.requests + connections:
            raise load.LoadError(f"{seen.requests} answers, but {made} orders")
        self.next = last + 1
        return seen

    def orders(self) -> int:
        """How many orders the database holds."""
        return self.installation.number("SELECT COUNT(*) FROM orders")


def stock(installation: Installation, currency: str = "GBP") -> dict:
    """Makes a shop with a full shelf; returns a checkout to copy. Nothing runs afterwards."""
    shop = installation.create(currency)
    with installation.program.serve() as server:
        shelf.fill(installation, shop, server.port)
        made = shelf.template(installation, shop, server.port)
    return made
