#!/usr/bin/env python3
"""Makes a coordinator forget the transactions that are open, as if their records had never reached its disk: forget.py DATA
DATA is a stopped broker's log folder. Each log of __transaction_state is cut behind the last record of a transaction that has ended; prints
how many records that took away."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "chaos"))
from proxy import read_uvarint  # noqa: E402

from kafka_log import BATCH_HEADER, batches, logs  # noqa: E402

ENDED = {0, 4, 5}  # Empty, CompleteCommit, CompleteAbort


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Zigzag; the number, and where it ends."""
    number, at = read_uvarint(data, at)
    return (number >> 1) ^ -(number & 1), at


def states(batch: bytes):
    """The state each record of a batch writes; None for one that deletes."""
    at = BATCH_HEADER
    for _ in range(struct.unpack(">i", batch[57:61])[0]):
        size, at = read_varint(batch, at)
        end = at + size
        at += 1  # attributes
        for _ in range(2):  # time, offset
            _, at = read_varint(batch, at)
        size, at = read_varint(batch, at)
        size, at = read_varint(batch, at + size)
        yield batch[at + 16] if size > 16 else None  # behind version, producer, epoch, timeout
        at = end


def forget(path: pathlib.Path) -> int:
    data = path.read_bytes()
    keep = lost = 0
    for at, batch in batches(data):
        lost += 1
        if all(state is None or state in ENDED for state in states(batch)):
            keep, lost = at + len(batch), 0
    if lost:
        path.write_bytes(data[:keep])
    return lost


print(sum(forget(path) for path in logs(sys.argv[1], "__transaction_state-*")))
