"""One labelled text: pieces, sentences, and whatever labels it has. All positions are piece indices of the document.

Every data set becomes documents; windows of whole sentences are cut from them anew each epoch, so that the model sees
sentences alone and in company. A window without labels for a head adds nothing to that head's loss."""
import dataclasses

import numpy as np

from .labels import IGNORE
from .text import Pieces

WINDOW = 160  # pieces, as processor/extract/windows.h has it


@dataclasses.dataclass
class Stance:
    a: tuple | None  # piece range; None: the author
    b: tuple
    range: tuple     # the rows that the pair head reads
    target: list     # probabilities of the 5 classes
    weight: float = 1.0


@dataclasses.dataclass
class Portrayal:
    b: tuple
    range: tuple
    target: list  # probabilities of the 3 classes
    weight: float = 1.0


@dataclasses.dataclass
class Link:
    cue: tuple
    span: tuple
    role: int  # 0 source, 1 content
    label: int


class Document:
    def __init__(self, tokenizer, text, sentences, key=None):
        self.key = key
        self.text = text
        self.pieces = Pieces(tokenizer, text)
        ranges = [self.pieces.range_of(a, b) for a, b in sentences]
        self.sentences = [r for r in ranges if r[0] < r[1]]
        self.names = None      # [pieces] tag, IGNORE where unknown
        self.name_sets = None  # [pieces] index of an allowed set (conll), or None
        self.roles = None      # [3][pieces] tag
        self.issues = None     # [pieces] tag, IGNORE where unknown
        self.links, self.stances, self.portrayals = [], [], []

    def sentence_of(self, piece):
        for i, (a, b) in enumerate(self.sentences):
            if a <= piece < b:
                return i
        return None

    def tag_words(self, spans, tag_of, count=None):
        """BIO over word starts: spans are (start char, end char, label); tag_of(label, is_first) gives the tag."""
        tags = np.zeros(len(self.pieces), dtype=np.int64)
        for start, end, label in spans:
            a, b = self.pieces.range_of(start, end)
            words = [i for i in range(a, b) if self.pieces.is_word_start[i]]
            for n, i in enumerate(words):
                tags[i] = tag_of(label, n == 0)
        return tags


@dataclasses.dataclass
class Window:
    document: Document
    start: int  # pieces [start, end) of the document
    end: int

    def __len__(self):
        return self.end - self.start + 2


def windows(document, limit):
    """Consecutive whole sentences of up to `limit` pieces, [CLS] and [SEP] included; longer sentences are cut."""
    out, start, end = [], None, None
    for a, b in document.sentences:
        while b - a > limit - 2:
            if start is not None:
                out.append(Window(document, start, end))
                start = None
            cut = a + limit - 2
            while cut > a + 1 and not document.pieces.is_word_start[cut]:
                cut -= 1
            out.append(Window(document, a, cut))
            a = cut
        if start is not None and b - start > limit - 2:
            out.append(Window(document, start, end))
            start = None
        if start is None:
            start = a
        end = b
    if start is not None:
        out.append(Window(document, start, end))
    return out
