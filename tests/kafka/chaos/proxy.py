"""A TCP proxy before each node, which makes the network as bad as it is told to. Clients reach it because nodes advertise
its address on the listener PROXIED (broker.sh)."""
import asyncio
import collections
import struct

CHUNK = 1 << 16
# API keys, first in a request after its length.
REQUESTS = {
    "Produce": 0, "Fetch": 1, "ListOffsets": 2, "Metadata": 3, "OffsetCommit": 8, "OffsetFetch": 9, "FindCoordinator": 10, "JoinGroup": 11,
    "Heartbeat": 12, "LeaveGroup": 13, "SyncGroup": 14, "InitProducerId": 22, "AddPartitionsToTxn": 24, "AddOffsetsToTxn": 25, "EndTxn": 26,
    "TxnOffsetCommit": 28, "ConsumerGroupHeartbeat": 68,
}
REQUEST_MOST = 1 << 26


class Proxy:
    def __init__(self, listen_port: int, to_port: int) -> None:
        self.listen_port, self.to_port = listen_port, to_port
        self.writers: set[asyncio.StreamWriter] = set()
        self.tasks: set[asyncio.Task] = set()
        self.server: asyncio.Server | None = None
        # Over all, by API key: requests that came when their sender had lost the connection, and those of which it may have given up waiting.
        self.late: collections.Counter[int] = collections.Counter()
        self.held: collections.Counter[int] = collections.Counter()
        self.calm()

    def calm(self) -> None:
        self.delay_s = 0.0       # each way
        self.bytes_a_second = 0  # each way; 0: as fast as it goes
        self.is_silent = False   # nothing comes through, and no connection is closed
        self.refuses = False     # new connections
        # By API key.
        self.late_s: dict[int, float] = {}  # the next one arrives so late, and its sender has lost the connection meanwhile
        self.slow_s: dict[int, float] = {}  # each, and all behind it, takes so long

    async def start(self) -> None:
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.listen_port)

    def stop(self) -> None:
        if self.server is not None:
            self.server.close()
        self.cut()
        for task in self.tasks:
            task.cancel()

    def cut(self) -> None:
        for writer in list(self.writers):
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuses:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, far_writer}
        self.writers |= pair
        ways = {asyncio.create_task(self.pass_on(self.requests(reader, pair), far_writer)),
                asyncio.create_task(self.pass_on(self.answers(far_reader), writer))}
        self.tasks |= ways
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for each in pair & self.writers:  # a far writer that a late EndTxn waits for has been taken out
            each.transport.abort()
        self.writers -= pair
        self.tasks -= ways

    async def answers(self, reader: asyncio.StreamReader):
        while data := await reader.read(CHUNK):
            yield data

    async def requests(self, reader: asyncio.StreamReader, pair: set[asyncio.StreamWriter]):
        while True:
            head = await reader.readexactly(4)
            size = struct.unpack(">i", head)[0]
            if not 2 <= size <= REQUEST_MOST:
                raise ValueError("no request")
            body = await reader.readexactly(size)
            key = struct.unpack(">h", body[:2])[0]
            if key in self.late_s:
                self.deliver_late(head + body, pair, self.late_s.pop(key))
                return
            if key in self.slow_s:
                self.held[key] += 1
                await asyncio.sleep(self.slow_s[key])
            yield head + body

    def deliver_late(self, request: bytes, pair: set[asyncio.StreamWriter], late_s: float) -> None:
        """The request is on its way, its sender sees a broken connection: KIP-890's case."""
        far_writer = next(each for each in pair if each.get_extra_info("peername")[1] == self.to_port)
        self.writers.discard(far_writer)
        self.late[struct.unpack(">h", request[4:6])[0]] += 1

        async def deliver() -> None:
            await asyncio.sleep(late_s)
            far_writer.write(request)
            await asyncio.sleep(2)
            far_writer.transport.abort()

        task = asyncio.create_task(deliver())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def pass_on(self, source, writer: asyncio.StreamWriter) -> None:
        """A long way, not a slow one: what is under way does not hold up what follows."""
        queue: asyncio.Queue = asyncio.Queue(64)
        loop = asyncio.get_running_loop()

        async def read() -> None:
            try:
                async for data in source:
                    await queue.put((loop.time() + self.delay_s, data))
            except (OSError, ValueError, asyncio.IncompleteReadError):
                pass
            await queue.put((0, b""))

        reading = asyncio.create_task(read())
        try:
            while True:
                due_s, data = await queue.get()
                if not data:
                    return
                await asyncio.sleep(max(0.0, due_s - loop.time()))
                while self.is_silent:
                    await asyncio.sleep(0.05)
                if self.bytes_a_second:
                    await asyncio.sleep(len(data) / self.bytes_a_second)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            reading.cancel()
