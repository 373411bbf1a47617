#!/usr/bin/env python3
"""Makes a broker have left out the markers of the last transaction, which its coordinator calls done all the same: unmark.py DATA NAME
DATA is a stopped broker's log folder. The logs of the topics NAME.* and of the groups' positions lose the marker at their end, where it
is of the last transaction; prints how many did. There must have been nothing for a second before that transaction."""
import pathlib
import struct
import sys

from kafka_log import batches, logs

CONTROL = 0x20
SAME_MS = 400  # what lies between the markers of one transaction


def marker_at_end(path: pathlib.Path) -> tuple[int, int] | None:
    """Its time and where it begins."""
    at, last = 0, b""
    for at, last in batches(path.read_bytes()):
        pass
    if not last or not struct.unpack(">h", last[21:23])[0] & CONTROL:
        return None
    return struct.unpack(">q", last[35:43])[0], at


found = {path: marker for pattern in (sys.argv[2] + ".*", "__consumer_offsets-*") for path in logs(sys.argv[1], pattern)
         if (marker := marker_at_end(path))}
newest = max((time for time, _ in found.values()), default=0)
cut = {path: at for path, (time, at) in found.items() if newest - time < SAME_MS}
for path, at in cut.items():
    path.write_bytes(path.read_bytes()[:at])
print(len(cut))
