#!/usr/bin/env python3
"""The language cases of tests/cases/extract, read by the built program: cases.py BUILD [-v]

A model is never right everywhere: what is held here is the share of each kind of item that is right, a little below what
was measured when the shipped model was made. -v lists what is missed."""
import glob
import json
import os
import subprocess
import sys

# Shares that must be reached.
FLOORS = {"entities": 0.85, "regions": 0.9, "stances": 0.3, "not_stances": 0.85}


def read(build, path):
    done = subprocess.run([os.path.join(build, "stanced"), "extract", path], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


class Record:
    def __init__(self, record):
        self.text, self.record = record["text"], record
        self.mentions = {e["id"]: {self.at(m) for m in e["mentions"]} | {e["name"]} for e in record["entities"]}
        self.types = {e["id"]: e["type"] for e in record["entities"]}

    def at(self, span):
        return self.text[span["start"]:span["end"]]

    def names(self, id):
        return {"author"} if id == "author" else self.mentions.get(id, set())

    def has_entity(self, item):
        return any(self.types[id] == item["type"] and all(m in own for m in item["mentions"]) for id, own in self.mentions.items())

    def has_region(self, item):
        return any(r["kind"] == item["kind"] and item["text"] in self.at(r) for r in self.record["regions"])

    def stances(self, item):
        wanted = [item["source"]] if isinstance(item["source"], str) else item["source"]
        targets = [item["target"]] if isinstance(item["target"], str) else item["target"]
        return [s for s in self.record["stances"]
                if self.names(s["source"]) & set(wanted) and self.names(s["target"]) & set(targets)]

    def has_stance(self, item):
        return any(s["polarity"] == item["polarity"] and any(item["evidence"] in self.at(e) for e in s["evidence"])
                   for s in self.stances(item))

    def holds(self, kind, item):
        return {"entities": self.has_entity, "regions": self.has_region, "stances": self.has_stance,
                "not_stances": lambda i: not self.stances(i)}[kind](item)


def main():
    build, verbose = sys.argv[1], "-v" in sys.argv[2:]
    right, total = dict.fromkeys(FLOORS, 0), dict.fromkeys(FLOORS, 0)
    for path in sorted(glob.glob("tests/cases/extract/*.json")):
        with open(path, encoding="utf-8") as file:
            case = json.load(file)
        record = Record(read(build, os.path.join("tests/cases", case["article"])))
        for kind in FLOORS:
            for item in case.get(kind, []):
                good = record.holds(kind, item)
                right[kind] += good
                total[kind] += 1
                if verbose and not good:
                    print("missed", os.path.basename(path), kind, json.dumps(item, ensure_ascii=False))
    failed = 0
    for kind, floor in FLOORS.items():
        share = right[kind] / max(1, total[kind])
        failed += share < floor
        print(f"{kind:12s} {right[kind]:3d} of {total[kind]:3d}  {share:.2f}  floor {floor}")
    print(f"{len(FLOORS) - failed} passed, {failed} failed, 0 skipped")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
