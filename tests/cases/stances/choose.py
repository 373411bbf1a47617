#!/usr/bin/env python3
"""The order in which articles were offered to the annotator: choose.py [--data ../shared/data] [--count 30]

Of the 1,000 articles that training/stanced/articles.py would take last (its seed is 1), those of 300 to 900 words with at least
eight names and three quotations, of which no sentence stands in a labelled set; one an outlet; shuffled with seed 5."""
import argparse
import glob
import gzip
import json
import os
import random
import re

LAST = 1000
NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")
QUOTATION = re.compile(r"[\"“]")
STRING = re.compile(r'"((?:[^"\\]|\\.){40,})"')


def sentences(text):
    return (s.strip() for s in re.split(r"\n|(?<=[.!?]) ", text))


def labelled(data):
    """All strings of the labelled sets that can hold a sentence, their white space and brackets taken out."""
    out = set()
    for folder in ("dse", "seesaw", "newsmtsc", "basil", "mpqa", "polnear", "worldwide"):
        for path in glob.glob(os.path.join(data, folder, "*.*")):
            with open(path, encoding="utf-8") as file:
                lines = file.read().split("\n")
            for line in lines:
                strings = [line.split("\t")[0]] if path.endswith(".tsv") else [json.loads(f'"{s}"', strict=False) for s in STRING.findall(line)]
                out.update(bare(s) for string in strings for s in sentences(string) if len(s) >= 40)
    return out


def bare(sentence):
    return re.sub(r"[\s\[\]]", "", sentence)


def fits(article):
    text = article["text"]
    return 300 <= len(text.split()) <= 900 and len(set(NAME.findall(text))) >= 8 and len(QUOTATION.findall(text)) >= 6


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.path.join(here, "../../../../shared/data"))
    parser.add_argument("--count", type=int, default=30)
    options = parser.parse_args()
    with gzip.open(os.path.join(options.data, "articles", "articles.jsonl.gz"), "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    random.Random(1).shuffle(articles)
    seen = labelled(options.data)
    rest = [a for a in articles[-LAST:] if fits(a) and not any(bare(s) in seen for s in sentences(a["text"]) if len(s) >= 40)]
    random.Random(5).shuffle(rest)
    outlets = set()
    rest = [a for a in rest if not (a["source"] in outlets or outlets.add(a["source"]))]
    for a in rest[:options.count]:
        print(f"{a['id']}\t{a['source']}\t{a['date']}\t{len(a['text'].split())}\t{a['title']}")


if __name__ == "__main__":
    main()
