"""The articles written for this project (marked.py) as documents: names with their types, and the stances of all pairs, as readings.py has them."""
import random
import re

import numpy as np

from .documents import Document
from .labels import IGNORE
from .marked import KINDS, TYPES, articles
from .readings import Mark, add_pairs, named_in_front
from .sources import set_tag


DETERMINER = re.compile(r"(the|an?|th(is|at|ese|those)|its|h(is|er)|their|our|my|your|such|any|no)\s+", re.I)


def issue_tags(document, article):
    """Tags of the measures, plans and events, without their determiners. One word ("the plan") may take up another, and is unknown."""
    tags = np.zeros(len(document.pieces), dtype=np.int64)
    for start, end, _, letter in article.marks:
        if letter == "i":
            start += len(m[0]) if (m := DETERMINER.match(article.text[start:end])) else 0
            first, last = document.pieces.range_of(start, end)
            tags[first:last] = 2 if " " in article.text[start:end] else IGNORE
            if first < last and tags[first] == 2:
                tags[first] = 1
    return tags


def read(tokenizer, article):
    """(document, marks)"""
    document = Document(tokenizer, article.text, article.sentences, key=article.name)
    marks = [Mark(document, article.sentences, (start, end, number, number, KINDS.get(letter, "name"))) for start, end, number, letter in article.marks]
    marks = [m for m in marks if m.rows[0] < m.rows[1]]
    names = [(start, end, TYPES[letter]) for start, end, _, letter in article.marks if letter in TYPES]
    document.name_sets = document.tag_words(names, set_tag)
    document.name_sets[~document.pieces.is_word_start] = IGNORE
    document.issues = issue_tags(document, article)
    document.issues[~document.pieces.is_word_start] = IGNORE
    add_pairs(document, article.sentences, marks, article.said)
    return document, marks


def written(tokenizer, kept_out=False):
    return [read(tokenizer, article)[0] for article in articles(kept_out)]


def written_named(tokenizer, seed=1):
    rng, out = random.Random(seed), []
    for article in articles():
        document, marks = read(tokenizer, article)
        out += named_in_front(tokenizer, document.text, article.sentences, marks, article.said, rng)
    return out
