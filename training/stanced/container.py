"""The model file's container: named sections, 64-byte aligned, with a checksum (layout: processor/model/file.h)."""
import hashlib
import struct

MAGIC = b"STANCED\1"
BYTES, F32, I8 = 0, 1, 2
ALIGN = 64
ENTRY = 128
HEADER = 64


class Container:
    def __init__(self):
        self.sections = []  # (name, dtype, dims, bytes)

    def add_bytes(self, name, data):
        self.sections.append((name, BYTES, [len(data)], data))

    def add(self, name, array):
        """A float32 or int8 array of up to three dimensions."""
        dtype = {"float32": F32, "int8": I8}[str(array.dtype)]
        self.sections.append((name, dtype, list(array.shape), array.tobytes()))

    def replace_bytes(self, name, data):
        self.sections = [(n, BYTES, [len(data)], data) if n == name else (n, t, d, b) for n, t, d, b in self.sections]

    def find(self, name):
        return next(data for n, _, _, data in self.sections if n == name)

    def write(self, path):
        offset = HEADER + ENTRY * len(self.sections)
        table, body = b"", bytearray()
        for name, dtype, dims, data in self.sections:
            body += b"\0" * (-(offset + len(body)) % ALIGN)
            dims3 = dims + [1] * (3 - len(dims))
            table += struct.pack("<64sII3QQQ16x", name.encode(), dtype, len(dims), *dims3, offset + len(body), len(data))
            body += data
        payload = table + bytes(body)
        head = MAGIC + struct.pack("<IIQQ", 1, len(self.sections), HEADER + len(payload), 0)
        with open(path, "wb") as file:
            file.write(head + hashlib.sha256(payload).digest() + payload)


def read_container(path):
    with open(path, "rb") as file:
        data = file.read()
    magic, (_, count) = data[:8], struct.unpack_from("<II", data, 8)
    if magic != MAGIC or hashlib.sha256(data[HEADER:]).digest() != data[32:64]:
        raise ValueError(f"{path} is not a model file, or is damaged")
    out = Container()
    for i in range(count):
        name, dtype, rank, *rest = struct.unpack_from("<64sII3QQQ", data, HEADER + ENTRY * i)
        dims, (offset, size) = rest[:3], rest[3:]
        out.sections.append((name.rstrip(b"\0").decode(), dtype, list(dims[:rank]), data[offset:offset + size]))
    return out
