"""What came out of a measurement, against its bar."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Outcome:
    """One bar: what was measured, beside what, and whether that is enough."""

    what: str
    engine: str
    value: float
    unit: str
    bar: str
    is_met: bool
    reference: float | None = None
    reference_is: str = ""
    ratio: float | None = None
    samples: dict[str, list[float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)

    def __str__(self) -> str:
        verdict = "met" if self.is_met else "MISSED"
        lines = [f"{verdict:6}  {self.what} ({self.engine}): {figure(self.value)} {self.unit}, bar {self.bar}"]
        if self.reference is not None:
            lines.append(f"        {self.reference_is}: {figure(self.reference)} {self.unit}")
        if self.ratio is not None:
            lines.append(f"        ratio {self.ratio:.2f}")
        for name, values in self.samples.items():
            lines.append(f"        {name}: {' '.join(figure(value) for value in values)}")
        lines += [f"        {note}" for note in self.notes]
        return "\n".join(lines)


def figure(value: float) -> str:
    """A number as people read it."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def at_least(
    factor: float, what: str, engine: str, unit: str, product: list[float], reference: list[float],
    reference_is: str, notes: list[str] | None = None,
) -> Outcome:
    """The median of the product's rounds must reach a multiple of the median of the reference's."""
    value, beside = median(product), median(reference)
    ratio = value / beside if beside else 0.0
    return Outcome(
        what=what, engine=engine, value=value, unit=unit, bar=f"at least {factor} x the reference",
        is_met=ratio >= factor, reference=beside, reference_is=reference_is, ratio=round(ratio, 3),
        samples={"program": product, "reference": reference}, notes=notes or [])


def median(values: list[float]) -> float:
    """The middle value; the mean of the two in the middle."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def percentile(values: list[float], percent: float) -> float:
    """The smallest value that so many percent of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(1, int(rank)) - 1]


def alternate(rounds: int, *measured) -> list[list[float]]:
    """Runs several measurements in turn, so that what disturbs the machine disturbs all; one list of results each.

    Each is called with the number of the round. The order turns around every round.
    """
    results: list[list[float]] = [[] for _ in measured]
    for number in range(rounds):
        order = list(enumerate(measured))
        for index, run in order if number % 2 == 0 else reversed(order):
            results[index].append(run(number))
    return results
