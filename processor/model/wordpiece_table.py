"""Writes wordpiece_table.c: what BERT's uncased normaliser and pre-tokenizer do to each code point.

Asks the `tokenizers` library itself, one code point at a time, so that the table agrees with the library's mix of
Unicode versions. Hangul syllables are left out: tokenizer.c decomposes them by their formula.

    python3 processor/model/wordpiece_table.py > processor/model/wordpiece_table.c
"""

from tokenizers import normalizers, pre_tokenizers

NORMALIZER = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
LETTERS = {"REMOVED": "R", "SPACE": "S", "ALONE": "A", "LETTER": "L", "SEQUENCE": "Q"}
SPLITTER = pre_tokenizers.BertPreTokenizer()


def kind_and_text(code_point):
    text = NORMALIZER.normalize_str(chr(code_point))
    if text == "":
        return "REMOVED", ""
    if text == " ":
        return "SPACE", ""
    if text.startswith(" ") or len(SPLITTER.pre_tokenize_str("a" + text + "b")) == 3:
        return "ALONE", text.strip()
    return "LETTER", text


def entries():
    """(code point, kind, shift) of all that are not plain letters; {code point: its two or three letters}."""
    found, sequences = [], {}
    for code_point in range(0x110000):
        if 0xD800 <= code_point < 0xE000 or 0xAC00 <= code_point <= 0xD7A3:
            continue
        kind, text = kind_and_text(code_point)
        if len(text) > 1:
            assert kind == "LETTER" and len(text) <= 3, hex(code_point)
            sequences[code_point] = [ord(c) for c in text] + [0] * (3 - len(text))
            kind, shift = "SEQUENCE", 0
        else:
            shift = ord(text) - code_point if text else 0
        if kind != "LETTER" or shift:
            found.append((code_point, kind, shift))
    return found, sequences


def runs(found):
    """Joins neighbours, also those two apart (upper and lower case taking turns)."""
    out = []
    for code_point, kind, shift in found:
        if out and out[-1][3:] == [kind, shift]:
            first, last, step = out[-1][:3]
            gap = code_point - last
            if gap == step or (first == last and gap == 2):
                out[-1][1:3] = [code_point, gap]
                continue
        out.append([code_point, code_point, 1, kind, shift])
    return out


def rows(items, per_line):
    for start in range(0, len(items), per_line):
        print("    " + " ".join(items[start : start + per_line]))


def main():
    found, sequences = entries()
    ranges = runs(found)
    print("/* Written by wordpiece_table.py; see wordpiece_table.h. */")
    print('#include "processor/model/wordpiece_table.h"\n')
    for kind in ("REMOVED", "SPACE", "ALONE", "LETTER", "SEQUENCE"):
        print(f"#define {LETTERS[kind]} WORDPIECE_{kind}")
    print("\nconst struct wordpiece_range WORDPIECE_RANGES[] = {")
    rows([f"{{0x{a:X}, 0x{b:X}, {step}, {LETTERS[kind]}, {shift}}}," for a, b, step, kind, shift in ranges], 4)
    print("};\nconst size_t WORDPIECE_RANGE_COUNT = sizeof WORDPIECE_RANGES / sizeof *WORDPIECE_RANGES;")
    print("\nconst struct wordpiece_sequence WORDPIECE_SEQUENCES[] = {")
    rows([f"{{0x{c:X}, {{0x{a:X}, 0x{b:X}, 0x{d:X}}}}}," for c, (a, b, d) in sorted(sequences.items())], 3)
    print("};\nconst size_t WORDPIECE_SEQUENCE_COUNT = sizeof WORDPIECE_SEQUENCES / sizeof *WORDPIECE_SEQUENCES;")


main()
