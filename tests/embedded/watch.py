#!/usr/bin/env python3
"""`stanced watch` follows two instances through a kill of one, and no number on its screen is wrong meanwhile: watch.py BUILD.

The screen is a terminal of ours. Every frame that is drawn is held against itself (sums are sums of what stands there, who is
silent shows no number) and the last one against the topics. `watch --web` has to say the same."""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import urllib.request

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
WIDTH, LINES, WAIT_S = 150, 40, 90
TOPICS = ["in", "enriched", "stances", "entities", "dlq", "status"]
INSTANCES = ("first", "second")


class Failure(Exception):
    pass


class Broker:
    def __init__(self):
        self.process = subprocess.Popen([f"{BUILD}/tests/embedded/broker", *TOPICS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        self.options = ["--brokers", self.address, "--enriched_topic", "enriched", "--stances_topic", "stances", "--dead_letter_topic", "dlq",
                        "--status_topic", "status"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)

    def feed(self, lines):
        subprocess.run([f"{BUILD}/tests/kafka/feed", self.address, "articles", "in", "3"], input="".join(lines), text=True, check=True, timeout=60)

    def instance(self, name, log, output):
        return subprocess.Popen([f"{BUILD}/stanced", "run", *self.options, "--group", "watched", "--input", "in", "--entities_topic", "entities",
                                 "--delivery", "at_least_once", "--http_listen", "", "--commit_interval_ms", "100", "--status_interval_ms", "1s",
                                 "-X", "consumer.session.timeout.ms=4000", "-X", "consumer.heartbeat.interval.ms=500", "--instance", name,
                                 "--format_out", output, "--workers", "1"], stdout=log, stderr=log)


class Screen:
    """watch on a terminal; `frame` is what stands on it, line by line."""

    def __init__(self, broker):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, WIDTH, 0, 0))
        self.process = subprocess.Popen([f"{BUILD}/stanced", "watch", *broker.options], stdin=subprocess.DEVNULL, stdout=slave, stderr=slave)
        os.close(slave)
        self.master, self.text, self.frame, self.frames = master, b"", [], 0

    def read(self):
        """Takes in what was drawn; each whole frame is checked."""
        while select.select([self.master], [], [], 0.05)[0]:
            self.text += os.read(self.master, 1 << 16)
        *whole, self.text = self.text.split(b"\x1b[H")
        for frame in whole[-1:] if not self.frame else whole:
            if b"stanced watch" in frame:
                rows = frame.split(b"\n")
                if any(b"\x1b[K" not in row for row in rows[:-1]):
                    raise Failure(f"a line leaves there what stood there before: {rows}")
                self.frame = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", frame.decode("utf-8", "replace")).replace("\r", "").split("\n")
                self.frames += 1
                check(self.frame)

    def wait(self, what, condition, seconds=WAIT_S):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.read()
            if self.frame and condition("\n".join(self.frame)):
                return
            if self.process.poll() is not None:
                raise Failure(f"watch ended with {self.process.returncode}")
        raise Failure(f"not within {seconds} s: {what}\n" + "\n".join(self.frame[:12]))


SUMS = re.compile(r"^  (\d+) present, (\d+) silent  ([\d.]+)/s  lag (at least )?(\d+)(?:, unknown of (\d+) partitions)?")


def check(frame):
    """What stands in one frame goes together."""
    sums = SUMS.match(frame[1])
    if sums is None:
        raise Failure("no sums: " + frame[1])
    present, silent, rate, _, lag, unknown = sums.groups()
    lines = [line for line in frame[2:2 + len(INSTANCES)] if line.strip().startswith(INSTANCES)]
    alive = [line for line in lines if "/s " in line]
    gone = [line for line in lines if re.search(r"silent +for \d+ s", line)]
    ended = [line for line in lines if re.search(r"ended +for \d+ s", line)]
    if (len(alive), len(gone), len(lines)) != (int(present), int(silent), len(alive) + len(gone) + len(ended)):
        raise Failure("instances are not what the sums say:\n" + "\n".join(frame[:6]))
    rates = sum(float(re.search(r"([\d.]+)/s", line).group(1)) for line in alive)
    if abs(rates - float(rate)) > 0.11:
        raise Failure("the rates are not the sum:\n" + "\n".join(frame[:6]))
    lags = re.findall(r" \d+:(\d+|\?)", next((line for line in frame if line.startswith("  lag")), ""))
    if sum(int(each) for each in lags if each != "?") != int(lag) or lags.count("?") != int(unknown or 0):
        raise Failure("the lag is not the sum:\n" + "\n".join(frame[:6]))
    return True


def status_of(address):
    with urllib.request.urlopen(address + "api/status", timeout=20) as answer:
        return json.load(answer)


def count_rows(broker):
    """How many rows there are, by a watch of its own that reads until no more come."""
    reader = subprocess.Popen([f"{BUILD}/stanced", "watch", *broker.options, "--json", "--since", "beginning"], stdout=subprocess.PIPE)
    text, quiet = b"", 0
    while quiet < 5:
        data = os.read(reader.stdout.fileno(), 1 << 16) if select.select([reader.stdout], [], [], 1)[0] else b""
        text, quiet = text + data, 0 if data else quiet + 1
    reader.terminate()
    reader.stdout.close()
    reader.wait(20)
    return len([json.loads(line) for line in text.splitlines()])


def follow_a_kill(broker, log, articles):
    started = {}
    screen = web = None
    try:
        screen = Screen(broker)
        web = subprocess.Popen([f"{BUILD}/stanced", "watch", *broker.options, "--web=127.0.0.1:0"], stdout=subprocess.PIPE, stderr=log, text=True)
        address = web.stdout.readline().strip()
        # Two forms of output, which are shown alike.
        for name, output in zip(INSTANCES, ("json", "protobuf")):
            started[name] = broker.instance(name, log, output)
        screen.wait("both are there, and have all partitions", lambda text: re.search(r"2 present, 0 silent .* lag \d+ *\n", text) and
                    len(re.findall(r" \d:\d+", next(line for line in text.split("\n") if line.startswith("  lag")))) == 3)
        broker.feed(articles[:len(articles) // 2])
        screen.wait("stances of the first half", lambda text: re.search(r"  [1-9]\d* stances, \d+ dead letters seen", text))

        started["second"].send_signal(signal.SIGKILL)
        broker.feed(articles[len(articles) // 2:])
        screen.wait("the killed one is silent", lambda text: re.search(r"1 present, 1 silent", text) and re.search(r"second +silent", text))
        screen.wait("the other has its partitions, and has read them", lambda text: re.search(r"1 present, 1 silent .* lag 0 *\n", text) and
                    len(re.findall(r" \d:0", next(line for line in text.split("\n") if line.startswith("  lag")))) == 3)
        rows = count_rows(broker)
        screen.wait(f"all {rows} rows", lambda text: f"  {rows} stances, " in text)
        status = status_of(address)
        seen = {instance["name"]: instance["presence"] for instance in status["instances"]}
        if seen != {"first": "present", "second": "silent"} or status["lag"] != 0 or status["partitions_unknown"] != 0:
            raise Failure("the page says something else: " + json.dumps(status)[:1500])
        if any("done_rate" in instance for instance in status["instances"] if instance["presence"] == "silent"):
            raise Failure("the page has numbers of who is silent")

        started["first"].send_signal(signal.SIGTERM)
        if started["first"].wait(40) != 0:
            raise Failure("the first one did not stop as it should")
        screen.wait("the other one ended", lambda text: re.search(r"0 present, 1 silent", text) and re.search(r"first +ended", text))
        return screen.frames
    finally:
        for process in [*started.values(), *([screen.process] if screen else []), *([web] if web else [])]:
            if process.poll() is None:
                process.kill()
            process.wait()


def main():
    try:
        os.close(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
    except OSError as reason:
        print(f"watch.py: no terminal can be had here: {reason}")
        sys.exit(77)
    articles = subprocess.run([sys.executable, "tests/kafka/articles.py", "160"], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines(True)
    broker = Broker()
    with tempfile.TemporaryFile() as log:
        try:
            frames = follow_a_kill(broker, log, articles)
            print(f"watch: {frames} frames were drawn, none of them wrong")
        except Failure as failure:
            log.seek(0)
            print(log.read().decode(errors="replace")[-3000:])
            sys.exit(f"watch.py: {failure}")
        finally:
            broker.close()


if __name__ == "__main__":
    main()
