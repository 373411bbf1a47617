#!/usr/bin/env python3
"""One, two and four instances in one group on a real broker (tests/kafka/broker.sh): scale.py [--build BUILD] [--articles N] [--rate N].

Two tables. Throughput: articles are sent at once to one, two and four instances with one worker each; seconds until the last is committed, and
the processes' CPU time an article, which other work on the machine changes least. Change: articles come steadily while instances are added, ended
by SIGTERM and killed; seconds until each partition has an owner among those that are left, and the longest time without a commit of any instance
meanwhile; the feeder goes on until the last change is over. After each, tests/kafka/verify compares all input with all output: the exit status is 0
only where nothing was lost or came twice.
Environment: KAFKA_PORT, KAFKA_DIR as broker.sh has them."""
import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request

PARTITIONS, STEP_S, WAIT_S, QUIET_S = 8, 0.1, 400, 4
CHANGES_S = 1800  # articles for so long; the feeder is stopped after the last change
TICKS = os.sysconf("SC_CLK_TCK")


class Instance:
    """A process of the group; its numbers come from /metrics."""
    started = []  # processes to kill in the end, feeders too

    def __init__(self, round_, number, port):
        self.port, self.name = port, f"{round_.name}-{number}"
        self.process = subprocess.Popen([f"{round_.build}/stanced", "run", *round_.options, "--workers", "1", "--web_bytes", "0", "--instance", self.name,
                                         "--http_listen", f"127.0.0.1:{port}"], stderr=round_.log)
        Instance.started.append(self.process)

    def metrics(self):
        try:
            text = urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=2).read().decode()
        except OSError:
            return 0, 0
        number = lambda name: int(re.search(rf"^stanced_{name} (\d+)$", text, re.M).group(1))
        return number("articles_done_total"), number("partitions")

    def cpu_s(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        status = self.process.wait(60)
        if status != (0 if how == signal.SIGTERM else -how):
            raise SystemExit(f"scale.py: {self.name} ended with {status}")


class Round:
    """Topics and a group of their own."""

    def __init__(self, arguments, bootstrap, name):
        self.build, self.bootstrap, self.name, self.first_port = arguments.build, bootstrap, name, int(os.environ.get("HTTP_PORT", "19464"))
        self.topics = [f"{name}.{kind}" for kind in ("raw", "enriched", "stances", "entities", "dlq")]
        self.options = ["--brokers", bootstrap, "--group", name, "--status_topic", f"{name}.status", "-X", "consumer.session.timeout.ms=10000"]
        for option, topic in zip(("input", "enriched_topic", "stances_topic", "entities_topic", "dead_letter_topic"), self.topics):
            self.options += [f"--{option}", topic]
        self.log = open(f"{self.build}/{name}.log", "w", encoding="utf-8")
        self.instances, self.gone, self.started = [], 0, 0
        subprocess.run([f"{self.build}/stanced", "topics", "--create", "--partitions", str(PARTITIONS), *self.options], check=True, stdout=subprocess.DEVNULL)

    def feed(self, lines, rate=None):
        """Sends the lines, all at once or `rate` a second. Returns at once; the feeder ends when the last is sent, or after stop_feed()."""
        arguments = [f"{self.build}/tests/kafka/feed", self.bootstrap, "articles", self.topics[0], "97", *([str(rate)] if rate else [])]
        self.feeder, self.is_fed = subprocess.Popen(arguments, stdin=subprocess.PIPE), threading.Event()
        Instance.started.append(self.feeder)

        def write():
            try:
                for line in lines.splitlines(keepends=True):
                    if self.is_fed.is_set():
                        break
                    self.feeder.stdin.write(line)
                self.feeder.stdin.close()
            except BrokenPipeError:
                pass  # it has ended, and its exit status says why

        self.writer = threading.Thread(target=write, daemon=True)
        self.writer.start()

    def stop_feed(self):
        self.is_fed.set()
        self.writer.join()
        if self.feeder.wait(600) != 0:
            raise SystemExit("scale.py: the feeder failed")

    def start(self, count):
        for _ in range(count):
            self.instances.append(Instance(self, self.started, self.first_port + self.started))
            self.started += 1

    def look(self):
        """Articles done by all that are left, and the partitions of each."""
        seen = [instance.metrics() for instance in self.instances]
        return sum(done for done, _ in seen), [partitions for _, partitions in seen]

    def verify(self):
        said = subprocess.run([f"{self.build}/tests/kafka/verify", self.bootstrap, self.name, *self.topics, "--wait", str(WAIT_S)], capture_output=True, text=True)
        print(f"  {self.name}: {said.stdout.strip().splitlines()[-1] if said.stdout.strip() else said.stderr.strip()}", flush=True)
        return said.returncode == 0

    def close(self):
        for instance in self.instances:
            instance.end()
        self.log.close()


def throughput(arguments, bootstrap, lines, count):
    """Articles a second and CPU seconds an article of `count` instances."""
    round_ = Round(arguments, bootstrap, f"scale{count}")
    settle(round_, lambda: round_.start(count))
    cpu_s = -sum(instance.cpu_s() for instance in round_.instances)
    begun, done = time.monotonic(), 0
    round_.feed(lines)
    while done < arguments.articles:
        if time.monotonic() - begun > WAIT_S:
            raise SystemExit(f"scale.py: {count} instances did not finish within {WAIT_S} s")
        time.sleep(STEP_S)
        done, _ = round_.look()
    took_s = time.monotonic() - begun
    cpu_s += sum(instance.cpu_s() for instance in round_.instances)
    round_.stop_feed()
    is_fine = round_.verify()
    round_.close()
    return is_fine, (count, done, took_s, done / took_s, 1000 * cpu_s / done)


def settle(round_, change):
    """Makes the change. Seconds until all partitions have owners and each instance has some; the longest time without a commit, until a while after."""
    begun = still = time.monotonic()
    done, _ = round_.look()
    change()
    settled, longest = None, 0
    while time.monotonic() - begun < WAIT_S:
        now_done, partitions = round_.look()
        now = time.monotonic()
        if now_done != done:
            done, still = now_done, now
        longest = max(longest, now - still)
        if settled is None and sum(partitions) == PARTITIONS and all(partitions):
            settled = now - begun
        if settled is not None and now - begun > settled + QUIET_S:
            return settled, longest
        time.sleep(STEP_S)
    raise SystemExit(f"scale.py: partitions without an owner {WAIT_S} s after a change: {round_.look()}")


def changes(arguments, bootstrap, lines):
    round_ = Round(arguments, bootstrap, "scale-change")
    round_.feed(lines, arguments.rate)

    def end(how, count):
        for instance in [round_.instances.pop() for _ in range(count)]:
            instance.end(how)

    steps = [("0 to 1", lambda: round_.start(1)), ("1 to 2", lambda: round_.start(1)), ("2 to 4", lambda: round_.start(2)), ("4 to 2, SIGTERM", lambda: end(signal.SIGTERM, 2)),
             ("2 to 4", lambda: round_.start(2)), ("4 to 3, SIGKILL", lambda: end(signal.SIGKILL, 1)), ("3 to 1, SIGTERM", lambda: end(signal.SIGTERM, 2))]
    rows = [(name, *settle(round_, change)) for name, change in steps]
    is_over = round_.feeder.poll() is not None
    round_.stop_feed()
    if is_over:
        raise SystemExit("scale.py: the articles were over before the changes: take a lower --rate")
    is_fine = round_.verify()
    round_.close()
    return is_fine, rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--articles", type=int, default=1500, help="short ones, of the backlog [1500]")
    parser.add_argument("--rate", type=int, default=20, help="a second, while instances come and go [20]")
    arguments = parser.parse_args()
    os.environ.setdefault("KAFKA_DIR", f"{arguments.build}/kafka")
    made = lambda count: subprocess.run(["tests/kafka/articles.py", str(count)], check=True, capture_output=True).stdout
    bootstrap = subprocess.run(["tests/kafka/broker.sh", "up"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    try:
        results = [throughput(arguments, bootstrap, made(arguments.articles), count) for count in (1, 2, 4)]
        print("\n| instances | articles | s | articles/s | CPU ms an article |\n|---|---|---|---|---|")
        for _, row in results:
            print("| {} | {} | {:.1f} | {:.1f} | {:.1f} |".format(*row), flush=True)
        is_fine, rows = changes(arguments, bootstrap, made(arguments.rate * CHANGES_S))
    finally:
        for process in Instance.started:
            if process.poll() is None:
                process.kill()
        subprocess.run(["tests/kafka/broker.sh", "wipe"], check=True)
    print("\n| change | s until all partitions have owners | longest s without a commit |\n|---|---|---|")
    for row in rows:
        print("| {} | {:.1f} | {:.1f} |".format(*row))
    return 0 if is_fine and all(fine for fine, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
