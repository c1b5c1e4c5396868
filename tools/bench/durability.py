"""No order is acknowledged before it is on the disk."""

import contextlib
import threading

from bench import placing, shelf
from bench.bench import Bench
from bench.outcome import Outcome
from rig import preload

DELAY_MILLISECONDS = 300
_ALONE = 10
_CLIENTS = 16
_EACH = 4


def measure(bench: Bench, engine: str) -> list[Outcome]:
    """Slows every flush by 300 ms and takes the time of each answer: one buyer, then many at once."""
    count = _ALONE + _CLIENTS * _EACH
    with contextlib.ExitStack() as stack:
        installation = stack.enter_context(bench.installed(engine))
        shelf.prepare(installation, placing.stock(installation), count)
        slow = preload.slow_sync(bench.folder, DELAY_MILLISECONDS)
        if installation.cluster:
            installation.cluster.restart(slow)
        server = stack.enter_context(installation.program.serve(slow if engine == "sqlite" else {}))
        seconds: list[float] = []

        def buy(numbers: range) -> None:
            with installation.shop.buyer(server.port) as buyer:
                for number in numbers:
                    path, key = shelf.Prepared(number).request
                    answer = buyer.call("POST", path, shelf.PLACING, key)
                    seconds.append(answer.seconds if answer.status == 201 else 0)

        buy(range(1, _ALONE + 1))
        threads = [
            threading.Thread(target=buy, args=[range(first, first + _EACH)])
            for first in range(_ALONE + 1, count, _EACH)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        orders = installation.number("SELECT COUNT(*) FROM orders")
    fastest = min(seconds, default=0)
    return [Outcome(
        f"the fastest acknowledgement of an order while every flush takes {DELAY_MILLISECONDS} ms longer", engine,
        round(fastest, 4), "s", f"at least {DELAY_MILLISECONDS / 1000} s",
        fastest >= DELAY_MILLISECONDS / 1000 and orders == len(seconds) == count,
        notes=[f"{count} orders, {_ALONE} one after another and the others by {_CLIENTS} clients at once; "
               f"the slowest took {max(seconds, default=0):.2f} s"])]
