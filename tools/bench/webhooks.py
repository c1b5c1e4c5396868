"""Payment webhooks at a steady pace: how long from sending one until its order is paid."""

import contextlib
import hashlib
import hmac
import json
import queue
import socket
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from bench import placing, shelf
from bench.bench import Bench
from bench.outcome import Outcome, percentile
from rig.api import Client
from rig.installation import Installation
from rig.program import Server
from rig.simulators import SECRET, Simulators

WEBHOOKS_PER_SECOND = 100
_WEBHOOKS = 1000
_MOST_MILLISECONDS = 250
_SENDERS = 16


def measure(bench: Bench, engine: str) -> list[Outcome]:
    """Orders by card wait for their payment; then their webhooks come."""
    with (
        bench.installed(engine) as installation,
        Simulators(bench.program, bench.folder) as simulators,
    ):
        installation.program.environment |= simulators.settings
        made = placing.stock(installation)
        shelf.prepare(installation, made, _WEBHOOKS)
        server = installation.serve()
        installation.work()
        with ThreadPoolExecutor(8) as pool:
            waiting = list(pool.map(lambda number: _place(installation, server, number), range(1, _WEBHOOKS + 1)))
        sessions = [(order, simulators.session(redirect)) for order, redirect in waiting]
        seconds = _pay(installation, server, sessions)
    p50, p95 = (percentile(seconds, percent) * 1000 for percent in (50, 95))
    return [Outcome(
        f"from a webhook until its order is paid, {WEBHOOKS_PER_SECOND} webhooks/s (p95)", engine, round(p95, 1), "ms",
        f"under {_MOST_MILLISECONDS} ms", p95 < _MOST_MILLISECONDS,
        notes=[f"{len(seconds):,} webhooks, each paid once; p50 {p50:.1f} ms, slowest {max(seconds) * 1000:.1f} ms",
               "until the event order.paid arrives on an open stream"])]


def _place(installation: Installation, server: Server, number: int) -> tuple[str, str]:
    """Places an order by card; returns it and where it is paid."""
    path, key = shelf.Prepared(number).request
    body = {"payment_method": "card", "return_url": "http://127.0.0.1/back"}
    with installation.shop.buyer(server.port) as buyer:
        placed = buyer.expect(201, "POST", path, body, key)
    redirect = placed["payment"]["redirect_url"]
    if not redirect:
        raise RuntimeError(f"the payment has no page: {placed['payment']}")
    return placed["order"]["id"], redirect


def _pay(installation: Installation, server: Server, sessions: list[tuple[str, dict]]) -> list[float]:
    """Sends the webhooks; returns the seconds until each order was paid."""
    sent: dict[str, float] = {}
    paid: dict[str, float] = {}
    stream = _PaidStream(server.port, installation.shop.secret, paid)
    work: queue.SimpleQueue = queue.SimpleQueue()

    def send() -> None:
        with Client(server.port) as client:
            client.connect()
            while (item := work.get()) is not None:
                order, body = item
                sent[order] = time.monotonic()
                _post(client, body)

    senders = [threading.Thread(target=send) for _ in range(_SENDERS)]
    with stream:
        for sender in senders:
            sender.start()
        started = time.monotonic()
        for number, (order, session) in enumerate(sessions):
            body = _event(session)
            time.sleep(max(0, started + number / WEBHOOKS_PER_SECOND - time.monotonic()))
            work.put((order, body))
        for _ in senders:
            work.put(None)
        for sender in senders:
            sender.join()
        stream.wait(len(sessions))
    return [paid[order] - sent[order] for order, _ in sessions]


def _event(session: dict) -> bytes:
    """The event that Stripe sends when the session was paid."""
    done = session | {
        "status": "complete", "payment_status": "paid", "payment_intent": f"pi_{uuid.uuid4().hex[:24]}"}
    return json.dumps({
        "id": f"evt_{uuid.uuid4().hex[:24]}", "object": "event", "type": "checkout.session.completed",
        "created": int(time.time()), "livemode": False, "data": {"object": done},
    }).encode()


def _post(client: Client, body: bytes) -> None:
    moment = int(time.time())
    code = hmac.new(SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    connection = client._connection  # the body has to travel as it was signed
    connection.request(
        "POST", "/api/v1/webhooks/stripe/default", body,
        {"Content-Type": "application/json", "Stripe-Signature": f"t={moment},v1={code}"})
    response = connection.getresponse()
    response.read()
    if response.status // 100 != 2:
        raise RuntimeError(f"a webhook was answered with {response.status}")


class _PaidStream:
    """Notes when each order was paid, from the event stream."""

    def __init__(self, port: int, secret: str, paid: dict[str, float]):
        self._paid = paid
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.sendall((
            f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n\r\n").encode())
        self._lines = self._socket.makefile("rb")
        self._reader = threading.Thread(target=self._read, daemon=True)

    def _read(self) -> None:
        is_paid = False
        with contextlib.suppress(OSError, ValueError):
            for line in self._lines:
                if line.startswith(b"event: "):
                    is_paid = line.strip() == b"event: order.paid"
                elif is_paid and line.startswith(b"data: "):
                    order = json.loads(line[6:])["data"]["order_id"]
                    self._paid.setdefault(order, time.monotonic())

    def wait(self, count: int, within_seconds: float = 60) -> None:
        """Waits until so many orders were paid."""
        deadline = time.monotonic() + within_seconds
        while len(self._paid) < count:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{len(self._paid):,} of {count:,} orders were paid")
            time.sleep(0.02)

    def __enter__(self):
        self._reader.start()
        return self

    def __exit__(self, *_):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
