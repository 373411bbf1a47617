"""The record batches of a stopped broker's log files (format: magic 2), for the tools here that take some away."""
import pathlib
import struct
from collections.abc import Iterator

BATCH_HEADER = 61


def batches(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each batch and where it begins; the room that a log file has in front ends it."""
    at = 0
    while at + BATCH_HEADER <= len(data):
        size = 12 + struct.unpack(">i", data[at + 8:at + 12])[0]
        if size <= BATCH_HEADER - 12:
            return
        yield at, data[at:at + size]
        at += size


def logs(folder: str, pattern: str) -> Iterator[pathlib.Path]:
    return pathlib.Path(folder).glob(pattern + "/*.log")
