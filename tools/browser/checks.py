"""What a check is, how it ended, and whether that is good enough."""

import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from browser.demo import Missing


@dataclass(frozen=True)
class Check:
    """Something that has to be so. It returns when it is, and raises what is not."""

    name: str
    run: Callable[[Any], None]


@dataclass(frozen=True)
class Result:
    """How a check ended."""

    name: str
    verdict: str
    words: str = ""
    seconds: float = 0

    def __str__(self) -> str:
        words = f": {self.words}" if self.words else ""
        return f"{self.verdict:8} {self.seconds:5.1f} s  {self.name}{words}"


def carry_out(check: Check, world: Any) -> Result:
    """Runs a check and says how it ended."""
    started = time.monotonic()

    def ended(verdict: str, words: str = "") -> Result:
        return Result(check.name, verdict, words, time.monotonic() - started)

    try:
        check.run(world)
    except Missing as missing:
        return ended("missing", str(missing))
    except AssertionError as wrong:
        return ended("FAILED", _brief(str(wrong)))
    except Exception as error:  # the other checks still run
        place = traceback.extract_tb(error.__traceback__)[-1]
        own = [frame for frame in traceback.extract_tb(error.__traceback__) if "/tools/browser/" in frame.filename]
        place = own[-1] if own else place
        return ended("FAILED", f"{_brief(str(error))} ({place.filename.rpartition('/')[2]}:{place.lineno})")
    return ended("passed")


def carry_out_twice(check: Check, world: Any) -> Result:
    """As `carry_out`; what fails gets a second attempt, because a browser on a busy machine may miss its moment. The
    result tells of the first."""
    first = carry_out(check, world)
    if first.verdict != "FAILED":
        return first
    second = carry_out(check, world)
    if second.verdict != "passed":
        return first
    return Result(
        check.name, "passed", f"at the second attempt; the first: {first.words}", first.seconds + second.seconds)


def once(make: Callable[[Any], Any]) -> property:
    """A property that is worked out at its first use. What could not be had then cannot be had later either."""
    name = f"_once_{make.__name__}"

    def get(self: Any) -> Any:
        if name not in vars(self):
            try:
                vars(self)[name] = (make(self), None)
            except Exception as error:  # told to everybody who asks
                vars(self)[name] = (None, error)
        value, error = vars(self)[name]
        if error is not None:
            raise error
        return value

    return property(get, doc=make.__doc__)


def _brief(words: str, most_lines: int = 12) -> str:
    lines = [line.rstrip() for line in words.splitlines() if line.strip()]
    return "\n        ".join(lines[:most_lines])


def is_good(results: Iterable[Result], strictly: bool) -> bool:
    """Whether nothing failed; strictly, also whether nothing is missing and anything was looked at."""
    verdicts = [result.verdict for result in results]
    if strictly:
        return bool(verdicts) and all(verdict == "passed" for verdict in verdicts)
    return "FAILED" not in verdicts


def summary(results: Iterable[Result]) -> str:
    """One line: how many ended how."""
    verdicts = [result.verdict for result in results]
    return ", ".join(
        f"{verdicts.count(verdict)} {verdict.lower()}" for verdict in ("passed", "FAILED", "missing")
        if verdict in verdicts) or "nothing was checked"


def is_wanted(check: Check, words: list[str]) -> bool:
    """Whether one of the words stands in the check's name. Without words all are wanted."""
    return not words or any(word in check.name for word in words)
