"""Looks for the thresholds of stances on dev: thresholds.py MODEL [--binary build/stanced] [--set stance=0.4 evidence=0.3]

Without --set a grid is tried on SEESAW dev, end to end; with it MODEL is rewritten. Standard library only.
Seesaw is annotated densely, so its best point is the loudest that we would choose."""
import argparse
import itertools
import json
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import score  # noqa: E402
from stanced.container import read_container  # noqa: E402

GRID = {"stance": [0.25, 0.3, 0.35, 0.4], "evidence": [0.25, 0.3], "carried": [0.3, 0.4, 0.5], "author": [0.7]}


def with_thresholds(path, out, thresholds):
    container = read_container(path)
    config = json.loads(container.find("config"))
    config["thresholds"] = {**config.get("thresholds", {}), **thresholds}
    container.replace_bytes("config", json.dumps(config, sort_keys=True).encode())
    container.write(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--binary", default=os.path.join(HERE, "..", "build", "stanced"))
    parser.add_argument("--data", default=os.path.join(HERE, "..", "..", "shared", "data"))
    parser.add_argument("--set", nargs="*", default=[])
    options = parser.parse_args()
    if options.set:
        return with_thresholds(options.model, options.model, {k: float(v) for k, v in (s.split("=") for s in options.set)})
    for values in itertools.product(*GRID.values()):
        thresholds = dict(zip(GRID, values))
        if thresholds["evidence"] > thresholds["stance"]:
            continue
        with tempfile.NamedTemporaryFile(suffix=".bin") as file:
            with_thresholds(options.model, file.name, thresholds)
            program = score.Program(argparse.Namespace(data=options.data, binary=options.binary, model=file.name, exact=False))
            lines = score.seesaw_lines(program)
            found = program.scorer("seesaw.py", "seesaw/dev.jsonl", lines)
            rows = [l for l in found.splitlines() if l.startswith("listed") and "triple     P" in l]
            print(thresholds, *rows, sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
