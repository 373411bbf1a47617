"""Windows to tensors: one batch serves every head whose labels are in it."""
import random

import numpy as np
import torch

from .labels import IGNORE, NAME_TAGS, STANCE_SWAP
from .network import LinkHead
from .sources import NAME_SETS, name_set_tags
from .text import CASE_LOWER, CASE_NONE, CASE_TITLE, CASE_UPPER

CLS, SEP = 101, 102

NAME_ALLOWED = np.eye(len(NAME_TAGS), dtype=bool)
SET_ALLOWED = np.zeros((len(NAME_SETS), len(NAME_TAGS)), dtype=bool)
for _i in range(len(NAME_SETS)):
    SET_ALLOWED[_i, name_set_tags(_i)] = True
ROLE_ALLOWED = np.eye(3, dtype=bool)


def shapes_of(window, rng):
    """The window's case shapes; now and then a headline in capitals, in title case, or a text without any."""
    shapes = window.document.pieces.shapes[window.start:window.end].copy()
    if rng is not None:
        kind = rng.random()
        if kind < 0.12:
            shape = CASE_UPPER if kind < 0.05 else CASE_LOWER if kind < 0.09 else CASE_TITLE
            shapes[shapes != CASE_NONE] = shape
    return shapes


class Batch:
    """Tensors of some windows. rng: augment and draw among the pair examples (training); None: everything as it is."""

    def __init__(self, batch, rng=None, most_pairs=160):
        length = max(len(w) for w in batch)
        self.windows = batch
        self.ids = np.zeros((len(batch), length), dtype=np.int64)
        self.shapes = np.zeros((len(batch), length), dtype=np.int64)
        self.lengths = torch.tensor([len(w) for w in batch])
        self.rows = []
        for i, w in enumerate(batch):
            n = w.end - w.start
            self.ids[i, :n + 2] = [CLS, *w.document.pieces.ids[w.start:w.end], SEP]
            self.shapes[i, 1:n + 1] = shapes_of(w, rng)
            self.rows.append(np.flatnonzero(w.document.pieces.is_word_start[w.start:w.end]) + 1)
        self.ids, self.shapes = torch.from_numpy(self.ids), torch.from_numpy(self.shapes)
        self.names = self.word_labels(lambda d: d.names if d.names is not None else d.name_sets,
                                      lambda d: NAME_ALLOWED if d.names is not None else SET_ALLOWED, len(NAME_TAGS))
        self.roles = [self.word_labels(lambda d, r=r: None if d.roles is None else d.roles[r], lambda d: ROLE_ALLOWED, 3)
                      for r in range(3)]
        self.issues = self.word_labels(lambda d: d.issues, lambda d: ROLE_ALLOWED, 3)
        self.collect_pairs(rng, most_pairs)

    def word_labels(self, labels_of, allowed_of, tags):
        """(window indices, rows [W][T], allowed [W][T][tags], lengths) of the windows that have such labels, or None."""
        chosen = [i for i, w in enumerate(self.windows) if labels_of(w.document) is not None and len(self.rows[i])]
        if not chosen:
            return None
        most = max(len(self.rows[i]) for i in chosen)
        rows = np.zeros((len(chosen), most), dtype=np.int64)
        allowed = np.ones((len(chosen), most, tags), dtype=bool)
        for n, i in enumerate(chosen):
            w, r = self.windows[i], self.rows[i]
            rows[n, :len(r)] = r
            labels = labels_of(w.document)[w.start:w.end][r - 1]
            known = labels != IGNORE
            allowed[n, np.flatnonzero(known)] = allowed_of(w.document)[labels[known]]
        lengths = torch.tensor([len(self.rows[i]) for i in chosen])
        return torch.tensor(chosen), torch.from_numpy(rows), torch.from_numpy(allowed), lengths

    def collect_pairs(self, rng, most):
        stances, portrayals, links = [], [], []
        for i, w in enumerate(self.windows):
            def inside(span):
                return span[0] >= w.start and span[1] <= w.end

            def at(span):
                return (i, span[0] - w.start + 1, span[1] - w.start + 1)

            for s in w.document.stances:
                if inside(s.b) and inside(s.range) and (s.a is None or inside(s.a)):
                    a = (i, 0, 0) if s.a is None else at(s.a)
                    stances.append((a, at(s.b), at(s.range), s.target, s.weight, s))
            for p in w.document.portrayals:
                if inside(p.b) and inside(p.range):
                    portrayals.append((at(p.b), at(p.range), p.target, p.weight, p))
            for link in w.document.links:
                if inside(link.cue) and inside(link.span):
                    words = w.document.pieces.is_word_start
                    low, high = sorted((link.cue[0], link.span[0]))
                    distance = int(words[low:high].sum()) * (1 if link.span[0] >= link.cue[0] else -1)
                    links.append((at(link.span), at(link.cue), LinkHead.bucket(distance), link.role, link.label))
        if rng is not None:
            stances = self.draw(stances, rng, most)
            links = rng.sample(links, most) if len(links) > most else links
            portrayals = rng.sample(portrayals, most) if len(portrayals) > most else portrayals
            stances = [self.swapped(s) if s[0][1] < s[0][2] and rng.random() < 0.5 else s for s in stances]
        column = lambda items, n, kind=torch.long: torch.tensor([x[n] for x in items], dtype=kind)
        self.stance_items, self.portrayal_items = [s[5] for s in stances], [p[4] for p in portrayals]
        self.stances = [column(stances, 0), column(stances, 1), column(stances, 2),
                        column(stances, 3, torch.float), column(stances, 4, torch.float)] if stances else None
        self.portrayals = [column(portrayals, 0), column(portrayals, 1), column(portrayals, 2, torch.float),
                           column(portrayals, 3, torch.float)] if portrayals else None
        self.links = [column(links, 0), column(links, 1), column(links, 2), column(links, 3),
                      column(links, 4, torch.float)] if links else None

    @staticmethod
    def draw(stances, rng, most):
        """All pairs with a stance, and as many without as there is room for, which weigh as much as all of them."""
        if len(stances) <= most:
            return stances
        polar = [s for s in stances if s[3][0] < 0.5][:most]
        plain = [s for s in stances if s[3][0] >= 0.5]
        drawn = rng.sample(plain, min(len(plain), max(most - len(polar), most // 4)))
        return polar + [(*s[:4], s[4] * len(plain) / len(drawn), s[5]) for s in drawn]

    @staticmethod
    def swapped(stance):
        a, b, rows, target, weight, item = stance
        return b, a, rows, [target[STANCE_SWAP[c]] for c in range(5)], weight, item


def batches_of(windows, tokens, rng):
    """Batches of about `tokens` padded pieces, of windows of like length, in random order."""
    order = sorted(windows, key=lambda w: (len(w), rng.random()))
    out, current, longest = [], [], 0
    for w in order:
        longest = max(longest, len(w))
        if current and longest * (len(current) + 1) > tokens:
            out.append(current)
            current, longest = [], len(w)
        current.append(w)
    if current:
        out.append(current)
    rng.shuffle(out)
    return out
