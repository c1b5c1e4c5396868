"""Searching 100,000 products with 32 clients, and the storefront's category page with filters and counts.

The products come in through the API, always the same ones. Each client asks for the next thing as soon as it has its
answer, a different one each time, so nothing of it comes from a page that is kept.
"""

import itertools
import random
import urllib.parse

from bench import load
from bench.bench import Bench
from bench.outcome import Outcome
from bench.shelf import put_each
from rig.api import Client
from rig.installation import Shop

PRODUCTS = 100_000
CLIENTS = 32
_SEED = 240

_BRANDS = (
    "Aldermoor Birchwood Calloway Dunmere Eastvale Fairhaven Glenrock Harwick Ivyside Juniper Kestrel Larkspur "
    "Meridian Northgate Oakhurst Pinecrest Quillon Ravensworth Silverdale Thornbury Underhill Valemont Westerly "
    "Yarrow Zephyr").split()
_QUALITIES = (
    "Classic Compact Deluxe Durable Elegant Essential Everyday Folding Heavy Hooded Insulated Knitted Light Long Mini "
    "Modern Organic Outdoor Padded Patterned Portable Quilted Recycled Relaxed Rustic Short Slim Soft Striped "
    "Thermal Vintage Waterproof Wide Winter Summer").split()
_MATERIALS = (
    "cotton linen wool silk leather denim canvas bamboo oak walnut steel copper brass glass ceramic marble rubber "
    "felt cork velvet").split()
_THINGS = (
    "shirt jacket trousers sweater dress skirt coat scarf hat gloves socks shoes boots sandals belt wallet backpack "
    "suitcase umbrella watch lamp table chair shelf sofa cushion blanket curtain rug mirror vase candle kettle teapot "
    "mug plate bowl knife pan pot grinder toaster blender bottle basket clock frame notebook pencil brush towel soap "
    "tent hammock bicycle helmet racket ball puzzle train doll drum guitar").split()
_COLOURS = "Black White Grey Navy Blue Green Red Yellow Orange Pink Purple Brown Beige Ivory".split()
_SIZES = "XS S M L XL XXL".split()
_TAGS = [f"{kind}-{number}" for kind in ("season", "style", "room", "gift") for number in range(1, 26)]
_CATEGORIES = 60
_WORDS = [first + second for first, second in itertools.product(
    ("bra", "cel", "dor", "fen", "gal", "hol", "jas", "kel", "lom", "mar", "nev", "pol", "ras", "sel", "tor", "vin"),
    ("dan", "ber", "ric", "mont", "sal", "tide", "wick", "nor", "pex", "lund", "fort", "gate", "hurst", "mere"))]


def product(number: int) -> dict:
    """The n-th product, the same in every run."""
    pick = random.Random(_SEED * 1_000_000 + number)
    thing = pick.choice(_THINGS)
    title = f"{pick.choice(_QUALITIES)} {pick.choice(_MATERIALS)} {thing} {pick.choice(_WORDS).title()} {number}"
    price = pick.choice((5, 9, 15, 19, 29, 45, 59, 79, 120, 199, 340)) * 100 + pick.randrange(100)
    sizes = pick.sample(_SIZES, pick.randint(1, 4))
    return {
        "title": title, "status": "active", "vendor": pick.choice(_BRANDS),
        "description_html": "<p>" + " ".join(pick.choices(_WORDS, k=12)) + "</p>",
        "tags": pick.sample(_TAGS, pick.randint(0, 3)),
        "categories": [{"handle": f"category-{_THINGS.index(thing) % _CATEGORIES}"}],
        "options": ["Colour", "Size"],
        "variants": [
            {"sku": f"SKU-{number}-{size}", "price": {"amount": price, "currency": "GBP"},
             "options": {"Colour": colour, "Size": size}}
            for colour, size in zip(itertools.cycle(pick.sample(_COLOURS, 2)), sizes, strict=False)],
    }


def searches(count: int) -> list[str]:
    """Paths of the interface: words, beginnings, mistakes, codes, filters, every order, some with counts."""
    pick = random.Random(_SEED)
    paths = []
    for _ in range(count):
        words = pick.choice((
            lambda: pick.choice(_THINGS),
            lambda: f"{pick.choice(_MATERIALS)} {pick.choice(_THINGS)}",
            lambda: f"{pick.choice(_QUALITIES)} {pick.choice(_THINGS)}",
            lambda: f"{pick.choice(_BRANDS)} {pick.choice(_MATERIALS)} {pick.choice(_THINGS)}",
            lambda: pick.choice(_THINGS)[:4],
            lambda: mistaken(pick, pick.choice([thing for thing in _THINGS if len(thing) > 5])),
            lambda: f"SKU-{pick.randrange(PRODUCTS)}",
        ))()
        query = {"query": words}
        if pick.random() < 0.3:
            query["option.Size"] = pick.choice(_SIZES)
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
    pick = random.Random(_SEED + 1)
    paths = []
    for _ in range(count):
        query = [("option.Size", pick.choice(_SIZES))]
        if pick.random() < 0.5:
            query.append(("option.Colour", pick.choice(_COLOURS)))
        if pick.random() < 0.3:
            query.append(("vendor", pick.choice(_BRANDS)))
        if pick.random() < 0.3:
            query.append(("max", str(pick.choice((20, 50, 100)))))
        if pick.random() < 0.5:
            query.append(("sort", pick.choice(("price", "-price", "newest", "title"))))
        # Of its own, so that the page is made and not kept.
        query.append(("min", f"0.{pick.randrange(100):02}"))
        paths.append(f"/categories/category-{pick.randrange(_CATEGORIES)}?" + urllib.parse.urlencode(query))
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
        with installation.program.serve() as server:
            fill(bench, shop, server.port)
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


def fill(bench: Bench, shop: Shop, port: int) -> None:
    """Puts the products in through the interface."""
    def put(staff: Client, number: int) -> None:
        staff.expect(201, "POST", "/api/v1/products", product(number))
        if number % 10_000 == 0:
            bench.say(f"{number:,} products")

    put_each(shop, port, range(PRODUCTS), put, 8)


def ask(bench: Bench, address: str, paths: list[str], headers: dict[str, str]) -> load.Load:
    """The median round by its p95."""
    load.get_each(address, paths, headers, bench.folder, CLIENTS, 3)
    rounds = [load.get_each(address, paths, headers, bench.folder, CLIENTS, bench.seconds) for _ in range(bench.rounds)]
    return sorted(rounds, key=lambda seen: seen.p95)[len(rounds) // 2]
