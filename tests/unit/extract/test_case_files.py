#!/usr/bin/env python3
"""The language cases of tests/cases/extract say only what their articles hold: a misspelt name would be a case that cannot pass, and
a misspelt name under not_stances one that cannot fail."""
import glob
import html
import json
import os
import re
import sys

sys.path.insert(0, "tests")
import counted  # noqa: E402

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "cases")
TYPES = {"Person", "Organization", "Location", "NORP", "Facility", "Product", "Misc", "Date", "Money"}


def text_of(path):
    with open(path, encoding="utf-8") as file:
        raw = file.read()
    if path.endswith(".json"):
        return json.loads(raw)["text"]
    return html.unescape(re.sub("<[^>]*>", "", raw)) if path.endswith(".html") else raw


def strings_of(case):
    """Every string that must stand in the article."""
    for entity in case["entities"]:
        yield from entity["mentions"]
    for region in case.get("regions", []):
        yield region["text"]
    for stance in case["stances"] + case["not_stances"]:
        yield stance.get("evidence", "")
        for end in (stance["source"], stance["target"]):
            yield from [end] if isinstance(end, str) else end


def faults_of(case):
    text = text_of(os.path.join(CASES, case["article"]))
    for string in strings_of(case):
        if string != "author" and string not in text:
            yield f"not in the article: {string!r}"
    for entity in case["entities"]:
        if entity["type"] not in TYPES:
            yield f"no such type: {entity['type']}"
    for stance in case["stances"]:
        if stance["polarity"] not in ("for", "against", "mixed"):
            yield f"no such polarity: {stance['polarity']}"


counted.files(sorted(glob.glob(os.path.join(CASES, "extract", "*.json"))), faults_of)
