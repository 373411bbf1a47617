"""Encoder and heads in PyTorch: the formulas of processor/model/encoder.h and heads.h, trained here, run there."""
import json
import math
import os

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file

from .labels import NAME_TAGS, name_transitions_allowed, role_transitions_allowed
from .text import CASE_SHAPES, package_dir

BLOCKED = -1e4  # the score of a transition that cannot be
PAIR_HEAD = 64  # width of one attention head of a pair head


class Dropout(nn.Module):
    """Dropout whose masks are cut from a pool of random bits: drawing fresh ones is a tenth of a step on a CPU."""
    POOL = 1 << 24

    def __init__(self, p):
        super().__init__()
        self.p, self.pool = p, None

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        size = x.numel()
        if self.pool is None or self.pool.device != x.device:
            self.pool = (torch.rand(self.POOL, device=x.device) >= self.p).to(torch.bfloat16) / (1 - self.p)
        at = int(torch.randint(self.POOL - size, (1,)))
        return x * self.pool[at:at + size].view(x.shape).to(x.dtype)


class Layer(nn.Module):
    def __init__(self, width, heads, hidden, eps, dropout):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=eps), nn.LayerNorm(width, eps=eps)
        self.dropout = Dropout(dropout)

    def forward(self, x, bias):
        """x: [B][N][D]; bias: what is added to the attention scores, [B][1 or heads][1 or N][N]."""
        batch, length, width = x.shape
        q, k, v = (self.qkv(x).view(batch, length, 3, self.heads, width // self.heads)
                   .permute(2, 0, 3, 1, 4).reshape(3, batch * self.heads, length, -1))
        # Written out: PyTorch's fused attention is slow backwards on a CPU (two fifths of a step).
        scores = torch.bmm(q / math.sqrt(width // self.heads), k.transpose(1, 2)).view(batch, self.heads, length, length)
        with torch.autocast(x.device.type, enabled=False):
            weights = torch.softmax(scores + bias.to(scores.dtype), -1).view(batch * self.heads, length, length)
        mixed = torch.bmm(weights, v).view(batch, self.heads, length, -1).transpose(1, 2).reshape(batch, length, width)
        x = self.norm1(x + self.dropout(self.out(mixed)))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


def relative_buckets(length, buckets, farthest=128):
    """[N][N] of T5's and MPNet's buckets: half for each direction, in each the near distances exactly, the far by logarithm."""
    distance = torch.arange(length)[:, None] - torch.arange(length)[None]
    half, exact = buckets // 2, buckets // 4
    size = distance.abs()
    far = exact + (torch.log(size.clamp(min=1) / exact) / math.log(farthest / exact) * (half - exact)).long()
    return torch.where(size < exact, size, far.clamp(max=half - 1)) + half * (distance < 0)


class Encoder(nn.Module):
    """BERT, or MPNet where the configuration has buckets of relative positions."""

    def __init__(self, config, dropout=0.1):
        super().__init__()
        width, heads, eps = config["hidden_size"], config["num_attention_heads"], config["layer_norm_eps"]
        self.words = nn.Embedding(config["vocab_size"], width)
        self.positions = nn.Embedding(config["max_position_embeddings"], width)
        self.cases = nn.Embedding(CASE_SHAPES, width)
        self.norm = nn.LayerNorm(width, eps=eps)
        self.dropout = Dropout(dropout)
        self.layers = nn.ModuleList(Layer(width, heads, config["intermediate_size"], eps, dropout)
                                    for _ in range(config["num_hidden_layers"]))
        self.buckets = config.get("relative_attention_num_buckets", 0)
        self.relative = nn.Embedding(self.buckets, heads) if self.buckets else None
        nn.init.zeros_(self.cases.weight)
        self.words.weight.requires_grad_(False)

    def forward(self, ids, shapes, lengths):
        length = ids.shape[1]
        x = self.words(ids) + self.positions.weight[:length] + self.cases(shapes)
        x = self.dropout(self.norm(x))
        outside = torch.arange(length, device=ids.device)[None] >= lengths[:, None]
        bias = (outside * -30000.0)[:, None, None, :].to(x.dtype)
        if self.relative is not None:
            buckets = relative_buckets(length, self.buckets).to(ids.device)
            bias = bias + self.relative(buckets).permute(2, 0, 1)[None]
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def load(self, weights):
        """Fills the encoder from a BERT or MPNet checkpoint in Hugging Face's names; token type 0 goes into the positions."""
        get = lambda name: weights[name].float()
        copy = lambda parameter, value: parameter.data.copy_(value)
        copy(self.norm.weight, get("embeddings.LayerNorm.weight"))
        copy(self.norm.bias, get("embeddings.LayerNorm.bias"))
        words, positions = get("embeddings.word_embeddings.weight"), get("embeddings.position_embeddings.weight")
        if self.relative is None:
            copy(self.words.weight, words)
            copy(self.positions.weight, positions + get("embeddings.token_type_embeddings.weight")[0])
            query, out = "attention.self.{}", "attention.output"
            parts = {"q": "query", "k": "key", "v": "value", "o": "attention.output.dense"}
        else:
            copy(self.words.weight, mpnet_words_by_bert_id(words, len(self.words.weight)))
            copy(self.positions.weight, positions[2:])  # the first two are padding's
            copy(self.relative.weight, get("encoder.relative_attention_bias.weight"))
            query, out = "attention.attn.{}", "attention"
            parts = {"q": "q", "k": "k", "v": "v", "o": "attention.attn.o"}
        for n, layer in enumerate(self.layers):
            at = f"encoder.layer.{n}."
            for kind in ("weight", "bias"):
                copy(getattr(layer.qkv, kind), torch.cat([get(f"{at}{query.format(parts[p])}.{kind}") for p in "qkv"]))
                for ours, theirs in ((layer.out, parts["o"]), (layer.norm1, f"{out}.LayerNorm"),
                                     (layer.up, "intermediate.dense"), (layer.down, "output.dense"), (layer.norm2, "output.LayerNorm")):
                    copy(getattr(ours, kind), get(f"{at}{theirs}.{kind}"))


def mpnet_words_by_bert_id(words, count):
    """MPNet's vocabulary is BERT's, four later; [CLS] and [SEP] are <s> and </s>. -> rows in BERT's order, so that one
    tokenizer serves both."""
    rows = torch.arange(count) + 4
    rows[101], rows[102] = 0, 2
    return words[rows]


class Slots:
    """Items that belong to windows, laid out as [B][P]: so that what all items of a window read is not copied for each."""

    def __init__(self, windows, batch):
        order = torch.argsort(windows, stable=True)
        counts = torch.bincount(windows, minlength=batch)
        first = torch.cumsum(counts, 0) - counts
        self.window, self.slot = windows, torch.empty_like(windows)
        self.slot[order] = torch.arange(len(windows), device=windows.device) - first[windows[order]]
        self.shape = (batch, int(counts.max()))

    def spread(self, values):
        """[M][...] -> [B][P][...], zero where there is no item."""
        out = values.new_zeros(self.shape + values.shape[1:])
        return out.index_put((self.window, self.slot), values)

    def gather(self, values):
        return values[self.window, self.slot]


def inside(items, length):
    """[M][length] bool: the row is within the item's (window, start, end)."""
    rows = torch.arange(length, device=items.device)[None]
    return (rows >= items[:, 1:2]) & (rows < items[:, 2:3])


def span_means(hidden, items, slots):
    """Mean vectors [M][D] of (window, start, end) row ranges of hidden [B][N][D]."""
    weights = inside(items, hidden.shape[1]).to(hidden.dtype)
    weights = weights / weights.sum(1, keepdim=True).clamp(min=1)
    return slots.gather(torch.bmm(slots.spread(weights), hidden))


class PairHead(nn.Module):
    def __init__(self, width, classes, inner=384, dropout=0.1):
        super().__init__()
        self.query_a, self.query_b = nn.Linear(width, inner), nn.Linear(width, inner, bias=False)
        self.key, self.value = nn.Linear(width, inner), nn.Linear(width, inner)
        self.hidden_a, self.hidden_b = nn.Linear(width, inner), nn.Linear(width, inner, bias=False)
        self.hidden_product, self.hidden_context = nn.Linear(width, inner, bias=False), nn.Linear(inner, inner, bias=False)
        self.out = nn.Linear(inner, classes)
        self.author = nn.Parameter(torch.randn(width) * 0.02)
        self.dropout = Dropout(dropout)
        self.inner = inner

    def forward(self, hidden, a, b, rows):
        """a, b, rows: [M][3] of (window, start, end); an empty a is the author. -> logits [M][classes]"""
        batch, length, _ = hidden.shape
        heads = self.inner // PAIR_HEAD
        slots = Slots(b[:, 0], batch)
        means = lambda items: span_means(hidden, items, slots)
        va = torch.where((a[:, 1] == a[:, 2])[:, None], self.author.to(hidden.dtype), means(a))
        vb = means(b)
        split = lambda x: x.view(batch, -1, heads, PAIR_HEAD).transpose(1, 2).reshape(batch * heads, -1, PAIR_HEAD)
        q = split(slots.spread(self.query_a(va) + self.query_b(vb)))
        scores = torch.bmm(q, split(self.key(hidden)).transpose(1, 2)).float() / math.sqrt(PAIR_HEAD)
        outside = ~slots.spread(inside(rows, length))
        scores = scores.view(batch, heads, -1, length).masked_fill(outside[:, None], -30000.0)
        weights = torch.softmax(scores, -1).to(hidden.dtype).view(batch * heads, -1, length)
        context = torch.bmm(weights, split(self.value(hidden))).view(batch, heads, -1, PAIR_HEAD)
        context = slots.gather(context.transpose(1, 2).reshape(batch, -1, self.inner))
        z = self.hidden_a(va) + self.hidden_b(vb) + self.hidden_product(va * vb) + self.hidden_context(context)
        return self.out(self.dropout(F.gelu(z))).float()


class LinkHead(nn.Module):
    BUCKETS = 32

    def __init__(self, width, inner=128, dropout=0.1):
        super().__init__()
        self.first, self.last, self.cue = nn.Linear(width, inner), nn.Linear(width, inner, bias=False), nn.Linear(width, inner, bias=False)
        self.distance = nn.Embedding(self.BUCKETS, inner)
        self.out = nn.Linear(inner, 2)
        self.dropout = Dropout(dropout)

    @staticmethod
    def bucket(distance):
        """Signed words between cue and span -> 0..31, as processor/model/heads.h says."""
        size = abs(distance)
        step = size if size < 8 else 8 + int(math.log2(size / 8) * 2)
        return min(15, step) + (16 if distance >= 0 else 0)

    def forward(self, hidden, spans, cues, buckets):
        first, last = hidden[spans[:, 0], spans[:, 1]], hidden[spans[:, 0], spans[:, 2] - 1]
        z = self.first(first) + self.last(last) + self.cue(span_means(hidden, cues, Slots(cues[:, 0], len(hidden)))) + self.distance(buckets)
        return self.out(self.dropout(F.gelu(z))).float()


class Chain(nn.Module):
    """A linear chain over tags, trained on sets of allowed tags: a known tag, a partly known one, or any."""

    def __init__(self, allowed, start):
        super().__init__()
        self.register_buffer("blocked", (~torch.tensor(allowed)).float() * BLOCKED)
        self.register_buffer("blocked_start", (~torch.tensor(start)).float() * BLOCKED)
        self.transitions = nn.Parameter(torch.zeros(len(start), len(start)))
        self.start = nn.Parameter(torch.zeros(len(start)))

    def scores(self):
        return self.transitions + self.blocked, self.start + self.blocked_start

    def partition(self, emissions, lengths):
        """log of the sum over all tag sequences, per sequence. The steps' matrices are multiplied pairwise in a tree,
        scaled by their largest entry each time: 8 levels instead of 160 steps."""
        transitions, start = self.scores()
        count, length, tags = emissions.shape
        top = emissions.amax(-1).detach()
        alive = torch.arange(length, device=emissions.device)[None] < lengths[:, None]
        scale = (top * alive).sum(1)
        steps = torch.exp(transitions + (emissions - top[..., None])[:, 1:, None, :])
        still = torch.eye(tags, device=emissions.device).expand(count, length - 1, tags, tags)
        steps = torch.where(alive[:, 1:, None, None], steps, still)
        while steps.shape[1] > 1:
            if steps.shape[1] % 2:
                steps = torch.cat([steps, still[:, :1]], 1)
            steps = steps[:, 0::2] @ steps[:, 1::2]
            largest = steps.amax((2, 3), keepdim=True).detach().clamp(min=1e-30)
            steps = steps / largest
            scale = scale + largest.log().sum((1, 2, 3))
        first = torch.exp(start + emissions[:, 0] - top[:, 0, None])
        whole = torch.bmm(first[:, None], steps[:, 0])[:, 0] if steps.shape[1] else first
        return whole.sum(1).clamp(min=1e-30).log() + scale

    def loss(self, emissions, allowed, lengths):
        """Negative log probability of the allowed tags: emissions [B][T][K], allowed the same shape, bool. Per sequence."""
        both = torch.cat([emissions, emissions.masked_fill(~allowed, BLOCKED)])
        whole, known = self.partition(both, torch.cat([lengths, lengths])).chunk(2)
        return whole - known

    @torch.no_grad()
    def decode(self, emissions):
        """The best tags of one sequence [T][K]."""
        transitions, start = self.scores()
        score, back = start + emissions[0], []
        for row in emissions[1:]:
            best, arg = (score[:, None] + transitions).max(0)
            back.append(arg)
            score = best + row
        tag = int(score.argmax())
        tags = [tag]
        for arg in reversed(back):
            tag = int(arg[tag])
            tags.append(tag)
        return tags[::-1]


class Network(nn.Module):
    def __init__(self, config, dropout=0.1):
        super().__init__()
        width = config["hidden_size"]
        self.config = config
        self.encoder = Encoder(config, dropout)
        self.dropout = Dropout(dropout)
        self.names, self.name_chain = nn.Linear(width, len(NAME_TAGS)), Chain(*name_transitions_allowed())
        self.roles = nn.Linear(width, 9)
        self.role_chains = nn.ModuleList(Chain(*role_transitions_allowed()) for _ in range(3))
        self.issues, self.issue_chain = nn.Linear(width, 3), Chain(*role_transitions_allowed())
        self.link = LinkHead(width, dropout=dropout)
        self.stance, self.portrayal = PairHead(width, 5, dropout=dropout), PairHead(width, 3, dropout=dropout)


def new_network(encoder="minilm", dropout=0.1):
    directory = package_dir(encoder)
    with open(os.path.join(directory, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    if config["model_type"] == "mpnet":
        config["vocab_size"] -= 5  # as BERT counts: without <s>, <pad>, </s>, <unk>, <mask>
        config["max_position_embeddings"] -= 2
    network = Network(config, dropout)
    network.encoder.load(load_file(os.path.join(directory, "model.safetensors")))
    return network
