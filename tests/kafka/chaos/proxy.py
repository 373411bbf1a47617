"""A TCP proxy before each node, which makes the network as bad as it is told to. Clients reach it because nodes advertise
its address on the listener PROXIED (broker.sh)."""
import asyncio
import collections
import struct

# API keys, first in a request after its length.
REQUESTS = {
    "Produce": 0, "Fetch": 1, "ListOffsets": 2, "Metadata": 3, "OffsetCommit": 8, "OffsetFetch": 9, "FindCoordinator": 10, "JoinGroup": 11,
    "Heartbeat": 12, "LeaveGroup": 13, "SyncGroup": 14, "InitProducerId": 22, "AddPartitionsToTxn": 24, "AddOffsetsToTxn": 25, "EndTxn": 26,
    "TxnOffsetCommit": 28, "ConsumerGroupHeartbeat": 68,
}
FRAME_MOST = 1 << 26
METADATA_FLEXIBLE = 9  # the first version of Metadata that is encoded as without_brokers() reads it


def read_uvarint(data: bytes, at: int) -> tuple[int, int]:
    """The number, and where it ends."""
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def skip_tags(data: bytes, at: int) -> int:
    count, at = read_uvarint(data, at)
    for _ in range(count):
        _, at = read_uvarint(data, at)
        size, at = read_uvarint(data, at)
        at += size
    return at


def skip_string(data: bytes, at: int) -> int:
    size, at = read_uvarint(data, at)  # one more than its bytes; 0: none
    return at + max(0, size - 1)


def without_brokers(answer: bytes) -> bytes:
    """An answer to Metadata, behind its length, which now names no broker, as a node's may that is going down or coming up."""
    start = skip_tags(answer, 4) + 4  # correlation, tags, how long it was throttled
    count, at = read_uvarint(answer, start)
    for _ in range(count - 1):
        at = skip_string(answer, at + 4) + 4                 # number, host, port
        at = skip_tags(answer, skip_string(answer, at))      # rack
    return answer[:start] + b"\x01" + answer[at:]


class Proxy:
    def __init__(self, listen_port: int, to_port: int) -> None:
        self.listen_port, self.to_port = listen_port, to_port
        self.writers: set[asyncio.StreamWriter] = set()
        self.tasks: set[asyncio.Task] = set()
        self.server: asyncio.Server | None = None
        # Over all, by API key: requests that came when their sender had lost the connection, and those of which it may have given up waiting;
        # commits of positions whose connection ended before their answer.
        self.late: collections.Counter[int] = collections.Counter()
        self.held: collections.Counter[int] = collections.Counter()
        self.unanswered = 0
        self.hidden = 0  # answers that named no broker
        self.calm()

    def calm(self) -> None:
        self.delay_s = 0.0       # each way
        self.bytes_a_second = 0  # each way; 0: as fast as it goes
        self.is_silent = False   # nothing comes through, and no connection is closed
        self.refuses = False     # new connections
        self.hides_brokers = False  # from who asks which there are
        # By API key.
        self.late_s: dict[int, float] = {}  # the next one arrives so late, and its sender has lost the connection meanwhile
        self.slow_s: dict[int, float] = {}  # each, and all behind it, takes so long
        self.slow_one_s: dict[int, float] = {}  # the next one, and all behind it

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
        asked: set[bytes] = set()
        commits: set[bytes] = set()
        ways = {asyncio.create_task(self.pass_on(self.requests(reader, pair, asked, commits), far_writer)),
                asyncio.create_task(self.pass_on(self.answers(far_reader, asked, commits), writer))}
        self.tasks |= ways
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for each in pair & self.writers:  # a far writer that a late EndTxn waits for has been taken out
            each.transport.abort()
        self.writers -= pair
        self.tasks -= ways
        self.unanswered += len(commits)

    async def frames(self, reader: asyncio.StreamReader):
        while True:
            size = struct.unpack(">i", await reader.readexactly(4))[0]
            if not 2 <= size <= FRAME_MOST:
                raise ValueError("neither request nor answer")
            yield await reader.readexactly(size)

    async def answers(self, reader: asyncio.StreamReader, asked: set[bytes], commits: set[bytes]):
        async for body in self.frames(reader):
            commits.discard(body[:4])
            if body[:4] in asked:
                asked.remove(body[:4])
                if self.hides_brokers:
                    body = without_brokers(body)
                    self.hidden += 1
            yield struct.pack(">i", len(body)) + body

    async def requests(self, reader: asyncio.StreamReader, pair: set[asyncio.StreamWriter], asked: set[bytes],
                       commits: set[bytes]):
        """`asked`: the correlations of those that ask which brokers there are; `commits`: of OffsetCommit."""
        async for body in self.frames(reader):
            key, version = struct.unpack(">hh", body[:4])
            request = struct.pack(">i", len(body)) + body
            if key in self.late_s:
                self.deliver_late(request, pair, self.late_s.pop(key))
                return
            if key == REQUESTS["Metadata"] and version >= METADATA_FLEXIBLE:
                asked.add(body[4:8])
            if key == REQUESTS["OffsetCommit"]:
                commits.add(body[4:8])
            if taken_s := self.slow_one_s.pop(key, self.slow_s.get(key, 0.0)):
                self.held[key] += 1
                await asyncio.sleep(taken_s)
            yield request

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
