#!/usr/bin/env python3
"""training/kept_out.py counts as it says: a window and a record of our own, whose figures are known; the readings' file is whole, and so are the written articles."""
import gzip
import json
import os
import sys
import tempfile

sys.path[:0] = ["tests", "training"]
import counted  # noqa: E402
import kept_out  # noqa: E402
from stanced import marked  # noqa: E402

WINDOW = {"id": "a", "at": [100, 160], "sentences": [[0, 60]],
          "marks": [[0, 3, 1, 1, "name"], [10, 14, 2, 2, "name"], [20, 22, 3, 3, "pronoun"], [30, 35, 4, 4, "name"]],
          "said": [[0, 1, 2, -1, 1], [0, 3, 2, 1, 0], [0, 0, 4, -1, 1], [0, 4, 1, 1, 1]]}
ENTITIES = [{"id": f"E{n}", "mentions": [{"start": a, "end": b}]} for n, a, b in ((1, 100, 103), (2, 110, 116), (3, 119, 122), (4, 300, 305))]


def evidence(source, target, score, start=100):
    return {"source": source, "target": target, "confidence": 0.5, "evidence": [{"start": start, "end": start + 50, "score": score}]}


def count_as_told():
    said = kept_out.reader_says(WINDOW, kept_out.entities_at({"entities": ENTITIES}))
    assert said == [({"E1"}, {"E2"}, -1, 1), ({"E3"}, {"E2"}, 1, 0), ({"author"}, set(), -1, 1), (set(), {"E1"}, 1, 1)], said
    own = kept_out.program_says(WINDOW, {"stances": [evidence("E1", "E2", -0.4), evidence("E3", "E2", 0.4), evidence("E1", "E2", -0.4, 400), evidence("E2", "E1", -0.4)]})
    assert own == [("E1", "E2", -1, 0.5), ("E3", "E2", 1, 0.5), ("E2", "E1", -1, 0.5)], own
    assert kept_out.counts([(said, own)], 0) == (3, 1, 3, 2), kept_out.counts([(said, own)], 0)
    assert kept_out.counts([(said, own)], 0.6) == (3, 0, 0, 0)


def have_whole_windows():
    with gzip.open(os.path.join("training", "readings.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for window in map(json.loads, lines):
            length, numbers = window["at"][1] - window["at"][0], {0} | {mark[2] for mark in window["marks"]}
            assert all(0 <= a < b <= length for a, b in window["sentences"]), window["id"]
            assert all(0 <= mark[0] < mark[1] <= length for mark in window["marks"]), window["id"]
            assert all(s < len(window["sentences"]) and a in numbers and b in numbers - {0, a} and sign in (-1, 1) for s, a, b, sign, _ in window["said"]), window["id"]


ARTICLE = """## one
{Ann Lee|P1} thanked {the ferry firm|n2}.
> 1 + 2
“{It|p2} is late,” {she|p1} told {Oslo Today|O3}.
> 1 - 2 ?

{Oslo|L4} was calm.
"""


def parsed(text):
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        return marked.parse(file.name)


def read_written_articles():
    article, = parsed(ARTICLE)
    assert article.text == "Ann Lee thanked the ferry firm. “It is late,” she told Oslo Today.\n\nOslo was calm.", article.text
    assert [article.text[a:b] for a, b, _, _ in article.marks] == ["Ann Lee", "the ferry firm", "It", "she", "Oslo Today", "Oslo"], article.marks
    assert [article.text[a:b] for a, b in article.sentences][1:] == ["“It is late,” she told Oslo Today.", "Oslo was calm."], article.sentences
    assert article.said == [[0, 1, 2, 1, True], [1, 1, 2, -1, False]] and not article.faults, (article.said, article.faults)


def name_what_is_wrong_with_them():
    for line in ("{Ann|P1} met {Bo|X2}.", "{ann|P1} left.", "{Ann|P1 left.", "{table|p1} fell.", "{Ann|P1} left.\n> 1 + 9", "{Ann|P1} left.\n> 1 + 1", "> 1 + 2", "{Ann|P1} left.\n> 1 plus 2"):
        article, = parsed("## one\n" + line)
        assert article.faults, line


def have_whole_articles():
    whole = marked.articles() + marked.articles(kept_out=True)
    assert len(whole) > 1000 and len({a.name for a in whole}) == len(whole)
    assert not [f"{a.name}: {fault}" for a in whole for fault in a.faults]


counted.run([count_as_told, have_whole_windows, read_written_articles, name_what_is_wrong_with_them, have_whole_articles])
