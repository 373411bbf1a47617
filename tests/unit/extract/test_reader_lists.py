#!/usr/bin/env python3
"""The reader's lists of tests/cases/stances are whole and agree with themselves: what no name stands for could never be found, and
what is both allowed and forbidden would be right and wrong."""
import glob
import itertools
import os
import sys

sys.path.insert(0, "tests")
import counted  # noqa: E402

LISTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "cases", "stances")
POLARITIES = ("for", "against", "mixed")


def listed(value):
    return value if isinstance(value, list) else [value]


def said_by(row):
    """Every (source, target, polarity) that the row stands for."""
    return set(itertools.product(listed(row["source"]), listed(row["target"]), listed(row.get("polarity", list(POLARITIES)))))


def faults_of(case):
    for row in case["must"] + case["may"] + case["not"]:
        for source, target, polarity in said_by(row):
            for name in (source, target):
                if name != "author" and not case["names"].get(name):
                    yield f"no names for {name!r}"
            if polarity not in POLARITIES or source == target or target == "author":
                yield f"no stance: {source} -> {target} {polarity}"
    for row in case["must"]:
        spans = row["evidence"]
        if not spans or spans != sorted(spans) or not all(0 <= start < end for start, end in spans):
            yield f"no evidence, or not in order: {row['source']} -> {row['target']}"
    allowed = set().union(*map(said_by, case["must"] + case["may"]))
    for both in sorted(allowed & set().union(*map(said_by, case["not"]))):
        yield f"allowed and forbidden: {both}"


counted.files(sorted(glob.glob(os.path.join(LISTS, "*.json"))), lambda case: sorted(set(faults_of(case))))
