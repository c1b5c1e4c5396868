"""Two hundred buyers at once for the last ten units."""

import threading
from collections import Counter

from bench import shelf
from bench.bench import Bench
from bench.outcome import Outcome
from rig.api import Answer, Unanswered
from rig.installation import Installation
from rig.program import Server

BUYERS = 200
UNITS = 10
ROUNDS = 20
_PROCESSES = 3


def measure(bench: Bench, engine: str) -> list[Outcome]:
    """Twenty rounds, against several processes on PostgreSQL and one on SQLite."""
    with bench.installed(engine) as installation:
        installation.create()
        servers = [installation.serve() for _ in range(_PROCESSES if engine == "postgres" else 1)]
        faults = [fault for number in range(1, ROUNDS + 1) for fault in _round(installation, servers, number)]
    return [Outcome(
        f"{BUYERS} buyers at once for the last {UNITS} units, {ROUNDS} rounds, {len(servers)} server processes", engine,
        len(faults), "rounds that went wrong", "0", not faults,
        notes=[f"each round: {UNITS} orders, {BUYERS - UNITS} refusals with stock.insufficient, stock 0"
               if not faults else "", *faults[:10]])]


def _round(installation: Installation, servers: list[Server], number: int) -> list[str]:
    """What went wrong in this round."""
    shop = installation.shop
    with shop.staff(servers[0].port) as staff:
        variant = shelf.add_product(staff, f"Last jar {number}", 450)
        staff.expect(200, "PUT", f"/api/v1/variants/{variant}/stock", {"on_hand": UNITS})
        answers = _rush(installation, servers, variant)
        stock = staff.expect(200, "GET", f"/api/v1/variants/{variant}/stock")
    seen = Counter(f"{answer.status} {answer.code}".strip() if isinstance(answer, Answer) else "unanswered"
                   for answer in answers)
    unclear = [
        answer for answer in answers
        if isinstance(answer, Answer) and answer.status == 409 and answer.body["errors"][0].get("available") != 0]
    expected = {"201": UNITS, "409 stock.insufficient": BUYERS - UNITS}
    left = (stock["on_hand"], stock["reserved"], stock["available"])
    if seen == expected and left == (UNITS, UNITS, 0) and not unclear:
        return []
    return [f"round {number}: {dict(seen)}, on hand, reserved and available {left}, {len(unclear)} refusals without "
            f"the units available {unclear[0] if unclear else ''}"]


def _rush(installation: Installation, servers: list[Server], variant: str) -> list[Answer | None]:
    """All buyers fill their checkouts, connect, wait for each other and place their orders."""
    answers: list[Answer | None] = []
    failures: list[Exception] = []
    barrier = threading.Barrier(BUYERS, timeout=60)

    def run(number: int) -> None:
        try:
            with installation.shop.buyer(servers[number % len(servers)].port) as buyer:
                checkout = buyer.expect(201, "POST", "/api/v1/checkouts", shelf.checkout_body([variant]))["id"]
                barrier.wait()
                answers.append(buyer.call(
                    "POST", f"/api/v1/checkouts/{checkout}/order", shelf.PLACING, key=f"rush-{checkout}"))
        except Unanswered:
            answers.append(None)
        except Exception as error:  # told to the caller's thread
            failures.append(error)
            barrier.abort()

    threads = [threading.Thread(target=run, args=[number]) for number in range(BUYERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return answers
