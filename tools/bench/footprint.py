"""Memory, and the time a server takes to start."""

import contextlib
import statistics
import time

from bench import load, placing, shelf
from bench.bench import Bench
from bench.outcome import Outcome
from rig import processes
from rig.installation import Installation
from rig.program import Server

CLIENTS = 64
_STARTS = 9


@contextlib.contextmanager
def _stocked(bench: Bench, engine: str, checkouts: int):
    with bench.installed(engine) as installation:
        made = placing.stock(installation)
        shelf.prepare(installation, made, checkouts)
        yield installation


def memory(bench: Bench, engine: str) -> list[Outcome]:
    """RSS of a server with nothing to do, then while 64 clients place orders and look at products."""
    count = round(placing.MOST_PER_SECOND * bench.seconds * 2)
    with _stocked(bench, engine, count) as installation:
        server = installation.serve()
        with installation.shop.buyer(server.port) as buyer:
            handles = [product["handle"] for product in buyer.expect(200, "GET", "/api/v1/products")["data"]]
        time.sleep(5)
        idle = processes.resident_megabytes(server.pid)
        buyers = placing.Buyers(bench, installation, server, 1, count)
        headers = {"Shipshape-Key": installation.shop.publishable}
        for _ in range(2):
            buyers.place(CLIENTS, bench.seconds)
            url = f"{server.address}/api/v1/products/{handles[0]}"
            load.get(url, headers, bench.folder, CLIENTS, bench.seconds)
            load.get(f"{server.address}/api/v1/products?limit=100", headers, bench.folder, CLIENTS, bench.seconds)
        peak = processes.peak_megabytes(server.pid)
    return [
        Outcome("memory of an idle server (RSS)", engine, round(idle, 1), "MB", "at most 60 MB", idle <= 60),
        Outcome(f"memory under {CLIENTS} clients (the highest RSS)", engine, round(peak, 1), "MB", "at most 200 MB",
                peak <= 200, notes=["placing orders, one product, pages of 100 products, in turn"]),
    ]


def startup(bench: Bench, engine: str) -> list[Outcome]:
    """From the start of the process to the first answer, on a database with a thousand products and orders."""
    with _stocked(bench, engine, 1000) as installation:
        placing.Buyers(bench, installation, installation.serve(), 1, 1000).place(16, 10, 1000)
        installation.stop()
        with installation.program.serve() as server:
            server.stop()
            seconds = [_first_answer(installation, server) for _ in range(_STARTS)]
    middle = statistics.median(seconds)
    return [Outcome(
        "start of a server on an existing database, to the first answer", engine, round(middle, 4), "s",
        "at most 0.3 s", middle <= 0.3, samples={"seconds": seconds},
        notes=["the first answer is a page of products with 200"])]


def _first_answer(installation: Installation, server: Server) -> float:
    started = time.monotonic()
    server.launch()
    try:
        while time.monotonic() - started < 30 and server.is_running:
            with contextlib.suppress(OSError), installation.shop.buyer(server.port, 5) as buyer:
                buyer.connect()
                if buyer.get("/api/v1/products").status == 200:
                    return time.monotonic() - started
            time.sleep(0.001)
    finally:
        server.stop()
    raise RuntimeError(f"the server did not answer: {server.tail()}")
