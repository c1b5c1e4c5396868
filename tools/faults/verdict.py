"""Compares what was acknowledged with what the API, the stock, the jobs and the event log say afterwards."""

import uuid
from collections import Counter
from collections.abc import Iterator

from faults.ledger import Ledger
from rig import identifiers
from rig.api import Client
from rig.installation import Installation
from rig.processes import wait_until

# What every order owes: the mail that it was received.
_JOB = "mails.send_order_mail"
_JOB_KEY = "order_received:"
_SETTLED_WITHIN_SECONDS = 120
# Invariants of stock and orders; the oldest job and dead letters.
_BOOKS = ("PAY-05", "JOB-02")


def judge(
    installation: Installation, ledger: Ledger, port: int, variants: list[str], on_hand: int
) -> dict[str, list[str]]:
    """What is wrong, by what was looked at. Empty lists are what is wanted."""
    found = {"what callers were told": ledger.faults[:20]}
    found["every job is done and every event has its place"] = list(_unsettled(installation))
    with installation.shop.staff(port) as staff:
        found["orders"] = list(_orders(staff, ledger))
        found["stock"] = list(_stock(staff, ledger, variants, on_hand))
    found["one order for each checkout"] = list(_checkouts(installation, ledger))
    found["jobs"] = list(_jobs(installation, ledger))
    found["events"] = list(_events(installation, ledger))
    return {name: faults[:20] for name, faults in found.items()}


def preflight(installation: Installation) -> list[str]:
    """The program's own checks of stock, orders and jobs that do not pass."""
    report = installation.program.run_json("preflight", accepts=(0, 1, 2))
    verdicts = {check["id"]: check for check in report["checks"]}
    return [
        f"{check}: {verdicts[check]['evidence'] if check in verdicts else 'not among the checks'}" for check in _BOOKS
        if verdicts.get(check, {}).get("verdict") != "pass"]


def _orders(staff: Client, ledger: Ledger) -> Iterator[str]:
    seen = {order["id"]: order for order in staff.pages("/api/v1/orders")}
    for unknown in seen.keys() - ledger.orders.keys():
        yield f"nobody was told of the order {unknown}"
    for order in ledger.orders.values():
        kept = seen.get(order.id)
        if kept is None:
            yield f"the acknowledged order {order.id} is lost"
            continue
        lines = {
            line["id"]: (line["variant_id"], line["quantity"], line["fulfilled_quantity"]) for line in kept["lines"]}
        told = {line_id: (line.variant, line.quantity, line.fulfilled) for line_id, line in order.lines.items()}
        if lines != told:
            yield f"{order.id} has the lines {lines}, acknowledged were {told}"
        states = {name: kept[name] for name in order.states}
        if states != order.states:
            yield f"{order.id} is {states}, acknowledged was {order.states}"


def _stock(staff: Client, ledger: Ledger, variants: list[str], on_hand: int) -> Iterator[str]:
    for variant in variants:
        stock = staff.expect(200, "GET", f"/api/v1/variants/{variant}/stock")
        reserved, gone = ledger.held(variant)
        expected = {"on_hand": on_hand - gone, "reserved": reserved, "available": on_hand - gone - reserved}
        seen = {name: stock[name] for name in expected}
        if seen != expected:
            yield f"{variant}: the stock says {seen}, the acknowledged orders say {expected}"


def _checkouts(installation: Installation, ledger: Ledger) -> Iterator[str]:
    orders, checkouts, completed = map(int, installation.rows(
        "SELECT COUNT(*), COUNT(DISTINCT checkout_id), "
        "(SELECT COUNT(*) FROM checkouts WHERE status = 'completed') FROM orders")[0])
    if not orders == checkouts == completed == len(ledger.by_checkout):
        yield (f"{orders} orders of {checkouts} checkouts, {completed} completed checkouts, "
               f"{len(ledger.by_checkout)} acknowledged")


def _unsettled(installation: Installation) -> Iterator[str]:
    """Waits until nothing is owed."""
    owed = "SELECT COUNT(*) FROM jobs WHERE state = 'active' AND store_id IS NOT NULL"
    unplaced = "SELECT (SELECT COUNT(*) FROM events) - (SELECT COUNT(*) FROM event_positions)"
    if not wait_until(
            lambda: installation.number(owed) == 0 and installation.number(unplaced) == 0, _SETTLED_WITHIN_SECONDS,
            every_seconds=0.5):
        yield (f"after {_SETTLED_WITHIN_SECONDS} s, {installation.number(owed)} jobs are not done and "
               f"{installation.number(unplaced)} events have no position")


def _jobs(installation: Installation, ledger: Ledger) -> Iterator[str]:
    keys = Counter(row[0] for row in installation.rows(
        f"SELECT key FROM jobs WHERE kind = '{_JOB}' AND state = 'done'"))
    for order in ledger.orders:
        done = keys[_JOB_KEY + order]
        if done != 1:
            yield f"the job of {order} is done {done} times"
    for kind, state, count in installation.rows(
            "SELECT kind, state, COUNT(*) FROM jobs WHERE state IN ('dead', 'discarded') GROUP BY kind, state"):
        yield f"{count} jobs of {kind} are {state}"


def _events(installation: Installation, ledger: Ledger) -> Iterator[str]:
    count, lowest, highest, distinct, events = (int(value or 0) for value in installation.rows(
        "SELECT COUNT(*), MIN(position), MAX(position), (SELECT COUNT(*) FROM (SELECT DISTINCT store_id, "
        "aggregate_kind, aggregate_id, version FROM event_positions) AS placed), (SELECT COUNT(*) FROM events) "
        "FROM event_positions")[0])
    if count and not (lowest == 1 and highest == count == distinct == events):
        yield f"{events} events, {distinct} with a position, positions {lowest} to {highest}, {count} of them"
    identifier = "lower(hex(aggregate_id))" if installation.engine == "sqlite" else "aggregate_id::text"
    types: dict[str, Counter] = {}
    for aggregate, event in installation.rows(f"SELECT {identifier}, type FROM events WHERE aggregate_kind = 'order'"):
        types.setdefault(identifiers.encode("ord", uuid.UUID(aggregate)), Counter())[event] += 1
    for order in ledger.orders.values():
        told = types.pop(order.id, Counter())
        if told["order.placed"] != 1 or told["order.canceled"] != int(order.is_canceled):
            yield f"{order.id} has the events {dict(told)}"
        delivered = sum(number for event, number in told.items() if "fulfilled" in event)
        if delivered != order.deliveries:
            yield f"{order.id} was delivered {order.deliveries} times and has the events {dict(told)}"
    for unknown in types:
        yield f"there are events of {unknown}, of which nobody was told"
    for aggregate, in installation.rows(
            f"SELECT {identifier} FROM (SELECT store_id, aggregate_kind, aggregate_id, version, position, "
            "LAG(position) OVER (PARTITION BY store_id, aggregate_kind, aggregate_id ORDER BY version) AS before "
            "FROM event_positions) AS ordered WHERE before > position LIMIT 5"):
        yield f"the events of {aggregate} are not in the order of their versions"
