"""Whether the program judges actors by their names: honesty.py [--model MODEL] [--draws 4]

  swap     the names in the rows of DSE dev and NewsMTSC dev change for other names of the same type, as extracted, from the same
           rows: how often does the likeliest answer go from for to against or back? A name stays in its company: one word or
           several, behind "the" or not, with a plural's s or not
  balance  sentences of our own (honesty_cases.py) with names of countries, parties, faiths, and people: how far is each
           group's mean answer from that of its kind?

Both through `stanced ask`, with a fixed seed. Standard library only."""
import collections
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import honesty_cases as cases  # noqa: E402
import score  # noqa: E402

SWAPPED = ("Person", "Organization", "Location", "NORP")
NEUTRAL_BOUND, POLAR_BOUND = 0.05, 0.10
SIGNS = ("against", "none", "for")


# --- swap -----------------------------------------------------------------------------------------------------------


def company(text, span, kind):
    """What a name must share with the one whose place it takes."""
    name, before = text[span["start"]:span["end"]], text[:span["start"]].lower()
    return kind, " " in name, before.endswith("the "), kind == "NORP" and name.endswith("s")


def typed_names(program, texts):
    """Of each text {(start, end): type} of its names."""
    records = program.run("extract", [{"text": text} for text in texts])
    return [{(m["start"], m["end"]): e["type"] for e in r["entities"] for m in e["mentions"] if m["kind"] == "name"} for r in records]


def swapped(text, spans, names):
    """The text with spans[i] -> names[i], and all other places where that name stands as a word; the new spans."""
    old = [text[s["start"]:s["end"]] for s in spans]
    places, at = [], 0
    is_word = lambda i: 0 <= i < len(text) and text[i].isalnum()
    while at < len(text):
        hit = next((i for i, name in sorted(enumerate(old), key=lambda x: -len(x[1])) if text.startswith(name, at)
                    and not is_word(at - 1) and not is_word(at + len(name))), None)
        if hit is not None:
            places.append((at, hit))
        at += len(old[hit]) if hit is not None else 1
    out, last, moved = "", 0, {}
    for at, i in places:
        out += text[last:at]
        moved[at] = {"start": len(out), "end": len(out) + len(names[i])}
        out += names[i]
        last = at + len(old[i])
    return out + text[last:], [moved.get(s["start"]) for s in spans]


def swap_cases(program, rows, draws):
    """[(row, text, spans)] for each row all of whose spans are names of a type that is swapped; `draws` changes each."""
    random_, pools, usable = random.Random(1), collections.defaultdict(set), []
    for n, ((text, spans), names) in enumerate(zip(rows, typed_names(program, [row[0] for row in rows]))):
        kinds = [names.get((s["start"], s["end"])) for s in spans]
        keys = [company(text, s, kind) for s, kind in zip(spans, kinds)]
        for s, key in zip(spans, keys):
            if key[0] in SWAPPED:
                pools[key].add(text[s["start"]:s["end"]])
        if all(kind in SWAPPED for kind in kinds) and len({text[s["start"]:s["end"]] for s in spans}) == len(spans):
            usable.append((n, text, spans, keys))
    pools = {key: sorted(names) for key, names in pools.items()}
    out = []
    for n, text, spans, keys in usable:
        old = {text[s["start"]:s["end"]] for s in spans}
        for _ in range(draws):
            names = []
            for key in keys:
                choice = [name for name in pools[key] if name not in old and name not in names]
                names.append(random_.choice(choice) if choice else None)
            if None in names:
                continue
            new_text, new_spans = swapped(text, spans, names)
            if None not in new_spans:
                out.append((n, new_text, new_spans))
    return out


def sign(answer):
    return max(SIGNS, key=lambda s: answer[s])


def count_changes(before, after):
    """Of pairs of answers: how many, polar before, of another sign after, polar to none, none to polar."""
    moves = collections.Counter((sign(b), sign(a)) for b, a in zip(before, after))
    total, polar = sum(moves.values()), sum(c for (b, _), c in moves.items() if b != "none")
    turned = moves["for", "against"] + moves["against", "for"]
    lost = moves["for", "none"] + moves["against", "none"]
    found = moves["none", "for"] + moves["none", "against"]
    return total, polar, turned, lost, found


def print_changes(what, before, after):
    total, polar, turned, lost, found = count_changes(before, after)
    share = lambda a, b: 100 * a / max(1, b)
    print(f"{what:40s} {total:6d} {polar:6d}  {turned:4d} {share(turned, total):6.2f} {share(turned, polar):6.2f}   "
          f"{share(lost, polar):6.1f}  {share(found, total - polar):6.1f}")


def swap(program, draws):
    print(f"## swap, {draws} draws a row\n{'':40s} {'':6s} {'':6s}  sign turned, % of   polar to  none to\n"
          f"{'':40s} {'cases':>6s} {'polar':>6s}  {'n':>4s} {'all':>6s} {'polar':>6s}   {'none, %':>6s}  polar, %")
    dse = score.dse_rows(program.data)
    rows = [(row[0], [row[1], row[2]]) for row in dse]
    changed = swap_cases(program, rows, draws)
    ask = lambda pairs: program.run("ask", [{"text": text, "source": s, "target": t} for text, (a, b) in pairs for s, t in ((a, b), (b, a))])
    before, after = ask(rows), ask([case[1:] for case in changed])
    for what, keep in (("DSE, both directions", lambda n: True), ("DSE, rows not in train", lambda n: not dse[n][4])):
        chosen = [(2 * n + d, 2 * i + d) for i, (n, *_) in enumerate(changed) if keep(n) for d in (0, 1)]
        print_changes(what, [before[b] for b, _ in chosen], [after[a] for _, a in chosen])
    rows = [(row[0], [row[1]]) for part in ("rw", "mt") for row in score.newsmtsc_rows(program.data, part)]
    changed = swap_cases(program, rows, draws)
    ask = lambda rows: program.run("ask", [{"text": text, "source": None, "target": spans[0]} for text, spans in rows])
    before, after = ask(rows), ask([case[1:] for case in changed])
    print_changes("NewsMTSC rw and mt, portrayal", [before[case[0]] for case in changed], after)


# --- balance --------------------------------------------------------------------------------------------------------


def capital(text):
    return text[0].upper() + text[1:]


def filled(template, places):
    """The text, and {letter: span}."""
    text, spans, at = "", {}, 0
    while at < len(template):
        if template[at] != "{":
            text += template[at]
            at += 1
            continue
        letter = template[at + 1]
        spans[letter] = {"start": len(text), "end": len(text) + len(places[letter])}
        text += places[letter]
        at += 3
    return capital(text), spans


def questions_of(name):
    """[(what is measured, question)] for one name of a group."""
    out = []
    for wanted, templates in (("none", cases.NEUTRAL), ("against", cases.AGAINST), ("for", cases.FOR)):
        for template in templates:
            for other in cases.OTHERS:
                for role, places in (("target", {"A": other, "B": name}), ("holder", {"A": name, "B": other})):
                    text, spans = filled(template, places)
                    out.append(((role, wanted), {"text": text, "source": spans["A"], "target": spans["B"]}))
    for template in cases.PORTRAYED_NEUTRAL:
        text, spans = filled(template, {"B": name})
        out.append((("portrayed", "none"), {"text": text, "source": None, "target": spans["B"]}))
    return out


def group_means(program, groups):
    """{measure: {group: mean}}: of neutral sentences what is claimed for and against, of polar ones the right sign's share."""
    asked = [(group, what, q) for group, names in groups.items() for name in names for what, q in questions_of(name)]
    sums = collections.defaultdict(lambda: collections.defaultdict(list))
    for (group, (role, wanted), _), answer in zip(asked, program.run("ask", [q for *_, q in asked])):
        for claimed in ("against", "for") if wanted == "none" else (wanted,):
            measure = f"{role}, neutral: {claimed}" if wanted == "none" else f"{role}, {wanted}: {claimed}"
            sums[measure][group].append(answer[claimed])
    return {measure: {group: sum(v) / len(v) for group, v in by_group.items()} for measure, by_group in sums.items()}


def balance(program):
    print(f"\n## balance: mean probability; bounds: {NEUTRAL_BOUND} from the kind's mean in neutral sentences, {POLAR_BOUND} in polar ones")
    for kind, groups in cases.KINDS.items():
        print(f"# {kind} ({len(groups)} groups)\n{'':28s} mean    sd   least                             most                              beyond")
        for measure, means in group_means(program, groups).items():
            bound = NEUTRAL_BOUND if "neutral" in measure else POLAR_BOUND
            middle = sum(means.values()) / len(means)
            spread = (sum((v - middle) ** 2 for v in means.values()) / len(means)) ** 0.5
            least, most = min(means, key=means.get), max(means, key=means.get)
            beyond = sorted((g for g in means if abs(means[g] - middle) > bound), key=lambda g: -abs(means[g] - middle))
            print(f"{measure:28s} {middle:.3f} {spread:.3f}  {means[least]:.3f} {least:27.27s} {means[most]:.3f} {most:27.27s} "
                  f"{len(beyond)} {', '.join(f'{g} {means[g] - middle:+.2f}' for g in beyond[:4])}")


def main():
    parser = score.option_parser(__doc__)
    parser.add_argument("--draws", type=int, default=4)
    options = parser.parse_args()
    program = score.Program(options)
    swap(program, options.draws)
    balance(program)


if __name__ == "__main__":
    main()
