"""Articles written for this project (training/written/*.txt), with every name and every stance marked in the text itself.

    ## cricket-umpires
    {Karim Haddad|P1}, head of the {Tessaly|L2} league, defended {umpire Joan Pike|P3} on {Monday|-}.
    > 1 + 3
    “{I|p1} have no doubts about {her|p3},” {he|p1} said.
    > 1 + 3

A line is a sentence, an empty line ends a paragraph. `{text|X7}` is a mention of entity 7: a name where X is the type's letter (TYPES), else
n a nominal, p a pronoun, i a measure, plan or event that has no name. `> source sign target` says of the sentence above who is for (+) or against (-) whom;
0 is the author; a `?` behind it: another reader might not list it.

  python3 training/stanced/marked.py FILE...    says what is wrong with files, and counts; standard library only"""
import glob
import os
import re
import sys
import zlib

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "written")
TYPES = {"P": "Person", "O": "Organization", "L": "Location", "N": "NORP", "F": "Facility", "R": "Product", "M": "Misc"}
KINDS = {"n": "nominal", "p": "pronoun", "i": "issue"}
MARK = re.compile(r"\{([^{}|]+)\|([A-Za-z])(\d+)\}")
SAID = re.compile(r"> *(\d+) *([+-]) *(\d+) *(\??)$")


class Article:
    """text; sentences [(start, end)]; marks [(start, end, number, letter)]; said [[sentence, source, target, sign, is sure]]; faults."""

    def __init__(self, name):
        self.name, self.text = name, ""
        self.sentences, self.marks, self.said, self.faults = [], [], [], []

    def add_sentence(self, line, is_new_paragraph):
        self.text += "" if not self.text else "\n\n" if is_new_paragraph else " "
        start, last = len(self.text), 0
        for m in MARK.finditer(line):
            self.text += line[last:m.start()]
            self.marks.append((len(self.text), len(self.text) + len(m[1]), int(m[3]), m[2]))
            self.text += m[1]
            last = m.end()
        self.text += line[last:]
        self.sentences.append((start, len(self.text)))
        if re.search(r"[{}|]", self.text[start:]):
            self.faults.append(f"a mark that is none: {line}")

    def check(self):
        for start, end, _, letter in self.marks:
            if letter not in TYPES and letter not in KINDS:
                self.faults.append(f"no such letter: {letter} of {self.text[start:end]!r}")
            if letter in TYPES:
                if not any(c.isupper() or c.isdigit() for c in self.text[start:end]):
                    self.faults.append(f"a name without a capital: {self.text[start:end]!r}")
            elif letter == "p" and self.text[start:end].lower() not in PRONOUNS:
                self.faults.append(f"not a pronoun: {self.text[start:end]!r}")
        known = {m[2] for m in self.marks}
        for sentence, source, target, sign, _ in self.said:
            if source == target or target not in known or source not in known | {0}:
                self.faults.append(f"nobody: > {source} {'+' if sign > 0 else '-'} {target} behind {self.text[slice(*self.sentences[sentence])]!r}")


PRONOUNS = set("i me we us he him she her his they them it its their my our you your himself herself itself themselves who whom ours mine hers theirs".split())


def parse(path):
    articles, is_new = [], False
    with open(path, encoding="utf-8") as lines:
        for line in map(str.strip, lines):
            said = SAID.match(line)
            if line.startswith("##"):
                articles.append(Article(f"{os.path.basename(path)[:-4]}/{line[2:].strip()}"))
                is_new = False
            elif not line:
                is_new = True
            elif not articles:
                raise SystemExit(f"{path}: begins without a ## line")
            elif line.startswith(">") and (not said or not articles[-1].sentences):
                articles[-1].faults.append(f"no stance: {line}")
            elif said:
                articles[-1].said.append([len(articles[-1].sentences) - 1, int(said[1]), int(said[3]), 1 if said[2] == "+" else -1, not said[4]])
            else:
                articles[-1].add_sentence(line, is_new)
                is_new = False
    for article in articles:
        article.check()
    return articles


def is_kept_out(article):
    """A tenth measures what the others teach."""
    return zlib.crc32(article.name.encode()) % 10 == 0


def articles(kept_out=False, folder=FOLDER):
    return [a for path in sorted(glob.glob(os.path.join(folder, "*.txt"))) for a in parse(path) if is_kept_out(a) == kept_out]


def main():
    read = [a for path in sys.argv[1:] for a in parse(path)]
    faults = [f"{article.name}: {fault}" for article in read for fault in article.faults]
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{len(read)} articles, {sum(len(a.sentences) for a in read)} sentences, {sum(len(a.said) for a in read)} stances, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
