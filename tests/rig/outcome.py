"""The result of a run: one line for people, and whether the promise was kept."""

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """`seen` tells how hard the run was; all `faults` must be zero; `notes` say which and where."""

    goal: str
    seed: int
    seen: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        return not any(self.faults.values())

    def __str__(self) -> str:
        numbers = " ".join(f"{name}={number}" for name, number in (self.seen | self.faults).items())
        return f"{self.goal} seed={self.seed} {numbers} {'kept' if self.is_kept else 'BROKEN'}"
