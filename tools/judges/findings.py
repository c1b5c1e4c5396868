"""What a judge finds."""

import sys
import time
from collections.abc import Callable
from typing import Any


class Findings:
    """Collects what is not as it has to be."""

    def __init__(self, judge: str):
        self.judge = judge
        self.failures: list[str] = []
        self.count = 0

    def that(self, what: str, holds: Any) -> None:
        """Notes a claim and whether it holds."""
        self.count += 1
        if not holds:
            self.failures.append(what)

    def equal(self, what: str, seen: Any, expected: Any) -> None:
        """Notes whether two things are equal."""
        self.that(f"{what}: {seen!r}, expected {expected!r}", seen == expected)

    def raises(self, what: str, kind: type[Exception], call: Callable[[], Any]) -> Any:
        """Notes whether a call fails as it should; returns the error, or None."""
        try:
            call()
        except kind as error:
            self.that(what, True)
            return error
        except Exception as error:  # Any other error is the finding.
            self.that(f"{what}: {type(error).__name__} {error}", False)
            return None
        self.that(f"{what}: nothing was raised", False)
        return None

    def report(self, seconds: float) -> bool:
        """Says what was found; whether that was nothing."""
        for failure in self.failures:
            print(f"{self.judge}: {failure}", file=sys.stderr)
        print(f"==> {self.judge}: {self.count} claims, {len(self.failures)} wrong, {seconds:.1f} s", file=sys.stderr)
        return not self.failures


def eventually(condition: Callable[[], Any], within_seconds: float = 20) -> Any:
    """What a condition becomes when it is true at last; the last value otherwise."""
    deadline = time.monotonic() + within_seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return value
