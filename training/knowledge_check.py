#!/usr/bin/env python3
"""Measures models/knowledge.bin on entity-linking sets: how many of the gold items it holds, and how often the likeliest candidate of
a name (no context at all) is the right one.

    python3 training/knowledge_check.py models/knowledge.bin FILE.jsonl...

Each line of a file is {"text", "labels": [{"span": [start, end], "entity_id": "Q...", "name"}]}; labels without an item are left out of
coverage, but counted as spurious where a candidate is given. A demonym counts as its country. `--show N` lists N errors of each set.
At the end, over all sets and by kind: what the candidates with a prior of a half or more, last names aside, come to.
"""
import argparse
import collections
import json
import os

from knowledge_file import KINDS, LAST_NAME, Reader

HALF = 1 << 15  # of a prior's 65535


def measure(reader, path, shows, kinds):
    held = {reader.item(i) for i in range(len(reader.entries))}
    count, errors = collections.Counter(), collections.Counter()
    with open(path, encoding="utf-8") as file:
        for line in file:
            article = json.loads(line)
            for label in article["labels"]:
                start, end = label["span"]
                name, gold = article["text"][start:end], label["entity_id"]
                found = reader.find(name)
                items = [reader.item(e) for e, _, _ in found]
                if items and items[0] and found[0][1] >= HALF and not found[0][2] & LAST_NAME:
                    verdict = "right" if items[0] == gold else "wrong" if gold.startswith("Q") else "none"
                    kinds[KINDS[reader.entries[found[0][0]][8]], verdict] += 1
                if not gold.startswith("Q"):
                    count["none"] += 1
                    count["none, item given"] += bool(items and items[0])
                    continue
                count["gold"] += 1
                count["held"] += gold in held
                count["among"] += gold in items
                if not items or not items[0]:
                    count["silent"] += 1
                    continue
                weak = bool(found[0][2] & LAST_NAME)
                count["weak" if weak else "given"] += 1
                right = items[0] == gold
                count["weak right" if weak else "right"] += right
                if not right:
                    errors[name, gold, label["name"], items[0], reader.name(found[0][0])] += 1
    print(f"{os.path.basename(path)}: {count['gold']} names with an item; file holds {count['held'] / count['gold']:.1%}, name leads to it "
          f"{count['among'] / count['gold']:.1%}; first candidate right {count['right']} of {count['given']} "
          f"({count['right'] / max(1, count['given']):.1%}), last names {count['weak right']} of {count['weak']}; "
          f"{count['none']} names without item, {count['none, item given']} of them given one")
    for (name, gold, label, item, own), times in errors.most_common(shows):
        print(f"    {times:4} {name!r}: gold {gold} {label!r}, found {item} {own!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("knowledge")
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    reader = Reader(options.knowledge)
    kinds = collections.Counter()
    for path in options.sets:
        measure(reader, path, options.show, kinds)
    for kind in KINDS:
        print(f"  {kind:13} {kinds[kind, 'right']:4} right, {kinds[kind, 'wrong']:4} another item, {kinds[kind, 'none']:4} none in the set")


if __name__ == "__main__":
    main()
