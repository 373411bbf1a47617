"""One round: topics and members of its own, a schedule of faults, healing, verdict."""
import argparse
import asyncio
import collections
import pathlib
import random
import re
import time

from cluster import Cluster, run
from faults import FAULTS, SESSION_S, TRANSACTION_S
from feed import KEYS, POISON, Feed
from members import DRAIN_S, STOP_S, Members
from proxy import REQUESTS, Proxy
from schedule import make_schedule

LAG_S = 60  # after healing, until all is committed
WINDOW_S = 60  # at least once: what is older cannot have been in hand any more
SAID_MOST = 20  # of what was wrong in a round
PARTITIONS = 4
OUTPUTS = ("enriched", "stances", "entities", "dlq")
# Ways to be a group: how partitions are handed over.
GROUPS = {
    "cooperative": ["-X", f"consumer.session.timeout.ms={SESSION_S}000"],
    "eager": ["-X", f"consumer.session.timeout.ms={SESSION_S}000", "-X", "consumer.partition.assignment.strategy=range"],
    "next": ["-X", "consumer.group.protocol=consumer"],
}


class Round:
    def __init__(self, arguments: argparse.Namespace, cluster: Cluster, proxies: list[Proxy], folder: pathlib.Path, seed: int,
                 for_s: float) -> None:
        self.arguments, self.cluster, self.proxies, self.folder = arguments, cluster, proxies, folder
        self.seed, self.for_s, self.name = seed, for_s, f"chaos-{seed}"
        self.rng = random.Random(seed)
        self.size = self.rng.randint(1, 3)
        self.group = self.rng.choice(list(GROUPS))
        self.violations: list[str] = []
        self.done: collections.Counter = collections.Counter()
        self.numbers, self.lag_s = 0, 0.0
        self.late_before = self.late_commits()
        self.tools = arguments.build / "tests" / "kafka"
        self.members = Members(self.command(), folder, cluster, random.Random(seed + 1), POISON if arguments.poison > 0 else "",
                               arguments.patience)
        folder.mkdir(parents=True)
        self.journal = (folder / "journal.log").open("w", buffering=1)

    def late_commits(self) -> int:
        """How many may have come after newer ones."""
        key = REQUESTS["OffsetCommit"]
        return sum(proxy.late[key] + proxy.held[key] + proxy.unanswered for proxy in self.proxies)

    def next_number(self) -> int:
        self.numbers += 1
        return self.numbers

    def topics(self) -> list[str]:
        """Those with PARTITIONS partitions, Kafka's own among them."""
        kafkas = ["__consumer_offsets"] if self.is_repeating() else ["__consumer_offsets", "__transaction_state"]
        return [f"{self.name}.{each}" for each in ("raw", *OUTPUTS) if each != "dlq"] + kafkas

    def common(self, brokers: str) -> list[str]:
        name = self.name
        return ["--brokers", brokers, "--group", name, "--input", f"{name}.raw", "--enriched_topic", f"{name}.enriched",
                "--stances_topic", f"{name}.stances", "--entities_topic", f"{name}.entities", "--dead_letter_topic", f"{name}.dlq",
                "--status_topic", f"{name}.status"]

    def command(self) -> list[str]:
        proxied = ",".join(f"127.0.0.1:{proxy.listen_port}" for proxy in self.proxies)
        return [str(self.arguments.build / "tests" / "stanced-faults"), "run", *self.common(proxied), *GROUPS[self.group],
                "--delivery", self.arguments.delivery, "--workers", "1", "--http_listen", "", "--status_interval_ms", "1s",
                "--commit_interval_ms", "100", "--commit_records", "20", "--article_ms", "1s", "--stall_ms", "15s",
                "--stop_ms", f"{STOP_S}s", "--drain_ms", f"{DRAIN_S}s", "--memory_bytes", "32MiB",
                "-X", "consumer.max.poll.interval.ms=20000", "-X", f"producer.transaction.timeout.ms={TRANSACTION_S}000",
                "-X", "producer.message.max.bytes=40000", *[each for property_ in self.arguments.properties for each in ("-X", property_)]]

    def note(self, text: str) -> None:
        self.journal.write(f"{time.time():.3f} {text}\n")

    async def create_topics(self) -> None:
        status, said = await run(str(self.arguments.build / "stanced"), "topics", "--create", "--partitions", str(PARTITIONS),
                                 *self.common(self.cluster.bootstrap))
        if status != 0:
            raise RuntimeError(said)
        if self.is_repeating():
            await self.cluster.broker("tool", "kafka.admin.ConfigCommand", "--alter", "--entity-type", "topics", "--entity-name",
                                      f"{self.name}.enriched", "--add-config", "message.timestamp.type=LogAppendTime")

    def is_repeating(self) -> bool:
        return self.arguments.delivery == "at_least_once"

    async def play(self) -> dict[str, int]:
        print(f"round {self.seed}: {self.arguments.delivery}, nodes {self.cluster.nodes}, members {self.size}, {self.group}, {self.for_s:.0f} s", flush=True)
        await self.create_topics()
        self.feed = Feed([str(self.tools / "feed"), self.cluster.bootstrap, "articles", f"{self.name}.raw", str(KEYS)], self.seed,
                         self.arguments.rate, self.arguments.poison)
        await self.feed.start()
        try:
            for i in range(self.size):
                self.members.add(f"{self.name}-m{i + 1}")
            await self.disturb()
            counts = await self.settle()
        finally:
            self.members.kill_all()
            self.feed.task.cancel()
            if self.feed.process.returncode is None:
                self.feed.process.kill()
        self.violations += self.members.violations
        self.say(counts)
        return counts

    async def disturb(self) -> None:
        started_s = time.monotonic()
        tasks = []
        for event in make_schedule(self.seed, self.for_s, self.arguments.only):
            await asyncio.sleep(max(0.0, started_s + event.at_s - time.monotonic()))
            tasks.append(asyncio.create_task(self.cause(event)))
        await asyncio.sleep(max(0.0, started_s + self.for_s - time.monotonic()))
        if tasks:
            await asyncio.wait(tasks)
        for task in tasks:
            task.result()

    async def cause(self, event) -> None:
        self.note(f"{event.name} begins")
        try:
            done = await FAULTS[event.name][0](self, random.Random(event.seed))
        except RuntimeError as error:
            self.violations.append(f"{event.name}: {error}")
            return
        self.note(f"{event.name}: {done or 'nobody to do it to'}")
        if done:
            self.done[event.name] += 1

    async def settle(self) -> dict[str, int]:
        """Everything is healed; all input must be committed in time, all must stop in time, and then the logs are compared."""
        for proxy in self.proxies:
            proxy.calm()
        status = await self.feed.end()
        if status != 0:
            self.violations.append(f"feed: exit status {status}")
        healed_s = time.monotonic()
        self.note("healed")
        # A commit outside of transactions bears no number: a broker takes an old one after a newer one.
        late = PARTITIONS * (self.late_commits() - self.late_before) if self.is_repeating() else 0
        counts = await self.compare("positions", int(LAG_S * self.arguments.patience), options=["--late", str(late)])
        self.lag_s = time.monotonic() - healed_s
        self.note("all is committed" if not self.violations else "; ".join(self.violations))
        await self.members.stop_all()
        # Nobody makes topics anew or deletes records here: who says so is wrong, and would have read something twice.
        for log in sorted(self.folder.glob("*.log")):
            if re.search(r"event=consumer\.(anew|gone)", log.read_text(errors="replace")):
                self.violations.append(f"{log.name}: says that the input went back or is gone")
        repeats = ["--repeats", "--window", str(int(WINDOW_S * self.arguments.patience))] if self.is_repeating() else []
        counts |= await self.compare("verify", 20, *[f"{self.name}.{each}" for each in OUTPUTS], options=repeats)
        return counts

    async def compare(self, tool: str, wait_s: int, *topics: str, options=()) -> dict[str, int]:
        status, said = await run(str(self.tools / tool), self.cluster.bootstrap, self.name, f"{self.name}.raw", *topics, "--wait", str(wait_s),
                                 *options, timeout_s=wait_s + 120)
        self.note(said.strip())
        if status != 0:
            self.violations.append(f"{tool}: exit status {status}: {said.strip()}")
        return {name: int(count) for name, count in re.findall(r"([a-z_]+)=(\d+)", said)}

    def say(self, counts: dict[str, int]) -> None:
        faults = ", ".join(f"{name} {count}" for name, count in sorted(self.done.items()))
        print(f"  {'FAILED' if self.violations else 'good'}: {self.done.total()} faults ({faults}), {self.members.starts} starts, {self.members.given_up} given up, lag {self.lag_s:.1f} s, "
              f"stop {self.members.longest_stop_s:.1f} s\n  {' '.join(f'{name}={count}' for name, count in counts.items())}", flush=True)
        for violation in self.violations[:SAID_MOST]:
            print(f"  - {violation}")
        if len(self.violations) > SAID_MOST:
            print(f"  - and {len(self.violations) - SAID_MOST} more")
        if self.violations:
            arguments = self.arguments
            print(f"  again: make chaos SEED={self.seed} MINUTES={self.for_s / 60:g} NODES={arguments.nodes} DELIVERY={arguments.delivery}; "
                  f"left in {self.folder}", flush=True)
