"""The brokers: tests/kafka/broker.sh without waiting for it, and what it takes to run a tool against them."""
import asyncio
import os
import pathlib
import signal

KAFKA = pathlib.Path(__file__).resolve().parent.parent
# KIP-848 groups have their times from the broker. Leaders go back to where they were as soon as their broker is back.
MORE = """group.consumer.min.session.timeout.ms=6000
group.consumer.session.timeout.ms=6000
group.consumer.min.heartbeat.interval.ms=1000
group.consumer.heartbeat.interval.ms=1000
leader.imbalance.check.interval.seconds=5
leader.imbalance.per.broker.percentage=0
replica.lag.time.max.ms=6000
broker.session.timeout.ms=6000"""


async def run(*command: str, timeout_s: float = 180, **options) -> tuple[int, str]:
    """The exit status (-1: it took too long) and all that a command printed."""
    process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
                                                   stderr=asyncio.subprocess.STDOUT, **options)
    try:
        said, _ = await asyncio.wait_for(process.communicate(), timeout_s)
    except asyncio.TimeoutError:
        process.kill()
        return -1, f"{' '.join(command)}: still at it after {timeout_s} s"
    return process.returncode, said.decode(errors="replace")


class Cluster:
    def __init__(self, build: pathlib.Path, nodes: int, port: int, data: str = "") -> None:
        self.nodes, self.port = nodes, port
        self.env = dict(os.environ, KAFKA_DIR=str(build / "kafka"), KAFKA_PORT=str(port), KAFKA_MORE=MORE)
        if data:
            self.env["KAFKA_DATA"] = data
        self.bootstrap = ",".join(f"127.0.0.1:{port + 4 * i}" for i in range(nodes))
        self.locks = [asyncio.Lock() for _ in range(nodes)]  # held while a fault has the node
        self.last_trouble_s = 0.0  # when a node was last away

    async def broker(self, *arguments: str) -> str:
        status, said = await run(str(KAFKA / "broker.sh"), *arguments, env=self.env)
        if status != 0:
            raise RuntimeError(f"broker.sh {' '.join(arguments)}: {said}")
        return said

    async def up(self) -> None:
        await self.broker("up", str(self.nodes))

    async def wipe(self) -> None:
        await self.broker("wipe")

    async def away(self, node: int, how: str, for_s: float) -> None:
        """Takes a node away (`kill` or `end`) and brings it back; its lock is the caller's."""
        self.last_trouble_s = asyncio.get_running_loop().time() + 1e6
        try:
            await self.broker(how, str(node + 1))
            await asyncio.sleep(for_s)
            await self.broker("start", str(node + 1))
        finally:
            self.last_trouble_s = asyncio.get_running_loop().time()

    async def freeze(self, node: int, for_s: float) -> None:
        """A node that answers nobody for a while, as in a long garbage collection."""
        self.last_trouble_s = asyncio.get_running_loop().time() + 1e6
        pid = int(await self.broker("pid", str(node + 1)))
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(for_s)
        finally:
            os.kill(pid, signal.SIGCONT)
            self.last_trouble_s = asyncio.get_running_loop().time()
