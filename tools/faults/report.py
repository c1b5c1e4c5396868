"""What a trial reports."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """What was done and what is wrong."""

    name: str
    engine: str
    rounds: int
    seed: int
    counts: dict[str, int] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not any(self.faults.values())

    def as_json(self) -> dict:
        """For `--json`."""
        return {**self.__dict__, "is_clean": self.is_clean}

    def __str__(self) -> str:
        verdict_word = "clean " if self.is_clean else "FAULTY"
        lines = [f"{verdict_word}  {self.name} ({self.engine}): {self.rounds} kills, seed {self.seed}"]
        lines.append("        " + ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items())))
        for name, faults in self.faults.items():
            lines.append(f"        {'ok    ' if not faults else 'FAULTY'} {name}")
            lines += [f"               {fault}" for fault in faults]
        return "\n".join(lines)
