"""A checkpoint to a model file (layout: processor/model/file.h), and golden vectors for the C tests.

  python -m stanced.export --checkpoint build/training/network.pt --out models/stanced-en-small.bin \
      --golden tests/cases/model/golden.bin [--f32]

Large matrices become int8, symmetric, one scale a row. --f32 keeps everything in f32: for measuring what int8 costs."""
import argparse
import json
import math

import numpy as np
import torch

from .container import Container
from .documents import WINDOW
from .labels import NAME_TAGS
from .network import LinkHead, new_network, relative_buckets
from .text import Pieces, load_tokenizer, package_dir


def quantise(matrix):
    """[out][in] f32 -> int8 and one scale a row."""
    scale = np.abs(matrix).max(1) / 127
    scale[scale == 0] = 1
    return np.clip(np.rint(matrix / scale[:, None]), -127, 127).astype(np.int8), scale.astype(np.float32)


class Exporter:
    """Writes matrices and puts what was written (dequantised) back into the network, so that golden vectors agree."""

    def __init__(self, container, f32):
        self.out, self.f32 = container, f32

    def vector(self, name, parameter, factor=None):
        value = parameter.detach().numpy().astype(np.float32)
        self.out.add(name, np.ascontiguousarray(value if factor is None else value * factor))

    def matrix(self, name, parameter, factor=None):
        value = parameter.detach().numpy().astype(np.float32)
        factor = np.ones(len(value), np.float32) if factor is None else factor
        if self.f32:
            self.out.add(name, value * factor[:, None])
            return
        i8, scale = quantise(value * factor[:, None])
        self.out.add(name, i8)
        self.out.add(name + ".scale", scale)
        parameter.data.copy_(torch.from_numpy(i8.astype(np.float32) * scale[:, None] / factor[:, None]))

    def encoder(self, encoder):
        self.matrix("embed.words", encoder.words.weight)
        self.vector("embed.positions", encoder.positions.weight)
        self.vector("embed.cases", encoder.cases.weight)
        self.norm("embed.norm", encoder.norm)
        if encoder.relative is not None:
            # By distance of key from query, -(WINDOW - 1) to WINDOW - 1, so that the reader knows nothing of buckets.
            row = relative_buckets(WINDOW, encoder.buckets)
            distances = torch.cat([row[-1], row[0, 1:]])
            self.out.add("embed.relative", np.ascontiguousarray(encoder.relative(distances).detach().numpy().T.astype(np.float32)))
        for n, layer in enumerate(encoder.layers):
            width = layer.out.weight.shape[0]
            factor = np.ones(3 * width, np.float32)
            factor[:width] = 1 / math.sqrt(width // layer.heads)
            self.matrix(f"layer.{n}.qkv.weight", layer.qkv.weight, factor)
            self.vector(f"layer.{n}.qkv.bias", layer.qkv.bias, factor)
            for part in ("out", "up", "down"):
                linear = getattr(layer, part)
                self.matrix(f"layer.{n}.{part}.weight", linear.weight)
                self.vector(f"layer.{n}.{part}.bias", linear.bias)
            self.norm(f"layer.{n}.norm1", layer.norm1)
            self.norm(f"layer.{n}.norm2", layer.norm2)

    def norm(self, name, norm):
        self.vector(name + ".weight", norm.weight)
        self.vector(name + ".bias", norm.bias)

    def pair(self, name, head):
        for part in ("query_a", "query_b", "key", "value", "hidden_a", "hidden_b", "hidden_product", "hidden_context"):
            self.matrix(f"{name}.{part}", getattr(head, part).weight)
        for ours, linear in (("query_bias", head.query_a), ("key_bias", head.key), ("value_bias", head.value),
                             ("hidden_bias", head.hidden_a), ("out_bias", head.out)):
            self.vector(f"{name}.{ours}", linear.bias)
        self.vector(f"{name}.out", head.out.weight)
        self.vector(f"{name}.author", head.author)

    def heads(self, network):
        self.vector("names.weight", network.names.weight)
        self.vector("names.bias", network.names.bias)
        transitions, start = network.name_chain.scores()
        self.vector("names.transitions", transitions)
        self.vector("names.start", start)
        self.vector("roles.weight", network.roles.weight)
        self.vector("roles.bias", network.roles.bias)
        chains = [chain.scores() for chain in network.role_chains]
        self.vector("roles.transitions", torch.cat([t for t, _ in chains]))
        self.vector("roles.start", torch.stack([s for _, s in chains]))
        self.vector("issues.weight", network.issues.weight)
        self.vector("issues.bias", network.issues.bias)
        transitions, start = network.issue_chain.scores()
        self.vector("issues.transitions", transitions)
        self.vector("issues.start", start)
        for part in ("first", "last", "cue"):
            self.matrix(f"link.{part}", getattr(network.link, part).weight)
        self.vector("link.bias", network.link.first.bias)
        self.vector("link.distance", network.link.distance.weight)
        self.vector("link.out", network.link.out.weight)
        self.vector("link.out.bias", network.link.out.bias)
        self.pair("stance", network.stance)
        self.pair("portrayal", network.portrayal)


def export(network, path, name, thresholds, calibration, f32=False):
    config = network.config
    description = {
        "name": name, "layers": config["num_hidden_layers"], "width": config["hidden_size"],
        "heads": config["num_attention_heads"], "hidden": config["intermediate_size"],
        "positions": config["max_position_embeddings"], "vocab": config["vocab_size"],
        "case_shapes": network.encoder.cases.weight.shape[0], "window": WINDOW, "norm_epsilon": config["layer_norm_eps"],
        "name_tags": NAME_TAGS, "thresholds": thresholds, "calibration": calibration}
    if network.encoder.relative is not None:
        description["reach"] = WINDOW - 1
    out = Container()
    out.add_bytes("config", json.dumps(description, sort_keys=True).encode())
    with open(f"{package_dir()}/vocab.txt", "rb") as vocab:
        out.add_bytes("vocab", vocab.read().rstrip(b"\n"))
    exporter = Exporter(out, f32)
    exporter.encoder(network.encoder)
    exporter.heads(network)
    out.write(path)


# Written for this purpose; any text would do.
GOLDEN_TEXT = ("The harbour council has rejected Mayor Lena Okafor's plan, and she accused Brandt Shipping of bullying. "
               "“We never threatened anybody,” said Piet Brandt, the company's founder, who praised the union. "
               "According to the EU's Brussels office, neither Norway nor Chile has complained about the 2019 deal.")


@torch.no_grad()
def golden(network, path):
    """What PyTorch makes of one window, with the weights that the file holds: compared in tests/unit/model."""
    pieces = Pieces(load_tokenizer(), GOLDEN_TEXT)
    ids = np.array([101, *pieces.ids, 102])
    shapes = np.array([0, *pieces.shapes, 0])
    rows = np.flatnonzero(pieces.is_word_start) + 1
    count = len(ids)
    network.eval()
    hidden = network.encoder(torch.tensor(ids)[None], torch.tensor(shapes).long()[None], torch.tensor([count]))

    def mention(text, nth=0):
        start = -1
        for _ in range(nth + 1):
            start = GOLDEN_TEXT.index(text, start + 1)
        a, b = pieces.range_of(start, start + len(text))
        return a + 1, b + 1

    council, mayor, shipping = mention("The harbour council"), mention("Mayor Lena Okafor"), mention("Brandt Shipping")
    piet, norway, said = mention("Piet Brandt"), mention("Norway"), mention("said")
    content = mention("We never threatened anybody")
    whole, author = (1, count - 1), (0, 0)
    item = lambda span: torch.tensor([[0, *span]])
    links = [(*content, *said, -6), (*piet, *said, 1), (*norway, *said, 40), (*council, *said, -30)]
    stances = [(*council, *mayor, *whole), (*mayor, *shipping, 1, mention(".")[1]), (*piet, *norway, *whole), (*author, *shipping, *whole)]
    portrayals = [(*mayor, *whole), (*shipping, 1, mention(".")[1])]
    out = Container()
    f32 = lambda name, value: out.add("golden." + name, np.asarray(value, dtype=np.float32))
    f32("ids", ids)
    f32("shapes", shapes)
    f32("rows", rows)
    f32("hidden", hidden[0])
    f32("names", network.names(hidden[0, rows]))
    f32("roles", network.roles(hidden[0, rows]))
    f32("issues", network.issues(hidden[0, rows]))
    f32("link_args", links)
    f32("link", torch.cat([torch.sigmoid(network.link(hidden, item(a[0:2]), item(a[2:4]), torch.tensor([LinkHead.bucket(a[4])]))) for a in links]))
    stance = lambda a, b, r: torch.softmax(network.stance(hidden, item(a), item(b), item(r)), -1)
    both = [stance(s[0:2], s[2:4], s[4:6]) if s[0] == s[1] else
            (stance(s[0:2], s[2:4], s[4:6]) + stance(s[2:4], s[0:2], s[4:6])[:, [0, 2, 1, 4, 3]]) / 2 for s in stances]
    f32("stance_args", stances)
    f32("stance", torch.cat(both))
    f32("portrayal_args", portrayals)
    f32("portrayal", torch.cat([torch.softmax(network.portrayal(hidden, item(author), item(p[0:2]), item(p[2:4])), -1) for p in portrayals]))
    out.write(path)


def read_numbers(path):
    if not path:
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--golden")
    parser.add_argument("--encoder", default="minilm", choices=["minilm", "mpnet"])
    parser.add_argument("--name", default="stanced-en-1")
    parser.add_argument("--thresholds", help="JSON file of numbers for the extractor")
    parser.add_argument("--calibration", help="JSON file of numbers that calibrate what the program says")
    parser.add_argument("--f32", action="store_true")
    options = parser.parse_args()
    network = new_network(options.encoder)
    state = torch.load(options.checkpoint, map_location="cpu", weights_only=False)
    network.load_state_dict(state.get("network", state))
    export(network, options.out, options.name, read_numbers(options.thresholds), read_numbers(options.calibration), options.f32)
    if options.golden:
        golden(network, options.golden)


if __name__ == "__main__":
    main()
