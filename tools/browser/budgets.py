"""What a page may weigh and how much it may move: pure arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Compressed bytes of scripts and styles, and layout shift, at most."""

    script_bytes: int
    style_bytes: int
    shift: float


BUDGETS = {"shop": Budget(5_000, 8_000, 0), "dashboard": Budget(30_000, 14_000, 0.01)}


def weigh(resources: Iterable[tuple[str, int]]) -> tuple[int, int]:
    """Bytes of scripts and of styles, of the addresses and compressed sizes that a page loaded."""
    scripts = styles = 0
    for address, size in resources:
        name = address.split("?")[0]
        if name.endswith((".js", ".mjs")):
            scripts += size
        elif name.endswith(".css"):
            styles += size
    return scripts, styles


def exceeded(budget: Budget, resources: Iterable[tuple[str, int]], shift: float) -> list[str]:
    """What is over the budget, in words."""
    scripts, styles = weigh(resources)
    found = []
    if scripts > budget.script_bytes:
        found.append(f"{scripts} bytes of scripts, at most {budget.script_bytes} are allowed")
    if styles > budget.style_bytes:
        found.append(f"{styles} bytes of styles, at most {budget.style_bytes} are allowed")
    # The browser's arithmetic leaves dust.
    if shift > budget.shift + 0.0005:
        found.append(f"the layout shifts by {shift:.4f}, at most {budget.shift} is allowed")
    return found
