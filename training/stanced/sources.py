"""The data sets of ../shared/data as documents. Formats are described in that folder's README."""
import glob
import json
import os
import random
import re
import sys
from collections import defaultdict

import numpy as np

from .documents import Document, Link, Portrayal, Stance
from .labels import CONLL_OUTSIDE, CONLL_TYPES, ENTITY_TYPES, IGNORE, NAME_TAGS, ROLES, STANCE_SWAP
from .text import read_jsonl, split_further, split_sentences

NAME_SETS = ["O"] + [p + t for t in (*CONLL_TYPES, *ENTITY_TYPES) for p in ("B-", "I-")]  # tags of texts whose dates and money nobody marked


def name_set_tags(index):
    """The tags of ours that one of these allows."""
    tag = NAME_SETS[index]
    if tag == "O":
        return [0] + [NAME_TAGS.index(p + t) for t in CONLL_OUTSIDE for p in ("B-", "I-")]
    return [NAME_TAGS.index(tag[:2] + t) for t in CONLL_TYPES.get(tag[2:], [tag[2:]])]


def scorer(data):
    """The project's scorers know the column formats and alignments; one place knows them."""
    path = os.path.join(data, "..", "score")
    if path not in sys.path:
        sys.path.insert(0, path)


def name_tag(label, first):
    return NAME_TAGS.index(("B-" if first else "I-") + label)


def set_tag(label, first):
    return NAME_SETS.index(("B-" if first else "I-") + label)


def named_documents(tokenizer, data, path, conll=False, raw=None):
    """Names from a column file. raw: {id: text}, the pages the tokens came from, aligned; else tokens joined by spaces."""
    scorer(data)
    import ner
    out = []
    for gold in ner.read_gold(path):
        if raw is not None:
            text = raw.get(gold["id"])
            if text is None:
                continue
            spans = ner.align(gold, text)
            sentences = []
            for a, b in gold["sentences"]:
                known = [s for s in spans[a:b] if s]
                if known:
                    sentences.append((known[0][0], known[-1][1]))
        else:
            text, spans = ner.plain_text(gold)
            sentences = [(spans[a][0], spans[b - 1][1]) for a, b in gold["sentences"]]
        document = Document(tokenizer, text, split_further(text, sentences), key=gold["id"])
        entities = [(spans[a][0], spans[b - 1][1], label) for a, b, label in gold["entities"] if spans[a] and spans[b - 1]]
        entities = [e for e in entities if e[2] in (CONLL_TYPES if conll else ENTITY_TYPES)]
        tags = document.tag_words(entities, set_tag if conll else name_tag)
        covered = np.zeros(len(tags), dtype=bool)
        for span in spans:
            if span:
                a, b = document.pieces.range_of(*span)
                covered[a:b] = True
        tags[~(covered & document.pieces.is_word_start)] = IGNORE
        if conll:
            document.name_sets = tags
        else:
            document.names = tags
        out.append(document)
    return out


def worldwide(tokenizer, data, split):
    path = os.path.join(data, "worldwide", f"{split}.tsv")
    raw = {d["id"]: d["text"] for d in read_jsonl(os.path.join(data, "worldwide", f"articles.{split}.jsonl"))}
    return named_documents(tokenizer, data, path), named_documents(tokenizer, data, path, raw=raw)


def conllpp(tokenizer, data, split):
    return named_documents(tokenizer, data, os.path.join(data, "conllpp", f"{split}.txt"), conll=True)


def polnear(tokenizer, data, split):
    """Attributions; of several annotators the first."""
    out = []
    for item in read_jsonl(os.path.join(data, "polnear", f"{split}.jsonl")):
        document = Document(tokenizer, item["text"], split_sentences(item["text"]), key=item["id"])
        attributions = item["attributions"][sorted(item["attributions"])[0]]
        document.roles = np.stack([
            document.tag_words([(s, e, role) for a in attributions for s, e in a.get(role) or []],
                               lambda label, first: 1 if first else 2) for role in ROLES])
        document.roles[:, ~document.pieces.is_word_start] = IGNORE
        spans = [[[document.pieces.range_of(s, e) for s, e in a.get(role) or []] for role in ROLES] for a in attributions]
        for i, own in enumerate(spans):
            for cue in own[1]:
                for j, other in enumerate(spans):
                    for role, column in ((0, 0), (1, 2)):
                        for span in other[column]:
                            near = abs(span[0] - cue[0]) < 150
                            if near and cue[0] < cue[1] and span[0] < span[1]:
                                document.links.append(Link(cue, span, role, int(span in own[column])))
        out.append(document)
    return out


def one_hot(label, classes=5):
    return [1.0 if i == label else 0.0 for i in range(classes)]


def dse(tokenizer, data, split):
    out = []
    for line in open(os.path.join(data, "dse", f"{split}.tsv"), encoding="utf-8", newline="\n"):
        columns = line.rstrip("\n").split("\t")
        sentence, label = "\t".join(columns[:-3]), int(columns[-1])
        text, spans, open_at = "", [], None
        for c in sentence:
            if c == "[":
                open_at = len(text)
            elif c == "]" and open_at is not None:
                spans.append((open_at, len(text)))
                open_at = None
            else:
                text += c
        document = Document(tokenizer, text, [(0, len(text))])
        document.label = label
        document.pair = None
        if len(spans) >= 2:
            a, b = (document.pieces.range_of(*s) for s in spans[:2])
            if a[0] < a[1] and b[0] < b[1]:
                document.pair = (a, b)
                document.stances.append(Stance(a, b, (0, len(document.pieces)), one_hot(label)))
        out.append(document)
    return out


def dse_renamed(tokenizer, data, seed):
    """Training rows that have a stance, with other names in the two places: a stance must not hang on who it is. The rare
    directions come three times, the others every second time."""
    rng, out = random.Random(seed), []
    rows = [(d.text, d.pair, d.label, d.pieces) for d in dse(tokenizer, data, "train") if d.pair]
    cut = lambda text, pieces, r: (int(pieces.start[r[0]]), int(pieces.end[r[1] - 1]))
    pool = sorted({text[slice(*cut(text, pieces, r))] for text, pair, _, pieces in rows for r in pair})
    for text, pair, label, pieces in rows:
        if label == 0:
            continue
        spans = [cut(text, pieces, r) for r in pair]
        if spans[0][1] > spans[1][0] and spans[1][1] > spans[0][0]:
            continue
        for _ in range(3 if label in (2, 4) else rng.randint(0, 1)):
            names, order = rng.sample(pool, 2), sorted(range(2), key=lambda i: spans[i])
            new, at, last = "", [None, None], 0
            for i in order:
                new += text[last:spans[i][0]]
                at[i] = (len(new), len(new) + len(names[i]))
                new += names[i]
                last = spans[i][1]
            new += text[last:]
            document = Document(tokenizer, new, [(0, len(new))])
            a, b = (document.pieces.range_of(*s) for s in at)
            document.stances.append(Stance(a, b, (0, len(document.pieces)), one_hot(label), 0.7))
            out.append(document)
    return out


def newsmtsc(tokenizer, data, split):
    out = []
    for item in read_jsonl(os.path.join(data, "newsmtsc", f"{split}.jsonl")):
        text = item["sentence_normalized"]
        document = Document(tokenizer, text, [(0, len(text))])
        document.targets = []
        for target in item["targets"]:
            b = document.pieces.range_of(target["from"], target["to"])
            document.targets.append((target["Input.gid"], b))
            if b[0] < b[1]:
                label = {2: 0, 4: 1, 6: 2}[int(target["polarity"])]
                document.portrayals.append(Portrayal(b, (0, len(document.pieces)), one_hot(label, 3)))
        out.append(document)
    return out


def mpqa(tokenizer, data):
    """Holder and target spans of a sentence's attitudes; pairs without one are 'none'."""
    polar = {"sentiment-pos": 1, "sentiment-neg": 3, "agree-pos": 1, "agree-neg": 3}
    out = []
    for path in sorted(glob.glob(os.path.join(data, "mpqa", "part*.json"))):
        for item in json.load(open(path, encoding="utf-8")).values():
            for key, sentence in (item.items() if isinstance(item, dict) else ()):
                if not isinstance(sentence, dict):
                    continue
                document = mpqa_sentence(tokenizer, sentence, polar)
                if document.stances:
                    out.append(document)
    return out


def mpqa_sentence(tokenizer, sentence, polar):
    brackets = {"-LSB-": "[", "-RSB-": "]", "-LRB-": "(", "-RRB-": ")", "``": '"', "''": '"'}
    tokens = [brackets.get(t, t) for t in sentence["sentence_tokenized"]]
    text, spans = "", []
    for token in tokens:
        spans.append((len(text), len(text) + len(token)))
        text += token + " "
    document = Document(tokenizer, text, [(0, len(text))])
    rows = (0, len(document.pieces))

    def piece_range(indices):
        return document.pieces.range_of(spans[min(indices)][0], spans[max(indices)][1])

    found, holders, targets = {}, set(), set()
    for name, ds in sentence.items():
        if not name.startswith("ds") or not isinstance(ds, dict):
            continue
        own = [piece_range(h) for h in ds.get("holders_indices") or [] if h and len(h) <= 14]
        holders.update(own)
        for att_name, attitude in ds.items():
            if not att_name.startswith("att") or not isinstance(attitude, dict):
                continue
            label = polar.get(attitude.get("attitudes_types"))
            for indices in attitude.get("targets_indices") or []:
                if not indices or len(indices) > 14:
                    continue
                target = piece_range(indices)
                targets.add(target)
                for holder in own:
                    if label:
                        found.setdefault((holder, target), label)
    for a in sorted(holders):
        for b in sorted(targets):
            overlap = a[0] < b[1] and b[0] < a[1]
            if overlap or a[0] >= a[1] or b[0] >= b[1]:
                continue
            label = found.get((a, b), 0)
            document.stances.append(Stance(a, b, rows, one_hot(label), 0.6 if label else 0.3))
    return document


# --- SEESAW -------------------------------------------------------------------------------------------------------

def aliases(name, kinds):
    """Strings that stand for an entity of the list in its article."""
    out = [name]
    words = name.split()
    if "People" in kinds and 2 <= len(words) <= 4 and words[-1][0].isupper():
        out.append(words[-1])
    norm = name.lower()
    for group in (["Republican Party", "Republicans", "Republican", "GOP", "G.O.P."],
                  ["Democratic Party", "Democrats", "Democrat", "Democratic"],
                  ["United States", "U.S.", "US", "America"], ["Congress", "Capitol Hill"],
                  ["Supreme Court", "high court"], ["White House"], ["FBI", "Federal Bureau of Investigation"],
                  ["European Union", "EU"], ["United Kingdom", "Britain", "UK"], ["House of Representatives", "House"],
                  ["Democratic National Committee", "DNC"], ["Republican National Committee", "RNC"]):
        if norm in [g.lower() for g in group] or (norm.startswith("united states ") and norm[14:] in [g.lower() for g in group]):
            out += group
    capitals = "".join(w[0] for w in words if w[0].isupper())
    if len(capitals) >= 3:
        out.append(capitals)
    return sorted(set(out), key=lambda a: (-len(a), a))


def alias_pattern(name, kinds):
    proper = name[:1].isupper()
    parts = [re.escape(a) + ("" if proper else "s?") for a in aliases(name, kinds)]
    return re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)", 0 if proper else re.I)


def seesaw_items(data, split):
    for item in read_jsonl(os.path.join(data, "seesaw", f"{split}.jsonl")):
        sentences = sorted(((int(k), t) for k, t in item["sentences"].items() if t.strip()))
        text, spans = "", {}
        for k, t in sentences:
            spans[k] = (len(text), len(text) + len(t))
            text += t + "\n"
        yield item, text, spans


def seesaw(tokenizer, data, split):
    """Whole articles: mention pairs of a sentence, listed or not; a source or target that the sentence does not name
    is taken from up to three sentences before it."""
    out = []
    for item, text, spans in seesaw_items(data, split):
        document = Document(tokenizer, text, list(spans.values()), key=item["id"])
        mentions = defaultdict(list)  # entity -> [(sentence key, piece range)]
        for name, kinds, *_ in item["entities"]:
            pattern = alias_pattern(name, kinds)
            for k, (a, b) in spans.items():
                for m in pattern.finditer(text, a, b):
                    mentions[name].append((k, document.pieces.range_of(*m.span())))
        listed = defaultdict(list)
        for s in item["stances"]:
            listed[s["sentence"]].append((s["source"], s["target"], s["polarity"]))
        document.issues = issue_tags(document, item, spans, mentions, listed)
        for k in spans:
            seesaw_sentence(document, k, spans, mentions, listed[k])
        out.append(document)
    return out


def is_issue(name, kinds):
    return bool({"Topic", "Event"} & set(kinds)) or ("Others" in kinds and name[:1].islower())


def issue_tags(document, item, spans, mentions, listed):
    """Tags of the topics and events of the list where they are named. A sentence with a stance on one that it does not name, but
    surely paraphrases, is unknown."""
    tags = np.zeros(len(document.pieces), dtype=np.int64)
    named = {e[0] for e in item["entities"] if is_issue(e[0], e[1])}
    for k, (a, b) in spans.items():
        here = {name for name in named if any(s == k for s, _ in mentions[name])}
        if any(target in named - here for _, target, _ in listed[k]):
            first, last = document.pieces.range_of(a, b)
            tags[first:last] = IGNORE
    rows = sorted((r for name in named for _, r in mentions[name]), key=lambda r: r[0] - r[1])
    taken = np.zeros(len(tags), dtype=bool)
    for a, b in rows:  # longest first
        if not taken[a:b].any():
            taken[a:b] = True
            tags[a:b] = 2
            tags[a:a + 1] = 1
    return tags


CARRIED_MOST = 6


def seesaw_sentence(document, k, spans, mentions, listed):
    def find(name):
        own = [r for s, r in mentions[name] if s == k]
        if own:
            return own[0], k
        before = [(r, s) for s, r in mentions[name] if k - 3 <= s < k]
        return before[-1] if before else (None, None)

    here = [name for name in sorted(mentions) if any(s == k for s, _ in mentions[name])]
    polarity = {}
    for source, target, sign in listed:
        polarity[source, target] = 1 if sign == "POS" else 3
    pairs = {tuple(sorted((a, b))) for a in here for b in here if a != b}
    # Who was named shortly before and is not named here: as a rule silent, or the model would hear everybody everywhere.
    before = [name for name in sorted(mentions) if name not in here and any(k - 2 <= s < k for s, _ in mentions[name])]
    carried = [tuple(sorted((a, b))) for a in before for b in here]
    pairs |= set(carried if len(carried) <= CARRIED_MOST else random.Random(k).sample(carried, CARRIED_MOST))
    pairs |= {tuple(sorted(p)) for p in polarity if p[0] != p[1] and "Not in the list" not in p and "None" not in p}
    for a, b in sorted(pairs):
        (ra, ka), (rb, kb) = find(a), find(b)
        if ra is None or rb is None or ra[0] >= ra[1] or rb[0] >= rb[1] or ra == rb:
            continue
        target = [0.0] * 5
        if (a, b) in polarity:
            target[polarity[a, b]] += 1.0
        if (b, a) in polarity:
            target[polarity[b, a] + 1] += 1.0
        total = sum(target)
        target = [t / total for t in target] if total else one_hot(0)
        first, last = min(ka, kb, k), max(ka, kb, k)
        rows = (document.pieces.range_of(*spans[first])[0], document.pieces.range_of(*spans[last])[1])
        document.stances.append(Stance(ra, rb, rows, target, 1.0 if total else 0.5))
    for name in here:
        target = polarity.get(("None", name), 0)
        rb = find(name)[0]
        rows = document.pieces.range_of(*spans[k])
        if rb[0] < rb[1]:
            document.stances.append(Stance(None, rb, rows, one_hot(target), 0.7 if target else 0.1))


TEMPLATES = ["{s} on {t}: {x}", "{s}. {t}. {x}", "{s} / {t} : {x}", "{x} ({s}; {t})", "Source: {s}. Target: {t}. {x}",
             "{s} to {t}: {x}", "{s} {t} {x}"]


def fill_template(template, source, target, sentence):
    text, spans, last = "", {}, 0
    for m in re.finditer(r"\{(.)\}", template):
        text += template[last:m.start()]
        value = {"s": source, "t": target, "x": sentence}[m.group(1)]
        spans[m.group(1)] = (len(text), len(text) + len(value))
        text += value
        last = m.end()
    return text + template[last:], spans


def seesaw_named(tokenizer, data, split, seed=1, template=None):
    """A sentence with source and target named in front of it: what is asked when a mention is only implied."""
    rng, out = random.Random(seed), []
    for item, _, spans in seesaw_items(data, split):
        stances = {(s["sentence"], s["source"], s["target"]): s["polarity"] for s in item["stances"]}
        names = [e[0] for e in item["entities"]]
        todo = [(k, a, b, 1 if sign == "POS" else 3) for (k, a, b), sign in stances.items()]
        for k, a, b, _ in list(todo):
            pair = (rng.choice(names), b) if rng.random() < 0.5 else (a, rng.choice(names))
            if template is None and pair[0] != pair[1] and not any((k, *p) in stances for p in (pair, pair[::-1])):
                todo.append((k, *pair, 0))
        for k, a, b, label in todo:
            sentence = item["sentences"][str(k)]
            source = {"None": "The author", "Not in the list": "Someone"}.get(a, a)
            target = {"Not in the list": "someone"}.get(b, b)
            text, at = fill_template(template or rng.choice(TEMPLATES), source, target, sentence)
            document = Document(tokenizer, text, [(0, len(text))])
            ra, rb = document.pieces.range_of(*at["s"]), document.pieces.range_of(*at["t"])
            document.label = label
            if ra[0] < ra[1] and rb[0] < rb[1]:
                document.stances.append(Stance(ra, rb, (0, len(document.pieces)), one_hot(label), 1.0 if label else 0.5))
            out.append(document)
    return out


def basil(tokenizer, data):
    """Bias spans: how the text (portrayal) or a speaker (stance) speaks of a target, by sentence."""
    out = []
    for item in read_jsonl(os.path.join(data, "basil", "dev.jsonl")):
        sentences = [s for paragraph in item["article"]["body-paragraphs"] for s in paragraph]
        for note in item["annotation"]["phrase-level-annotations"]:
            label = {"neg": 0, "pos": 2}.get(note.get("polarity"))
            target = (note.get("target") or "").replace("_", " ")
            text = next((s for s in sentences if note.get("txt") and note["txt"] in s), None)
            if label is None or not target or text is None:
                continue
            document = Document(tokenizer, text, [(0, len(text))])
            find = lambda name: next((document.pieces.range_of(*m.span()) for m in alias_pattern(name, ["People"]).finditer(text)), None)
            b = find(target)
            if not b or b[0] >= b[1]:
                continue
            rows = (0, len(document.pieces))
            document.portrayals.append(Portrayal(b, rows, one_hot(label, 3), 0.5))
            speaker = (note.get("speaker") or "").replace("_", " ")
            a = find(speaker) if speaker else None
            if a and a[0] < a[1] and a != b:
                document.stances.append(Stance(a, b, rows, one_hot(1 if label == 2 else 3), 0.7))
            elif not speaker:
                document.stances.append(Stance(None, b, rows, one_hot(1 if label == 2 else 3), 0.5))
            out.append(document)
    return out
