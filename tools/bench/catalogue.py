"""A catalogue of any size, always the same, as Shopify's CSV file."""

import csv
import itertools
import random
from collections.abc import Iterable
from pathlib import Path

PRODUCTS = 100_000
SEED = 240

BRANDS = (
    "Aldermoor Birchwood Calloway Dunmere Eastvale Fairhaven Glenrock Harwick Ivyside Juniper Kestrel Larkspur "
    "Meridian Northgate Oakhurst Pinecrest Quillon Ravensworth Silverdale Thornbury Underhill Valemont Westerly "
    "Yarrow Zephyr").split()
QUALITIES = (
    "Classic Compact Deluxe Durable Elegant Essential Everyday Folding Heavy Hooded Insulated Knitted Light Long Mini "
    "Modern Organic Outdoor Padded Patterned Portable Quilted Recycled Relaxed Rustic Short Slim Soft Striped "
    "Thermal Vintage Waterproof Wide Winter Summer").split()
MATERIALS = (
    "cotton linen wool silk leather denim canvas bamboo oak walnut steel copper brass glass ceramic marble rubber "
    "felt cork velvet").split()
THINGS = (
    "shirt jacket trousers sweater dress skirt coat scarf hat gloves socks shoes boots sandals belt wallet backpack "
    "suitcase umbrella watch lamp table chair shelf sofa cushion blanket curtain rug mirror vase candle kettle teapot "
    "mug plate bowl knife pan pot grinder toaster blender bottle basket clock frame notebook pencil brush towel soap "
    "tent hammock bicycle helmet racket ball puzzle train doll drum guitar").split()
COLOURS = "Black White Grey Navy Blue Green Red Yellow Orange Pink Purple Brown Beige Ivory".split()
SIZES = "XS S M L XL XXL".split()
TAGS = [f"{kind}-{number}" for kind in ("season", "style", "room", "gift") for number in range(1, 26)]
CATEGORIES = 60
WORDS = [first + second for first, second in itertools.product(
    ("bra", "cel", "dor", "fen", "gal", "hol", "jas", "kel", "lom", "mar", "nev", "pol", "ras", "sel", "tor", "vin"),
    ("dan", "ber", "ric", "mont", "sal", "tide", "wick", "nor", "pex", "lund", "fort", "gate", "hurst", "mere"))]


COLUMNS = [
    "Handle", "Title", "Body (HTML)", "Vendor", "Tags", "Collection", "Published", "Option1 Name", "Option1 Value",
    "Option2 Name", "Option2 Value", "Variant SKU", "Variant Grams", "Variant Price"]


def product(number: int) -> list[list]:
    """The records of the n-th product, the same in every run: one to four variants."""
    pick = random.Random(SEED * 1_000_000 + number)
    thing = pick.choice(THINGS)
    title = f"{pick.choice(QUALITIES)} {pick.choice(MATERIALS)} {thing} {pick.choice(WORDS).title()} {number}"
    price = pick.choice((5, 9, 15, 19, 29, 45, 59, 79, 120, 199, 340)) * 100 + pick.randrange(100)
    sizes = pick.sample(SIZES, pick.randint(1, 4))
    colours = itertools.cycle(pick.sample(COLOURS, 2))
    of_product = [
        title, "<p>" + " ".join(pick.choices(WORDS, k=12)) + "</p>", pick.choice(BRANDS),
        ", ".join(pick.sample(TAGS, pick.randint(0, 3))), f"Category {THINGS.index(thing) % CATEGORIES}", "true",
    ]
    records = []
    for size, colour in zip(sizes, colours, strict=False):
        names = ("", "") if records else ("Colour", "Size")
        records.append([
            f"product-{number}", *([""] * len(of_product) if records else of_product), names[0], colour, names[1], size,
            f"SKU-{number}-{size}", 250, f"{price / 100:.2f}"])
    return records


def write(path: Path, numbers: Iterable[int]) -> Path:
    """Writes the products with these numbers to a file."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in numbers:
            writer.writerows(product(number))
    return path
