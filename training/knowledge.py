#!/usr/bin/env python3
"""Compiles public facts into models/knowledge.bin, the file that processor/knowledge reads.

    python3 training/knowledge.py FOLDER-OF-LISTS models/knowledge.bin

Needs Python 3.9 and PyYAML. The same lists always give the same bytes. The lists and their licences are named in
models/NOTICE; training/facts holds what was added by hand. The layout is described in processor/knowledge/knowledge.h.
"""
import argparse
import hashlib
import os
import re
import struct
import sys

import knowledge_lists
from knowledge_file import ACRONYM, AMBIGUOUS, HISTORIC, KINDS, LAST_NAME, NONE, TYPES, normal

TYPE_OF_KIND = {"country": "Location", "region": "Location", "capital": "Location", "city": "Location", "seat": "Facility",
                "demonym": "NORP", "group": "NORP", "politician": "Person", "person": "Person", "measure": "Misc"}
ALIKE = ({"politician", "person"}, {"international", "organization"})  # one list's kind may be the other's
CANDIDATES_MOST = 12
NAME_BYTES_MOST = 250


def is_acronym(surface):
    letters = surface.replace(".", "")
    return 2 <= len(letters) <= 6 and letters.isupper() and letters.isalpha()


class Entity:
    def __init__(self, kind, name, wikidata=0, country="", fame=0.0, parent=None):
        self.kind, self.name, self.wikidata, self.country, self.fame, self.parent = kind, name, wikidata, country, fame, parent
        self.years = (0, 0)
        self.surfaces = {}  # normal spelling -> (factor, flags)

    @property
    def type(self):
        return TYPE_OF_KIND.get(self.kind, "Organization")

    @property
    def depth(self):
        return 0 if self.parent is None else self.parent.depth + 1

    def call(self, surface, factor=1.0, flags=0):
        """Adds a name; of two with the same spelling the stronger stays. `*` and `^` behind it are flags."""
        while surface[-1:] in ("*", "^"):
            flags |= AMBIGUOUS if surface[-1] == "*" else HISTORIC
            factor *= 0.35 if surface[-1] == "*" else 0.8
            surface = surface[:-1]
        spelling = normal(surface)
        if not 2 <= len(spelling) <= NAME_BYTES_MOST or not any(c.isalpha() for c in spelling):
            return
        if is_acronym(spelling):
            flags |= ACRONYM
        for written in {spelling, re.sub(r"(?<=[A-Z]\.)(?=[A-Z][a-z]{2})", " ", spelling)}:  # L.L.Bean, L.L. Bean
            if factor > self.surfaces.get(written, (0.0, 0))[0]:
                self.surfaces[written] = (factor, flags)


class Store:
    """Entities by Wikidata number, and by type, name and country where the number is unknown."""

    def __init__(self):
        self.entities, self.by_id, self.by_name = [], {}, {}

    @staticmethod
    def key(kind, name):
        return TYPE_OF_KIND.get(kind, "Organization"), normal(name).lower()

    def find_name(self, kind, name, country, parent=None):
        """The entities of this type and name whose country and region do not contradict."""
        return [e for e in self.by_name.get(self.key(kind, name), [])
                if (not e.country or not country or e.country == country) and not self.are_apart(e.parent, parent)]

    @staticmethod
    def are_apart(parent, other):
        """Two regions: Portland is in Maine and in Oregon."""
        return parent is not other and bool(parent and other) and parent.kind == other.kind == "region"

    def find_unnumbered(self, kind, name, country, parent=None):
        return next((e for e in self.find_name(kind, name, country, parent)
                     if not e.wikidata and (e.kind == kind or {e.kind, kind} in ALIKE)), None)

    def add(self, kind, name, wikidata=0, country="", fame=0.0, parent=None, called=""):
        """The entity, new or as it stands already; one written by hand without a number gets it from the lists.
        `called` is the name with its flags where it has some."""
        entity = self.by_id.get(wikidata) if wikidata else None
        if entity is None:
            entity = self.find_unnumbered(kind, name, country, parent)
            if entity is None and not wikidata:
                entity = next((e for e in self.find_name(kind, name, country, parent) if e.kind == kind), None)
        if entity is None:
            entity = Entity(kind, name, wikidata, country, fame, parent)
            self.entities.append(entity)
            self.by_name.setdefault(self.key(kind, name), []).append(entity)
        if wikidata and not entity.wikidata:
            entity.wikidata = wikidata
        if wikidata:
            self.by_id[wikidata] = entity
        entity.fame = max(entity.fame, fame)
        entity.country = entity.country or country
        if entity.type != "Person":  # knowledge_lists.call_person() names those
            entity.call(called or name)
        return entity

    def also_known(self, entity, alias):
        """Lets a list that has only this name for a fact written by hand find it."""
        self.by_name.setdefault(self.key(entity.kind, alias), []).append(entity)

    def named(self, kind, name):
        """The first entity of this kind and name, or None: for parents."""
        return next((e for e in self.entities if e.kind == kind and e.name == name), None)


def known_share(surface, flags, weight):
    """How far the name seen alone speaks for something that the file knows, if its best candidate weighs `weight`."""
    if flags & LAST_NAME:
        unknown = 0.4
    elif flags & AMBIGUOUS:
        unknown = 0.3
    else:
        unknown = 0.05 if " " in surface else 0.15
    return weight / (weight + unknown)


def rank(store):
    """[(surface, [(entity, prior, flags)])], sorted as the file wants it. Fame is far from evenly spread, so the shares
    of namesakes go with the cube of their weights."""
    meanings = {}
    for entity in store.entities:
        for surface, (factor, flags) in entity.surfaces.items():
            meanings.setdefault(surface, []).append((entity.fame * factor, flags, entity))
    ranked = []
    for surface, found in meanings.items():
        found.sort(key=lambda m: (-m[0], m[2].wikidata, m[2].name))
        share = known_share(surface, found[0][1], found[0][0]) / sum(w ** 3 for w, _, _ in found)
        ranked.append((surface, [(e, int(65535 * share * w ** 3), flags) for w, flags, e in found[:CANDIDATES_MOST]]))
    ranked.sort(key=lambda r: (r[0].lower(), r[0]))
    return ranked


class Texts:
    """The text pool: each string once."""

    def __init__(self):
        self.offsets, self.parts, self.size = {}, [], 0

    def put(self, text):
        raw = text.encode()
        if raw not in self.offsets:
            self.offsets[raw] = self.size
            self.parts.append(raw)
            self.size += len(raw)
        return self.offsets[raw], len(raw)


def pack(store):
    entities = sorted(store.entities, key=lambda e: (e.depth, KINDS.index(e.kind), e.name, e.wikidata, e.country))
    number = {id(e): i for i, e in enumerate(entities)}
    texts, entry_part, surface_part, candidate_part = Texts(), [], [], []
    for e in entities:
        offset, size = texts.put(e.name)
        entry_part.append(struct.pack("<IIIHHHHBB2s", offset, NONE if e.parent is None else number[id(e.parent)], e.wikidata, size,
                                      *e.years, min(65535, int(65535 * e.fame)), TYPES.index(e.type), KINDS.index(e.kind),
                                      e.country.encode()))
    for surface, found in rank(store):
        offset, size = texts.put(surface)
        surface_part.append(struct.pack("<IIHH", offset, len(candidate_part), size, len(found)))
        candidate_part += [struct.pack("<IHH", number[id(e)], prior, flags) for e, prior, flags in found]
    body = b"".join(entry_part + surface_part + candidate_part + texts.parts)
    head = struct.pack("<8sIIIIII32s", b"STKNOWN\1", 1, len(entry_part), len(surface_part), len(candidate_part), texts.size, 0,
                       hashlib.sha256(body).digest())
    return head + body


def check_spellings(path):
    """Ends unless normal() gives what the C side is tested to give. The file holds pairs of C strings."""
    with open(path, "rb") as file:
        for line in file:
            name, expected = (part.decode("unicode_escape").encode("latin-1").decode() for part in re.findall(rb'"([^"]*)"', line))
            if normal(name) != expected:
                raise SystemExit(f"{name!r} became {normal(name)!r}, not {expected!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lists", help="folder with the public lists")
    parser.add_argument("output")
    options = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    check_spellings(os.path.join(here, "..", "tests", "unit", "knowledge", "spellings.inc"))
    store = Store()
    knowledge_lists.read_all(store, options.lists, os.path.join(here, "facts"))
    data = pack(store)
    with open(options.output, "wb") as out:
        out.write(data)
    numbered = sum(1 for e in store.entities if e.wikidata)
    print(f"{options.output}: {len(store.entities)} entities ({numbered} with Wikidata numbers), "
          f"{sum(len(e.surfaces) for e in store.entities)} names, {len(data)} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
