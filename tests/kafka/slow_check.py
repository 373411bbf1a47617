#!/usr/bin/env python3
"""`stanced check` where the coordinator is slow or says nothing: slow_check.py PORT COMMAND...

Runs COMMAND with the brokers behind a proxy at PORT, before PORT - 1. Whatever is asked of the coordinator may take longer than
the command waits: it has to end by itself, and to say that it does not know."""
import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "chaos"))
from proxy import REQUESTS, Proxy  # noqa: E402

UNKNOWN = "permissions  unknown"
LATE_S, NEVER_S = 11, 60  # the command asks for 10 s
CASES = [({"FindCoordinator": LATE_S}, UNKNOWN), ({"OffsetCommit": NEVER_S}, UNKNOWN),
         ({"FindCoordinator": 2, "OffsetCommit": 2}, "permissions  topics and group")]


async def look(port: int, command: list[str], slow: dict[str, float], wanted: str) -> bool:
    proxy = Proxy(port, port - 1)
    await proxy.start()
    proxy.slow_s = {REQUESTS[name]: slow_s for name, slow_s in slow.items()}
    process = await asyncio.create_subprocess_exec(*command, "--brokers", f"127.0.0.1:{port}", stdout=asyncio.subprocess.PIPE,
                                                   stderr=asyncio.subprocess.STDOUT)
    said = (await process.communicate())[0].decode()
    proxy.stop()
    is_good = process.returncode == 0 and wanted in said
    if not is_good:
        print(f"{slow}: exit status {process.returncode}\n{said}")
    return is_good


async def look_at_all(port: int, command: list[str]) -> bool:
    # One after the other: the brokers name one address for the proxy.
    return all([await look(port, command, *case) for case in CASES])


sys.exit(0 if asyncio.run(look_at_all(int(sys.argv[1]), sys.argv[2:])) else 1)
