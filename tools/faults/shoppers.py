"""Buyers and staff who go on whatever happens, and keep the ledger."""

import itertools
import random
import threading
import time
from collections.abc import Callable

from bench import shelf
from faults.ledger import Ledger, Order
from rig.api import Answer, Client, Unanswered
from rig.installation import Shop
from rig.program import Server

# How long somebody tries before the program counts as dead.
_PATIENCE_SECONDS = 90
_RETRIED = {("409", "idempotency_key.in_progress")}


class GaveUp(RuntimeError):
    """No answer for a minute and a half."""


class Shopper:
    """One client: opens checkouts, places them, and as staff delivers or cancels some of the orders."""

    def __init__(
        self, name: str, shop: Shop, servers: list[Server], variants: list[str], ledger: Ledger, seed: int,
        changes_orders: bool = True,
    ):
        self.name = name
        self.shop = shop
        self.servers = servers
        self.variants = variants
        self.ledger = ledger
        self.random = random.Random(seed)
        self.changes_orders = changes_orders
        self._clients: dict[tuple[int, bool], Client] = {}

    def run(self, is_over: threading.Event) -> None:
        """Shops until it is over; what is under way then is still brought to its end."""
        for number in itertools.count():
            if is_over.is_set():
                break
            try:
                checkout = self._open_checkout()
                if checkout is None:
                    continue
                order = self._place(checkout, f"{self.name}-{number}")
                if order and self.changes_orders:
                    self._change(order)
            except Exception as error:  # a defect of the program or of this test: either way it has to be seen
                self.ledger.fault(f"{self.name}: {error!r}")
                break
        for client in self._clients.values():
            client.close()

    def _open_checkout(self) -> str | None:
        lines = self.random.sample(self.variants, self.random.randint(1, 3))
        try:
            body = shelf.checkout_body(lines, self.random.randint(1, 3))
            answer = self._call(False, "POST", "/api/v1/checkouts", body)
        except Unanswered:
            # A checkout that nobody knows of is no loss.
            self.ledger.count("checkouts unanswered")
            time.sleep(0.02)
            return None
        if answer.status == 503:
            return None
        if answer.status != 201:
            self.ledger.fault(f"a checkout was answered with {answer}")
            return None
        return answer.body["id"]

    def _place(self, checkout: str, key: str) -> Order | None:
        path = f"/api/v1/checkouts/{checkout}/order"
        answer, tries = self._until_answered(False, "POST", path, shelf.PLACING, key)
        if tries > 1:
            self.ledger.count("placings sent again")
        if answer.status not in (200, 201):
            self.ledger.fault(f"a placing was answered with {answer}")
            return None
        order = self.ledger.place(checkout, answer.body["order"])
        if answer.headers.get("Idempotency-Replayed") == "true":
            self.ledger.count("placings that had happened unseen")
            if tries == 1:
                self.ledger.fault(f"the first answer for {order.id} was a replay")
        self._place_again(path, key, order)
        return order

    def _place_again(self, path: str, key: str, order: Order) -> None:
        """Now and then sends the same again, with the same key or another."""
        chance = self.random.random()
        if chance > 0.2:
            return
        again, _ = self._until_answered(False, "POST", path, shelf.PLACING, key if chance < 0.1 else f"{key}-again")
        expected = 201 if chance < 0.1 else 200
        if again.status != expected or again.body["order"]["id"] != order.id:
            self.ledger.fault(f"{order.id}, placed again, was answered with {again}")
        self.ledger.count("placings repeated on purpose")

    def _change(self, order: Order) -> None:
        chance = self.random.random()
        if chance < 0.25:
            self._cancel(order)
        elif chance < 0.5:
            self._deliver(order, None)
        elif chance < 0.75:
            line_id, line = self.random.choice(list(order.lines.items()))
            self._deliver(order, {line_id: self.random.randint(1, line.quantity)})

    def _cancel(self, order: Order) -> None:
        path = f"/api/v1/orders/{order.id}/cancellation"
        answer, tries = self._until_answered(True, "POST", path, {"reason": "Changed my mind", "restock": True})
        happened_unseen = tries > 1 and answer.code == "order.not_cancelable"
        if answer.status not in (200, 201) and not happened_unseen:
            self.ledger.fault(f"the cancellation of {order.id} was answered with {answer}")
            return
        order.is_canceled = True
        self.ledger.count("cancellations")

    def _deliver(self, order: Order, quantities: dict[str, int] | None) -> None:
        path = f"/api/v1/orders/{order.id}/fulfillments"
        body: dict = {"tracking_number": f"RM-{order.id[-6:]}"}
        if quantities is not None:
            body["lines"] = [{"line_id": line, "quantity": quantity} for line, quantity in quantities.items()]
        wanted = quantities or {line_id: line.quantity for line_id, line in order.lines.items()}
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                answer = self._call(True, "POST", path, body)
                if answer.status == 201:
                    break
                if answer.status != 503:
                    self.ledger.fault(f"the delivery of {order.id} was answered with {answer}")
                    return
            except Unanswered:
                self.ledger.count("deliveries unanswered")
            # A delivery has no key: look whether it happened before it is sent again. What the killed process sent to
            # PostgreSQL may still be on its way.
            time.sleep(0.5)
            if self._was_delivered(order, wanted):
                break
            if time.monotonic() > deadline:
                raise GaveUp(path)
        for line_id, quantity in wanted.items():
            order.lines[line_id].fulfilled += quantity
        order.deliveries += 1
        self.ledger.count("deliveries")

    def _was_delivered(self, order: Order, wanted: dict[str, int]) -> bool:
        answer, _ = self._until_answered(True, "GET", f"/api/v1/orders/{order.id}")
        fulfilled = {line["id"]: line["fulfilled_quantity"] for line in answer.body["lines"]}
        return all(fulfilled[line] >= order.lines[line].fulfilled + quantity for line, quantity in wanted.items())

    def _until_answered(
        self, is_staff: bool, method: str, path: str, body: dict | None = None, key: str | None = None
    ) -> tuple[Answer, int]:
        """Sends it again, through any server, until an answer comes that says something."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        for tries in itertools.count(1):
            try:
                answer = self._call(is_staff, method, path, body, key)
                if answer.status != 503 and (str(answer.status), answer.code) not in _RETRIED:
                    return answer, tries
                self.ledger.count(f"answers to come again: {answer.status} {answer.code}")
            except Unanswered:
                self.ledger.count(f"{method} unanswered")
            if time.monotonic() > deadline:
                raise GaveUp(f"{method} {path}")
            time.sleep(0.02)
        raise AssertionError

    def _call(
        self, is_staff: bool, method: str, path: str, body: dict | None = None, key: str | None = None
    ) -> Answer:
        server = self.random.choice(self.servers)
        make: Callable = self.shop.staff if is_staff else self.shop.buyer
        client = self._clients.setdefault((server.port, is_staff), make(server.port, timeout_seconds=20))
        return client.call(method, path, body, key)
