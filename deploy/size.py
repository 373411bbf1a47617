#!/usr/bin/env python3
"""What a number of articles a day needs, as the table in README.md: size.py [--articles N ...] [--ms MS] ...

The figures that it starts from are measured (README.md, "Size"); give your own where yours differ."""
import argparse
import math

DAY_S, HEADER_BYTES = 86400, 100


def whole(number):
    return f"{number:,.0f}"


def bytes_of(number):
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            return f"{number:.1f} {unit}" if number < 10 and unit != "B" else f"{number:.0f} {unit}"
        number /= 1000
    return None


def rows(options, articles):
    average = articles / DAY_S
    peak = average * options.peak
    cores = peak * options.ms / 1000 / options.load
    processes = max(options.least, math.ceil(cores / options.workers))
    per_article = options.bytes * (1 + options.enriched) + options.records * (options.row_bytes + HEADER_BYTES)
    resident = options.memory_mb + options.worker_mb * (options.workers - 1) + options.hand_mb + options.workers * options.memo_mb
    disk = articles * per_article * options.days * options.copies / options.compression
    return [("articles a second: average, peak", f"{average:,.1f}, {peak:,.1f}"),
            (f"cores at the peak, {options.load:.0%} busy", f"{cores:,.1f}"),
            (f"processes of {options.workers} workers", whole(processes)),
            ("partitions of the input (a process works one at least; room to grow)", whole(max(6, 2 * processes))),
            ("memory of a process, with a backlog", bytes_of(resident * 1e6)),
            ("memory of all", bytes_of(resident * processes * 1e6)),
            ("through the brokers at the peak, in and out, without copies", bytes_of(peak * per_article) + "/s"),
            (f"disk of the brokers, {options.days} days, {options.copies} copies, compressed {options.compression:g}:1", bytes_of(disk)),
            ("records a second at the peak", whole(peak * (2 + options.records)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--articles", type=float, nargs="+", default=[1e6, 1e8], help="a day")
    add("--ms", type=float, default=43, help="CPU milliseconds an article")
    add("--peak", type=float, default=3, help="how much more than on average comes at the peak")
    add("--load", type=float, default=0.7, help="share of the cores that the peak may use")
    add("--workers", type=int, default=4, help="of a process")
    add("--least", type=int, default=2, help="processes, so that one may fail")
    add("--bytes", type=float, default=5900, help="of an article")
    add("--enriched", type=float, default=4.1, help="its document, in articles")
    add("--records", type=float, default=55, help="rows of stances and entities an article")
    add("--row-bytes", type=float, default=290, help="of a row")
    add("--memory-mb", type=float, default=64, help="of a process with one worker")
    add("--worker-mb", type=float, default=7, help="of each further worker")
    add("--hand-mb", type=float, default=268, help="memory_bytes: of records in hand")
    add("--memo-mb", type=float, default=8.4, help="memo_bytes, a worker")
    add("--days", type=int, default=7, help="that the topics are kept")
    add("--copies", type=int, default=3, help="replication factor")
    add("--compression", type=float, default=3, help="of the brokers' logs")
    options = parser.parse_args()
    columns = [rows(options, articles) for articles in options.articles]
    print("| a day | " + " | ".join(f"{articles:,.0f}" for articles in options.articles) + " |")
    print("|---" * (1 + len(columns)) + "|")
    for line in zip(*columns):
        print(f"| {line[0][0]} | " + " | ".join(value for _, value in line) + " |")


if __name__ == "__main__":
    main()
