"""Dev scores of the C program, by the scorers in ../shared/score: what the card in models/ states.

  python3 training/score.py [--binary build/stanced] [--model FILE] [--knowledge FILE] [--exact] [--tasks names,dse,...] [--data ../shared/data]

Standard library only. Records go through `stanced extract` and `stanced ask`, as a user's would."""
import argparse
import collections
import gzip
import importlib.util
import json
import math
import os
import subprocess
import sys
import tempfile

from knowledge_file import Reader

HERE = os.path.dirname(os.path.abspath(__file__))

KNOWLEDGE = os.path.join(HERE, "..", "models", "knowledge.bin")


class Program:
    def __init__(self, options):
        self.data, self.score = options.data, os.path.join(options.data, "..", "score")
        self.command = [options.binary]
        self.knowledge = options.knowledge
        self.options = (["--model", options.model] if options.model else []) + (["--exact"] if options.exact else [])
        self.options += ["--knowledge", self.knowledge]

    def run(self, command, lines, *more):
        """JSON Lines through `stanced COMMAND` -> parsed records, in order."""
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        done = subprocess.run([*self.command, command, *self.options, *more], input=text.encode(), stdout=subprocess.PIPE)
        records = [json.loads(line) for line in done.stdout.decode().splitlines()]
        if len(records) != len(lines):
            sys.exit(f"{command}: {len(lines)} lines in, {len(records)} out (exit status {done.returncode})")
        return records

    def scorer(self, name, gold, lines, *options):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            file.writelines((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
            file.flush()
            command = [sys.executable, os.path.join(self.score, name), os.path.join(self.data, gold), file.name, *options]
            return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.rstrip()

    def dump(self, name, gold):
        """The texts that a scorer writes for extractors."""
        with tempfile.NamedTemporaryFile("r", suffix=".jsonl", encoding="utf-8") as file:
            subprocess.run([sys.executable, os.path.join(self.score, name), os.path.join(self.data, gold), "--dump", file.name], check=True)
            return [json.loads(line) for line in file]

    def scorer_module(self, name):
        """A scorer's own functions, for what it does not print."""
        spec = importlib.util.spec_from_file_location(f"scorer_{name}", os.path.join(self.score, name + ".py"))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def rows(self, path):
        with open(os.path.join(self.data, path), encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]


def named(records):
    return [{"id": r["id"], "entities": [{"start": m["start"], "end": m["end"], "type": e["type"]}
                                         for e in r["entities"] for m in e["mentions"] if m["kind"] == "name"]} for r in records]


def names(program):
    ours = ["--unit", "char", "--gold-map", "*", "--pred-map", "*"]
    texts = program.dump("ner.py", "worldwide/dev.tsv")
    print("## worldwide, tokens joined\n" + program.scorer("ner.py", "worldwide/dev.tsv", named(program.run("extract", texts)), *ours))
    pages = program.rows("worldwide/articles.dev.jsonl")
    print("## worldwide, raw pages\n" + program.scorer("ner.py", "worldwide/dev.tsv", named(program.run("extract", pages)), *ours,
                                                       "--text", os.path.join(program.data, "worldwide/articles.dev.jsonl")))
    texts = program.dump("ner.py", "conllpp/dev.txt")
    print("## conllpp\n" + program.scorer("ner.py", "conllpp/dev.txt", named(program.run("extract", texts)), "--unit", "char",
                                          "--gold-map", "conll4", "--pred-map", "ww4"))


def bracketed(sentence):
    text, spans, start = "", [], None
    for c in sentence:
        if c == "[":
            start = len(text)
        elif c == "]" and start is not None:
            spans.append({"start": start, "end": len(text)})
            start = None
        else:
            text += c
    return text, spans


def dse_rows(data):
    """[(text, span of e1, span of e2, label, whether the row also stands in train)]"""
    def read(part):
        with open(os.path.join(data, f"dse/{part}.tsv"), encoding="utf-8", newline="\n") as lines:
            return [line.rstrip("\n").split("\t") for line in lines]
    train = {tuple(columns[:-1]) for columns in read("train")}
    rows = []
    for columns in read("dev"):
        text, (a, b) = bracketed("\t".join(columns[:-3]))
        rows.append((text, a, b, int(columns[-1]), tuple(columns[:-1]) in train))
    return rows


def ask_pairs(program, pairs):
    """Of each (text, a, b) the probabilities of DSE's classes: none, a for b, b for a, a against b, b against a."""
    answers = program.run("ask", [{"text": text, "source": x, "target": y} for text, a, b in pairs for x, y in ((a, b), (b, a))])
    rows = []
    for there, back in zip(answers[::2], answers[1::2]):
        p = [there["for"], back["for"], there["against"], back["against"]]
        rows.append([max(0, 1 - sum(p)), *p])
    return rows


def dse(program):
    pairs = [row[:3] for row in dse_rows(program.data)]
    labels = [str(p.index(max(p))) for p in ask_pairs(program, pairs)]
    print("## dse\n" + program.scorer("dse.py", "dse/dev.tsv", labels, "--train", os.path.join(program.data, "dse/train.tsv")))


def ask_targets(program, targets):
    """Of each (text, span) the probabilities that the text speaks of it negatively, neutrally, positively."""
    answers = program.run("ask", [{"text": text, "source": None, "target": span} for text, span in targets])
    return [[a["against"], a["none"], a["for"]] for a in answers]


def newsmtsc_rows(data, part):
    """[(text, span, 0 negative, 1 neutral or 2 positive)]"""
    with open(os.path.join(data, f"newsmtsc/dev.{part}.jsonl"), encoding="utf-8") as lines:
        return [(r["sentence_normalized"], {"start": t["from"], "end": t["to"]}, int(t["polarity"]) // 2 - 1)
                for r in map(json.loads, lines) for t in r["targets"]]


def newsmtsc(program):
    for part in ("rw", "mt"):
        found = ask_targets(program, [row[:2] for row in newsmtsc_rows(program.data, part)])
        lines = [("negative", "neutral", "positive")[p.index(max(p))] for p in found]
        print(f"## newsmtsc dev.{part}\n" + program.scorer("newsmtsc.py", f"newsmtsc/dev.{part}.jsonl", lines, "--order"))


def polnear(program):
    rows = program.rows("polnear/dev.jsonl")
    records = program.run("extract", [{"id": r["id"], "text": r["text"]} for r in rows])
    spans = lambda a, role: [[a[role]["start"], a[role]["end"]]] if a.get(role) else []
    lines = [{"id": r["id"], "attributions": [{role: spans(a, role) for role in ("source", "cue", "content")} for a in r["attributions"]]}
             for r in records]
    print("## polnear\n" + program.scorer("polnear.py", "polnear/dev.jsonl", lines))


def entity_names(record):
    """{id: [canonical name, the strings of its mentions...]}"""
    names = {}
    for e in record["entities"]:
        is_named = any(m["kind"] == "name" for m in e["mentions"])  # an issue has no names
        strings = [record["text"][m["start"]:m["end"]] for m in e["mentions"] if m["kind"] == "name" or not is_named]
        names[e["id"]] = [e["name"], *dict.fromkeys(strings)]
    return names


def seesaw_lines(program, *more):
    records = program.run("extract", program.dump("seesaw.py", "seesaw/dev.jsonl"), *more)
    lines = []
    for r in records:
        entities = entity_names(r)
        lines.append({"id": r["id"], "stances": [
            {"offset": v["start"], "source": None if s["source"] == "author" else entities[s["source"]],
             "target": entities.get(s["target"], s["target"]), "polarity": v["score"]} for s in r["stances"] for v in s["evidence"]]})
    return lines


def seesaw_questions(program):
    """A question for each gold stance, in file order: the two names are written before the sentence."""
    questions = []
    for item in program.rows("seesaw/dev.jsonl"):
        for s in item["stances"]:
            source = {"None": "The author", "Not in the list": "Someone"}.get(s["source"], s["source"])
            target = {"Not in the list": "someone"}.get(s["target"], s["target"])
            at = len(source) + 4
            questions.append({"text": f"{source} on {target}: {item['sentences'][str(s['sentence'])]}",
                              "source": {"start": 0, "end": len(source)}, "target": {"start": at, "end": at + len(target)}})
    return questions


def seesaw_favours(program):
    """For each gold stance the log odds of "for" against "against": of its sentence, and with the mean of its pair's others in the
    article (as processor/commands/eval_polarity.c)."""
    alone = [math.log((a["for"] + 1e-4) / (a["against"] + 1e-4)) for a in program.run("ask", seesaw_questions(program))]
    pairs = [(n, s["source"], s["target"]) for n, item in enumerate(program.rows("seesaw/dev.jsonl")) for s in item["stances"]]
    sums = collections.defaultdict(list)
    for pair, favour in zip(pairs, alone):
        sums[pair].append(favour)
    return alone, [favour + ((sum(sums[pair]) - favour) / (len(sums[pair]) - 1) if len(sums[pair]) > 1 else 0)
                   for pair, favour in zip(pairs, alone)]


def seesaw(program):
    print("## seesaw, end to end\n" + program.scorer("seesaw.py", "seesaw/dev.jsonl", seesaw_lines(program)))
    for what, favours in zip(("sentence alone", "with the article's other stances of the pair"), seesaw_favours(program)):
        signs = ["POS" if favour > 0 else "NEG" for favour in favours]
        print(f"## seesaw, pair given, {what}\n" + program.scorer("seesaw.py", "seesaw/dev.jsonl", signs, "--polarity"))


def topics(program):
    """SEESAW's topics and events whose name stands in the article, watched with that name as the only pattern: stances toward them."""
    rows, lines = program.rows("seesaw/dev.jsonl"), []
    named = []
    for row in rows:
        text = " ".join(row["sentences"].values()).lower()
        named.append({e[0] for e in row["entities"] if {"Topic", "Event"} & set(e[1]) and e[0].lower() in text})
        row["stances"] = [s for s in row["stances"] if s["target"] in named[-1]]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as gold, tempfile.NamedTemporaryFile("w", suffix=".yaml") as watched:
        json.dump([{"name": name} for name in sorted(set().union(*named))], watched)
        watched.flush()
        for line, names in zip(seesaw_lines(program, f"--watched_topics={watched.name}"), named):
            stances = [dict(s, target=s["target"][2:]) for s in line["stances"] if isinstance(s["target"], str)]
            lines.append(dict(line, stances=[s for s in stances if s["target"] in names]))
        gold.writelines(json.dumps(row) + "\n" for row in rows)
        gold.flush()
        figures = program.scorer("seesaw.py", gold.name, lines).splitlines()
    print("## seesaw, topics and events watched by their names")
    print("\n".join(f for f in figures if f.startswith(("listed article", "core polarity")) and "mean" not in f))


def rates(right, said, wanted):
    p, r = right / max(1, said), right / max(1, wanted)
    return f"P {100 * p:.1f} R {100 * r:.1f} F1 {100 * 2 * p * r / max(1e-9, p + r):.1f}"


def linking(program):
    """Micro P/R/F1 of identifiers over gold mentions with a Wikidata id (span and id equal), P over all emitted on gold spans; and the
    same over the gold mentions whose id is in the knowledge file."""
    held = {f"Q{entry[2]}" for entry in Reader(program.knowledge).entries if entry[2]}
    print("## linking (span and identifier equal)")
    for part in ("rss-500", "reuters-128", "aida-conll-dev", "kore50"):
        rows = program.rows(f"linking/{part}.jsonl")
        records = program.run("extract", [{"id": str(i), "text": r["text"]} for i, r in enumerate(rows)])
        wanted, found, emitted = [], [], 0
        for row, record in zip(rows, records):
            labels = {tuple(l["span"]): l["entity_id"] for l in row["labels"]}
            wanted += [gold for gold in labels.values() if gold.startswith("Q")]
            said = [(labels.get((m["start"], m["end"])), e["wikidata"]) for e in record["entities"] if e.get("wikidata")
                    for m in e["mentions"] if m["kind"] == "name"]
            emitted += len(said)
            found += [(gold, own) for gold, own in said if gold is not None]
        right, nil = sum(gold == own for gold, own in found), sum(not gold.startswith("Q") for gold, _ in found)
        covered, known = [gold for gold in wanted if gold in held], [(gold, own) for gold, own in found if gold in held]
        known_right = sum(gold == own for gold, own in known)
        print(f"{part:16s} all      gold {len(wanted)} emitted {emitted} on gold spans {len(found)} ({nil} without an item) "
              f"right {right}  {rates(right, len(found), len(wanted))}")
        print(f"{part:16s} covered  gold {len(covered)} ({100 * len(covered) / max(1, len(wanted)):.1f} %) on gold spans {len(known)} "
              f"right {known_right}  {rates(known_right, len(known), len(covered))}")


def pages(program):
    gold = os.path.join(program.data, "pages/ground-truth.json")
    found = {}
    for name in json.load(open(gold, encoding="utf-8")):
        with gzip.open(os.path.join(program.data, "pages", name + ".html.gz")) as page:
            html = page.read().decode("utf-8", "replace")
        record = program.run("extract", [{"id": name, "html": html}])[0]
        body = [record["text"][r["start"]:r["end"]] for r in record.get("regions", []) if r["kind"] == "body"]
        found[name] = {"articleBody": "\n".join(body)}
    print("## pages\n" + program.scorer("pages.py", "pages/ground-truth.json", [json.dumps(found)]))


TASKS = {"names": names, "dse": dse, "newsmtsc": newsmtsc, "polnear": polnear, "seesaw": seesaw, "topics": topics, "linking": linking, "pages": pages}


def option_parser(description):
    """What every script takes that asks the program."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.path.join(HERE, "..", "build", "stanced"))
    parser.add_argument("--data", default=os.path.join(HERE, "..", "..", "shared", "data"))
    parser.add_argument("--model", help="a model file; else the one that the program finds")
    parser.add_argument("--knowledge", default=KNOWLEDGE)
    parser.add_argument("--exact", action="store_true")
    return parser


def main():
    parser = option_parser(__doc__)
    parser.add_argument("--tasks", default=",".join(TASKS))
    options = parser.parse_args()
    program = Program(options)
    for task in options.tasks.split(","):
        TASKS[task](program)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
