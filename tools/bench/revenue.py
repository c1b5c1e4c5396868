"""Orders, lines and revenue per day, straight from the CSV files and by nothing else: the replay's judge.

Shares no code with what turns invoices into orders. Prints JSON: python3 tools/bench/revenue.py FOLDER
"""

import csv
import json
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path


def revenue(folder: Path) -> dict:
    """`{"orders": n, "lines": n, "days": {"2010-12-01": "46376.49"}}`; an invoice counts on the day of its first
    sale."""
    day_of_invoice: dict[str, str] = {}
    days: dict[str, Decimal] = defaultdict(Decimal)
    lines = 0
    for path in sorted(folder.glob("*.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            for number, _, _, quantity, moment, price, *_ in list(csv.reader(file))[1:]:
                if int(quantity) <= 0 or Decimal(price) <= 0:
                    continue
                day = day_of_invoice.setdefault(number, moment[:10])
                days[day] += int(quantity) * Decimal(price)
                lines += 1
    return {
        "orders": len(day_of_invoice),
        "lines": lines,
        "days": {day: f"{amount:.2f}" for day, amount in sorted(days.items())},
    }


if __name__ == "__main__":
    print(json.dumps(revenue(Path(sys.argv[1])), indent=2))
