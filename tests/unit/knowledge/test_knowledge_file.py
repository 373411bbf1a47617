#!/usr/bin/env python3
"""The Python side of models/knowledge.bin agrees with the C side, and the file keeps its promises."""
import hashlib
import os
import re
import struct
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
sys.path.insert(0, os.path.join(ROOT, "training"))
from knowledge_file import KINDS, NONE, TYPES, Reader, normal  # noqa: E402

FILE = os.path.join(ROOT, "models", "knowledge.bin")


def spells_names_as_the_c_side_does():
    with open(os.path.join(ROOT, "tests", "unit", "knowledge", "spellings.inc"), "rb") as pairs:
        for line in pairs:
            name, expected = (p.decode("unicode_escape").encode("latin-1").decode() for p in re.findall(rb'"([^"]*)"', line))
            assert normal(name) == expected, (name, normal(name))


def has_nothing_for_names_without_a_latin_form():
    assert [normal(n) for n in ("", " \n", "\u041c\u043e\u0441\u043a\u0432\u0430", "\u534e\u4e3a")] == [""] * 4


def checksum_is_that_of_the_bytes():
    with open(FILE, "rb") as file:
        data = file.read()
    assert struct.unpack_from("<32s", data, 32)[0] == hashlib.sha256(data[64:]).digest()


def no_identifier_stands_for_two_entities():
    numbers = [entry[2] for entry in Reader(FILE).entries if entry[2]]
    assert len(numbers) == len(set(numbers))


def every_capital_seat_and_demonym_that_has_a_parent_leads_to_a_place():
    reader = Reader(FILE)
    for entry in reader.entries:
        if KINDS[entry[8]] in ("capital", "demonym") or (KINDS[entry[8]] == "seat" and entry[1] != NONE):
            assert entry[1] != NONE, entry
            assert KINDS[reader.entries[entry[1]][8]] in ("country", "region", "city", "capital"), entry


def measures_alone_are_of_type_misc():
    of_measures = {TYPES[entry[7]] for entry in Reader(FILE).entries if KINDS[entry[8]] == "measure"}
    of_others = {TYPES[entry[7]] for entry in Reader(FILE).entries if KINDS[entry[8]] != "measure"}
    assert of_measures == {"Misc"} and "Misc" not in of_others, (of_measures, of_others)


def every_surface_is_spelled_normally():
    assert all(normal(surface) == surface for surface in Reader(FILE).exact)


TESTS = [spells_names_as_the_c_side_does, has_nothing_for_names_without_a_latin_form, checksum_is_that_of_the_bytes,
         no_identifier_stands_for_two_entities, every_capital_seat_and_demonym_that_has_a_parent_leads_to_a_place,
         measures_alone_are_of_type_misc, every_surface_is_spelled_normally]
failed = 0
for test in TESTS:
    try:
        test()
    except AssertionError as error:
        failed += 1
        print(f"FAILED {test.__name__}: {error}")
print(f"{len(TESTS) - failed} passed, {failed} failed, 0 skipped")
sys.exit(1 if failed else 0)
