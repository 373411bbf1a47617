#!/usr/bin/env python3
"""A calibrated model file decides as before and speaks otherwise: test_calibration.py BUILD

The demo's articles go through the shipped model as it is without calibration, and through a copy with one that changes much:
the records must be the same but for names' scores and stances' confidences, which must follow the curves of
processor/model/calibration.h, a mixed stance's as the square of its weaker side; a surer stance still stands before a less sure one. What `ask` says must follow the scale, which is worked out anew here."""
import argparse
import glob
import json
import math
import os
import sys
import tempfile

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
sys.path.insert(0, os.path.join(TOP, "training"))
import score  # noqa: E402
from thresholds import rewrite  # noqa: E402

MODEL = os.path.join(TOP, "models", "stanced-en-small.bin")
NUMBERS = {"stance_temperature": 2.5, "stance_silence": -0.75, "portrayal_temperature": 0.5, "name_rise": 0.5, "name_fall": 1.5,
           "name_offset": -1, "confidence_rise": 0, "confidence_fall": 0.25, "confidence_offset": -0.5}
HALF_DIGIT = 0.5e-4  # records have four decimals


def curve(name):
    rise, fall, offset = (NUMBERS[f"{name}_{key}"] for key in ("rise", "fall", "offset"))
    def bend(p):
        p = min(max(p, 1e-5), 1 - 1e-5)
        return 1 / (1 + math.exp(-rise * math.log(p) + fall * math.log(1 - p) - offset))
    return bend


def is_bent(bend, before, after):
    return bend(before - HALF_DIGIT) - 2 * HALF_DIGIT <= after <= bend(before + HALF_DIGIT) + 2 * HALF_DIGIT


def take_scores(records):
    """The names' scores and the confidences, taken out of the records, whose stances are then sorted by pair."""
    names = [m.pop("score") for r in records for e in r["entities"] for m in e["mentions"] if m["kind"] == "name"]
    sides = []
    for r in records:
        order = [s["confidence"] for s in r["stances"]]
        assert order == sorted(order, reverse=True), order
        r["stances"].sort(key=lambda s: (s["source"], s["target"]))
        sides += [s.pop("confidence") ** (0.5 if s["polarity"] == "mixed" else 1) for s in r["stances"]]
    return {"name": names, "confidence": sides}


def check_extract(plain, calibrated):
    articles = []
    for path in sorted(glob.glob(os.path.join(TOP, "tests", "cases", "demo", "*.json"))):
        with open(path, encoding="utf-8") as file:
            articles.append(json.load(file))
    before, after = plain.run("extract", articles), calibrated.run("extract", articles)
    scores = take_scores(before), take_scores(after)
    assert before == after, "something else than scores has changed"
    for name in ("name", "confidence"):
        a, b = scores[0][name], scores[1][name]
        assert len(a) == len(b) > 20, (name, len(a), len(b))
        wrong = [(x, y) for x, y in zip(a, b) if not is_bent(curve(name), x, y)]
        assert not wrong, (name, wrong[:5])


def check_ask(plain, calibrated):
    text = "The council of Arvo had doubts about the plan of Lena Okafor."
    span = lambda name: {"start": text.index(name), "end": text.index(name) + len(name)}
    questions = [{"text": text, "source": span(a), "target": span(b)} for a, b in
                 (("The council of Arvo", "Lena Okafor"), ("Lena Okafor", "The council of Arvo"))]
    there, back = plain.run("ask", questions)
    polar = [there["for"], back["for"], there["against"], back["against"]]
    powers = [max(p, HALF_DIGIT) ** (1 / NUMBERS["stance_temperature"]) for p in (1 - sum(polar), *polar)]
    powers[0] *= math.exp(NUMBERS["stance_silence"])
    answer = calibrated.run("ask", questions[:1])[0]
    assert abs(answer["against"] - powers[3] / sum(powers)) < 0.02, (answer, powers)
    assert abs(sum(answer.values()) - 1) < 1e-3, answer

    question = {"text": text, "source": None, "target": span("Lena Okafor")}
    before, after = plain.run("ask", [question])[0], calibrated.run("ask", [question])[0]
    squares = [before[key] ** (1 / NUMBERS["portrayal_temperature"]) for key in ("against", "none", "for")]
    for key, square in zip(("against", "none", "for"), squares):
        assert abs(after[key] - square / sum(squares)) < 1e-3, (before, after)


def main():
    binary = os.path.join(sys.argv[1] if len(sys.argv) > 1 else "build", "stanced")
    with tempfile.TemporaryDirectory() as folder:
        programs = []
        for name, numbers in (("plain", {}), ("calibrated", NUMBERS)):
            model = os.path.join(folder, name + ".bin")
            rewrite(MODEL, model, calibration=numbers)
            options = argparse.Namespace(data="", binary=binary, model=model, knowledge=score.KNOWLEDGE, exact=False)
            programs.append(score.Program(options))
        check_extract(*programs)
        check_ask(*programs)


if __name__ == "__main__":
    main()
