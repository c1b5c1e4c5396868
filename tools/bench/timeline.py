"""How long the server takes for the page of an order with a long history."""

import contextlib
import http.client
import statistics
import time
import urllib.parse

from bench.bench import Bench
from bench.outcome import Outcome
from rig.installation import Installation, Shop
from rig.program import Server

ENTRIES = 100
_PAGES = 300
_LIMIT_MILLISECONDS = 10


def measure(bench: Bench, engine: str) -> list[Outcome]:
    """Asks for the dashboard's page of one order, page after page on one connection; loopback is part of the time."""
    with contextlib.ExitStack() as stack:
        installation = stack.enter_context(bench.installed(engine))
        shop = installation.create()
        server = stack.enter_context(installation.program.serve())
        order = _order(shop, server)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        cookie = _sign_in(installation, shop, server, connection)
        seconds = []
        for _ in range(_PAGES):
            started = time.perf_counter()
            connection.request("GET", f"/dashboard/orders/{order}", headers={"Cookie": cookie})
            response = connection.getresponse()
            page = response.read().decode()
            seconds.append(time.perf_counter() - started)
            if response.status != 200 or page.count("<time") < ENTRIES:
                raise RuntimeError(f"the order's page was answered with {response.status}: {page[:300]}")
        connection.close()
    typical = statistics.median(seconds) * 1000
    slowest = sorted(seconds)[round(len(seconds) * 0.95)] * 1000
    return [Outcome(
        f"the page of an order with {ENTRIES} entries in its timeline, p50", engine, round(typical, 2), "ms",
        f"below {_LIMIT_MILLISECONDS} ms", typical < _LIMIT_MILLISECONDS,
        notes=[f"p95 {slowest:.2f} ms; {len(page) // 1024} KiB of HTML; one request at a time"])]


def _order(shop: Shop, server: Server) -> str:
    """An order that was changed a hundred times."""
    line = {"title": "Jam", "quantity": 1, "unit_price": {"amount": 450, "currency": "GBP"}}
    with shop.staff(server.port) as staff:
        order = staff.expect(
            201, "POST", "/api/v1/orders", {"lines": [line], "payment_method": "cash_on_delivery"}, "timeline")["id"]
        for number in range(ENTRIES):
            staff.expect(200, "PATCH", f"/api/v1/orders/{order}", {"note": f"Note {number}"})
    return order


def _sign_in(installation: Installation, shop: Shop, server: Server, connection: http.client.HTTPConnection) -> str:
    """The session cookie of the shop's owner."""
    link = installation.program.run_json("sign-in", "--store", shop.id, "--json")["url"]
    connection.request(
        "POST", urllib.parse.urlsplit(link).path, "",
        {"Origin": server.address, "Content-Type": "application/x-www-form-urlencoded"})
    response = connection.getresponse()
    response.read()
    if response.status != 303:
        raise RuntimeError(f"signing in was answered with {response.status}")
    return response.headers["Set-Cookie"].split(";")[0]
