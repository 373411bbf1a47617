"""Dev scores of a checkpoint in PyTorch, by the scorers in ../shared/score.

  python -m stanced.evaluate --data ../shared/data --checkpoint build/training/network.pt

For a look during training. What ships is measured through the C binary: training/score.py."""
import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile

import torch

from . import readings, sources
from .batches import Batch, batches_of
from .documents import WINDOW, windows
from .labels import NAME_TAGS, STANCE_SWAP
from .network import new_network
from .text import load_tokenizer

CUT = 0.3  # from where on a stance of a pair counts as found


class Reader:
    """A network in evaluation mode, over documents."""

    def __init__(self, network):
        self.network = network.eval()

    @torch.no_grad()
    def batches(self, documents):
        todo = [w for d in documents for w in windows(d, WINDOW)]
        for members in batches_of(todo, 4096, random.Random(0)):
            batch = Batch(members)
            with torch.autocast("cpu", torch.bfloat16):
                hidden = self.network.encoder(batch.ids, batch.shapes, batch.lengths).float()
            yield batch, hidden

    @torch.no_grad()
    def names(self, documents):
        """{document: [(start char, end char, type)]}"""
        found = {d: [] for d in documents}
        for batch, hidden in self.batches(documents):
            for i, w in enumerate(batch.windows):
                tags = self.network.name_chain.decode(self.network.names(hidden[i, batch.rows[i]]))
                found[w.document] += bio_spans(w, batch.rows[i], [NAME_TAGS[t] for t in tags])
        return found

    @torch.no_grad()
    def roles(self, documents):
        """{document: [3 lists of (start, end)]}"""
        found = {d: [[], [], []] for d in documents}
        for batch, hidden in self.batches(documents):
            for i, w in enumerate(batch.windows):
                emissions = self.network.roles(hidden[i, batch.rows[i]])
                for r, chain in enumerate(self.network.role_chains):
                    tags = chain.decode(emissions[:, 3 * r:3 * r + 3])
                    spans = bio_spans(w, batch.rows[i], [["O", "B-x", "I-x"][t] for t in tags])
                    found[w.document][r] += [(a, b) for a, b, _ in spans]
        return found

    @torch.no_grad()
    def weigh(self, documents):
        """(stance or portrayal, probabilities) of all that are whole in a window; the mean of both orders."""
        for batch, hidden in self.batches(documents):
            if batch.stances:
                a, b, rows = batch.stances[:3]
                p = torch.softmax(self.network.stance(hidden, a, b, rows), -1)
                q = torch.softmax(self.network.stance(hidden, b, a, rows), -1)[:, STANCE_SWAP]
                yield from zip(batch.stance_items, torch.where((a[:, 1] < a[:, 2])[:, None], (p + q) / 2, p).tolist())
            if batch.portrayals:
                b, rows = batch.portrayals[:2]
                empty = b.clone()
                empty[:, 1:] = 0
                p = torch.softmax(self.network.portrayal(hidden, empty, b, rows), -1)
                yield from zip(batch.portrayal_items, p.tolist())

    def pairs(self, documents, head):
        """{document: [probabilities]} of its stances or portrayals, in their order."""
        found = {id(item): p for item, p in self.weigh(documents)}
        items = {"stance": lambda d: d.stances, "portrayal": lambda d: d.portrayals}[head]
        return {d: [found[id(i)] for i in items(d) if id(i) in found] for d in documents}


def bio_spans(window, rows, tags):
    pieces, out, current = window.document.pieces, [], None
    words = [window.start + r - 1 for r in rows]
    ends = words[1:] + [window.end]
    for n, tag in enumerate(tags):
        if tag[0] == "B" or tag == "O":
            if current:
                out.append(current)
            current = None
        if tag != "O":
            start, end = int(pieces.start[words[n]]), int(pieces.end[ends[n] - 1])
            current = (current[0], end, current[2]) if current else (start, end, tag[2:])
    return out + [current] if current else out


class Scorer:
    def __init__(self, data):
        self.data, self.folder = data, os.path.join(data, "..", "score")

    def __call__(self, name, gold, lines, *options):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            file.writelines((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
            file.flush()
            command = [sys.executable, os.path.join(self.folder, name), os.path.join(self.data, gold), file.name, *options]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def entity_lines(found):
    return [{"id": d.key, "entities": [{"start": s, "end": e, "type": t} for s, e, t in spans]} for d, spans in found.items()]


def report_readings(reader, data, tokenizer):
    """Pairs of the windows that a careful reader labelled and nobody learned from: a stance counts as found from CUT on, with its sign and direction."""
    rows = [(s.target, p) for s, p in reader.weigh(readings.readings(tokenizer, data, kept_out=True)) if s.a]
    best = [max(range(1, 5), key=lambda c: p[c]) for _, p in rows]
    said = [p[k] >= CUT for (_, p), k in zip(rows, best)]
    right = sum(is_said and target[k] >= 0.5 for is_said, (target, _), k in zip(said, rows, best))
    precision, recall = right / max(sum(said), 1), right / sum(target[0] < 0.5 for target, _ in rows)
    loss = -sum(t * math.log(max(q, 1e-6)) for target, p in rows for t, q in zip(target, p)) / len(rows)
    print(f"readings kept out: {len(rows)} pairs, P {100 * precision:.1f} R {100 * recall:.1f} "
          f"F1 {200 * precision * recall / max(precision + recall, 1e-9):.1f}, loss {loss:.4f}")


def report(reader, data, tokenizer):
    report_readings(reader, data, tokenizer)
    score = Scorer(data)
    joined, raw = sources.worldwide(tokenizer, data, "dev")
    same = ["--unit", "char", "--gold-map", "*", "--pred-map", "*"]
    print("names worldwide (tokens)", score("ner.py", "worldwide/dev.tsv", entity_lines(reader.names(joined)), *same), sep="\n")
    raw_path = os.path.join(data, "worldwide/articles.dev.jsonl")
    print("names worldwide (pages)", score("ner.py", "worldwide/dev.tsv", entity_lines(reader.names(raw)), *same, "--text", raw_path).splitlines()[0])
    found = entity_lines(reader.names(sources.conllpp(tokenizer, data, "dev")))
    print("names conllpp", score("ner.py", "conllpp/dev.txt", found, "--unit", "char", "--gold-map", "conll4", "--pred-map", "ww4"), sep="\n")

    documents = sources.polnear(tokenizer, data, "dev")
    lines = [{"id": d.key, "attributions": [{"source": r[0], "cue": r[1], "content": r[2]}]} for d, r in reader.roles(documents).items()]
    print("polnear (spans only)", score("polnear.py", "polnear/dev.jsonl", lines), sep="\n")

    documents = sources.dse(tokenizer, data, "dev")
    found = reader.pairs(documents, "stance")
    labels = [str(max(range(5), key=lambda c: found[d][0][c])) if found[d] else "0" for d in documents]
    print(score("dse.py", "dse/dev.tsv", labels, "--train", os.path.join(data, "dse/train.tsv")))

    for part in ("rw", "mt"):
        documents = sources.newsmtsc(tokenizer, data, f"dev.{part}")
        found, lines = reader.pairs(documents, "portrayal"), []
        for d in documents:
            probabilities = iter(found[d])
            for _, b in d.targets:
                p = next(probabilities, [0, 1, 0]) if b[0] < b[1] else [0, 1, 0]  # none: the sentence was cut
                lines.append(["negative", "neutral", "positive"][p.index(max(p))])
        print(f"newsmtsc {part}", score("newsmtsc.py", f"newsmtsc/dev.{part}.jsonl", lines, "--order"))

    documents = sources.seesaw_named(tokenizer, data, "dev", template="{s} on {t}: {x}")
    found = reader.pairs(documents, "stance")
    by_item, lines = iter(documents), []
    for item, _, _ in sources.seesaw_items(data, "dev"):
        known = {}
        for s in item["stances"]:
            key = (s["sentence"], s["source"], s["target"])
            if key not in known:
                p = found[next(by_item)]
                known[key] = "POS" if p and p[0][1] > p[0][3] else "NEG"
            lines.append(known[key])
    print("seesaw, pair given", score("seesaw.py", "seesaw/dev.jsonl", lines, "--polarity"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    network = new_network()
    state = torch.load(options.checkpoint, map_location="cpu", weights_only=False)
    network.load_state_dict(state.get("network", state))
    report(Reader(network), options.data, load_tokenizer())


if __name__ == "__main__":
    main()
