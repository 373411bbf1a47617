"""The stances of whole articles against a careful reader's list (tests/cases/stances): how many it finds, how many of its own are right.

  python3 training/readers.py [--binary build/stanced] [--model FILE] [--knowledge FILE] [--exact] [--data ../shared/data] [--show] [CASE.json...]

The lists are of stances between actors: one toward an issue that the program found by itself and no list names is counted apart.
An entity is the reader's if its name, or one of its mentions that is no pronoun, is among the reader's names for it. Found: a `must` with
source, target and polarity. Right: a stance that is a `must` or a `may`. --show lists what is missed and what is wrong, with the sentence.
Standard library only."""
import glob
import gzip
import hashlib
import json
import os
import sys

from score import HERE, Program, option_parser

CASES = os.path.join(HERE, "..", "tests", "cases", "stances")
CUTS = (0, 0.3, 0.4, 0.5, 0.6)
POLARITIES = {"for", "against", "mixed"}


def listed(value):
    return value if isinstance(value, list) else [value]


def plain(name):
    name = " ".join(name.lower().split()).removesuffix("'s").removesuffix("’s")
    return name.removeprefix("the ")


class Case:
    """A reader's list, every row of it made plain: sets of names, set of polarities."""

    def __init__(self, path, texts):
        with open(path, encoding="utf-8") as file:
            case = json.load(file)
        self.name = os.path.basename(path).removesuffix(".json")
        self.text = texts(case["article"])
        if hashlib.sha256(self.text.encode()).hexdigest() != case["sha256"]:
            sys.exit(f"{self.name}: the text is not the one that was annotated")
        self.names = {key: {plain(n) for n in names} for key, names in case["names"].items()}
        self.must, self.may, self.false = ([self.row(r) for r in case[kind]] for kind in ("must", "may", "not"))
        for row in self.must + self.may + self.false:
            if not all(0 <= a < b <= len(self.text) for a, b in row["evidence"]):
                sys.exit(f"{self.name}: evidence outside the text")

    def row(self, row):
        for key in listed(row["source"]) + listed(row["target"]):
            if key not in self.names and key != "author":
                sys.exit(f"{self.name}: {key} has no names")
        polarities = set(listed(row["polarity"])) if "polarity" in row else POLARITIES
        return {"source": set(listed(row["source"])), "target": set(listed(row["target"])), "polarity": polarities,
                "evidence": row.get("evidence", [])}

    def keys(self, entity, text):
        """Which of the reader's actors this entity is."""
        said = {plain(text[m["start"]:m["end"]]) for m in entity["mentions"] if m["kind"] != "pronoun"} | {plain(entity["name"])}
        return {key for key, names in self.names.items() if names & said}


def fits(row, said):
    return said["source"] & row["source"] and said["target"] & row["target"] and said["polarity"] in row["polarity"]


def read(case, record):
    """The program's stances, their entities named as the reader names them."""
    if "error" in record:
        sys.exit(f"{case.name}: {record['error']}")
    keys, names = {"author": {"author"}}, {"author": "author"}
    issues = {e["id"] for e in record["entities"] if e["type"] == "Misc" and all(m["kind"] == "nominal" for m in e["mentions"])}
    for e in record["entities"]:
        keys[e["id"]], names[e["id"]] = case.keys(e, record["text"]), e["name"]
    return [{"source": keys[s["source"]], "target": keys.get(s["target"], set()), "polarity": s["polarity"], "confidence": s["confidence"],
             "label": f"{names[s['source']]} -> {names.get(s['target'], s['target'])} {s['polarity']}", "evidence": s["evidence"],
             "is_apart": s["target"] in issues and not keys[s["target"]]}
            for s in record["stances"]]


def count(case, said, cut):
    """(must, found, said, right), and what is missed and wrong."""
    said = [s for s in said if s["confidence"] >= cut and not s["is_apart"]]
    missed = [row for row in case.must if not any(fits(row, s) for s in said)]
    wrong = [s for s in said if not any(fits(row, s) for row in case.must + case.may)]
    return (len(case.must), len(case.must) - len(missed), len(said), len(said) - len(wrong)), missed, wrong


def figures(name, counts):
    must, found, said, right = counts
    share = lambda part, whole: f"{100 * part / whole:5.1f}" if whole else "    -"
    return f"{name:18s} must {must:3d} found {found:3d} R {share(found, must)}   said {said:3d} right {right:3d} P {share(right, said)}"


def show(case, said, missed, wrong):
    quote = lambda a, b: " ".join(case.text[a:b].split())
    for row in missed:
        other = [s["label"] for s in said if s["source"] & row["source"] and s["target"] & row["target"]]
        print(f"    missed  {'|'.join(sorted(row['source']))} -> {'|'.join(sorted(row['target']))} {'|'.join(sorted(row['polarity']))}"
              + (f" (said: {'; '.join(other)})" if other else ""))
        for span in row["evidence"]:
            print(f"              {quote(*span)}")
    for s in wrong:
        foreseen = any(fits(row, s) for row in case.false)
        print(f"    {'not so' if foreseen else 'wrong '}  {s['label']} {s['confidence']}")
        for e in s["evidence"]:
            print(f"              {e['score']:+.2f} {quote(e['start'], e['end'])}")


def text_reader(data):
    """A function from a case's `article` to its text. Ends the program where the texts are not there."""
    path = os.path.join(data, "articles", "articles.jsonl.gz")
    if not os.path.exists(path):
        print(f"skipped: no {path}")
        sys.exit(0)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = {a["id"]: a["text"] for a in map(json.loads, lines)}

    def find(article):
        if "id" in article:
            return texts[article["id"]]
        with open(os.path.join(data, "..", article["file"]), encoding="utf-8") as file:
            return file.read()
    return find


def main():
    parser = option_parser(__doc__)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("cases", nargs="*", default=sorted(glob.glob(os.path.join(CASES, "*.json"))))
    options = parser.parse_args()
    texts = text_reader(options.data)
    cases = [Case(path, texts) for path in options.cases]
    records = Program(options).run("extract", [{"id": c.name, "text": c.text} for c in cases])
    total, apart = {cut: [0, 0, 0, 0] for cut in CUTS}, 0
    for case, record in zip(cases, records):
        said = read(case, record)
        apart += sum(s["is_apart"] for s in said)
        for cut in CUTS:
            counts, missed, wrong = count(case, said, cut)
            total[cut] = [a + b for a, b in zip(total[cut], counts)]
            if cut == 0:
                print(figures(case.name, counts))
                if options.show:
                    show(case, said, missed, wrong)
    for cut in CUTS:
        print(figures(f"all, from {cut}" if cut else "all", total[cut]))
    print(f"{apart} stances toward issues, not counted")


if __name__ == "__main__":
    main()
