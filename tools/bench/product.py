"""A product's page: beside a bare route that answers the same bytes, and how stale it can be."""

import contextlib
import time

from bench import load
from bench.bench import Bench
from bench.outcome import Outcome, alternate, at_least
from rig.installation import Installation
from rig.ports import free_port
from rig.program import Server

CONNECTIONS = 64
_CHANGES = 12

PRODUCT = {
    "title": "Crème fraîche",
    "status": "active",
    "description_html": "<p>Thick, mild and slightly sour, from a dairy in the Dales. Keeps for ten days.</p>",
    "vendor": "Dales Dairy",
    "tags": ["dairy", "chilled"],
    "options": ["Size"],
    "variants": [
        {"sku": f"CREME-{grams}", "price": {"amount": pence, "currency": "GBP"}, "options": {"Size": size}}
        for grams, size, pence in ((200, "200 g", 240), (500, "500 g", 520), (1000, "1 kg", 940))
    ],
    "images": [{"url": "https://images.example.com/creme.webp", "alt": "A jar of cream"}],
}


def measure(bench: Bench, engine: str) -> list[Outcome]:
    """The rate, then the staleness."""
    with _shop(bench, engine) as (installation, product):
        path = f"/api/v1/products/{product['handle']}"
        what = "product data, GET /api/v1/products/{handle}"
        return [_rate(bench, installation, path, 0.3, what), _staleness(installation, product)]


def storefront(bench: Bench, engine: str) -> list[Outcome]:
    """The rate of the product's page as browsers get it."""
    with _shop(bench, engine) as (installation, product):
        path = f"/products/{product['handle']}"
        return [_rate(bench, installation, path, 0.35, "storefront product page, GET /products/{handle}")]


@contextlib.contextmanager
def _shop(bench: Bench, engine: str):
    """A shop with one product."""
    with bench.installed(engine) as installation:
        shop = installation.create()
        with installation.program.serve() as server, shop.staff(server.port) as staff:
            product = staff.expect(201, "POST", "/api/v1/products", PRODUCT)
            for variant in product["variants"]:
                staff.expect(200, "PUT", f"/api/v1/variants/{variant['id']}/stock", {"on_hand": 1000})
        yield installation, product


def _rate(bench: Bench, installation: Installation, path: str, factor: float, what: str) -> Outcome:
    shop = installation.shop
    headers = {"Shipshape-Key": shop.publishable}
    bare_port = free_port()
    environment = {"BARE_PORT": str(bare_port)}
    with installation.program.serve() as alone, shop.buyer(alone.port) as buyer:
        page = buyer.get(path)
        body = bench.folder / "page.json"
        body.write_bytes(page.data)
        environment |= {"BARE_BODY": str(body), "BARE_TYPE": page.headers["Content-Type"]}
    with installation.program.serve(environment, bench.reference_program) as server:
        bare = f"http://127.0.0.1:{bare_port}/page"
        with shop.buyer(server.port) as buyer, shop.buyer(bare_port) as other:
            if other.get("/page").data != buyer.get(path).data:
                raise RuntimeError("the bare route does not answer the same bytes")
        for url in (server.address + path, bare):
            load.get(url, headers, bench.folder, CONNECTIONS, 2)
        ours, theirs = alternate(
            bench.rounds,
            lambda _: load.get(server.address + path, headers, bench.folder, CONNECTIONS, bench.seconds).per_second,
            lambda _: load.get(bare, headers, bench.folder, CONNECTIONS, bench.seconds).per_second)
    return at_least(
        factor, what, installation.engine, "requests/s", ours, theirs,
        f"a bare route in the same process that answers the same {len(page.data)} bytes")


def _staleness(installation: Installation, product: dict) -> Outcome:
    """Changes the price in one process and watches another; on SQLite there is one."""
    reader = installation.serve()
    writer = installation.serve() if installation.engine == "postgres" else reader
    ages = [_age(installation, reader, writer, product, pence) for pence in range(300, 300 + _CHANGES)]
    installation.stop()
    return Outcome(
        what="staleness of product data after a price change", engine=installation.engine, value=max(ages), unit="s",
        bar="at most 1 s", is_met=max(ages) <= 1, samples={"seconds": ages},
        notes=["changed in another process" if reader is not writer else "changed in the same process: the only one"])


def _age(installation: Installation, reader: Server, writer: Server, product: dict, pence: int) -> float:
    """Seconds from the acknowledged change until the reader shows it; the page is asked for all the time."""
    path = f"/api/v1/products/{product['handle']}"
    price = {"amount": pence, "currency": "GBP"}
    variants = [
        {"id": variant["id"], "sku": variant["sku"], "price": price, "options": variant["options"]}
        for variant in product["variants"]]
    with installation.shop.staff(writer.port) as staff, installation.shop.buyer(reader.port) as buyer:
        buyer.expect(200, "GET", path)
        staff.expect(200, "PATCH", f"/api/v1/products/{product['id']}", {"variants": variants})
        changed = time.monotonic()
        while buyer.expect(200, "GET", path)["variants"][0]["price"] != price:
            if time.monotonic() - changed > 30:
                raise RuntimeError("the change never came to the other process")
            time.sleep(0.002)
        return time.monotonic() - changed
