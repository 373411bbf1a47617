"""Seeded chaos over `stanced run` and real brokers: chaos BUILD [OPTION...]

Rounds of three minutes or less, each with its own topics, seed (SEED, SEED + 1, ...) and schedule of faults. At the end of a
round everything is healed; then all input must be committed within LAG_S, every process stops in its time, and verify.c and
positions.c compare all logs. What a failed round left is kept, and the line that repeats it is printed."""
import argparse
import asyncio
import pathlib
import shutil
import signal
import sys
import time

from cluster import Cluster
from proxy import Proxy
from round import Round
from schedule import Total

ROUND_S = 180


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=ROUND_S / 60, help="of faults, over all rounds")
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--delivery", choices=("exactly_once", "at_least_once"), default="exactly_once")
    parser.add_argument("--only", default="", help="these faults and no others: NAME,...")
    parser.add_argument("--poison", type=float, default=0.02, help="share of the input that nobody can read")
    parser.add_argument("--rate", type=float, default=25, help="articles a second")
    parser.add_argument("--port", type=int, default=19492, help="the first of 4 a node")
    parser.add_argument("--patience", type=float, default=1, help="how many times longer than on a quiet machine things may take")
    parser.add_argument("-X", dest="properties", action="append", default=[], metavar="NAME=VALUE", help="of librdkafka, for the members")
    parser.add_argument("--keep", action="store_true", help="what good rounds leave, too")
    parser.add_argument("--keep-going", action="store_true", help="more rounds after one that failed")
    return parser.parse_args()


async def run_rounds(arguments: argparse.Namespace, total: Total) -> None:
    work = arguments.build / "kafka" / f"chaos-{arguments.port}"
    cluster = Cluster(arguments.build.resolve(), arguments.nodes, arguments.port)
    ports = [arguments.port + 4 * node for node in range(arguments.nodes)]
    proxies = [Proxy(port + 3, port + 2) for port in ports]
    await cluster.wipe()
    try:
        await cluster.up()
        for proxy in proxies:
            await proxy.start()
        left_s, seed = 60 * arguments.minutes, arguments.seed
        while left_s > 0 and (arguments.keep_going or not total.failed):
            folder = work / f"{arguments.delivery}-{arguments.nodes}-{seed}"
            shutil.rmtree(folder, ignore_errors=True)
            round_ = Round(arguments, cluster, proxies, folder, seed, min(ROUND_S, left_s))
            left_s -= ROUND_S
            seed += 1
            total.add(round_, await round_.play())
            if not round_.violations and not arguments.keep:
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        for proxy in proxies:
            proxy.stop()
        await cluster.wipe()


async def run_until_told(arguments: argparse.Namespace, total: Total) -> None:
    """SIGINT and SIGTERM end it with everything cleaned up."""
    task = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    await run_rounds(arguments, total)


def main() -> int:
    arguments = read_arguments()
    total = Total(arguments, time.monotonic())
    try:
        asyncio.run(run_until_told(arguments, total))
    except asyncio.CancelledError:
        print("chaos: interrupted")
    print(total.line())
    return 1 if total.failed or not total.rounds else 0


sys.exit(main())
