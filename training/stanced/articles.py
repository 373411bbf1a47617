"""Soft labels for articles that nobody annotated: a student finds the names, a teacher weighs the pairs.

  python -m stanced.articles --names build/training/network.pt --teacher build/teacher/network.pt --out build/training/soft.jsonl.gz

Windows in which the student suspects no stance are left out but for a few. The teacher reads the others twice, each sentence in
its window and alone, and the mean is the label: alone it is surer (most of what it learned from are lone sentences), and the
student need not read twice then. One JSON line a window: text, sentences, and per pair what the pair head would read, with the
teacher's probabilities."""
import argparse
import gzip
import itertools
import json
import os
import random
import re
from collections import Counter

import torch

from .documents import WINDOW, Document, Portrayal, Stance, windows
from .evaluate import Reader
from .network import new_network
from .sources import TEMPLATES, fill_template
from .text import load_tokenizer, read_jsonl, split_sentences

MARKS_MOST = 8     # of a sentence
CARRIED_MOST = 3   # named in the two sentences before, not here
CHARACTERS_MOST = 6000
NAMED_SENTENCES = 14  # of an article, with two actors named in front
CHUNK = 200          # articles at a time
SILENT_SHARE = 0.1   # of the windows without
ACTORS = ("Person", "Organization", "Location", "NORP")
UNKNOWN_STANCE, UNKNOWN_PORTRAYAL = [1.0, 0, 0, 0, 0], [0, 1.0, 0]  # until the teacher has spoken
PRONOUN = re.compile(r"\b(?:he|she|they|He|She|They)\b")


def held_out_sentences(data):
    """The sentences of the dev splits that were taken from articles like these."""
    out = set()
    for item in read_jsonl(os.path.join(data, "seesaw", "dev.jsonl")):
        out.update(item["sentences"].values())
    for part in ("rw", "mt"):
        out.update(item["sentence_normalized"] for item in read_jsonl(os.path.join(data, "newsmtsc", f"dev.{part}.jsonl")))
    with open(os.path.join(data, "dse", "dev.tsv"), encoding="utf-8", newline="\n") as lines:
        out.update(line.split("\t")[0].replace("[", "").replace("]", "") for line in lines)
    return {s.strip() for s in out if len(s) >= 40}


def read_articles(data, count, seed, skip=0):
    """Texts of `count` articles after the first `skip`, spread over the file; none that a dev split took a sentence from."""
    held_out = held_out_sentences(data)
    with gzip.open(os.path.join(data, "articles", "articles.jsonl.gz"), "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    random.Random(seed).shuffle(texts)
    free = (t for t in texts if not any(t[a:b] in held_out for a, b in split_sentences(t)))
    return [t[:CHARACTERS_MOST] for t in itertools.islice(free, skip, skip + count)]


def add_pairs(document, names, rng):
    """What the program would ask (processor/extract/judgements.c): all pairs of a sentence, those named shortly before with
    each name, and the author with each name."""
    marks = {}
    for start, end, kind in names:
        span = document.pieces.range_of(start, end)
        sentence = document.sentence_of(span[0])
        if kind not in ("Date", "Money") and sentence is not None and span[0] < span[1] <= document.sentences[sentence][1]:
            marks.setdefault(sentence, []).append((span, document.text[start:end]))
    for m in PRONOUN.finditer(document.text):
        span = document.pieces.range_of(*m.span())
        sentence = document.sentence_of(span[0])
        if sentence is not None and rng.random() < 0.5:
            marks.setdefault(sentence, []).append((span, ""))
    for sentence, own in marks.items():
        own = sorted(own[:MARKS_MOST])
        rows = document.sentences[sentence]
        for i, (a, left) in enumerate(own):
            for b, right in own[i + 1:]:
                if left != right and a[1] <= b[0]:
                    document.stances.append(Stance(a, b, rows, UNKNOWN_STANCE))
            if left:
                document.stances.append(Stance(None, a, rows, UNKNOWN_STANCE))
                document.portrayals.append(Portrayal(a, rows, UNKNOWN_PORTRAYAL))
        here = {text for _, text in own}
        before = [(s, m) for s in (sentence - 1, sentence - 2) for m in marks.get(s, []) if m[1] and m[1] not in here]
        for s, (a, _) in before[:CARRIED_MOST]:
            for b, right in own:
                if right:
                    document.stances.append(Stance(a, b, (document.sentences[s][0], rows[1]), UNKNOWN_STANCE))


def named_documents(tokenizer, document, names, rng):
    """Some sentences with two of the article's actors named in front, who may only be implied there: as sources.seesaw_named."""
    actors = Counter(document.text[a:b] for a, b, kind in names if kind in ACTORS)
    if len(actors) < 2 or not document.sentences:
        return []
    out = []
    for a, b in rng.sample(document.sentences, min(NAMED_SENTENCES, len(document.sentences))):
        sentence = document.text[document.pieces.start[a]:document.pieces.end[b - 1]]
        source, target = (rng.choices(list(actors), list(actors.values()))[0] for _ in range(2))
        if source == target or b - a > WINDOW - 40:
            continue
        text, at = fill_template(rng.choice(TEMPLATES), source, target, sentence)
        own = Document(tokenizer, text, [(0, len(text))])
        own.stances.append(Stance(own.pieces.range_of(*at["s"]), own.pieces.range_of(*at["t"]), (0, len(own.pieces)), UNKNOWN_STANCE))
        out.append(own)
    return out


def suspicion(items, probabilities):
    """The largest probability that one of the stances is there."""
    return max((1 - probabilities[id(s)][0] for s in items if id(s) in probabilities), default=0.0)


def part_of(tokenizer, document, start, end, sentences):
    """The pieces [start, end) as a document of its own, with the pairs that are whole in it: (document, [(its item, the item)])."""
    first = int(document.pieces.start[start])
    text = document.text[first:int(document.pieces.end[end - 1])]
    rows = [(int(document.pieces.start[a]) - first, int(document.pieces.end[b - 1]) - first) for a, b in sentences]
    part, pairs = Document(tokenizer, text, rows), []
    if len(part.pieces) != end - start:
        return part, pairs  # an odd place to cut: no pairs
    move = lambda span: None if span is None else (span[0] - start, span[1] - start)
    inside = lambda span: span is None or (start <= span[0] and span[1] <= end)
    for s in document.stances:
        if inside(s.a) and inside(s.b) and inside(s.range):
            part.stances.append(Stance(move(s.a), move(s.b), move(s.range), s.target))
            pairs.append((part.stances[-1], s))
    for p in document.portrayals:
        if inside(p.b) and inside(p.range):
            part.portrayals.append(Portrayal(move(p.b), move(p.range), p.target))
            pairs.append((part.portrayals[-1], p))
    return part, pairs


def worth_reading(tokenizer, documents, student, rng, suspect):
    """The windows in which the student suspects a stance (of a probability of `suspect` or more), and a few others, each a document."""
    seen, out = dict((id(item), p) for item, p in student.weigh(documents)), []
    for d in documents:
        for w in windows(d, WINDOW):
            part, pairs = part_of(tokenizer, d, w.start, w.end, [s for s in d.sentences if w.start <= s[0] and s[1] <= w.end])
            if pairs and (suspicion([s for own, s in pairs if isinstance(own, Stance)], seen) >= suspect or rng.random() < SILENT_SHARE):
                out.append(part)
    return out


def label(tokenizer, documents, teacher):
    """Teacher's probabilities as targets, the mean of the sentence in its window and alone; pairs that a window cut in two are dropped."""
    lone, sums = [], {}
    for d in documents:
        for a, b in d.sentences if len(d.sentences) > 1 else []:
            part, pairs = part_of(tokenizer, d, a, b, [(a, b)])
            if pairs:
                lone.append((part, {id(own): item for own, item in pairs}))
    original = {k: item for _, pairs in lone for k, item in pairs.items()}
    for item, probabilities in teacher.weigh(documents + [part for part, _ in lone]):
        sums.setdefault(id(original.get(id(item), item)), []).append(probabilities)
    for d in documents:
        d.stances, d.portrayals = [s for s in d.stances if id(s) in sums], [p for p in d.portrayals if id(p) in sums]
        for item in d.stances + d.portrayals:
            item.target = [round(sum(column) / len(column), 3) for column in zip(*sums[id(item)])]


def save(documents, path):
    """Appends."""
    with gzip.open(path, "at", encoding="utf-8") as out:
        for d in documents:
            out.write(json.dumps({
                "text": d.text, "sentences": [[int(d.pieces.start[a]), int(d.pieces.end[b - 1])] for a, b in d.sentences],
                "stances": [[s.a, s.b, s.range, s.target] for s in d.stances],
                "portrayals": [[p.b, p.range, p.target] for p in d.portrayals]}, ensure_ascii=False) + "\n")


def load(tokenizer, path, weight=0.5):
    """Documents as save() wrote them."""
    out = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for item in map(json.loads, lines):
            d = Document(tokenizer, item["text"], item["sentences"])
            d.stances = [Stance(tuple(a) if a else None, tuple(b), tuple(r), t, weight if a else weight / 3) for a, b, r, t in item["stances"]]
            d.portrayals = [Portrayal(tuple(b), tuple(r), t, weight / 3) for b, r, t in item["portrayals"]]
            out.append(d)
    return out


def load_network(encoder, path):
    network = new_network(encoder)
    state = torch.load(path, map_location="cpu", weights_only=False)
    network.load_state_dict(state.get("network", state))
    return Reader(network)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--names", required=True, help="checkpoint of the student")
    parser.add_argument("--teacher", required=True, help="checkpoint of the teacher")
    parser.add_argument("--encoder", default="mpnet", help="the teacher's")
    parser.add_argument("--articles", type=int, default=1500)
    parser.add_argument("--skip", type=int, default=0, help="articles that another file holds")
    parser.add_argument("--suspect", type=float, default=0.15, help="a stance of this probability, for the student, makes a window worth the teacher's time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tokenizer, rng = load_tokenizer(), random.Random(options.seed)
    texts = read_articles(options.data, options.articles, options.seed, options.skip)
    student, teacher = load_network("minilm", options.names), load_network(options.encoder, options.teacher)
    unfinished, count, polar = options.out + ".new", 0, 0
    if os.path.exists(unfinished):
        os.remove(unfinished)
    for at in range(0, len(texts), CHUNK):
        documents = [Document(tokenizer, t, split_sentences(t)) for t in texts[at:at + CHUNK]]
        found, named = student.names(documents), []
        for d in documents:
            add_pairs(d, found[d], rng)
            named += named_documents(tokenizer, d, found[d], rng)
        documents = worth_reading(tokenizer, documents + named, student, rng, options.suspect)
        label(tokenizer, documents, teacher)
        save(documents, unfinished)
        count += sum(len(d.stances) for d in documents)
        polar += sum(s.target[0] < 0.5 for d in documents for s in d.stances)
        print(f"{min(at + CHUNK, len(texts))} of {len(texts)} articles, {count} pairs, {polar} with a stance", flush=True)
    os.replace(unfinished, options.out)


if __name__ == "__main__":
    main()
