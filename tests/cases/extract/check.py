#!/usr/bin/env python3
"""Runs stanced over the language cases and lists what is missing or too much.

    tests/cases/extract/check.py build/stanced [--least SHARE] [CASE.json...]

Exit status 1 where a smaller share of all demands than --least (default 1) holds. The format of a case: README.md here."""
import argparse
import glob
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.dirname(HERE)


class Reading:
    """What stanced found in one article."""

    def __init__(self, record):
        self.record, self.text = record, record["text"]
        self.mentions = {e["id"]: [self.text[m["start"]:m["end"]] for m in e["mentions"]] for e in record["entities"]}
        self.names = {e["id"]: e["name"] for e in record["entities"]}

    def ids(self, wanted):
        """Of all entities that have one of the wanted strings as a mention or a name."""
        wanted = {wanted} if isinstance(wanted, str) else set(wanted)
        found = {i for i, mentions in self.mentions.items() if wanted & set(mentions) or self.names[i] in wanted}
        return found | (wanted & {"author"})

    def stances(self, demand):
        sources, targets = self.ids(demand["source"]), self.ids(demand["target"])
        return [s for s in self.record["stances"] if s["source"] in sources and s["target"] in targets]

    def evidence(self, stance):
        return [self.text[e["start"]:e["end"]] for e in stance["evidence"]]


def lacks_entity(reading, demand):
    wanted = set(demand["mentions"])
    for entity in reading.record["entities"]:
        if entity["type"] == demand["type"] and wanted <= set(reading.mentions[entity["id"]]):
            return ""
    near = [f"{e['type']} {e['name']}" for e in reading.record["entities"] if wanted & set(reading.mentions[e["id"]])]
    return f"no {demand['type']} {' = '.join(demand['mentions'])}" + (f"; there is {', '.join(near)}" if near else "")


def lacks_region(reading, demand):
    at = reading.text.find(demand["text"])
    kinds = [r["kind"] for r in reading.record["regions"] if r["start"] <= at < r["end"]]
    return "" if kinds == [demand["kind"]] else f"not {demand['kind']} but {kinds}: {demand['text']}"


def lacks_stance(reading, demand):
    found = reading.stances(demand)
    for stance in found:
        if stance["polarity"] == demand["polarity"] and any(demand["evidence"] in e for e in reading.evidence(stance)):
            return ""
    instead = "; ".join(f"{s['polarity']} {s['confidence']}" for s in found)
    return f"no stance {demand['source']} -> {demand['target']} {demand['polarity']}" + (f"; there is {instead}" if found else "")


def has_stance_too_much(reading, demand):
    found = reading.stances(demand)
    return f"too much: {demand['source']} -> {demand['target']} {found[0]['polarity']}: {reading.evidence(found[0])[0]}" if found else ""


CHECKS = {"entities": lacks_entity, "regions": lacks_region, "stances": lacks_stance, "not_stances": has_stance_too_much}


def check(program, path):
    """{kind: (demands, faults)} of one case."""
    with open(path, encoding="utf-8") as file:
        case = json.load(file)
    run = subprocess.run([program, "extract", os.path.join(CASES, case["article"])], capture_output=True, check=True)
    reading = Reading(json.loads(run.stdout))
    demands = {kind: case.get(kind, []) for kind in CHECKS}
    return {kind: (len(wanted), [f for f in (CHECKS[kind](reading, d) for d in wanted) if f]) for kind, wanted in demands.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("cases", nargs="*", default=sorted(glob.glob(os.path.join(HERE, "*.json"))))
    parser.add_argument("--least", type=float, default=1.0)
    options = parser.parse_args()
    demands = held = 0
    for path in options.cases:
        kinds = check(options.program, path).values()
        count, faults = sum(c for c, _ in kinds), [f for _, own in kinds for f in own]
        demands, held = demands + count, held + count - len(faults)
        print(f"{os.path.basename(path)}: {count - len(faults)} of {count}")
        for fault in faults:
            print(f"    {fault}")
    print(f"{held} of {demands} demands hold")
    return 0 if held >= options.least * demands else 1


if __name__ == "__main__":
    sys.exit(main())
