"""Trains all heads on one encoder.  python -m stanced.train --data ../shared/data --work build/training

Resumable: state is kept every few minutes in WORK/state.pt; the order of batches depends on the seed and the epoch
alone. Runs on a GPU where there is one."""
import argparse
import math
import os
import random
import time

import torch
import torch.nn.functional as F

from . import opinions
from .batches import Batch, batches_of
from .documents import WINDOW, windows
from .network import new_network
from .sets import load_sets


SILENT_SHARE = 0.25  # as likely is a window of articles in which the teacher hears nothing
SIGN_WEIGHT = 0.5    # of what the teacher says of sign and direction, should there be a stance
NAMES_AND_ROLES = {"worldwide", "conllpp", "polnear"}


def training_windows(sets, epoch, seed, stance_only=False, soft_share=0.6, shares=None):
    """One epoch: of texts that stand in two forms one, cut by a random limit. soft_share: of the windows of articles in which the
    teacher hears something; shares: of a set's windows, "rest" of all that are not named."""
    rng = random.Random(seed * 1000 + epoch)
    out = []
    joined, raw = sets["worldwide"]
    by_key = {d.key: d for d in raw}
    shares = shares or {}
    keep = lambda name: rng.random() < shares.get(name, shares.get("rest", 1.0))
    for d in joined if not stance_only else []:
        pick = by_key.get(d.key, d) if rng.random() < 0.5 else d
        out += [w for w in windows(pick, rng.choice([48, 100, WINDOW, WINDOW])) if keep("worldwide")]
    for name in ("conllpp", "polnear", "seesaw", "dse", "newsmtsc", "mpqa", "basil", "readings", "written"):
        for d in sets[name] if not stance_only or name not in NAMES_AND_ROLES else []:
            limit = rng.choice([48, 100, WINDOW]) if name in ("conllpp", "written") else WINDOW
            out += [w for w in windows(d, limit) if keep(name)]
    turn = epoch % len(sets["turns"])
    for name, share in (("seesaw_named", 0.6), ("readings_named", 0.4), ("written_named", 0.5), ("dse_renamed", 1.0), ("synthetic", 1.0), ("issues", 1.0), ("typed", 0.0 if stance_only else 1.0)):
        for d in sets["turns"][turn][name]:
            if rng.random() < share and keep(name):
                out += windows(d, WINDOW)
    for d in sets["soft"]:
        out += [w for w in windows(d, WINDOW) if rng.random() < soft_share * (1 if has_stance(w) else SILENT_SHARE)]
    return out


def has_stance(window):
    return any(s.target[0] < 0.5 and window.start <= s.range[0] and s.range[1] <= window.end for s in window.document.stances)


def sign_loss(log_probabilities, target):
    """Of teacher's probabilities: the four classes with a stance by themselves. Where silence is likeliest, which it mostly is,
    the plain loss hardly says which sign a stance would have."""
    stance = target[:, 1:].sum(-1)
    known = (stance > 0.02) & (stance < 0.999)  # 1: a label, not a teacher's
    share = target[:, 1:] / stance.clamp(min=1e-6)[:, None]
    loss = -(share * F.log_softmax(log_probabilities[:, 1:], -1)).sum(-1)
    return loss * known * (4 * stance).clamp(max=1)


def losses(network, batch, device, amp):
    """{name: mean loss} of the heads that the batch has labels for."""
    move = lambda x: x.to(device)
    with torch.autocast(device.type, torch.bfloat16, enabled=amp):
        hidden = network.encoder(move(batch.ids), move(batch.shapes), move(batch.lengths))
        dropped = network.dropout(hidden).to(torch.bfloat16 if amp else hidden.dtype)
        out = {}
        if batch.names:
            chosen, rows, allowed, lengths = map(move, batch.names)
            emissions = network.names(dropped[chosen[:, None], rows]).float()
            with torch.autocast(device.type, enabled=False):
                out["names"] = network.name_chain.loss(emissions, allowed, lengths).sum() / lengths.sum()
        if batch.roles[0]:
            chosen, rows, _, lengths = map(move, batch.roles[0])
            emissions = network.roles(dropped[chosen[:, None], rows]).float()
            with torch.autocast(device.type, enabled=False):
                out["roles"] = sum(chain.loss(emissions[..., 3 * r:3 * r + 3], move(batch.roles[r][2]), lengths).sum()
                                   for r, chain in enumerate(network.role_chains)) / lengths.sum()
        if batch.issues:
            chosen, rows, allowed, lengths = map(move, batch.issues)
            emissions = network.issues(dropped[chosen[:, None], rows]).float()
            with torch.autocast(device.type, enabled=False):
                out["issues"] = network.issue_chain.loss(emissions, allowed, lengths).sum() / lengths.sum()
        if batch.links:
            spans, cues, buckets, roles, label = map(move, batch.links)
            logits = network.link(dropped, spans, cues, buckets).gather(1, roles[:, None])[:, 0]
            out["link"] = F.binary_cross_entropy_with_logits(logits, label)
        if batch.stances:
            a, b, rows, target, weight = map(move, batch.stances)
            guess = F.log_softmax(network.stance(dropped, a, b, rows), -1)
            loss = -(target * guess).sum(-1) + SIGN_WEIGHT * sign_loss(guess, target)
            out["stance"] = (loss * weight).sum() / 32
        if batch.portrayals:
            b, rows, target, weight = map(move, batch.portrayals)
            empty = b.clone()
            empty[:, 1:] = 0
            loss = -(target * F.log_softmax(network.portrayal(dropped, empty, b, rows), -1)).sum(-1)
            out["portrayal"] = (loss * weight).sum() / 32
    return out


WEIGHTS = {"names": 1.0, "roles": 1.0, "issues": 1.0, "link": 0.3, "stance": 0.5, "portrayal": 0.5}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--work", default="build/training")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--steps", type=int, help="end after so many, wherever the epoch is then")
    parser.add_argument("--tokens", type=int, default=2048, help="padded pieces a batch")
    parser.add_argument("--rate", type=float, default=1.5e-4, help="of the encoder; heads learn five times as fast")
    parser.add_argument("--encoder", default="minilm", choices=["minilm", "mpnet"])
    parser.add_argument("--stance-only", action="store_true", help="stance and portrayal alone: a teacher for them")
    parser.add_argument("--soft", nargs="+", default=[], help="articles labelled by a teacher (articles.py)")
    parser.add_argument("--opinions", help="a teacher's, of the labelled pairs (opinions.py)")
    parser.add_argument("--soft-share", type=float, default=0.6, help="of these articles' windows, an epoch")
    parser.add_argument("--shares", nargs="+", default=[], metavar="SET=SHARE", help="of a set's windows, an epoch; rest: of all that are not named")
    parser.add_argument("--start", help="a checkpoint to go on from, instead of the encoder's package")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=5, help="between checkpoints")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    os.makedirs(options.work, exist_ok=True)
    shares = {name: float(share) for name, share in (each.split("=") for each in options.shares)}
    sets = load_sets(options.data, options.epochs, options.soft)
    if options.opinions:
        opinions.apply(sets, options.opinions)
    network = new_network(options.encoder).to(device)
    if options.start:
        network.load_state_dict(torch.load(options.start, map_location=device, weights_only=False))
    batches = lambda epoch: batches_of(training_windows(sets, epoch, options.seed, options.stance_only, options.soft_share, shares), options.tokens, random.Random(epoch))
    total = sum(len(batches(e)) for e in range(options.epochs))
    total = min(total, options.steps or total)
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    heads = [p for n, p in network.named_parameters() if not n.startswith("encoder.")]
    optimizer = torch.optim.AdamW([{"params": encoder, "lr": options.rate}, {"params": heads, "lr": 5 * options.rate}],
                                  weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    warm = total // 20
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: (s + 1) / warm if s < warm else max(0.0, 0.5 * (1 + math.cos(math.pi * (s - warm) / (total - warm)))))
    state_path = os.path.join(options.work, "state.pt")
    step = 0
    if os.path.exists(state_path):
        state = torch.load(state_path, map_location=device, weights_only=False)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        step = state["step"]
        print(f"resumed at step {step} of {total}", flush=True)

    def save(path):
        torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(),
                    "schedule": schedule.state_dict(), "step": step}, path + ".new")
        os.replace(path + ".new", path)

    saved, at, sums, seen, began = time.time(), 0, {}, 0, time.time()
    for epoch in range(options.epochs):
        todo = batches(epoch)[:max(0, total - at)]
        if at + len(todo) <= step:
            at += len(todo)
            continue
        network.train()
        for n, members in enumerate(todo):
            at += 1
            if at <= step:
                continue
            batch = Batch(members, random.Random(options.seed * 7919 + at))
            parts = losses(network, batch, device, True)
            loss = sum(WEIGHTS[k] * v for k, v in parts.items())
            if parts:
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimizer.step()
            schedule.step()
            step, seen = at, seen + int(batch.lengths.sum())
            for k, v in parts.items():
                a, b = sums.get(k, (0.0, 0))
                sums[k] = (a + float(v.detach()), b + 1)
            if step % 100 == 0:
                print(f"step {step}/{total} epoch {epoch} " + " ".join(f"{k} {a / b:.3f}" for k, (a, b) in sums.items())
                      + f" pieces/s {seen / (time.time() - began):.0f}", flush=True)
                sums = {}
            if time.time() - saved > 60 * options.minutes:
                save(state_path)
                saved = time.time()
        save(state_path)
        torch.save(network.state_dict(), os.path.join(options.work, f"epoch{epoch}.pt"))
    torch.save(network.state_dict(), os.path.join(options.work, "network.pt"))
    print("done", flush=True)


if __name__ == "__main__":
    main()
