#!/usr/bin/env python3
"""A coordinator that goes away just when it is asked where partitions begin: late_places.py PORT

Passes connections to PORT on to PORT - 1, until the first OffsetFetch: then there is no way to the broker for longer than the question
may take, and after that there is again. Prints "away" and "back". Runs until it is killed."""
import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "chaos"))
from proxy import REQUESTS, Proxy  # noqa: E402

AWAY_S, LATE_S = 19, 60  # the question may take 15 s


async def serve(port: int) -> None:
    proxy = Proxy(port, port - 1)
    await proxy.start()
    proxy.late_s[REQUESTS["OffsetFetch"]] = LATE_S
    while not proxy.late:
        await asyncio.sleep(0.01)
    proxy.refuses = True
    proxy.cut()
    print("away", flush=True)
    await asyncio.sleep(AWAY_S)
    proxy.refuses = False
    print("back", flush=True)
    await asyncio.Event().wait()


asyncio.run(serve(int(sys.argv[1])))
