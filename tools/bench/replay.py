"""A retailer's real invoices, played through the API by several clients at once."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

from bench import retail
from bench.bench import Bench
from bench.outcome import Outcome, percentile
from rig.api import Answer, Unanswered
from rig.installation import Installation, Shop

CLIENTS = 8
DEFAULT_FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "retail"


def folder(bench: Bench) -> Path:
    """Where the files are."""
    return Path(bench.arguments[0]).resolve() if bench.arguments else DEFAULT_FOLDER


def skip_reason(bench: Bench) -> str | None:
    """Why there is nothing to replay; None when there is."""
    if not any(folder(bench).glob("*.csv")):
        return f"There are no CSV files in {folder(bench)}: nothing to replay. Name a folder: bin/bench replay FOLDER"
    return None


def measure(bench: Bench, engine: str) -> list[Outcome]:
    """Plays the invoices twice and compares what the API reports with what the files say."""
    ledger = retail.read(folder(bench))
    cluster = bench.cluster() if engine == "postgres" else None
    try:
        with bench.install(engine, cluster) as installation:
            shop = installation.create(retail.CURRENCY)
            return _replay(bench, installation, shop, ledger)
    finally:
        if cluster:
            cluster.stop()


def _replay(bench: Bench, installation: Installation, shop: Shop, ledger: retail.Ledger) -> list[Outcome]:
    server = installation.serve()
    installation.work()
    started = time.monotonic()
    answers = play(shop, server.port, ledger.invoices, "first")
    seconds = time.monotonic() - started
    again = play(shop, server.port, ledger.invoices, "second")
    with shop.staff(server.port) as staff:
        reported, by_external_id = report(staff.pages("/api/v1/orders"))
    expected = json.loads(subprocess.run(
        [sys.executable, Path(__file__).with_name("revenue.py"), folder(bench)],
        capture_output=True, text=True, check=True).stdout)

    faults = [f"invoice {number}: {answer}" for number, answer in answers.items() if answer.status != 201]
    faults += [
        f"invoice {number}, entered again: {answer}" for number, answer in again.items()
        if answer.status != 409 or answer.code != "order.external_id_taken"
        or by_external_id.get(number) not in answer.data.decode()]
    if reported != expected:
        faults.append(f"the API reports {reported}, the files say {expected}")
    latencies = [answer.seconds * 1000 for answer in answers.values()]
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(ledger.kinds.items()) if kind != "sale")
    return [Outcome(
        what=f"orders, lines and revenue per day of {len(reported['days'])} days, from the API and from the files",
        engine=installation.engine, value=len(faults), unit="differences", bar="0", is_met=not faults,
        notes=[
            f"{reported['orders']} orders, {reported['lines']} lines, {sum_of_days(reported)} {retail.CURRENCY}",
            *(f"{day}: {amount}" for day, amount in reported["days"].items()),
            f"lines that are no sales: {kinds or 'none'}",
            f"{CLIENTS} clients: {len(answers) / seconds:,.0f} orders/s, {ledger.lines / seconds:,.0f} lines/s, "
            f"p50 {percentile(latencies, 50):.1f} ms, p99 {percentile(latencies, 99):.1f} ms, "
            f"longest order {max(len(invoice.lines) for invoice in ledger.invoices)} lines",
            f"entered again: {sum(answer.status == 409 for answer in again.values())} of {len(again)} answered 409",
            *faults[:10],
        ])]


def play(shop: Shop, port: int, invoices: list[retail.Invoice], turn: str) -> dict[str, Answer]:
    """Enters every invoice once, by several clients; the answers by invoice."""
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    for invoice in invoices:
        waiting.put(invoice)
    answers: dict[str, Answer] = {}
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with shop.staff(port) as staff:
                while True:
                    invoice = waiting.get_nowait()
                    answers[invoice.number] = staff.call(
                        "POST", "/api/v1/orders", invoice.order(), key=f"{turn}-{invoice.number}")
        except queue.Empty:
            pass
        except (Unanswered, ValueError) as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return answers


def report(orders) -> tuple[dict, dict[str, str]]:
    """What the API's orders add up to, in the form that `revenue.py` prints; and the ids by external id."""
    counts: Counter = Counter()
    pence: dict[str, int] = defaultdict(int)
    by_external_id = {}
    for order in orders:
        counts["orders"] += 1
        counts["lines"] += len(order["lines"])
        total = sum(line["quantity"] * line["unit_price"]["amount"] for line in order["lines"])
        if total != order["totals"]["total"]["amount"]:
            raise ValueError(f"the lines of {order['number']} do not add up to its total")
        pence[order["placed_at"][:10]] += total
        by_external_id[order["external_id"]] = order["id"]
    days = {day: f"{amount // 100}.{amount % 100:02}" for day, amount in sorted(pence.items())}
    return {"orders": counts["orders"], "lines": counts["lines"], "days": days}, by_external_id


def sum_of_days(reported: dict) -> str:
    """The revenue of all days."""
    pence = sum(int(amount.replace(".", "")) for amount in reported["days"].values())
    return f"{pence // 100:,}.{pence % 100:02}"
