"""Dev scores in slices: slices.py [--model MODEL]

  names      Worldwide by region (of the outlet, from the document's id) and by type
  stance     DSE by class, for all rows, rows not in train and rows that also stand in train; by words between the mentions;
             by the types of the two, as extracted
  portrayal  NewsMTSC by class

Through the program, as score.py does. Standard library only."""
import collections
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import score  # noqa: E402
from honesty import typed_names  # noqa: E402

# Outlets of the documents' ids; "qt" is Qatar, "jr" Jordan, "nm" Namibia, "af" and "panaf" write of all Africa.
REGIONS = {
    "Africa": "af alg eg ghana mauritius nm panaf sa".split(),
    "East Asia": "cn jp kr mong".split(),
    "South and Southeast Asia": "bangladesh in th".split(),
    "Middle East": "iran israel jr kw oman qt saud uae".split(),
    "Latin America": "arg bol chile col cosric cuba ecuador elsalv hond mex nic pan peru ven".split(),
    "Canada and Oceania": "aus canada nz".split(),
}
CLASSES = ["neutral", "e1 for e2", "e2 for e1", "e1 against e2", "e2 against e1"]
DISTANCES = [("0-5 words", 0, 5), ("6-15 words", 6, 15), ("16-30 words", 16, 30), ("over 30 words", 31, 10 ** 9)]


def print_prf(what, right, said, wanted):
    p, r = right / max(1, said), right / max(1, wanted)
    print(f"{what:32s} P {100 * p:5.1f} R {100 * r:5.1f} F1 {100 * 2 * p * r / max(1e-9, p + r):5.1f}   gold {wanted}")


def region_of(document):
    prefix = document.split("_")[0]
    return next((region for region, prefixes in REGIONS.items() if prefix in prefixes), f"other ({prefix})")


def names(program):
    ner = program.scorer_module("ner")
    records = score.named(program.run("extract", program.dump("ner.py", "worldwide/dev.tsv")))
    docs = ner.read_gold(os.path.join(program.data, "worldwide/dev.tsv"))
    counts, _ = ner.score(docs, {r["id"]: r["entities"] for r in records}, "char", None, None, None, False)
    by_region, by_type, documents = collections.defaultdict(collections.Counter), collections.Counter(), collections.Counter()
    for document, count in counts.items():
        region = region_of(document)
        documents[region] += 1
        by_type.update(count)
        for (key, kind), number in count.items():
            if kind != "span":
                by_region[region][key] += number
    print("## names, Worldwide, 9 classes")
    for region in sorted(by_region):
        c = by_region[region]
        print_prf(f"{region} ({documents[region]})", c["tp"], c["np"], c["ng"])
    for kind in sorted({kind for _, kind in by_type}):
        print_prf("any type, span" if kind == "span" else kind, *(by_type[key, kind] for key in ("tp", "np", "ng")))


def print_classes(what, names_, gold, found):
    right = sum(g == f for g, f in zip(gold, found))
    print(f"# {what}: {len(gold)} rows, {100 * right / max(1, len(gold)):.1f} % right")
    for k, name in enumerate(names_):
        print_prf(name, sum(g == f == k for g, f in zip(gold, found)), found.count(k), gold.count(k))


def print_stances(what, gold, found):
    """Micro over all five classes, and over the four that take a side."""
    sided = [(g, f) for g, f in zip(gold, found) if g or f]
    right = sum(g == f for g, f in zip(gold, found))
    tp, said, wanted = sum(g == f for g, f in sided), sum(f > 0 for _, f in sided), sum(g > 0 for g, _ in sided)
    p, r = tp / max(1, said), tp / max(1, wanted)
    print(f"{what:32s} rows {len(gold):5d}  right {100 * right / max(1, len(gold)):5.1f} %   for or against: P {100 * p:5.1f} R {100 * r:5.1f} "
          f"F1 {100 * 2 * p * r / max(1e-9, p + r):5.1f}  gold {wanted}")


def words_between(text, a, b):
    first, second = sorted((a, b), key=lambda s: s["start"])
    return len(text[first["end"]:second["start"]].split())


def type_at(types, span):
    """Of the name that overlaps the span: the rows' mentions are sometimes cut inside a word."""
    return next((kind for (start, end), kind in types.items() if start < span["end"] and span["start"] < end), "no name")


def dse(program):
    rows = score.dse_rows(program.data)
    found = [p.index(max(p)) for p in score.ask_pairs(program, [row[:3] for row in rows])]
    gold = [row[3] for row in rows]
    chosen = lambda keep: zip(*[(g, f) for row, g, f in zip(rows, gold, found) if keep(row)])
    print("\n## stance, DSE")
    for what, keep in (("all rows", lambda row: True), ("rows not in train", lambda row: not row[4]), ("rows also in train", lambda row: row[4])):
        print_classes(what, CLASSES, *map(list, chosen(keep)))
    for part, wanted in (("all rows", (False, True)), ("rows not in train", (False,))):
        print(f"# by distance, {part}")
        for what, least, most in DISTANCES:
            keep = lambda row: row[4] in wanted and least <= words_between(*row[:3]) <= most
            print_stances(what, *map(list, chosen(keep)))
    by_types = collections.defaultdict(lambda: ([], []))
    for row, g, f, types in zip(rows, gold, found, typed_names(program, [row[0] for row in rows])):
        kinds = [type_at(types, span) for span in row[1:3]]
        key = " and ".join(sorted(kinds))
        by_types[key][0].append(g)
        by_types[key][1].append(f)
    print("# by types of the two, as extracted (30 rows or more)")
    for key, lists in sorted(by_types.items(), key=lambda x: -len(x[1][0])):
        if len(lists[0]) >= 30:
            print_stances(key, *lists)


def newsmtsc(program):
    print("\n## portrayal, NewsMTSC")
    for part in ("rw", "mt"):
        rows = score.newsmtsc_rows(program.data, part)
        found = [p.index(max(p)) for p in score.ask_targets(program, [row[:2] for row in rows])]
        print_classes(f"dev.{part}", ["negative", "neutral", "positive"], [row[2] for row in rows], found)


def main():
    options = score.option_parser(__doc__).parse_args()
    program = score.Program(options)
    names(program)
    dse(program)
    newsmtsc(program)


if __name__ == "__main__":
    main()
