#!/usr/bin/env python3
"""Measures models/knowledge.bin on entity-linking sets: how many of the gold items it holds, and how often the likeliest candidate of
a name (no context at all) is the right one.

    python3 training/knowledge_check.py models/knowledge.bin FILE.jsonl...

Each line of a file is {"text", "labels": [{"span": [start, end], "entity_id": "Q...", "name"}]}; labels without an item are left out of
coverage, but counted as spurious where a candidate is given. A demonym counts as its country. `--show N` lists N errors.
"""
import argparse
import collections
import json
import os
import struct

from knowledge import FOLDED, KINDS, LAST_NAME, NONE, normal


class Reader:
    """The file, read plainly: a second reader beside processor/knowledge/knowledge.c."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        _, _, entries, surfaces, candidates, _, _, _ = struct.unpack_from("<8sIIIIII32s", data)
        at = 64
        self.entries = list(struct.iter_unpack("<IIIHHHHBB2s", data[at:at + 24 * entries]))
        at += 24 * entries
        table = list(struct.iter_unpack("<IIHH", data[at:at + 12 * surfaces]))
        at += 12 * surfaces
        found = list(struct.iter_unpack("<IHH", data[at:at + 8 * candidates]))
        self.text = data[at + 8 * candidates:]
        self.exact, self.folded = {}, {}
        for offset, first, size, count in table:
            surface = self.text[offset:offset + size].decode()
            self.exact[surface] = found[first:first + count]
            best = self.folded.get(surface.lower())
            if best is None or found[first][1] > best[0][1]:
                self.folded[surface.lower()] = found[first:first + count]

    def name(self, entry):
        offset, size = self.entries[entry][0], self.entries[entry][3]
        return self.text[offset:offset + size].decode()

    def item(self, entry):
        """"Q148"; for a demonym the country's."""
        if KINDS[self.entries[entry][8]] == "demonym" and self.entries[entry][1] != NONE:
            entry = self.entries[entry][1]
        return f"Q{self.entries[entry][2]}" if self.entries[entry][2] else ""

    def find(self, name):
        for tried in (normal(name), normal(name).removeprefix("The ").removeprefix("the "),
                      normal(name).removesuffix("'s")):
            if tried in self.exact:
                return [(e, p, f) for e, p, f in self.exact[tried]]
            if len(tried) >= 4 and tried.lower() != tried and tried.lower() in self.folded:
                return [(e, p, f | FOLDED) for e, p, f in self.folded[tried.lower()]]
        return []


def measure(reader, path, shows):
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
    for path in options.sets:
        measure(reader, path, options.show)


if __name__ == "__main__":
    main()
