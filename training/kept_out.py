"""The program's stances against the readings that were kept out of training (stanced/readings.py): windows of real articles, by the C program.

  python3 training/kept_out.py [--binary build/stanced] [--model FILE] [--knowledge FILE] [--exact] [--data ../shared/data] [--articles N]

An article is read whole; what counts is the evidence that lies in its windows. Found: a stance that the reader was sure of, for which the program
has evidence of that sign in the window, source and target being the entities in whose mentions the reader's marks lie. Right: evidence of
which the reader says the same, sure or not. From a confidence of the stance of 0, 0.3, ... on. Standard library only."""
import gzip
import json
import os
import zlib

from score import HERE, Program, option_parser

CUTS = (0, 0.3, 0.4, 0.5, 0.6)


def kept_out_windows():
    """{article id: its windows}"""
    out = {}
    with gzip.open(os.path.join(HERE, "readings.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for window in map(json.loads, lines):
            if zlib.crc32(window["id"].encode()) % 10 == 0:  # readings.is_kept_out()
                out.setdefault(window["id"], []).append(window)
    return out


def articles(data, windows):
    with gzip.open(os.path.join(data, "articles", "articles.jsonl.gz"), "rt", encoding="utf-8") as lines:
        return [{key: item.get(key) or "" for key in ("id", "title", "source", "text")} for item in map(json.loads, lines) if item["id"] in windows]


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
    parser.add_argument("--articles", type=int, help="the first so many only")
    options = parser.parse_args()
    windows = kept_out_windows()
    lines = articles(options.data, windows)[:options.articles]
    pairs, author = [], []
    for line, record in zip(lines, Program(options).run("extract", lines)):
        mentions = entities_at(record) if "error" not in record else []
        for window in windows[line["id"]] if mentions else []:
            said, own = reader_says(window, mentions), program_says(window, record)
            pairs.append(([s for s in said if s[0] != {"author"}], [o for o in own if o[0] != "author"]))
            author.append(([s for s in said if s[0] == {"author"}], [o for o in own if o[0] == "author"]))
    print(f"{len(lines)} articles, {len(pairs)} windows")
    report("pairs", pairs)
    report("author", author)


if __name__ == "__main__":
    main()
