"""Learns whom pronouns mean: the weights in processor/extract/pronoun_weights.h, from what careful readers said (antecedents.jsonl.gz).

  python -m antecedents [--tool build/tests/bench/antecedents] [--model FILE] [--knowledge FILE] [--data ../shared/data] [--write FILE]

A line of the file: {"id": the article's, "length": so much of its text was read, "said": [[start of a pronoun or description, [starts of the names of whom it
means]], ...]}, in code points; an empty list: nobody who is named. The program's own candidates (pronouns.h) and what speaks for each are
what is learned from: a softmax over them and nobody. What earlier pronouns mean is what the program says, so after a change of signs it takes
two rounds, with a build between. First printed: five times four fifths teach, and the last one measures. Needs numpy alone."""
import argparse
import gzip
import json
import os
import subprocess
import zlib
from collections import Counter

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(HERE, "antecedents.jsonl.gz")
CLASSES = ("PERSON", "THING", "GROUP")
SHRINK, STEPS, FOLDS = 5e-4, 400, 5


def read_labels(data):
    """[(input line, {start byte: set of start bytes})]"""
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        labels = {item["id"]: item for item in map(json.loads, lines)}
    out = []
    with gzip.open(os.path.join(data, "articles", "articles.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            label = labels.get(article["id"])
            if label is None:
                continue
            text = article["text"][:label["length"]]
            to_byte = [0]
            for c in text:
                to_byte.append(to_byte[-1] + len(c.encode()))
            said = {to_byte[start]: {to_byte[s] for s in names} for start, names in label["said"]}
            out.append(({"id": article["id"], "title": article.get("title") or "", "text": text}, said))
    return out


class Choices:
    """All pronouns of a class: signs [candidates][signs], whose pronoun each is, whether it is the right one."""

    def __init__(self, rows, count):
        self.signs = np.array([signs for _, _, candidates in rows for signs, _ in candidates], dtype=np.float64).reshape(-1, count)
        self.of = np.array([n for n, (_, _, candidates) in enumerate(rows) for _ in candidates], dtype=np.int64)
        self.right = np.array([is_right for _, _, candidates in rows for _, is_right in candidates], dtype=bool)
        self.fold = np.array([fold for fold, _, _ in rows])
        self.has = np.array([has for _, has, _ in rows], dtype=bool)  # somebody who is named is meant

    def part(self, chosen):
        """Those pronouns alone."""
        out, number = object.__new__(Choices), np.cumsum(chosen) - 1
        keep = chosen[self.of]
        out.signs, out.of, out.right = self.signs[keep], number[self.of[keep]], self.right[keep]
        out.fold, out.has = self.fold[chosen], self.has[chosen]
        return out

    def shares(self, weights, nobody):
        """The softmax: of the candidates, of nobody."""
        sums, count = self.signs @ weights, len(self.has)
        most = np.full(count, nobody)
        np.maximum.at(most, self.of, sums)
        e, none = np.exp(sums - most[self.of]), np.exp(nobody - most)
        total = none + np.bincount(self.of, e, count)
        return e / total[self.of], none / total

    def learn(self):
        """Newton's method would do; plain accelerated descent is shorter."""
        weights, nobody, count = np.zeros(self.signs.shape[1]), 0.0, len(self.has)
        found = np.bincount(self.of, self.right, count) > 0
        speed, speed_nobody = np.zeros_like(weights), 0.0
        for step in range(20 * STEPS):
            p, none = self.shares(weights, nobody)
            good = np.where(found, np.bincount(self.of, p * self.right, count), none)
            wanted = np.where(self.right, p / good[self.of], 0.0)
            slope = self.signs.T @ (p - wanted) / count + 2 * SHRINK * weights
            slope_nobody = (none - np.where(found, 0.0, 1.0)).sum() / count
            rate = 0.3
            speed, speed_nobody = 0.9 * speed - rate * slope, 0.9 * speed_nobody - rate * slope_nobody
            weights, nobody = weights + speed, nobody + speed_nobody
            if step > STEPS and max(np.abs(slope).max(), abs(slope_nobody)) < 1e-5:
                break
        return weights, nobody

    def judge(self, weights, nobody):
        """Counter of right, wrong (another one is meant), false (nobody who is named), missed."""
        sums, out = self.signs @ weights, Counter()
        best, pick = np.full(len(self.has), nobody), np.full(len(self.has), -1)
        for i, n in enumerate(self.of):
            if sums[i] > best[n]:
                best[n], pick[n] = sums[i], i
        for n, i in enumerate(pick):
            out["missed" if i < 0 and self.has[n] else "silent" if i < 0 else "right" if self.right[i] else "wrong" if self.has[n] else "false"] += 1
        return out


def report(name, c):
    made, wanted = c["right"] + c["wrong"] + c["false"], c["right"] + c["wrong"] + c["missed"]
    print(f"{name:8} right {c['right']:5} wrong {c['wrong']:5} false {c['false']:5} missed {c['missed']:5} silent {c['silent']:5}  "
          f"P {100 * c['right'] / max(made, 1):5.1f} R {100 * c['right'] / max(wanted, 1):5.1f}")


def choices_of(options):
    labels = read_labels(options.data)
    lines = "".join(json.dumps(item) + "\n" for item, _ in labels)
    said = subprocess.run([options.tool, options.model, options.knowledge], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    signs, rows = json.loads(said[0]), {name: [] for name in CLASSES}
    for (item, meant), line in zip(labels, map(json.loads, said[1:])):
        fold = zlib.crc32(item["id"].encode()) % FOLDS
        for start, _, kind, candidates in line["pronouns"]:
            if start in meant:
                rows[CLASSES[kind]].append((fold, bool(meant[start]), [(row[3:], row[0] in meant[start]) for row in candidates]))
    return signs, {name: Choices(own, len(signs)) for name, own in rows.items()}


def write(path, signs, learned):
    number = lambda x: f"{x:.3f}f"
    lines = ["/* Made by training/antecedents.py. */", f"static const float nobody[PRONOUN_CLASS_COUNT] = {{{', '.join(number(learned[n][1]) for n in CLASSES)}}};",
             "static const float weights[PRONOUN_CLASS_COUNT][PRONOUN_SIGN_COUNT] = {"]
    for name in CLASSES:
        lines.append(f"    [PRONOUN_{name}] = {{")
        lines += [f"        [SIGN_{sign}] = {number(w)}," for sign, w in zip(signs, learned[name][0]) if abs(w) >= 0.0005]
        lines.append("    },")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines + ["};", ""]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = os.path.join(HERE, "..")
    parser.add_argument("--tool", default=os.path.join(root, "build", "tests", "bench", "antecedents"))
    parser.add_argument("--model", default=os.path.join(root, "models", "stanced-en-small.bin"))
    parser.add_argument("--knowledge", default=os.path.join(root, "models", "knowledge.bin"))
    parser.add_argument("--data", default=os.path.join(root, "..", "shared", "data"))
    parser.add_argument("--write", help="the header to write")
    options = parser.parse_args()
    signs, classes = choices_of(options)
    learned = {}
    for name, own in classes.items():
        total = Counter()
        for fold in range(FOLDS):
            total += own.part(own.fold == fold).judge(*own.part(own.fold != fold).learn())
        report(name.lower(), total)
        learned[name] = own.learn()
    if options.write:
        write(options.write, signs, learned)


if __name__ == "__main__":
    main()
