"""How far the program's probabilities can be believed, and the numbers that make them so: calibration.py [--model MODEL]

  --write FILE    the fitted numbers as JSON: thresholds.py MODEL --calibration FILE writes them into a model file,
                  stanced/export.py into a new one (processor/model/calibration.h says what they do)
  --plots FOLDER  reliability plots, one SVG a head
  --folds N       parts that each dev set is cut into: 2
  --splits N      ways of cutting it: 20

Each dev set is cut by the hash of the sentence or article; each part is calibrated by what was fitted on the others, so no row
is measured by numbers that have seen it; what is written is fitted on all. One cut says little: SEESAW's articles differ, and
the same weights get anything from 0.02 to 0.09 by it; so a set is cut in many ways. The expected calibration
error is the mean distance of confidence and share right over 15 bins, equally wide or equally full: the mean over the cuts, with its
standard deviation. "before" is the model file without its calibration. "floor" is what a perfectly calibrated model with these
confidences would score by chance alone, over equally wide bins, on average; one in twenty such models would score more than
"95 %". Polar answers: each class for or against that is given a twentieth or more. The plots, "right" and the table of a stance's
confidence go by each row's mean over the cuts.
Standard library only."""
import argparse
import hashlib
import json
import math
import os
import random
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import score  # noqa: E402
from thresholds import rewrite  # noqa: E402

BINS = 15
LEAST_DOUBT = 1e-5  # as in processor/model/calibration.c
LEAST = 5e-5        # of a probability that was written as 0.0000
CLOSE = 1e-6        # a step of Newton's method after which nothing moves


# --- rows: (sentence or article, distribution over classes, gold class) or (..., probability, whether right), of a stance's confidence
# with a power: that of a mixed stance is the square of its weaker side's ----------------------------------------------------------------


def stance_rows(program):
    """DSE: (all rows, rows not in train)"""
    rows = score.dse_rows(program.data)
    found = [(row[0], p, row[3]) for row, p in zip(rows, score.ask_pairs(program, [row[:3] for row in rows]))]
    return found, [row for row, (*_, in_train) in zip(found, rows) if not in_train]


def sign_rows(program):
    """SEESAW, pair given: the answer between for and against alone, as silence is never right there."""
    gold = [s["polarity"] for item in program.rows("seesaw/dev.jsonl") for s in item["stances"]]
    rows = []
    for wanted, a in zip(gold, program.run("ask", score.seesaw_questions(program))):
        total = a["for"] + a["against"] or 1
        rows.append(("", [a["against"] / total, a["for"] / total], int(wanted == "POS")))
    return rows


def portrayal_rows(program):
    rows = [row for part in ("rw", "mt") for row in score.newsmtsc_rows(program.data, part)]
    found = score.ask_targets(program, [row[:2] for row in rows])
    return [(row[0], p, row[2]) for row, p in zip(rows, found)]


def name_rows(program, gold, gold_map, our_map):
    """Names as extracted: right with the exact span and type."""
    ner = program.scorer_module("ner")
    rows = []
    texts = program.dump("ner.py", gold)
    for doc, record in zip(ner.read_gold(os.path.join(program.data, gold)), program.run("extract", texts)):
        spans = ner.plain_text(doc)[1]
        wanted = {(spans[a][0], spans[b - 1][1], gold_map[label] if gold_map else label) for a, b, label in doc["entities"]}
        for e in record["entities"]:
            kind = our_map.get(e["type"]) if our_map else e["type"]
            rows += [(doc["id"], m["score"], (m["start"], m["end"], kind) in wanted)
                     for m in e["mentions"] if m["kind"] == "name" and kind]
    return rows


def confidence_rows(program):
    """SEESAW, end to end, article: (stances between two listed names, stances of the author toward a listed name).
    What is found of names outside the list is not annotated, so it is neither right nor wrong."""
    seesaw = program.scorer_module("seesaw")
    listed, author = [], []
    records = program.run("extract", program.dump("seesaw.py", "seesaw/dev.jsonl"))
    for item, record in zip(program.rows("seesaw/dev.jsonl"), records):
        known = seesaw.inventory(item)
        ends = {e: seesaw.resolve(names, known, False) for e, names in score.entity_names(record).items()}
        ends["author"] = seesaw.AUTHOR
        gold = {(s["source"], s["polarity"], s["target"]) for s in item["stances"]}
        for s in record["stances"]:
            source, target = ends[s["source"]], ends[s["target"]]
            if source is None or target is None or source == target:
                continue
            signs = {"for": ["POS"], "against": ["NEG"], "mixed": ["POS", "NEG"]}[s["polarity"]]
            right = all((source, sign, target) in gold for sign in signs)
            (author if s["source"] == "author" else listed).append((item["id"], s["confidence"], right, len(signs)))
    return listed, author


def all_rows(program):
    maps = program.scorer_module("ner").MAPS
    dse, clean = stance_rows(program)
    listed, author = confidence_rows(program)
    return {"stance": dse, "clean": clean, "sign": sign_rows(program), "portrayal": portrayal_rows(program),
            "names": name_rows(program, "worldwide/dev.tsv", None, None),
            "conll": name_rows(program, "conllpp/dev.txt", maps["conll4"], maps["ww4"]),
            "confidence": listed, "author": author}


# --- fitting --------------------------------------------------------------------------------------------------------


def silent_class(distribution):
    return 0 if len(distribution) == 5 else 1


def scale(numbers, distribution):
    """As calibration_scale() does it; of two classes neither is silent."""
    temperature, silence = numbers
    powers = [max(p, LEAST) ** (1 / temperature) for p in distribution]
    if len(distribution) > 2:
        powers[silent_class(distribution)] *= math.exp(silence)
    return [p / sum(powers) for p in powers]


def features(p):
    p = min(max(p, LEAST_DOUBT), 1 - LEAST_DOUBT)
    return math.log(p), -math.log(1 - p), 1.0


def bend(curve, p, power=1):
    return (1 / (1 + math.exp(-sum(w * x for w, x in zip(curve, features(p ** (1 / power))))))) ** power


def solve(matrix, values):
    """Gaussian elimination; the matrix is positive definite."""
    n = len(values)
    rows = [list(row) + [value] for row, value in zip(matrix, values)]
    for i in range(n):
        for k in range(i + 1, n):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [x - factor * y for x, y in zip(rows[k], rows[i])]
    out = [0.0] * n
    for i in reversed(range(n)):
        out[i] = (rows[i][n] - sum(rows[i][k] * out[k] for k in range(i + 1, n))) / rows[i][i]
    return out


def fit_scale(rows, used=(0, 1)):
    """Temperature and silence of the least negative log likelihood, which is convex in 1 / T and s: Newton's method."""
    weights = [0.5, 0.0]
    for _ in range(40):
        slopes, bends = [0.0 for _ in used], [[0.0 for _ in used] for _ in used]
        for _, p, gold in rows:
            q = scale((1 / weights[0], weights[1]), p)
            features_ = [(math.log(max(x, LEAST)), float(c == silent_class(p))) for c, x in enumerate(p)]
            middle = [sum(w * f[i] for w, f in zip(q, features_)) for i in used]
            for i in used:
                slopes[i] += features_[gold][i] - middle[i]
                for k in used:
                    bends[i][k] += sum(w * f[i] * f[k] for w, f in zip(q, features_)) - middle[i] * middle[k]
        steps = solve(bends, slopes)
        reach = max(1, 5 * max(map(abs, steps)))  # at most a fifth: a full step may leave what the logarithm can hold
        for i in used:
            weights[i] += steps[i] / reach
        if max(map(abs, steps)) < CLOSE:
            break
    return [round(1 / weights[0], 3), round(weights[1], 3)]


def fit_temperature(rows):
    """No silence: on NewsMTSC it is worth nothing."""
    return fit_scale(rows, used=(0,))


def fit_curve(rows):
    """Logistic regression on ln p, -ln(1 - p) by Newton's method. A weight that comes out below zero is left out and the rest
    fitted anew, so that no order turns. Mixed stances follow the others' curve."""
    points = [(features(row[1]), row[2]) for row in rows if row[3:] in ((), (1,))]
    used = [0, 1, 2]
    while True:
        weights = [0.0, 0.0, 0.0]
        for _ in range(50):
            slopes, bends = [0.0] * len(used), [[1e-6 * (i == k) for k in used] for i in used]
            for x, right in points:
                q = 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, x))))
                for i, f in enumerate(used):
                    slopes[i] += (right - q) * x[f]
                    for k, g in enumerate(used):
                        bends[i][k] += q * (1 - q) * x[f] * x[g]
            steps = solve(bends, slopes)
            for f, step in zip(used, steps):
                weights[f] += step / max(1, *map(abs, steps))
            if max(map(abs, steps)) < CLOSE:
                break
        worst = min(used[:-1], key=lambda f: weights[f], default=2)
        if worst == 2 or weights[worst] >= 0:
            return [round(w, 3) for w in weights]
        used.remove(worst)


# The fitted heads: how, what that does to a row, and what it is called in the model file.
HEADS = {"stance": (fit_scale, scale, ["stance_temperature", "stance_silence"]),
         "portrayal": (fit_temperature, scale, ["portrayal_temperature"]),
         "names": (fit_curve, bend, ["name_rise", "name_fall", "name_offset"]),
         "confidence": (fit_curve, bend, ["confidence_rise", "confidence_fall", "confidence_offset"])}


def fitted_rows(rows):
    """{head: what it is fitted on}. Names are of both sets: fitted on one alone they were off by 0.054 on the other. Stance is of all of DSE:
    fitted on the rows that are not in train it is truer there (0.034 for 0.062 of polar answers), but loses two points of macro F1 on all."""
    return {"stance": rows["stance"], "portrayal": rows["portrayal"], "names": rows["names"] + rows["conll"], "confidence": rows["confidence"]}


class Fitted:
    """A head's numbers for each part of each cut, from its other parts; and from all rows, for the model file and other data sets."""

    def __init__(self, name, rows, folds, splits):
        fit, self.apply, self.keys = HEADS[name]
        self.folds = folds
        self.whole = fit(rows)
        self.by_part = [[fit([row for row in rows if self.part(row, split) != part]) for part in range(folds)] for split in range(splits)]

    def part(self, row, split):
        return int.from_bytes(hashlib.sha256(f"{split} {row[0]}".encode()).digest()[:4], "big") % self.folds

    def numbers(self):
        return dict(zip(self.keys, self.whole))

    def calibrated(self, rows, is_other_data):
        """The rows once for each cut."""
        if is_other_data:
            return [[(row[0], self.apply(self.whole, row[1], *row[3:]), row[2]) for row in rows]]
        return [[(row[0], self.apply(numbers[self.part(row, split)], row[1], *row[3:]), row[2]) for row in rows]
                for split, numbers in enumerate(self.by_part)]


def mean_rows(splits):
    """Of rows in several calibrations the mean of what each is given."""
    average = lambda values: mean(values) if isinstance(values[0], float) else [mean(v) for v in zip(*values)]
    return [(rows[0][0], average([row[1] for row in rows]), rows[0][2]) for rows in zip(*splits)]


# --- measuring ------------------------------------------------------------------------------------------------------


def points_of(rows):
    """[(confidence, whether right)]; of a distribution the likeliest class counts."""
    return [(p, right) if isinstance(p, float) else (max(p), p.index(max(p)) == right) for p, right in ((r[1], r[2]) for r in rows)]


def polar_points(rows):
    """What is claimed for or against somebody, one point an answer of which at least a twentieth is claimed."""
    return [(x, c == gold) for _, p, gold in rows for c, x in enumerate(p) if c != silent_class(p) and x >= 0.05]


def wide_bins(points):
    bins = [[] for _ in range(BINS)]
    for p, right in points:
        bins[min(BINS - 1, int(p * BINS))].append((p, right))
    return [b for b in bins if b]


def full_bins(points):
    ordered = sorted(points)
    cuts = [i * len(ordered) // BINS for i in range(BINS + 1)]
    return [ordered[a:b] for a, b in zip(cuts, cuts[1:]) if b > a]


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def error_of(bins):
    total = sum(len(b) for b in bins)
    return sum(abs(sum(p for p, _ in b) - sum(right for _, right in b)) for b in bins) / total


def floor_of(points, draws=200):
    """The mean and the value that one draw in twenty exceeds."""
    random_ = random.Random(1)
    errors = sorted(error_of(wide_bins([(p, random_.random() < p) for p, _ in points])) for _ in range(draws))
    return mean(errors), errors[draws * 19 // 20]


TABLE = [  # rows, what, whose numbers, whether these are other data than the head was fitted on
    ("stance", "stance, DSE, all rows", "stance", False), ("clean", "stance, DSE, rows not in train", "stance", False),
    ("sign", "sign, SEESAW, pair given", "stance", True), ("portrayal", "portrayal, NewsMTSC rw and mt", "portrayal", False),
    ("names", "names, Worldwide, 9 classes", "names", False), ("conll", "names, CoNLL++, 4 classes", "names", False),
    ("confidence", "confidence, SEESAW listed", "confidence", False), ("author", "confidence, of the author", "confidence", True)]


def spread(values):
    return math.sqrt(mean(v * v for v in values) - mean(values) ** 2)


def line(what, before, splits, points):
    """`points` of rows; `splits` are the calibrated rows of each cut."""
    before, after = points(before), points(mean_rows(splits))
    wide = [error_of(wide_bins(points(rows))) for rows in splits]
    full = [error_of(full_bins(points(rows))) for rows in splits]
    floor, high = floor_of(after)
    print(f"{what:34s} {len(after):5d}  {100 * mean(r for _, r in after):5.1f}  {100 * mean(p for p, _ in before):5.1f} "
          f"{100 * mean(p for p, _ in after):5.1f}   {error_of(wide_bins(before)):.3f}  {mean(wide):.3f} ({spread(wide):.3f})  "
          f"{error_of(full_bins(before)):.3f}  {mean(full):.3f}  {floor:.3f}  {high:.3f}")


def print_table(before, after):
    print(f"{'':34s} {'':5s}  {'':5s}  {'confidence %':11s}  {'ECE, wide':20s}  {'ECE, full':12s}\n"
          f"{'':34s} {'n':>5s}  {'right':5s} before after  before after (sd)    before after  floor  95 %")
    for name, what, *_ in TABLE:
        line(what, before[name], after[name], points_of)
        if name in ("stance", "clean", "portrayal"):
            line("  polar answers of these", before[name], after[name], polar_points)


def print_bins(rows):
    print("confidence  stances  mean  right")
    for tenth in range(10):
        points = [(p, right) for p, right in points_of(rows) if tenth <= 10 * p < tenth + 1]
        if points:
            print(f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}  {len(points):7d}  {mean(p for p, _ in points):.2f}  {mean(r for _, r in points):.2f}")


# --- plots ----------------------------------------------------------------------------------------------------------


def plot(path, title, before, after):
    """Share right over confidence, equally full bins; a calibrated model is on the diagonal."""
    size, left, top = 300, 48, 34
    at = lambda p, share: (left + size * p, top + size * (1 - share))
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + size + 16}" height="{top + size + 44}" font-family="sans-serif" '
           f'font-size="11"><rect width="100%" height="100%" fill="#fff"/>',
           f'<text x="{left}" y="20" font-size="13">{title}</text>']
    for tenth in range(0, 11, 2):
        x, y = at(tenth / 10, tenth / 10)
        out.append(f'<path d="M{x:.0f} {top}v{size}M{left} {y:.0f}h{size}" stroke="#ddd"/>'
                   f'<text x="{x:.0f}" y="{top + size + 14}" text-anchor="middle">{tenth / 10}</text>'
                   f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{tenth / 10}</text>')
    out.append(f'<path d="M{left} {top + size}L{left + size} {top}" stroke="#999" stroke-dasharray="4 4"/>'
               f'<text x="{left + size / 2}" y="{top + size + 32}" text-anchor="middle">confidence</text>'
               f'<text transform="translate(13 {top + size / 2}) rotate(-90)" text-anchor="middle">share right</text>')
    for n, (name, colour, points) in enumerate((("before", "#c60", before), ("after", "#06c", after))):
        marks = [at(mean(p for p, _ in b), mean(r for _, r in b)) for b in full_bins(points)]
        out.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in marks)}" fill="none" stroke="{colour}" stroke-opacity="0.5"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in marks]
        out.append(f'<text x="{left + 10}" y="{top + 18 + 15 * n}" fill="{colour}">{name}: ECE {error_of(wide_bins(points)):.3f}</text>')
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n</svg>\n")


def write_plots(folder, before, after):
    for name, what, *_ in TABLE:
        if name in HEADS:
            plot(os.path.join(folder, f"reliability-{name}.svg"), what, points_of(before[name]), points_of(mean_rows(after[name])))


def main():
    parser = score.option_parser(__doc__)
    parser.set_defaults(model=os.path.join(HERE, "..", "models", "stanced-en-small.bin"))
    parser.add_argument("--write")
    parser.add_argument("--plots")
    parser.add_argument("--folds", type=int, default=2)
    parser.add_argument("--splits", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model.bin")
        rewrite(options.model, model, calibration={})
        before = all_rows(score.Program(argparse.Namespace(**{**vars(options), "model": model})))
    heads = {name: Fitted(name, rows, options.folds, options.splits) for name, rows in fitted_rows(before).items()}
    after = {name: heads[head].calibrated(before[name], is_other) for name, _, head, is_other in TABLE}
    for name, head in heads.items():
        print(f"{name}: {head.numbers()}, in the first cut {head.by_part[0]}")
    print_table(before, after)
    print_bins(mean_rows(after["confidence"]))
    if options.write:
        with open(options.write, "w", encoding="utf-8") as file:
            file.write(json.dumps({k: v for head in heads.values() for k, v in head.numbers().items()}, indent=1) + "\n")
    if options.plots:
        write_plots(options.plots, before, after)


if __name__ == "__main__":
    main()
