"""What a teacher says of the pairs that are labelled already: a pair's target becomes a mean of the label and the teacher's probabilities.

  python -m stanced.opinions --teacher build/teacher/network.pt --out build/training/opinions.pt

A label says "against"; the teacher says how plainly. A teacher of one epoch has not yet learned its lessons by heart."""
import argparse
import os

import torch

from .articles import load_network
from .sets import load_sets

SETS = ("seesaw", "dse", "newsmtsc", "basil")
SHARE = 0.5  # the teacher's, of a target


def labelled_documents(sets):
    """{name: documents}; of the sets that differ from turn to turn, SEESAW's pairs with the names before the sentence."""
    out = {name: sets[name] for name in SETS}
    out.update((f"seesaw_named {i}", turn["seesaw_named"]) for i, turn in enumerate(sets["turns"]))
    return out


def apply(sets, path):
    """Changes the targets of `sets`. The documents must be those of which the file was made."""
    opinions = torch.load(path, weights_only=False)
    for name, documents in labelled_documents(sets).items():
        if name not in opinions:
            continue
        if [len(d.stances) + len(d.portrayals) for d in documents] != [len(o) for o in opinions[name]]:
            raise ValueError(f"{path}: made from another {name}")
        for d, own in zip(documents, opinions[name]):
            for item, said in zip(d.stances + d.portrayals, own):
                if said:
                    item.target = [(1 - SHARE) * t + SHARE * p for t, p in zip(item.target, said)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--teacher", required=True)
    parser.add_argument("--encoder", default="mpnet", help="the teacher's")
    parser.add_argument("--epochs", type=int, default=1, help="of the training that will use them")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    teacher = load_network(options.encoder, options.teacher)
    out = {}
    for name, documents in labelled_documents(load_sets(options.data, options.epochs)).items():
        found = {id(item): [round(x, 3) for x in p] for item, p in teacher.weigh(documents)}
        out[name] = [[found.get(id(item)) for item in d.stances + d.portrayals] for d in documents]
        print(name, len(documents), "documents,", len(found), "opinions", flush=True)
    torch.save(out, options.out + ".new")
    os.replace(options.out + ".new", options.out)


if __name__ == "__main__":
    main()
