"""models/knowledge.bin for Python: names of its fields, the spelling of names, and a second reader beside
processor/knowledge/knowledge.c. Standard library only."""
import struct
import unicodedata

KINDS = ("country region capital city seat demonym group politician person party international agency company media "
         "organization measure").split()
TYPES = "Person Organization Location NORP Facility Misc".split()
LAST_NAME, ACRONYM, AMBIGUOUS, FOLDED, HISTORIC = 1, 2, 4, 8, 16
NONE = 0xFFFFFFFF

# As in processor/knowledge/normal.c; tests/unit/knowledge holds both to the same examples.
TWINS = {0xA0: " ", 0xC6: "AE", 0xD0: "D", 0xD8: "O", 0xDE: "Th", 0xDF: "ss", 0xE6: "ae", 0xF0: "d", 0xF8: "o", 0xFE: "th",
         0x110: "D", 0x111: "d", 0x131: "i", 0x141: "L", 0x142: "l", 0x152: "OE", 0x153: "oe", 0x18F: "A", 0x259: "a",
         0x2BB: "'", 0x2BC: "'", 0x2BE: "'", 0x2BF: "'", 0x2010: "-", 0x2011: "-", 0x2012: "-", 0x2013: "-", 0x2014: "-",
         0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}


def normal(name):
    """The one spelling of a name that is looked up, or '' where it has no Latin form."""
    out = []
    for char in unicodedata.normalize("NFD", name):
        plain = TWINS.get(ord(char), " " if char.isspace() or char == "\u200b" else char)
        if unicodedata.category(plain[0]).startswith("M"):
            continue
        if not plain.isascii():
            return ""
        out.append(plain)
    return " ".join("".join(out).split())


class Reader:
    """The file, read plainly: a second reader beside processor/knowledge/knowledge.c."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        _, _, entries, surfaces, candidates, _, _, _ = struct.unpack_from("<8sIIIIII32s", data)
        at = 64
        self.entries = list(struct.iter_unpack("<IIIHHHHBB2s", data[at:at + 24 * entries]))
        at += 24 * entries
        table = list(struct.iter_unpack("<IIHH", data[at:at + 12 * surfaces]))
        at += 12 * surfaces
        found = list(struct.iter_unpack("<IHH", data[at:at + 8 * candidates]))
        self.text = data[at + 8 * candidates:]
        self.exact, self.folded = {}, {}
        for offset, first, size, count in table:
            surface = self.text[offset:offset + size].decode()
            self.exact[surface] = found[first:first + count]
            best = self.folded.get(surface.lower())
            if best is None or found[first][1] > best[0][1]:
                self.folded[surface.lower()] = found[first:first + count]

    def name(self, entry):
        offset, size = self.entries[entry][0], self.entries[entry][3]
        return self.text[offset:offset + size].decode()

    def item(self, entry):
        """"Q148"; for a demonym the country's."""
        if KINDS[self.entries[entry][8]] == "demonym" and self.entries[entry][1] != NONE:
            entry = self.entries[entry][1]
        return f"Q{self.entries[entry][2]}" if self.entries[entry][2] else ""

    def find(self, name):
        for tried in (normal(name), normal(name).removeprefix("The ").removeprefix("the "),
                      normal(name).removesuffix("'s")):
            if tried in self.exact:
                return [(e, p, f) for e, p, f in self.exact[tried]]
            if len(tried) >= 4 and tried.lower() != tried and tried.lower() in self.folded:
                return [(e, p, f | FOLDED) for e, p, f in self.folded[tried.lower()]]
        return []
