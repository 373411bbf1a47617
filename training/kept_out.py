"""The program's stances against the readings that were kept out of training (stanced/readings.py): windows of real articles, by the C program.
With --written: against the articles of our own that were kept out (stanced/marked.py), and the names' types in them, too.

  python3 training/kept_out.py [--binary build/stanced] [--model FILE] [--knowledge FILE] [--exact] [--data ../shared/data] [--articles N] [--written]

An article is read whole; what counts is the evidence that lies in its windows. Found: a stance that the reader was sure of, for which the program
has evidence of that sign in the window, source and target being the entities in whose mentions the reader's marks lie. Right: evidence of
which the reader says the same, sure or not. From a confidence of the stance of 0, 0.3, ... on. Standard library only."""
import gzip
import json
import os
import zlib

from score import HERE, Program, option_parser
from stanced import marked

CUTS = (0, 0.3, 0.4, 0.5, 0.6)


def kept_out_windows(data):
    """(windows by article id, articles)"""
    out = {}
    with gzip.open(os.path.join(HERE, "readings.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for window in map(json.loads, lines):
            if zlib.crc32(window["id"].encode()) % 10 == 0:  # readings.is_kept_out()
                out.setdefault(window["id"], []).append(window)
    with gzip.open(os.path.join(data, "articles", "articles.jsonl.gz"), "rt", encoding="utf-8") as lines:
        return out, [{key: item.get(key) or "" for key in ("id", "title", "source", "text")} for item in map(json.loads, lines) if item["id"] in out]


def written():
    """(windows by id, articles): each article of our own is one window."""
    kept = marked.articles(kept_out=True)
    windows = {a.name: [{"at": [0, len(a.text)], "said": a.said, "marks": [(*mark[:3], 0, 0) for mark in a.marks]}] for a in kept}
    return windows, [{"id": a.name, "text": a.text} for a in kept]


def report_names(records):
    """Names of the written articles as the program types them; of one entity's names in how many articles one entity comes of them."""
    right = wanted = made = whole = entities = 0
    for article, record in zip(marked.articles(kept_out=True), records):
        want = {(start, end, marked.TYPES[letter]) for start, end, _, letter in article.marks if letter in marked.TYPES}
        have = {(m["start"], m["end"]): (e["id"], e["type"]) for e in record["entities"] for m in e["mentions"]
                if m["kind"] == "name" and e["type"] in marked.TYPES.values()}
        right += len(want & {(*span, kind) for span, (_, kind) in have.items()})
        wanted, made = wanted + len(want), made + len(have)
        of_number = {}
        for start, end, number, letter in article.marks:
            if letter in marked.TYPES:
                of_number.setdefault(number, set()).add(have.get((start, end), (None,))[0])
        entities, whole = entities + len(of_number), whole + sum(len(own) == 1 and None not in own for own in of_number.values())
    precision, recall = right / max(made, 1), right / max(wanted, 1)
    print(f"names    P {100 * precision:.1f} R {100 * recall:.1f} F1 {200 * right / max(made + wanted, 1):.1f}; entities found whole and as one {whole} of {entities}")


def entities_at(record):
    return [(m["start"], m["end"], e["id"]) for e in record["entities"] for m in e["mentions"]]


def reader_says(window, mentions):
    """[(sources, targets, sign, is sure)], entities of the record; sources {"author"} for the article's own."""
    base, of_number = window["at"][0], {0: {"author"}}
    for start, end, number, _, _ in window["marks"]:
        found = {e for a, b, e in mentions if a < base + end and base + start < b}
        of_number.setdefault(number, set()).update(found)
    return [(of_number[a], of_number[b], sign, is_sure) for _, a, b, sign, is_sure in window["said"]]


def program_says(window, record):
    """[(source, target, sign, confidence)] of the evidence in the window."""
    start, end = window["at"]
    return [(s["source"], s["target"], 1 if e["score"] > 0 else -1, s["confidence"]) for s in record["stances"] for e in s["evidence"]
            if start <= e["start"] and e["end"] <= end]


def agree(said, own):
    return own[0] in said[0] and own[1] in said[1] and own[2] == said[2]


def counts(rows, cut):
    """(wanted, found, said, right) over rows of what the reader and what the program says, from a confidence of `cut` on."""
    wanted = found = made = right = 0
    for said, own in rows:
        own = [o for o in own if o[3] >= cut]
        sure = [s for s in said if s[3]]
        wanted, made = wanted + len(sure), made + len(own)
        found += sum(any(agree(s, o) for o in own) for s in sure)
        right += sum(any(agree(s, o) for s in said) for o in own)
    return wanted, found, made, right


def report(name, rows):
    for cut in CUTS:
        wanted, found, made, right = counts(rows, cut)
        recall, precision = found / max(wanted, 1), right / max(made, 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        print(f"{name:8} from {cut:.1f}  wanted {wanted:5} found {found:5} R {100 * recall:5.1f}  said {made:5} right {right:5} P {100 * precision:5.1f}  F1 {100 * f1:5.1f}")


def main():
    parser = option_parser(__doc__)
    parser.add_argument("--written", action="store_true", help="articles of our own")
    parser.add_argument("--articles", type=int, help="the first so many only")
    options = parser.parse_args()
    windows, lines = written() if options.written else kept_out_windows(options.data)
    lines = lines[:options.articles]
    pairs, author = [], []
    records = Program(options).run("extract", lines)
    for line, record in zip(lines, records):
        mentions = entities_at(record) if "error" not in record else []
        for window in windows[line["id"]] if mentions else []:
            said, own = reader_says(window, mentions), program_says(window, record)
            pairs.append(([s for s in said if s[0] != {"author"}], [o for o in own if o[0] != "author"]))
            author.append(([s for s in said if s[0] == {"author"}], [o for o in own if o[0] == "author"]))
    print(f"{len(lines)} articles, {len(pairs)} windows")
    report("pairs", pairs)
    report("author", author)
    if options.written:
        report_names(records)


if __name__ == "__main__":
    main()
