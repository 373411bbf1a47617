"""The input of a round: short made-up articles, and among them what must not stop the stream."""
import asyncio
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import articles  # noqa: E402

KEYS = 23
DEEP = 100_000
LARGE_BYTES = 900_000
OVER_LIMIT_BYTES = 24_000  # what comes of such an article is over the members' message.max.bytes
SLOW_IDS, CRASH_IDS = ["slow-1", "slow-2"], ["crash-1"]
# What the members' environment says of these ids (processor/runtime/fault.h).
POISON = ",".join([f"slow:worker:{each}" for each in SLOW_IDS] + [f"crash:worker:{each}" for each in CRASH_IDS])


def poison(number: int, rng: random.Random) -> str:
    name = f"poison-{number:05d}"
    kind = rng.randrange(8)
    if kind == 0:
        return '{"id": "%s", "text": "A minister' % name
    if kind == 1:
        return json.dumps({"id": name, "title": "A headline alone"})
    if kind == 2:
        return json.dumps({"id": name, "text": 12})
    if kind == 3:
        return json.dumps({"id": name, "text": " \n\t "})
    if kind == 4:
        return '{"text": ' + "[" * DEEP + "]" * DEEP + "}"
    if kind == 5:
        return json.dumps({"id": name, "text": "x" * LARGE_BYTES})
    if kind == 6:
        return json.dumps({"id": name, "text": "Ada Brandt criticised Norvia Motors. " * (OVER_LIMIT_BYTES // 37)})
    return "\x1f\x01\x02\x03\x04\x05\x06\x07\x08"


class Feed:
    """Writes at `rate` articles a second, until told to end."""

    def __init__(self, command: list[str], seed: int, rate: float, poison_share: float) -> None:
        self.command, self.rate, self.poison_share = command, rate, poison_share
        self.rng = random.Random(seed)
        self.count = 0
        self.special = [*SLOW_IDS, *CRASH_IDS] if poison_share > 0 else []

    def next_line(self) -> str:
        self.count += 1
        if self.special and self.count % 200 == 150:
            return json.dumps(articles.article(self.count, self.rng) | {"id": self.special.pop()})
        if self.rng.random() < self.poison_share:
            return poison(self.count, self.rng)
        return json.dumps(articles.article(self.count, self.rng))

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(*self.command, stdin=asyncio.subprocess.PIPE)
        self.task = asyncio.create_task(self.write())

    async def write(self) -> None:
        loop = asyncio.get_running_loop()
        started_s = loop.time()
        while True:
            self.process.stdin.write(self.next_line().encode() + b"\n")
            await self.process.stdin.drain()
            await asyncio.sleep(max(0.0, started_s + self.count / self.rate - loop.time()))

    async def end(self) -> int:
        """The exit status: 0 if every record was acknowledged."""
        self.task.cancel()
        self.process.stdin.close()
        return await self.process.wait()
