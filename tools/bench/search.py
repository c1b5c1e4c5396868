"""Searching 100,000 products with 32 clients, and the storefront's category page with filters and counts.

The products are imported from a file, always the same ones. Each client asks for the next thing as soon as it has its
answer, a different one each time, so nothing of it comes from a page that is kept.
"""

import random
import urllib.parse

from bench import load
from bench.bench import Bench
from bench.catalogue import (
    BRANDS, CATEGORIES, COLOURS, MATERIALS, PRODUCTS, QUALITIES, SEED, SIZES, THINGS, write)
from bench.outcome import Outcome

CLIENTS = 32


def searches(count: int) -> list[str]:
    """Paths of the interface: words, beginnings, mistakes, codes, filters, every order, some with counts."""
    pick = random.Random(SEED)
    paths = []
    for _ in range(count):
        words = pick.choice((
            lambda: pick.choice(THINGS),
            lambda: f"{pick.choice(MATERIALS)} {pick.choice(THINGS)}",
            lambda: f"{pick.choice(QUALITIES)} {pick.choice(THINGS)}",
            lambda: f"{pick.choice(BRANDS)} {pick.choice(MATERIALS)} {pick.choice(THINGS)}",
            lambda: pick.choice(THINGS)[:4],
            lambda: mistaken(pick, pick.choice([thing for thing in THINGS if len(thing) > 5])),
            lambda: f"SKU-{pick.randrange(PRODUCTS)}",
        ))()
        query = {"query": words}
        if pick.random() < 0.3:
            query["option.Size"] = pick.choice(SIZES)
        if pick.random() < 0.2:
            query["max_price"] = str(pick.choice((2000, 5000, 10000)))
        if pick.random() < 0.3:
            query["sort"] = pick.choice(("price", "-price", "newest", "title"))
        if pick.random() < 0.3:
            query["facets"] = "true"
        paths.append("/api/v1/products?" + urllib.parse.urlencode(query))
    return paths


def category_pages(count: int) -> list[str]:
    """Addresses of the storefront's category pages with some filters on; each has all counts."""
    pick = random.Random(SEED + 1)
    paths = []
    for _ in range(count):
        query = [("option.Size", pick.choice(SIZES))]
        if pick.random() < 0.5:
            query.append(("option.Colour", pick.choice(COLOURS)))
        if pick.random() < 0.3:
            query.append(("vendor", pick.choice(BRANDS)))
        if pick.random() < 0.3:
            query.append(("max", str(pick.choice((20, 50, 100)))))
        if pick.random() < 0.5:
            query.append(("sort", pick.choice(("price", "-price", "newest", "title"))))
        # Of its own, so that the page is made and not kept.
        query.append(("min", f"0.{pick.randrange(100):02}"))
        paths.append(f"/categories/category-{pick.randrange(CATEGORIES)}?" + urllib.parse.urlencode(query))
    return paths


def mistaken(pick: random.Random, word: str) -> str:
    """A word with two letters exchanged, one left out, or one twice."""
    place = pick.randrange(1, len(word) - 1)
    return pick.choice((
        word[:place] + word[place + 1] + word[place] + word[place + 2:],
        word[:place] + word[place + 1:],
        word[:place] + word[place] + word[place:],
    ))


def measure(bench: Bench, engine: str) -> list[Outcome]:
    """Fills a shop, then asks."""
    with bench.installed(engine) as installation:
        shop = installation.create()
        bench.say(f"{PRODUCTS:,} products are imported")
        file = write(bench.folder / "products.csv", range(PRODUCTS))
        installation.program.run("import", "products", str(file), "--store", shop.id, within_seconds=1200)
        if installation.cluster is not None:
            # What PostgreSQL does by itself within a minute of such an import.
            installation.cluster.sql(installation.database, "VACUUM ANALYZE; CHECKPOINT")
        with installation.program.serve() as server:
            headers = {"Shipshape-Key": shop.publishable}
            found = ask(bench, server.address, searches(20_000), headers)
            pages = ask(bench, server.address, category_pages(20_000), {})
    return [
        outcome("search over 100,000 products, 32 clients, p95", engine, found, 20),
        outcome("storefront category page with filters and counts, 32 clients, p95", engine, pages, 30),
    ]


def outcome(what: str, engine: str, seen: load.Load, bar: float) -> Outcome:
    """Against a bar in milliseconds."""
    return Outcome(
        what, engine, round(seen.p95, 1), "ms", f"under {bar} ms", seen.p95 < bar,
        notes=[f"p50 {seen.p50:.1f} ms, p99 {seen.p99:.1f} ms, {seen.per_second:,.0f} answers/s, no pause in between"])


def ask(bench: Bench, address: str, paths: list[str], headers: dict[str, str]) -> load.Load:
    """The median round by its p95."""
    load.get_each(address, paths, headers, bench.folder, CLIENTS, 3)
    rounds = [load.get_each(address, paths, headers, bench.folder, CLIENTS, bench.seconds) for _ in range(bench.rounds)]
    return sorted(rounds, key=lambda seen: seen.p95)[len(rounds) // 2]
