"""Open event streams: what they cost in memory, and how much later an order is placed while they are open."""

import contextlib
import selectors
import socket
import threading
import time

from bench import placing, shelf
from bench.bench import Bench
from bench.outcome import Outcome, alternate, percentile
from rig import processes
from rig.installation import Installation
from rig.program import Server

STREAMS = 500
ORDERS_PER_SECOND = 10
_ORDERS = 100
_MOST_MEGABYTES = 60
_MOST_MILLISECONDS = 5


def measure(bench: Bench, engine: str) -> list[Outcome]:
    """Memory first, then orders placed at a steady pace, with and without the streams."""
    rounds = max(3, bench.rounds - 2)
    with bench.installed(engine) as installation:
        made = placing.stock(installation)
        shelf.prepare(installation, made, (2 * rounds + 1) * _ORDERS)
        server = installation.serve()
        installation.work()
        pace = Pace(installation, server)
        pace.place()
        before = processes.resident_megabytes(server.pid)
        with Streams(server.port, installation.shop.secret):
            time.sleep(1)
            added = processes.resident_megabytes(server.pid) - before
        arrived: list[int] = []

        def watched(_round: int) -> list[float]:
            with Streams(server.port, installation.shop.secret) as streams:
                seconds = pace.place()
                streams.wait(_ORDERS * STREAMS)
                arrived.append(streams.messages)
            return seconds

        alone, beside = alternate(rounds, lambda _: pace.place(), watched)
    return [
        Outcome(
            f"memory that {STREAMS} open event streams add (RSS)", engine, round(added, 1), "MB",
            f"at most {_MOST_MEGABYTES} MB", added <= _MOST_MEGABYTES),
        _delay(engine, alone, beside, arrived),
    ]


def _delay(engine: str, alone: list[list[float]], beside: list[list[float]], arrived: list[int]) -> Outcome:
    def of_all(rounds: list[list[float]], percent: float) -> float:
        return percentile([seconds for round_ in rounds for seconds in round_], percent) * 1000

    p50, p95 = (of_all(beside, percent) - of_all(alone, percent) for percent in (50, 95))
    return Outcome(
        f"what {STREAMS} open event streams add to placing an order (p50)", engine, round(p50, 2), "ms",
        f"at most {_MOST_MILLISECONDS} ms", p50 <= _MOST_MILLISECONDS,
        notes=[
            f"{ORDERS_PER_SECOND} orders/s, one client; p50 {of_all(alone, 50):.1f} ms without and "
            f"{of_all(beside, 50):.1f} ms with the streams",
            f"p95 {of_all(alone, 95):.1f} ms without and {of_all(beside, 95):.1f} ms with them: {p95:+.1f} ms",
            f"messages that arrived: {' '.join(f'{count:,}' for count in arrived)} of {_ORDERS * STREAMS:,} a round",
        ])


class Pace:
    """Places prepared checkouts, so many a second, on one connection."""

    def __init__(self, installation: Installation, server: Server):
        self.installation = installation
        self.server = server
        self.next = 1

    def place(self) -> list[float]:
        """The seconds that each order took."""
        seconds = []
        started = time.monotonic()
        with self.installation.shop.buyer(self.server.port) as buyer:
            for number in range(_ORDERS):
                time.sleep(max(0, started + number / ORDERS_PER_SECOND - time.monotonic()))
                path, key = shelf.Prepared(self.next).request
                self.next += 1
                answer = buyer.call("POST", path, shelf.PLACING, key)
                if answer.status != 201:
                    raise RuntimeError(f"an order was not placed: {answer}")
                seconds.append(answer.seconds)
        return seconds


class Streams:
    """Open streams, read by a thread that counts the messages."""

    def __init__(self, port: int, secret: str):
        self.messages = 0
        self._request = (
            f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n\r\n").encode()
        self._port = port
        self._sockets: list[socket.socket] = []
        self._selector = selectors.DefaultSelector()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._is_closing = False

    def __enter__(self):
        for _ in range(STREAMS):
            connection = socket.create_connection(("127.0.0.1", self._port), timeout=30)
            connection.sendall(self._request)
            self._sockets.append(connection)
        for connection in self._sockets:
            if b" 200 " not in connection.recv(4096).split(b"\r\n")[0]:
                raise RuntimeError("a stream was refused")
            connection.setblocking(False)
            self._selector.register(connection, selectors.EVENT_READ)
        self._reader.start()
        return self

    def _read(self) -> None:
        while not self._is_closing:
            for key, _ in self._selector.select(timeout=0.2):
                with contextlib.suppress(BlockingIOError, OSError):
                    self.messages += key.fileobj.recv(1 << 16).count(b"\ndata: ")

    def wait(self, messages: int, within_seconds: float = 30) -> None:
        """Waits until so many messages have come; fails when they do not."""
        deadline = time.monotonic() + within_seconds
        while self.messages < messages:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.messages:,} of {messages:,} messages came")
            time.sleep(0.05)

    def __exit__(self, *_):
        self._is_closing = True
        self._reader.join()
        for connection in self._sockets:
            connection.close()
        self._selector.close()
