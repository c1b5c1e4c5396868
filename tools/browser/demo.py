"""The program under test as a newcomer starts it: `shipshape demo`."""

import contextlib
import http.client
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rig.program import Program, ProgramError, Running

BOUGHT = ("rye-caraway-loaf", "house-espresso-blend", "early-harvest-olive-oil")
_READY = "Ctrl-C stops it."


class Missing(Exception):
    """What a check is about does not exist."""


@dataclass(frozen=True)
class Addresses:
    """What the demo says of itself. Parts that it does not have are empty."""

    shop: str
    stripe: str = ""
    mailbox: str = ""
    sign_in: str = ""
    store: str = ""
    publishable_key: str = ""
    secret_key: str = ""

    @staticmethod
    def read(words: str) -> "Addresses":
        """Reads what `shipshape demo` printed. ValueError when it names no shop."""

        def after(*names: str) -> str:
            for name in names:
                found = re.search(rf"^\s*{name}\b[^\S\n]+(\S+)\s*$", words, re.MULTILINE | re.IGNORECASE)
                if found:
                    return found.group(1)
            return ""

        shop = after("storefront", "shop", "address")
        if not shop.startswith("http"):
            raise ValueError(f"no address in: {words[:500]}")
        link = re.search(r"https?://\S+/dashboard/sign-in/[^\s'\"]+", words)
        return Addresses(
            shop.rstrip("/"), after("simulated stripe", "stripe").rstrip("/"),
            after("simulated mailbox", "mailbox").rstrip("/"), link.group(0) if link else "",
            after("store"), after("publishable key"), after("secret key"))


@dataclass(frozen=True)
class Mail:
    """A mail in the simulated mailbox."""

    id: int
    subject: str
    text: str


class Demo(Running):
    """A running `shipshape demo` with a fresh shop on free ports."""

    def __init__(self, path: Path, folder: Path):
        super().__init__(Program(path, f"sqlite:{folder / 'demo.sqlite'}", folder), "demo")
        self._spawn([str(path), "demo", "--host", "127.0.0.1", "--port", "0"], {})
        self.addresses = Addresses.read(self._words())
        # A fault strikes whoever opens a payment page next: one order is placed at a time.
        self.opening = threading.Lock()
        # A new link ends the one before: signing in is one step.
        self.signing_in = threading.Lock()
        self._fill_shelf()

    def _words(self, within_seconds: float = 120) -> str:
        deadline = time.monotonic() + within_seconds
        while time.monotonic() < deadline and self.is_running:
            words = self.log.read_text(errors="replace")
            if _READY in words:
                return words
            time.sleep(0.05)
        if not self.is_running:
            raise ProgramError(f"The demo ended with {self.process.returncode}: {self.tail()}")
        self.kill()
        raise ProgramError(f"The demo did not open within {within_seconds:.0f} s: {self.tail()}")

    def sign_in_link(self) -> str:
        """Has another link made that signs in to the dashboard."""
        return self.program.run_json("sign-in", "--store", self.addresses.store)["url"]

    @property
    def port(self) -> int:
        """Where the shop listens."""
        return urllib.parse.urlsplit(self.addresses.shop).port or 80

    def has_page(self, path: str) -> bool:
        """Whether the shop answers a GET with anything but 404."""
        try:
            with urllib.request.urlopen(self.addresses.shop + path, timeout=30):
                return True
        except urllib.error.HTTPError as error:
            return error.code != 404

    def mails(self, recipient: str) -> list[Mail]:
        """The mails that came for somebody."""
        if not self.addresses.mailbox:
            raise Missing("the demo has no mailbox")
        query = urllib.parse.urlencode({"to": recipient})
        found = _json(f"{self.addresses.mailbox}/api/messages?{query}")["data"]
        return [Mail(mail["id"], mail["subject"], mail.get("text") or "") for mail in found]

    def play(self, fault: str, **details: Any) -> None:
        """Asks the simulated Stripe for a fault."""
        if not self.addresses.stripe:
            raise Missing("the demo has no simulated Stripe")
        _json(f"{self.addresses.stripe}/_faults", {"kind": fault, "count": 1, **details})

    def pay_and_leave(self, payment_page: str) -> None:
        """Pays on the provider's page, as somebody whose browser never comes back from there."""
        where = urllib.parse.urlsplit(payment_page)
        connection = http.client.HTTPConnection(where.netloc, timeout=30)
        with contextlib.closing(connection):
            connection.request(
                "POST", where.path, "outcome=success", {"Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            assert answer.status in (302, 303), f"the payment page answered {answer.status}"

    def mend(self) -> None:
        """Takes back the faults that have not struck yet."""
        _json(f"{self.addresses.stripe}/_faults", method="DELETE")

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {
            "Authorization": f"Bearer {self.addresses.secret_key}", "Idempotency-Key": uuid.uuid4().hex}
        return _json(self.addresses.shop + path, body, method, headers)

    def _fill_shelf(self) -> None:
        """So that no check finds sold out what others have bought."""
        products = self._ask("GET", "/api/v1/products?limit=100")["data"]
        for product in products:
            if product["handle"] in BOUGHT:
                for variant in product["variants"]:
                    self._ask("PUT", f"/api/v1/variants/{variant['id']}/stock", {"on_hand": 1_000})

    def enter_order(self) -> str:
        """Has an order of sam@example.com entered through the interface, and returns its name."""
        order = {
            "lines": [{"sku": "BAK-RYE", "quantity": 1, "unit_price": {"amount": 420, "currency": "GBP"}}],
            "email": "sam@example.com", "payment_method": "cash_on_delivery"}
        answer = self._ask("POST", "/api/v1/orders", order)
        return answer.get("order", answer)["number"]


def _json(address: str, body: Any = None, method: str = "", headers: dict[str, str] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        address, data, {"Content-Type": "application/json", **(headers or {})}, method=method or None)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def eventually(question: Callable[[], Any], what: str, within_seconds: float = 30) -> Any:
    """The first answer that is not false or empty. AssertionError when none comes in time."""
    deadline = time.monotonic() + within_seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() >= deadline:
            raise AssertionError(f"{what}: not within {within_seconds:.0f} s")
        time.sleep(0.1)
