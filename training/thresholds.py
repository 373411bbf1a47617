"""Looks for the thresholds of stances on dev, or writes numbers into a model file: thresholds.py MODEL [--binary build/stanced]

  thresholds.py MODEL                                     a grid is tried on SEESAW dev, end to end
  thresholds.py MODEL --set stance=0.4 evidence=0.3       these thresholds are written into MODEL
  thresholds.py MODEL --calibration calibration.json      the numbers that calibration.py fitted are written into MODEL

--out writes another file instead. Only the configuration is rewritten, never a weight. Standard library only.
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


def rewrite(path, out, thresholds=None, calibration=None):
    """`thresholds` are added to the file's, `calibration` takes the place of the file's; None leaves them."""
    container = read_container(path)
    config = json.loads(container.find("config"))
    if thresholds is not None:
        config["thresholds"] = {**config.get("thresholds", {}), **thresholds}
    if calibration is not None:
        config["calibration"] = calibration
    container.replace_bytes("config", json.dumps(config, sort_keys=True).encode())
    part = out + ".part"  # renamed over the old one: a process may have that mapped
    container.write(part)
    os.replace(part, out)


def search(options):
    for values in itertools.product(*GRID.values()):
        thresholds = dict(zip(GRID, values))
        if thresholds["evidence"] > thresholds["stance"]:
            continue
        with tempfile.TemporaryDirectory() as folder:
            model = os.path.join(folder, "model.bin")
            rewrite(options.model, model, thresholds)
            program = score.Program(argparse.Namespace(data=options.data, binary=options.binary, model=model,
                                                       knowledge=score.KNOWLEDGE, exact=False))
            found = program.scorer("seesaw.py", "seesaw/dev.jsonl", score.seesaw_lines(program))
            rows = [l for l in found.splitlines() if l.startswith("listed") and "triple     P" in l]
            print(thresholds, *rows, sep="\n  ", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--binary", default=os.path.join(HERE, "..", "build", "stanced"))
    parser.add_argument("--data", default=os.path.join(HERE, "..", "..", "shared", "data"))
    parser.add_argument("--set", nargs="*", default=[])
    parser.add_argument("--calibration")
    parser.add_argument("--out")
    options = parser.parse_args()
    if not options.set and not options.calibration:
        return search(options)
    calibration = None
    if options.calibration:
        with open(options.calibration, encoding="utf-8") as file:
            calibration = json.load(file)
    thresholds = {k: float(v) for k, v in (s.split("=") for s in options.set)} or None
    rewrite(options.model, options.out or options.model, thresholds, calibration)


if __name__ == "__main__":
    main()
