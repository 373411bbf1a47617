"""All that is trained on, as documents."""
from . import articles, issues, readings, sources, synthetic, typed, written
from .text import load_tokenizer


def load_sets(data, epochs, soft=()):
    """soft: files of articles labelled by a teacher (articles.py)."""
    tokenizer = load_tokenizer()
    worldwide = sources.worldwide(tokenizer, data, "train")
    pool = synthetic.name_pool(worldwide[0])
    turns = [{"readings_named": readings.readings_named(tokenizer, data, seed=s),
              "written_named": written.written_named(tokenizer, seed=s),
              "seesaw_named": sources.seesaw_named(tokenizer, data, "train", seed=s),
              "dse_renamed": sources.dse_renamed(tokenizer, data, seed=s),
              "synthetic": synthetic.synthetic(tokenizer, pool, 8000, seed=s),
              "issues": issues.issues(tokenizer, pool, 2500, seed=s),
              "typed": typed.typed(tokenizer, pool, 3000, seed=s)} for s in range(min(epochs, 3))]
    return {
        "worldwide": worldwide, "conllpp": sources.conllpp(tokenizer, data, "train"),
        "polnear": sources.polnear(tokenizer, data, "train"), "seesaw": sources.seesaw(tokenizer, data, "train"),
        "readings": readings.readings(tokenizer, data), "written": written.written(tokenizer), "turns": turns, "soft": [d for path in soft for d in articles.load(tokenizer, path)],
        "dse": sources.dse(tokenizer, data, "train"), "newsmtsc": sources.newsmtsc(tokenizer, data, "train"),
        "mpqa": sources.mpqa(tokenizer, data), "basil": sources.basil(tokenizer, data)}
