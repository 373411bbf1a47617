#!/usr/bin/env python3
"""Holds records against the JSON Schemas in schemas/, and against what a schema cannot say.

    stanced extract FILE | tests/validate.py            # JSON Lines on stdin or in files
    kcat -C -t stances ... | tests/validate.py -

Each record names its schema ("schema": "stanced.stance/1"); {"id", "error"} lines are counted and pass with --errors.
Keys that no schema has are refused, although the schemas allow them: consumers must live with additions, we must not
make one unseen. Of an enriched document it also checks offsets, ids and order. Prints what is wrong and where, at most
20 times; exit status 1 then. Needs python3-jsonschema.
"""
import argparse
import hashlib
import json
import pathlib
import sys

import jsonschema

SCHEMAS = pathlib.Path(__file__).resolve().parent.parent / "schemas"
NAMES = {"stanced.article/1": "enriched", "stanced.stance/1": "stance", "stanced.entity/1": "entity", "stanced.status/1": "status"}


def closed(schema):
    """The schema with additionalProperties false wherever properties are listed."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        result["additionalProperties"] = False
    return result


def load_validators():
    validators = {}
    for schema_id, name in NAMES.items():
        schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        validators[schema_id] = jsonschema.Draft202012Validator(closed(schema))
    return validators


def spans_of(document):
    """(name, span) of everything that points into the text."""
    for i, region in enumerate(document["regions"]):
        yield f"regions[{i}]", region
    for i, entity in enumerate(document["entities"]):
        for j, mention in enumerate(entity["mentions"]):
            yield f"entities[{i}].mentions[{j}]", mention
    for i, attribution in enumerate(document["attributions"]):
        for part in ("source", "cue", "content"):
            if part in attribution:
                yield f"attributions[{i}].{part}", attribution[part]
    for i, stance in enumerate(document["stances"]):
        for j, evidence in enumerate(stance["evidence"]):
            yield f"stances[{i}].evidence[{j}]", evidence


def check_enriched(document):
    """What the schema cannot say; yields complaints."""
    text = document["text"]
    for name, span in spans_of(document):
        if not 0 <= span["start"] < span["end"] <= len(text):
            yield f"{name}: [{span['start']}, {span['end']}) is empty or outside of the text"
    for i, entity in enumerate(document["entities"]):
        if entity["id"] != f"E{i + 1}":
            yield f"entities[{i}].id is {entity['id']}"
        if entity["mentions"] != sorted(entity["mentions"], key=lambda m: (m["start"], m["end"])):
            yield f"entities[{i}].mentions are not in order"
    if document["regions"] != sorted(document["regions"], key=lambda r: r["start"]):
        yield "regions are not in order"
    ids = {entity["id"] for entity in document["entities"]}
    pairs = set()
    for i, stance in enumerate(document["stances"]):
        if stance["source"] != "author" and stance["source"] not in ids:
            yield f"stances[{i}].source {stance['source']} is no entity"
        if not stance["target"].startswith("T:") and stance["target"] not in ids:
            yield f"stances[{i}].target {stance['target']} is no entity"
        if (stance["source"], stance["target"]) in pairs:
            yield f"stances[{i}]: second one of the pair"
        pairs.add((stance["source"], stance["target"]))
        strengths = [abs(evidence["score"]) for evidence in stance["evidence"]]
        if strengths != sorted(strengths, reverse=True):
            yield f"stances[{i}].evidence is not sorted by strength"
        for evidence in stance["evidence"]:
            if evidence.get("attribution", 0) >= max(1, len(document["attributions"])):
                yield f"stances[{i}].evidence: attribution {evidence['attribution']} is none"
    for i, attribution in enumerate(document["attributions"]):
        entity = attribution.get("source", {}).get("entity")
        if entity is not None and entity not in ids:
            yield f"attributions[{i}].source.entity is no entity"
    if document["fingerprint"]["sha256"] != hashlib.sha256(text.encode("utf-8")).hexdigest():
        yield "fingerprint.sha256 is not the text's"


def complaints(line, validators, allow_errors):
    try:
        record = json.loads(line)
    except ValueError as why:
        return [f"not JSON: {why}"]
    if not isinstance(record, dict):
        return ["not an object"]
    if set(record) == {"id", "error"}:
        return [] if allow_errors else [f"an error: {record['error']}"]
    schema_id = record.get("schema")
    if schema_id not in validators:
        return [f"unknown schema {schema_id!r}"]
    found = [f"{'.'.join(map(str, e.absolute_path)) or 'record'}: {e.message[:200]}" for e in validators[schema_id].iter_errors(record)]
    if not found and schema_id == "stanced.article/1":
        found = list(check_enriched(record))
    if not found and "\n" in line.rstrip("\n"):
        found = ["more than one line"]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", default=["-"], help="JSON Lines; - is stdin")
    parser.add_argument("--errors", action="store_true", help='let {"id", "error"} lines pass')
    parser.add_argument("--least", type=int, default=1, help="fail where there are fewer records (default 1)")
    options = parser.parse_args()
    validators = load_validators()
    good = bad = 0
    for path in options.files:
        with (sys.stdin if path == "-" else open(path, encoding="utf-8", newline="\n")) as lines:
            for number, line in enumerate(lines, 1):
                found = complaints(line, validators, options.errors)
                good, bad = good + (not found), bad + bool(found)
                for complaint in found if bad <= 20 else []:
                    print(f"{path}:{number}: {complaint}")
    print(f"validate: {good} records as the schemas say, {bad} not")
    sys.exit(1 if bad or good < options.least else 0)


if __name__ == "__main__":
    main()
