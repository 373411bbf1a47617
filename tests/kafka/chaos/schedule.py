"""When which fault happens, from the seed alone; and what came of it, over all rounds."""
import argparse
import collections
import dataclasses
import random
import time

from faults import FAULTS

GAP_S = (1.0, 9.0)  # between the beginnings of two faults
QUIET_S = 3.0       # at first: members find together


@dataclasses.dataclass
class Event:
    at_s: float
    name: str
    seed: int


def make_schedule(seed: int, for_s: float, only: str) -> list[Event]:
    rng = random.Random(seed)
    names = only.split(",") if only else list(FAULTS)
    weights = [FAULTS[name][1] for name in names]
    events, at_s = [], QUIET_S
    while at_s < for_s:
        events.append(Event(at_s, rng.choices(names, weights)[0], rng.randrange(1 << 30)))
        at_s += rng.uniform(*GAP_S)
    return events


class Total:
    def __init__(self, arguments: argparse.Namespace, started_s: float) -> None:
        self.arguments, self.started_s = arguments, started_s
        self.rounds, self.failed = 0, 0
        self.events: collections.Counter = collections.Counter()
        self.counts: collections.Counter = collections.Counter()
        self.fault_s = 0.0
        self.longest_lag_s, self.longest_stop_s, self.peak_kib = 0.0, 0.0, 0
        self.oldest_ms = 0

    def add(self, round_, counts: dict[str, int]) -> None:
        self.rounds += 1
        self.failed += bool(round_.violations)
        self.events.update(round_.done)
        self.oldest_ms = max(self.oldest_ms, counts.get("oldest_ms", 0))
        self.counts.update({name: count for name, count in counts.items() if name != "oldest_ms"})
        self.fault_s += round_.for_s
        self.longest_lag_s = max(self.longest_lag_s, round_.lag_s)
        self.longest_stop_s = max(self.longest_stop_s, round_.members.longest_stop_s)
        self.peak_kib = max(self.peak_kib, round_.members.peak_kib)

    def line(self) -> str:
        arguments = self.arguments
        faults = " ".join(f"{name}={count}" for name, count in sorted(self.events.items()))
        counts = " ".join(f"{name}={count}" for name, count in self.counts.items())
        return (f"chaos: {arguments.delivery}, nodes {arguments.nodes}, seeds {arguments.seed} to {arguments.seed + max(self.rounds, 1) - 1}: "
                f"{self.rounds - self.failed} of {self.rounds} rounds good, {self.events.total()} faults ({faults}) in {self.fault_s / 60:.1f} min "
                f"of {(time.monotonic() - self.started_s) / 60:.1f} | {counts} | longest: lag {self.longest_lag_s:.1f} s, "
                f"stop {self.longest_stop_s:.1f} s, repeated after commit {self.oldest_ms / 1000:.1f} s, {self.peak_kib / 1024:.0f} MiB")
