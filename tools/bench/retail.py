"""A retailer's invoices as CSV files, turned into orders.

The columns are InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice (in pounds), CustomerID, Country.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

CURRENCY = "GBP"
_PENCE = Decimal(100)


@dataclass
class Invoice:
    """An invoice's lines that are sales."""

    number: str
    moment: str
    lines: list[dict] = field(default_factory=list)

    def order(self) -> dict:
        """The body that enters it as an order."""
        return {
            "external_id": self.number,
            "placed_at": instant(self.moment),
            "payment_method": "paid_elsewhere",
            "lines": self.lines,
        }


@dataclass
class Ledger:
    """Everything the files hold."""

    invoices: list[Invoice]
    kinds: Counter

    @property
    def lines(self) -> int:
        """Lines that are sales."""
        return sum(len(invoice.lines) for invoice in self.invoices)


def read(folder: Path) -> Ledger:
    """Reads all CSV files of a folder, in the order of their names; invoices in the order of their first sale."""
    invoices: dict[str, Invoice] = {}
    kinds: Counter = Counter()
    for row in rows(folder):
        kind = kind_of(row)
        kinds[kind] += 1
        if kind != "sale":
            continue
        number = row["InvoiceNo"]
        invoice = invoices.setdefault(number, Invoice(number, row["InvoiceDate"]))
        invoice.lines.append({
            "sku": row["StockCode"],
            "title": row["Description"].strip() or row["StockCode"],
            "quantity": int(row["Quantity"]),
            "unit_price": {"amount": minor_units(row["UnitPrice"]), "currency": CURRENCY},
        })
    return Ledger(list(invoices.values()), kinds)


def rows(folder: Path) -> Iterator[dict[str, str]]:
    """The lines of all files."""
    for path in sorted(folder.glob("*.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            yield from csv.DictReader(file)


def kind_of(row: dict[str, str]) -> str:
    """`sale`, or why the line is none."""
    quantity, price = int(row["Quantity"]), Decimal(row["UnitPrice"])
    if quantity < 0 and row["InvoiceNo"].startswith("C"):
        return "return"
    if quantity < 0:
        return "stock written off"
    if quantity == 0:
        return "no quantity"
    if price < 0:
        return "negative price"
    if price == 0:
        return "no price"
    return "sale"


def minor_units(pounds: str) -> int:
    """Pence, exactly; ValueError when there are fractions of a penny."""
    pence = Decimal(pounds) * _PENCE
    if pence != pence.to_integral_value():
        raise ValueError(f"{pounds} is not a whole number of pence")
    return int(pence)


def instant(moment: str) -> str:
    """`2010-12-01 08:26:00` as RFC 3339; the files say no time zone, so it is taken as UTC."""
    date, _, time = moment.partition(" ")
    return f"{date}T{time}Z"
