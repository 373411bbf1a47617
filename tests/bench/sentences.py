#!/usr/bin/env python3
"""Precision, recall and F1 of sentence starts against the gold sentences of a Worldwide split.

    build/tests/bench/sentences DATA/articles.dev.jsonl > starts.jsonl
    tests/bench/sentences.py SCORE DATA/dev.tsv DATA/articles.dev.jsonl starts.jsonl

SCORE is the folder of ner.py, which reads the gold and aligns its tokens to the raw articles. A start is compared by the
token it falls on. Most of the gold documents are split at paragraphs only: a document counts where its gold has at least
0.7 times as many starts inside paragraphs as were found.
"""
import argparse
import bisect
import json
import sys

NEAR_BREAK = 3  # characters before a start in which a line break shows that it begins a paragraph
SPLIT_LEAST = 0.7


def is_inner(text, start):
    return "\n" not in text[max(0, start - NEAR_BREAK):start]


def document_starts(doc, text, found, align):
    """Gold and found starts of one document, as positions of tokens; None where nothing aligns."""
    spans = align(doc, text)
    tokens = sorted(span[0] for span in spans if span)
    if not tokens:
        return None
    gold, unsure = set(), set()
    for first, _ in doc["sentences"]:
        if spans[first]:
            (gold if first == 0 or spans[first - 1] else unsure).add(spans[first][0])
    inside = (start for start in found if tokens[0] <= start <= tokens[-1])
    return gold, {tokens[bisect.bisect_left(tokens, start)] for start in inside} - unsure


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("score", "gold", "articles", "starts"):
        parser.add_argument(name)
    args = parser.parse_args()
    sys.path.insert(0, args.score)
    import ner
    texts = {x["id"]: x["text"] for x in map(json.loads, open(args.articles, encoding="utf-8"))}
    starts = {x["id"]: x["starts"] for x in map(json.loads, open(args.starts, encoding="utf-8"))}
    hits = false = missed = used = skipped = 0
    for doc in ner.read_gold(args.gold):
        text = texts.get(doc["id"])
        pair = text and document_starts(doc, text, starts[doc["id"]], ner.align)
        if not pair:
            continue
        gold, found = pair
        if sum(is_inner(text, s) for s in gold) < SPLIT_LEAST * sum(is_inner(text, s) for s in found):
            skipped += 1
            continue
        used += 1
        hits, false, missed = hits + len(gold & found), false + len(found - gold), missed + len(gold - found)
    precision, recall = hits / max(1, hits + false), hits / max(1, hits + missed)
    f1 = 2 * hits / max(1, 2 * hits + false + missed)
    print(f"documents {used}  split at paragraphs only {skipped}  P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}")


if __name__ == "__main__":
    main()
