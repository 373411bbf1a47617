"""The processes under test, and their supervisor: whoever dies as a fault wanted it to is started again; any other end is a
violation."""
import asyncio
import contextlib
import dataclasses
import os
import pathlib
import re
import signal
import time

STOP_S, DRAIN_S = 12, 4
SLACK_S = 5           # of a machine that others use a little
START_S = 5           # before a start looks for signals
EARLY_S = 0.5         # before signals are blocked, SIGTERM ends a process as it ends any
RESTART_S = (0.1, 1.5)
BLIND_S = 60          # after brokers said that there are none: librdkafka (2.15.1) may never come out of that, and a process then ends itself
GIVES_UP = re.compile("event=stream.late|code=stream.stuck|code=consumer.fenced")


@dataclasses.dataclass
class Member:
    name: str
    fault: str = ""                   # STANCED_FAULT of this process
    process: asyncio.subprocess.Process | None = None
    log: pathlib.Path | None = None
    started_s: float = 0.0
    stopping_s: float = 0.0           # when SIGTERM was sent; 0: not
    wanted_ends: set[int] = dataclasses.field(default_factory=set)
    is_wanted: bool = True            # to be started again
    frozen_s: float = 0.0             # how long it was stopped, which it cannot know when it counts the time to end
    restart_s: float = 0.0            # 0: soon
    lock: asyncio.Lock = dataclasses.field(default_factory=asyncio.Lock)  # held while a fault has it

    def is_running(self) -> bool:
        return self.process is not None and self.process.returncode is None

    def signal(self, number: int) -> None:
        """Not send_signal(), which first asks whether the process has ended, and then keeps its status from asyncio (3.11)."""
        if self.is_running():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, number)

    def stop(self) -> None:
        """SIGTERM; the first one counts."""
        if self.is_running():
            self.stopping_s = self.stopping_s or time.monotonic()
            self.signal(signal.SIGTERM)


class Members:
    def __init__(self, command: list[str], folder: pathlib.Path, cluster, rng, poison: str, patience: float) -> None:
        self.slack_s = SLACK_S * patience
        self.command, self.folder, self.cluster, self.rng, self.poison = command, folder, cluster, rng, poison
        self.all: list[Member] = []
        self.tasks: list[asyncio.Task] = []
        self.violations: list[str] = []
        self.starts, self.stops, self.given_up = 0, 0, 0
        self.blind_s = -float("inf")  # when brokers last said that there are none
        self.longest_stop_s = 0.0
        self.peak_kib = 0
        self.is_over = False

    def add(self, name: str, state: str = "") -> Member:
        member = Member(name)
        self.all.append(member)
        self.tasks.append(asyncio.create_task(self.supervise(member, state or name)))
        return member

    def idle(self) -> list[Member]:
        """Those that run and that no fault has."""
        return [each for each in self.all if each.is_running() and not each.lock.locked() and each.is_wanted]

    async def supervise(self, member: Member, state: str) -> None:
        while member.is_wanted and not self.is_over:
            await self.run_once(member, state)
            if member.is_wanted:
                await asyncio.sleep(member.restart_s or self.rng.uniform(*RESTART_S))
                member.restart_s = 0.0
        self.all.remove(member)

    async def run_once(self, member: Member, state: str) -> None:
        self.starts += 1
        member.log = self.folder / f"{member.name}.{self.starts:03d}.log"
        member.wanted_ends, member.stopping_s, member.frozen_s = set(), 0.0, 0.0
        faults = ",".join(filter(None, [self.poison, member.fault]))
        with member.log.open("w") as log:
            member.process = await asyncio.create_subprocess_exec(
                *self.command, "--instance", member.name, "--state_dir", str(self.state_folder(state)), stdin=asyncio.subprocess.DEVNULL,
                stderr=log, stdout=log, env=dict(os.environ, STANCED_FAULT=faults))
        member.started_s = time.monotonic()
        watch = asyncio.create_task(self.watch_memory(member))
        status = await member.process.wait()
        watch.cancel()
        member.fault = ""
        self.judge(member, status)

    def state_folder(self, state: str) -> pathlib.Path:
        path = self.folder / "state" / state
        path.mkdir(parents=True, exist_ok=True)
        return path

    async def watch_memory(self, member: Member) -> None:
        while True:
            await asyncio.sleep(2)
            try:
                text = pathlib.Path(f"/proc/{member.process.pid}/status").read_text()
            except OSError:
                continue
            if found := re.search(r"VmHWM:\s*(\d+)", text):
                self.peak_kib = max(self.peak_kib, int(found[1]))

    def judge(self, member: Member, status: int) -> None:
        said = member.log.read_text(errors="replace")
        has_started = "event=stream.started" in said
        now = time.monotonic()
        if status in member.wanted_ends:
            return
        if status == -signal.SIGSEGV and "crash:" in self.poison:
            return
        if status == 3 and now - self.blind_s < BLIND_S and GIVES_UP.search(said):
            self.given_up += 1
            return
        if member.stopping_s:
            self.stops += 1
            took_s = max(0.0, now - member.stopping_s - member.frozen_s)
            self.longest_stop_s = max(self.longest_stop_s, took_s)
            if status in ((0, 3) if member.frozen_s else (0,)) and took_s <= STOP_S + self.slack_s + (0 if has_started else START_S):
                return
            if status == -signal.SIGTERM and not has_started and member.stopping_s - member.started_s < EARLY_S:
                return
            if not has_started and status == 3 and (member.frozen_s or self.were_brokers_away(member)):
                return
            self.violations.append(f"{member.log.name}: SIGTERM, then exit status {status} after {took_s:.1f} s")
        elif not (status == 3 and not has_started and (member.frozen_s or self.were_brokers_away(member))):
            self.violations.append(f"{member.log.name}: ended with {status}, unasked")

    def were_brokers_away(self, member: Member) -> bool:
        """While it was starting."""
        away_s = self.cluster.last_trouble_s
        now = asyncio.get_running_loop().time()
        return now - min(away_s, now) <= time.monotonic() - member.started_s + 5

    async def stop_all(self) -> None:
        self.is_over = True
        for member in list(self.all):
            member.is_wanted = False
            member.signal(signal.SIGCONT)
            if not member.stopping_s:
                member.stop()
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=STOP_S + START_S + 2 * self.slack_s)
        for member in self.all:
            self.violations.append(f"{member.log.name}: SIGTERM, and it does not end")
        self.kill_all()

    def kill_all(self) -> None:
        for member in self.all:
            member.is_wanted = False
            member.signal(signal.SIGKILL)
