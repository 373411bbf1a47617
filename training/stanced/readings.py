"""Stances that a careful reader found in windows of the unlabelled articles (readings.jsonl.gz): labels for the pair head, as hard as those of the data sets, but of
the text that the program reads and of the marks that it makes.

A line of the file: {"id": the article's, "at": [start, end] of the window in its text, "sentences": [[start, end], ...] in the window,
"marks": [[start, end, number, entity, kind], ...] in the window, "said": [[sentence, source, target, sign, is sure], ...]}. All offsets are
code points. `number` is what the reader called a mark by, source 0 the author; `entity` is whom the program took it for; kind is name, nominal, pronoun or
issue. The texts belong to their publishers and stay in ../shared/data."""
import gzip
import json
import os
import random
import zlib

from .documents import Document, Stance
from .sources import TEMPLATES, fill_template

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "readings.jsonl.gz")
MARKS_MOST, CARRIED_MOST = 14, 4  # processor/extract/judgements.c
DOUBTFUL = 0.55                   # of a stance that another reader might not list


def texts_of(data, ids):
    with gzip.open(os.path.join(data, "articles", "articles.jsonl.gz"), "rt", encoding="utf-8") as lines:
        return {item["id"]: item["text"] for item in map(json.loads, lines) if item["id"] in ids}


class Mark:
    def __init__(self, document, sentences, row):
        self.start, self.end, self.number, self.entity, self.kind = row
        self.text = document.text[self.start:self.end]
        self.rows = document.pieces.range_of(self.start, self.end)
        self.sentence = next((i for i, (a, b) in enumerate(sentences) if a <= self.start < b), None)


def target_of(left, right, said, numbers):
    """The five classes' probabilities of a pair of marks, by what was said in the sentence; None where only a pronoun's resolution speaks for it."""
    def is_meant(mark, number, sentence):
        if mark.number == number:
            return True
        return any(m.entity == mark.entity and (m.sentence == sentence or m.kind == "name") for m in numbers.get(number, []))

    target = [0.0] * 5
    for sentence, source, object_, sign, is_sure in said:
        for a, b, shift in ((left, right, 0), (right, left, 1)):
            if is_meant(a, source, sentence) and is_meant(b, object_, sentence):
                place = (1 if sign > 0 else 3) + shift
                target[place] = max(target[place], 1.0 if is_sure else DOUBTFUL)
    total = sum(target)
    if total > 1:
        return [t / total for t in target]
    target[0] = 1 - total
    return target


def add_pairs(document, spans, marks, said):
    """What the program would ask, with the reader's answers; and what the reader said beyond that."""
    numbers = {}
    for m in marks:
        numbers.setdefault(m.number, []).append(m)
    for s, span in enumerate(spans):
        rows = document.pieces.range_of(*span)
        own = [x for x in said if x[0] == s]
        here = sorted((m for m in marks if m.sentence == s), key=lambda m: (m.kind not in ("name", "issue"), m.start))[:MARKS_MOST]
        named = {m.text for m in here}
        before = [m for m in reversed(marks) if m.sentence is not None and s - 2 <= m.sentence < s and m.kind == "name" and m.text not in named]
        far = {n for x in own for n in x[1:3] if n and not any(m.number == n for m in here)}
        asked = {id(m): m for m in before[:CARRIED_MOST]}
        asked.update((id(m), m) for n in far for m in sorted(numbers.get(n, []), key=lambda m: abs((m.sentence or 0) - s))[:1])
        for i, a in enumerate(here):
            for b in here[i + 1:]:
                if a.entity != b.entity and a.text != b.text and not a.kind == b.kind == "issue":
                    add(document, a, b, rows, target_of(a, b, own, numbers), is_shadow(a, b, own, numbers))
            document.stances.append(Stance(None, a.rows, rows, *author_target(a, own, numbers)))
        for a in asked.values():
            if a.sentence is None:
                continue
            first, last = min(a.sentence, s), max(a.sentence, s)
            both = (document.pieces.range_of(*spans[first])[0], document.pieces.range_of(*spans[last])[1])
            for b in here:
                if a.entity != b.entity and (b.kind in ("name", "issue") or a.number in far):
                    add(document, a, b, both, target_of(a, b, own, numbers), is_shadow(a, b, own, numbers))


def is_shadow(a, b, said, numbers):
    """Whether one of the two may stand for whom the reader called by another number: a pronoun or a description beside a stance of the other one's."""
    def is_in(mark, number):
        return mark.number == number or any(m.entity == mark.entity for m in numbers.get(number, []))

    return any((a.kind in ("pronoun", "nominal") and is_in(b, n)) or (b.kind in ("pronoun", "nominal") and is_in(a, n)) for x in said for n in x[1:3])


def add(document, a, b, rows, target, is_shadow):
    weight = 1.0 if target[0] < 0.5 else 0.15 if is_shadow else 0.5
    document.stances.append(Stance(a.rows, b.rows, rows, target, weight))


def author_target(mark, said, numbers):
    """(target, weight)"""
    for _, source, object_, sign, is_sure in said:
        if source == 0 and (mark.number == object_ or any(m.entity == mark.entity for m in numbers.get(object_, []))):
            p = 1.0 if is_sure else DOUBTFUL
            return [1 - p, p if sign > 0 else 0.0, 0.0, p if sign < 0 else 0.0, 0.0], 0.7
    return [1.0, 0.0, 0.0, 0.0, 0.0], 0.15


def is_kept_out(item):
    """Of a tenth of the articles, which measure what the others teach."""
    return zlib.crc32(item["id"].encode()) % 10 == 0


def windows_of(tokenizer, data, kept_out, path):
    """(item, document without stances, marks) of each window to learn from, or of those that are kept out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        items = [item for item in map(json.loads, lines) if is_kept_out(item) == kept_out]
    texts = texts_of(data, {item["id"] for item in items})
    for item in items:
        document = Document(tokenizer, texts[item["id"]][slice(*item["at"])], item["sentences"], key=item["id"])
        marks = [m for m in (Mark(document, item["sentences"], row) for row in item["marks"]) if m.rows[0] < m.rows[1] and m.sentence is not None]
        yield item, document, marks


def readings(tokenizer, data, kept_out=False, path=FILE):
    """The windows to learn from, or those that are kept out."""
    out = []
    for item, document, marks in windows_of(tokenizer, data, kept_out, path):
        add_pairs(document, item["sentences"], marks, item["said"])
        out.append(document)
    return out


def name_of(number, marks):
    """The longest name in the window of whom the reader means by a number; None where it has none."""
    if number == 0:
        return "The author"
    entities = {m.entity for m in marks if m.number == number}
    return max((m.text for m in marks if m.kind in ("name", "issue") and m.entity in entities), key=len, default=None)


def named_in_front(tokenizer, text, sentences, marks, said, rng):
    """Sentences with source and target named in front of them, as sources.seesaw_named(), and as often pairs of whom nothing is said there."""
    known = {(s, name_of(a, marks), name_of(b, marks)): (sign, is_sure) for s, a, b, sign, is_sure in said}
    todo = [(*key, *value) for key, value in known.items() if None not in key and key[1] != key[2]]
    names = sorted({m.text for m in marks if m.kind == "name"})
    for s, a, b, _, _ in list(todo):
        pair = rng.choice([(rng.choice(names), b), (a, rng.choice(names))]) if names else (a, a)
        if len({name.split()[-1] for name in pair}) == 2 and not any((s, *p) in known for p in (pair, pair[::-1])):
            todo.append((s, *pair, 0, 1))
    for s, a, b, sign, is_sure in todo:
        line, at = fill_template(rng.choice(TEMPLATES), a, b, text[slice(*sentences[s])])
        document = Document(tokenizer, line, [(0, len(line))])
        ra, rb = document.pieces.range_of(*at["s"]), document.pieces.range_of(*at["t"])
        p = 0.0 if not sign else 1.0 if is_sure else DOUBTFUL
        target = [1 - p, p if sign > 0 else 0.0, 0.0, p if sign < 0 else 0.0, 0.0]
        if ra[0] < ra[1] and rb[0] < rb[1]:
            document.stances.append(Stance(ra, rb, (0, len(document.pieces)), target, 1.0 if sign else 0.5))
            yield document


def readings_named(tokenizer, data, seed=1, path=FILE):
    rng = random.Random(seed)
    return [document for item, whole, marks in windows_of(tokenizer, data, False, path)
            for document in named_in_front(tokenizer, whole.text, item["sentences"], marks, item["said"], rng)]
