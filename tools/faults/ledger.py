"""What buyers and staff were told, to be compared with what the program keeps."""

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Line:
    """A line of an order."""

    variant: str
    quantity: int
    fulfilled: int = 0


@dataclass
class Order:
    """An order as it was acknowledged."""

    id: str
    checkout: str
    lines: dict[str, Line]
    is_canceled: bool = False
    deliveries: int = 0

    @property
    def states(self) -> dict[str, str]:
        """What the order's status lines have to be. It stays open: nobody has collected the cash."""
        delivered = sum(line.fulfilled for line in self.lines.values())
        ordered = sum(line.quantity for line in self.lines.values())
        return {
            "status": "canceled" if self.is_canceled else "open",
            "payment_status": "voided" if self.is_canceled else "pending",
            "fulfillment_status": "unfulfilled" if delivered == 0 else
            "fulfilled" if delivered == ordered else "partially_fulfilled",
        }


@dataclass
class Ledger:
    """Everything acknowledged so far. Several threads write it."""

    orders: dict[str, Order] = field(default_factory=dict)
    by_checkout: dict[str, str] = field(default_factory=dict)
    counts: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        """Counts something that happened."""
        with self._lock:
            self.counts[what] += 1

    def fault(self, text: str) -> None:
        """Notes something that must not happen."""
        with self._lock:
            self.faults.append(text)

    def place(self, checkout: str, answer: dict) -> Order:
        """Notes an acknowledged order; a second one for the same checkout is a fault."""
        order = Order(answer["id"], checkout, {
            line["id"]: Line(line["variant_id"], line["quantity"]) for line in answer["lines"]})
        with self._lock:
            first = self.by_checkout.setdefault(checkout, order.id)
            if first != order.id:
                self.faults.append(f"one checkout became two orders: {first} and {order.id}")
            if order.id in self.orders:
                self.faults.append(f"the order {order.id} was acknowledged for two checkouts")
            self.orders[order.id] = order
            self.counts["orders"] += 1
        return order

    def held(self, variant: str) -> tuple[int, int]:
        """Units of a variant that have to be reserved, and units that have left the house."""
        reserved = gone = 0
        for order in self.orders.values():
            for line in order.lines.values():
                if line.variant == variant:
                    gone += line.fulfilled
                    reserved += 0 if order.is_canceled else line.quantity - line.fulfilled
        return reserved, gone
