"""A shop with a thousand variants on the shelf and any number of checkouts ready to be placed.

The variants come in through the API and are then renumbered, 1 to 1,000, and the checkouts are copies of one that the
API made, so that a generator can compute the identifiers that belong to the n-th order instead of looking them up.
"""

import contextlib
import hashlib
import random
import re
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.pgbench import ROOM, numbered
from rig import identifiers
from rig.api import Client
from rig.installation import Installation, Shop

VARIANTS = 1000
LINES = 3
# Each line takes a variant from a part of the shelf of its own, so that no order names one twice.
_PART = VARIANTS // LINES
_ON_HAND = 100_000_000
# The identifiers of lines, above those that placing an order makes.
_FIRST_LINE = ROOM - LINES

ADDRESS = {
    "name": "Zoë Ångström", "line1": "12 Harbour Lane", "city": "Whitby", "postal_code": "YO21 3PU", "country": "GB",
}

# pgbench: the variants of an order, ascending, and the identifiers that were there before it.
PREAMBLE = "\n".join(
    rf"\set variant_{line} random({line * _PART + 1}, {(line + 1) * _PART})" for line in range(LINES))
KNOWN = {
    "checkout": "md5('checkout' || :order)::uuid",
    **{f"line{line}": numbered(f":order::bigint * {ROOM} + {_FIRST_LINE + line}") for line in range(LINES)},
    **{f"variant{line}": numbered(f":variant_{line}::bigint") for line in range(LINES)},
}


@dataclass(frozen=True)
class Prepared:
    """A checkout that waits to be placed."""

    number: int

    @property
    def checkout(self) -> uuid.UUID:
        """The checkout's id, the same that `KNOWN` computes."""
        return uuid.UUID(bytes=hashlib.md5(f"checkout{self.number}".encode()).digest())

    @property
    def known(self) -> dict[str, uuid.UUID]:
        """All identifiers that are there before the order."""
        pick = random.Random(self.number)
        names = {"checkout": self.checkout}
        for line in range(LINES):
            names[f"line{line}"] = uuid.UUID(int=self.number * ROOM + _FIRST_LINE + line)
            names[f"variant{line}"] = uuid.UUID(int=pick.randint(line * _PART + 1, (line + 1) * _PART))
        return names

    @property
    def request(self) -> tuple[str, str]:
        """The path that places it, and its idempotency key."""
        checkout = identifiers.encode("chk", self.checkout)
        return f"/api/v1/checkouts/{checkout}/order", f"place-{checkout}"


PLACING = {"payment_method": "cash_on_delivery"}


def fill(installation: Installation, shop: Shop, port: int) -> None:
    """Puts the variants on the shelf, through the API."""
    def put(staff: Client, number: int) -> None:
        variant = add_product(staff, f"Jar {number}", 450)
        staff.expect(200, "PUT", f"/api/v1/variants/{variant}/stock", {"on_hand": _ON_HAND})

    put_each(shop, port, range(1, VARIANTS + 1), put, 4)


def put_each(
        shop: Shop, port: int, wanted: Iterable[int], put: Callable[[Client, int], None], callers: int) -> None:
    """Has several members of staff at once put something in for each number, and raises the first failure."""
    numbers = iter(wanted)
    lock = threading.Lock()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with shop.staff(port) as staff:
                while not failures:
                    with lock:
                        number = next(numbers, None)
                    if number is None:
                        return
                    put(staff, number)
        except Exception as error:  # told to the caller's thread
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def add_product(staff: Client, title: str, pence: int) -> str:
    """Adds an active product of one variant; the variant's id."""
    product = staff.expect(201, "POST", "/api/v1/products", {
        "title": title, "status": "active",
        "variants": [{"sku": title.upper().replace(" ", "-"), "price": {"amount": pence, "currency": "GBP"}}]})
    return product["variants"][0]["id"]


def checkout_body(variants: list[str], quantity: int = 1) -> dict:
    """The body that opens a checkout which lacks nothing."""
    return {
        "lines": [{"variant_id": variant, "quantity": quantity} for variant in variants],
        "email": "zoe@example.com", "shipping_address": ADDRESS,
    }


def template(installation: Installation, shop: Shop, port: int) -> dict:
    """A checkout of three lines made by the API, to be copied by `prepare`."""
    variants = [row[0] for row in installation.rows(_ordered_variants(installation))][:LINES]
    ids = [identifiers.encode("var", uuid.UUID(variant)) for variant in variants]
    with shop.buyer(port) as buyer:
        return buyer.expect(201, "POST", "/api/v1/checkouts", checkout_body(ids))


def prepare(installation: Installation, made: dict, count: int) -> None:
    """Renumbers the variants and copies the checkout, numbers 1 to `count`. No server may run."""
    checkout = identifiers.decode(made["id"])
    columns, row = _row(installation, checkout)
    replaced = {
        **{line["id"]: ("line", f"line{index}") for index, line in enumerate(made["lines"])},
        **{line["variant_id"]: ("var", f"variant{index}") for index, line in enumerate(made["lines"])},
    }
    pieces = re.compile("(" + "|".join(map(re.escape, replaced)) + ")")
    shape = [pieces.split(value) if isinstance(value, str) else value for value in row]
    variant_texts = {number: identifiers.encode("var", uuid.UUID(int=number)) for number in range(VARIANTS + 1)}

    def text(known: dict[str, uuid.UUID], piece: str) -> str:
        if piece not in replaced:
            return piece
        prefix, name = replaced[piece]
        return variant_texts[known[name].int] if prefix == "var" else identifiers.encode(prefix, known[name])

    def copies():
        for number in range(1, count + 1):
            known = Prepared(number).known
            yield [
                known["checkout"] if value == checkout or value == checkout.bytes else
                "".join(text(known, piece) for piece in value) if isinstance(value, list) else value
                for value in shape]

    _insert(installation, columns, copies())


def _row(installation: Installation, checkout: uuid.UUID) -> tuple[list[str], list]:
    if installation.engine == "sqlite":
        with contextlib.closing(sqlite3.connect(installation.sqlite_file)) as reader:
            cursor = reader.execute("SELECT * FROM checkouts WHERE id = ?", [checkout.bytes])
            return [column[0] for column in cursor.description], list(cursor.fetchone())
    columns = [row[0] for row in installation.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'checkouts' ORDER BY ordinal_position")]
    row = installation.rows(f"SELECT * FROM checkouts WHERE id = '{checkout}'")[0]
    return columns, [checkout if value == str(checkout) else value for value in row]


def _insert(installation: Installation, columns: list[str], rows) -> None:
    ordered = [row[0] for row in installation.rows(_ordered_variants(installation))]
    if installation.engine == "sqlite":
        with contextlib.closing(sqlite3.connect(installation.sqlite_file)) as writer:
            for number, variant in enumerate(ordered, 1):
                values = [uuid.UUID(int=number).bytes, bytes.fromhex(variant)]
                writer.execute("UPDATE variants SET id = ? WHERE id = ?", values)
                writer.execute("UPDATE stock_items SET variant_id = ? WHERE variant_id = ?", values)
            places = ", ".join("?" * len(columns))
            writer.executemany(
                f"INSERT INTO checkouts ({', '.join(columns)}) VALUES ({places})",
                ([value.bytes if isinstance(value, uuid.UUID) else value for value in row] for row in rows))
            writer.commit()
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return
    changes = []
    for number, variant in enumerate(ordered, 1):
        changes.append(f"UPDATE variants SET id = '{uuid.UUID(int=number)}' WHERE id = '{variant}';")
        changes.append(f"UPDATE stock_items SET variant_id = '{uuid.UUID(int=number)}' WHERE variant_id = '{variant}';")
    installation.cluster.sql(installation.database, "BEGIN;" + "".join(changes) + "COMMIT;")
    installation.cluster.copy(
        installation.database, "checkouts", columns, "".join(
            "\t".join(r"\N" if value is None else str(value).replace("\\", "\\\\").replace("\n", "\\n")
                      .replace("\t", "\\t") for value in row) + "\n" for row in rows))
    installation.cluster.sql(installation.database, "VACUUM ANALYZE")


def _ordered_variants(installation: Installation) -> str:
    """Asks for all variants by id, as hexadecimal digits."""
    identifier = "lower(hex(id))" if installation.engine == "sqlite" else "replace(id::text, '-', '')"
    return f"SELECT {identifier} FROM variants ORDER BY id"
