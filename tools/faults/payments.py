"""Card payments while servers and workers are killed between "pay" and "paid"."""

import contextlib
import http.client
import itertools
import random
import re
import threading
import time
from collections import Counter
from urllib.parse import urlencode, urlparse

from bench import shelf
from faults import siege
from faults.report import Report
from rig.api import Answer, Unanswered
from rig.installation import Installation, Shop
from rig.postgres import Cluster
from rig.processes import wait_until
from rig.program import ProgramError
from rig.simulators import Simulators

PAYERS = 4
ON_HAND = 1_000_000
_PATIENCE_SECONDS = 90
_SETTLED_WITHIN_SECONDS = 180
_BODY = {"payment_method": "card", "return_url": "http://127.0.0.1/back"}
_RETRIED = {"idempotency_key.in_progress", "payment.in_progress"}


class Till:
    """What buyers were told. Safe for several threads."""

    def __init__(self):
        self._lock = threading.Lock()
        self.paid: dict[str, str] = {}  # order by checkout
        self.counts: Counter = Counter()
        self.faults: list[str] = []
        self.numbers: dict[str, str] = {}  # by order

    def count(self, what: str) -> None:
        """One more of these."""
        with self._lock:
            self.counts[what] += 1

    def fault(self, what: str) -> None:
        """Something that must not be."""
        with self._lock:
            self.faults.append(what)

    def pay(self, checkout: str, order: str) -> None:
        """The payment page said that it is paid."""
        with self._lock:
            self.paid[checkout] = order
            self.counts["payments"] += 1


class PaymentSiege(siege.Siege):
    """Buyers who pay by card at the simulated Stripe while processes are killed."""

    def pay(self, name: str) -> Report:
        """Lets the buyers in, strikes so many times, and judges."""
        report = Report(name, self.engine, self.rounds, self.seed)
        with contextlib.ExitStack() as stack:
            if self.engine == "postgres":
                self.cluster = Cluster(self.folder / "postgres")
                stack.callback(self.cluster.stop)
                self.cluster.start()
            simulators = stack.enter_context(Simulators(self.program, self.folder))
            installation = stack.enter_context(Installation(self.program, self.engine, self.folder, self.cluster))
            installation.program.environment |= simulators.settings
            shop = installation.create()
            several = self.engine == "postgres"
            # One address gets the webhooks: it is killed as often as any other.
            self.servers = [installation.serve() for _ in range(siege.SERVERS if several else 1)]
            self.workers = [installation.work() for _ in range(siege.WORKERS if several else 0)]
            simulators.send_webhooks_to(f"{self.servers[0].address}/api/v1/webhooks/stripe/default")
            with shop.staff(self.servers[0].port) as staff:
                variants = [shelf.add_product(staff, f"Jar {number}", 450) for number in range(6)]
                for variant in variants:
                    staff.expect(200, "PUT", f"/api/v1/variants/{variant}/stock", {"on_hand": ON_HAND})
            till = Till()
            payers = [Payer(self, shop, variants, till, self.seed * 100 + number) for number in range(PAYERS)]
            with Collector(simulators) as collector:
                self._pay_while_striking(payers, till)
                report.faults = judge(installation, till, self.servers[0].port)
            report.faults["mails"] = list(mails(collector.mails, till))[:20]
            report.counts = dict(till.counts)
        return report

    def _pay_while_striking(self, payers: list["Payer"], till: Till) -> None:
        is_over = threading.Event()
        threads = [threading.Thread(target=payer.run, args=[is_over]) for payer in payers]
        for thread in threads:
            thread.start()
        try:
            for _ in range(self.rounds):
                time.sleep(self.random.uniform(0.02, 0.5))
                till.count(f"kills of {siege.kill_any_process(self)}")
        finally:
            is_over.set()
            for thread in threads:
                thread.join()


class Collector:
    """Reads the mailbox while it fills, since it keeps the last 500 mails only."""

    def __init__(self, simulators: Simulators):
        self.mails: dict[int, dict] = {}
        self._simulators = simulators
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._is_over.wait(2):
            self._collect()

    def _collect(self) -> None:
        for mail in self._simulators.mails():
            self.mails[mail["id"]] = {"subject": mail["subject"], "message_id": mail["message_id"]}

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        self._thread.join()
        self._collect()


class Payer:
    """One buyer after the other: opens a checkout, places it by card, pays."""

    def __init__(self, besieged: PaymentSiege, shop: Shop, variants: list[str], till: Till, seed: int):
        self.besieged = besieged
        self.shop = shop
        self.variants = variants
        self.till = till
        self.random = random.Random(seed)
        self.seed = seed

    def run(self, is_over: threading.Event) -> None:
        """Pays until it is over; what is under way then is still brought to its end."""
        for number in itertools.count():
            if is_over.is_set():
                return
            time.sleep(self.random.uniform(0.1, 0.5))
            try:
                self._buy(f"payer-{self.seed}-{number}")
            except Exception as error:  # a defect of the program or of this test: either way it has to be seen
                self.till.fault(f"{error!r}")
                return

    def _buy(self, key: str) -> None:
        body = shelf.checkout_body(self.random.sample(self.variants, 2), 1)
        checkout = self._until_answered("POST", "/api/v1/checkouts", body, None).body["id"]
        placed = self._until_answered("POST", f"/api/v1/checkouts/{checkout}/order", _BODY, key)
        if placed.status not in (200, 201):
            return self.till.fault(f"a placing was answered with {placed}")
        order, token = placed.body["order"]["id"], placed.body["order_token"]
        redirect = placed.body["payment"]["redirect_url"]
        for attempt in range(20):
            if redirect:
                break
            self.till.count("payments begun again")
            again = self._until_answered(
                "POST", f"/api/v1/orders/{order}/payments", _BODY, f"{key}-{attempt}", token)
            if again.status != 201:
                return self.till.fault(f"another payment of {order} was answered with {again}")
            redirect = again.body["payment"]["redirect_url"]
        if not redirect:
            return self.till.fault(f"{order} cannot be paid")
        if pay_at(redirect):
            self.till.pay(checkout, order)
        return None

    def _until_answered(
        self, method: str, path: str, body: dict, key: str | None, token: str | None = None
    ) -> Answer:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            server = self.random.choice(self.besieged.servers)
            try:
                with self.shop.buyer(server.port, 20) as client:
                    client.order_token = token
                    answer = client.call(method, path, body, key)
                if answer.status != 503 and answer.code not in _RETRIED:
                    return answer
                self.till.count(f"answers to come again: {answer.status} {answer.code}")
            except Unanswered:
                self.till.count(f"{method} unanswered")
            if time.monotonic() > deadline:
                raise RuntimeError(f"{method} {path} was not answered")
            time.sleep(0.05)


def pay_at(address: str) -> bool:
    """Pays on the simulated Stripe's page."""
    url = urlparse(address)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=30)
    form = urlencode({"outcome": "success", "email": "buyer@example.com"})
    connection.request("POST", url.path, form, {"Content-Type": "application/x-www-form-urlencoded"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status in (302, 303)


def judge(installation: Installation, till: Till, port: int) -> dict[str, list[str]]:
    """What is wrong, by what was looked at. Empty lists are what is wanted."""
    found = {"what buyers were told": till.faults[:20]}
    with installation.shop.staff(port) as staff:
        orders: dict[str, dict] = {}

        def is_settled() -> bool:
            orders.clear()
            orders.update((order["id"], order) for order in staff.pages("/api/v1/orders"))
            active = installation.number(
                "SELECT COUNT(*) FROM jobs WHERE state = 'active' AND store_id IS NOT NULL "
                "AND kind <> 'payments.expire_unpaid'")
            return active == 0 and all(
                orders.get(order, {}).get("payment_status") == "paid" for order in till.paid.values())

        if not wait_until(is_settled, _SETTLED_WITHIN_SECONDS, every_seconds=1):
            late = [name for name in till.paid.values() if orders.get(name, {}).get("payment_status") != "paid"]
            found["every payment made its order paid"] = [f"{name} is not paid" for name in late[:20]] or [
                "jobs are not done"]
    found["one order for each checkout"] = [
        f"{order} came from several checkouts" for order, count in Counter(till.paid.values()).items() if count > 1]
    found["one payment for each order"] = [
        f"order {name} has {count} paid payments" for name, count in installation.rows(
            "SELECT order_id, COUNT(*) FROM payments WHERE status = 'paid' GROUP BY order_id HAVING COUNT(*) > 1")]
    found["the ledger"] = ledger(installation)
    till.numbers = {name: orders[name]["number"] for name in till.paid.values() if name in orders}
    return {name: faults[:20] for name, faults in found.items()}


def ledger(installation: Installation) -> list[str]:
    """What `shipshape ledger verify` finds."""
    try:
        installation.program.run("ledger", "verify")
        return []
    except ProgramError as error:
        return [str(error)[-1000:]]


def mails(received: dict[int, dict], till: Till):
    """Each order owes one mail that it was received and one that it was paid; sent twice, they have one Message-ID."""
    seen: dict[str, set] = {}
    for mail in received.values():
        for number in re.findall(r"#[0-9]+", mail["subject"]):
            seen.setdefault(number, set()).add((mail["message_id"], mail["subject"]))
    for number in till.numbers.values():
        if len(seen.get(number, ())) != 2:
            yield f"{number} got these different mails: {sorted(seen.get(number, ()))}"
