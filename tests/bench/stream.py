#!/usr/bin/env python3
"""What the stream costs through a real broker: stream.py BUILD ARTICLES [ROUNDS]. ARTICLES is JSON Lines of {text}.

Starts a broker of its own (tests/kafka/broker.sh; KAFKA_PORT and HTTP_PORT move it) and prints lines of NAME <tab> VALUE as
they are measured, for bench.py. CPU seconds an article are the process's less those of one that read the first article alone, so
that they stand beside those of `stanced extract`, and can be compared where others use the machine too. Each process's log stays
in BUILD/bench-out; one that took an article twice, or failed to commit, is named on stderr: that happens where the whole machine
stands still for longer than the group waits for a member, and no figure of that run means anything."""
import os
import re
import subprocess
import sys
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
BROKER = os.path.join(HERE, "..", "kafka", "broker.sh")
HTTP = int(os.environ.get("HTTP_PORT", "19464"))
LIMIT_S, PARTITIONS = 900, 4
OFTEN = 4  # a run by the clock takes every article so many times, each read anew
CLOCK = ["--commit_interval_ms", "100", "--memo_bytes", "0"]
TICKS = os.sysconf("SC_CLK_TCK")


class Stream:
    def __init__(self, build, articles):
        self.build, self.stanced = build, os.path.join(build, "stanced")
        with open(articles, "rb") as file:
            self.lines = file.readlines()
        self.environment = {**os.environ, "KAFKA_DIR": os.path.join(build, "kafka")}
        self.broker = self.call(BROKER, "up").strip()

    def call(self, *command, text=None):
        return subprocess.run(command, env=self.environment, input=text, stdout=subprocess.PIPE, check=True).stdout.decode()

    def end(self):
        self.call(BROKER, "wipe")

    def options(self, name):
        return ["--brokers", self.broker, "--group", name, "--input", f"{name}.raw", "--enriched_topic", f"{name}.enriched",
                "--stances_topic", f"{name}.stances", "--entities_topic", f"{name}.entities", "--dead_letter_topic", f"{name}.dlq",
                "--status_topic", f"{name}.status"]

    def create(self, name):
        self.call(self.stanced, "topics", "--create", "--partitions", str(PARTITIONS), *self.options(name))

    def feed_command(self, name, rate=None):
        return [os.path.join(self.build, "tests/kafka/feed"), self.broker, "articles", f"{name}.raw", "64", *([str(rate)] if rate else [])]

    def start(self, name, *more):
        with open(os.path.join(self.build, "bench-out", f"{name}.log"), "wb") as log:
            return subprocess.Popen([self.stanced, "run", *self.options(name), "--http_listen", f"127.0.0.1:{HTTP}", *more],
                                    stdout=subprocess.DEVNULL, stderr=log)

    def run(self, name, *more, times=1):
        """All articles, there already, through one process -> what it cost; rates from its first commit on."""
        lines = self.lines * times
        self.create(name)
        self.call(*self.feed_command(name), text=b"".join(lines))
        process = self.start(name, *more)
        try:
            first = wait_for(process, 1)
            cpu, others, start = cpu_of(process), other_cpu_of(process), time.monotonic()
            count = wait_for(process, len(lines)) - first
            wall, total = time.monotonic() - start, cpu_of(process)
            tell(name, len(lines))
            return {"cpu": total, "count": count, "wall": wall, "peak": peak_of(process),
                    "share": (other_cpu_of(process) - others) / max(total - cpu, 1 / TICKS)}
        finally:
            process.terminate()
            process.wait()

    def slow(self, name, rate):
        """So many articles a second -> their latencies."""
        self.create(name)
        process = self.start(name, "--workers", "1", *CLOCK)
        try:
            wait_for(process, PARTITIONS, what="partitions")
            subprocess.run(self.feed_command(name, rate), input=b"".join(self.lines * OFTEN), check=True)
            wait_for(process, len(self.lines) * OFTEN)
            tell(name, len(self.lines) * OFTEN)
            return latencies()
        finally:
            process.terminate()
            process.wait()

    def startup(self, name):
        """Seconds from the start of a process to its first article's commit, an article being there."""
        self.create(name)
        self.call(*self.feed_command(name), text=self.lines[0])
        start = time.monotonic()
        process = self.start(name, "--commit_interval_ms", "100")
        wait_for(process, 1, step=0.005)
        took = time.monotonic() - start
        cpu = cpu_of(process)
        process.terminate()
        process.wait()
        return took, cpu


def metrics():
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{HTTP}/metrics", timeout=10) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def wait_for(process, count, step=0.05, what="articles_done_total"):
    """Until so many articles are committed -> how many."""
    for _ in range(int(LIMIT_S / step)):
        found = re.search(rf"^stanced_{what} (\d+)", metrics(), re.M)
        if found and int(found[1]) >= count:
            return int(found[1])
        if process.poll() is not None:
            sys.exit(f"stream.py: the process ended with {process.returncode}")
        time.sleep(step)
    sys.exit(f"stream.py: not {count} articles after {LIMIT_S} s")


def cpu_of(process):
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def other_cpu_of(process):
    """Of all threads but the workers: what the stream costs beside reading."""
    total = 0
    for task in os.listdir(f"/proc/{process.pid}/task"):
        with open(f"/proc/{process.pid}/task/{task}/stat", encoding="utf-8") as file:
            name, fields = file.read().split("(", 1)[1].rsplit(")", 1)
        if not name.startswith("worker"):
            total += sum(int(field) for field in fields.split()[11:13])
    return total / TICKS


def count_of(text, name):
    return sum(int(value) for value in re.findall(rf"^stanced_{name}(?:{{[^}}]*}})? (\d+)", text, re.M))


def tell(name, count):
    """An aborted transaction's articles are taken again, which belongs into no figure unseen."""
    text = metrics()
    taken, failures, rebalances = count_of(text, "articles_total"), count_of(text, "commit_failures_total"), count_of(text, "rebalances_total")
    if taken != count or failures > 0:
        print(f"stream.py: {name}: {taken} articles taken of {count}, {failures} failed commits, {rebalances} rebalances: see {name}.log", file=sys.stderr, flush=True)


def peak_of(process):
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
        return int(re.search(r"VmHWM:\s+(\d+)", file.read())[1]) / 1024


def latencies():
    """(bound in seconds, articles within it), of the histogram from a record's timestamp to its commit."""
    found = re.findall(r'^stanced_latency_seconds_bucket\{le="([^"]+)"\} (\d+)', metrics(), re.M)
    return [(float(bound), int(count)) for bound, count in found]


def quantile(buckets, share):
    """The bound below which that share lies, by a straight line within its bucket."""
    total, low, before = buckets[-1][1], 0.0, 0
    for bound, count in buckets:
        if count >= share * total and count > before:
            return low + (bound - low) * (share * total - before) / (count - before) if bound != float("inf") else low
        low, before = bound, count
    return low


def extract_cpu(stream):
    """CPU seconds an article of `extract` on one thread, start-up taken off."""
    def cpu(lines):
        process = subprocess.Popen([stream.stanced, "extract", "--threads=1", "--format=jsonl"], stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.stdin.write(b"".join(lines))
        process.stdin.close()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        return usage.ru_utime + usage.ru_stime
    return (cpu(stream.lines) - cpu(stream.lines[:1])) / (len(stream.lines) - 1)


def main():
    stream, rounds, rows = Stream(sys.argv[1], sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 3, {}

    def put(name, value):
        rows.setdefault(name, []).append(value)
        print(f"{name}\t{value:.6g}", flush=True)

    kinds = {"at-least-once": ["--delivery", "at_least_once"], "exactly-once, commits of 100 ms": ["--commit_interval_ms", "100"],
             "exactly-once, commits of 1 s": ["--commit_interval_ms", "1000"]}
    os.makedirs(os.path.join(sys.argv[1], "bench-out"), exist_ok=True)
    try:
        for turn in range(rounds):
            put("extract", extract_cpu(stream))
            took, start_cpu = stream.startup(f"b{turn}-start")
            put("start s", took)
            put("start cpu", start_cpu)
            for kind, options in kinds.items():
                done = stream.run(f"b{turn}-{re.sub('[^a-z0-9]', '', kind)}", "--workers", "1", *options)
                put(f"cpu {kind}", (done["cpu"] - start_cpu) / (len(stream.lines) - 1))
                put(f"rate {kind}", done["count"] / done["wall"])
                put(f"share {kind}", done["share"])
            rates = {}
            for workers in (1, 2):
                done = stream.run(f"b{turn}-clock{workers}", "--workers", str(workers), *CLOCK, times=OFTEN)
                rates[workers] = done["count"] / done["wall"]
            put("rate two workers", rates[2] / rates[1])
            put("peak two workers", done["peak"])
            half = max(1, int(rows["rate exactly-once, commits of 100 ms"][-1] / 2))
            slow = stream.slow(f"b{turn}-slow", half)
            put("load a second", half)
            put("latency p50", quantile(slow, 0.5))
            put("latency p99", quantile(slow, 0.99))
            if turn == 0:
                stream.create("passed")
            passed = stream.call(os.path.join(stream.build, "tests/bench/pass"), stream.broker, f"b{turn}-clock2.raw", "passed.raw", str(len(stream.lines) * OFTEN))
            put("pass cpu", float(passed.split()[0]) / (len(stream.lines) * OFTEN))
            put("pass rate", len(stream.lines) * OFTEN / float(passed.split()[1]))
    finally:
        stream.end()


if __name__ == "__main__":
    main()
