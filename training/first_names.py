"""Writes the first names that tell a man from a woman: first_names.py processor/extract/first_names_list.h

Those of facts/first_names.tsv, and those of the package Faker (MIT licence; `pip install faker==40.63.0`): names in Latin letters of one word that
some of its locales give to men and none to women, or the other way round. Names both have, in any two languages, are left out."""
import argparse
import importlib
import os
import pkgutil
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
LINE = 140


def read_facts():
    with open(os.path.join(HERE, "facts", "first_names.tsv"), encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    return {name: gender for gender, name in rows}


def is_latin_word(name):
    return len(name) > 1 and name[0].isupper() and all(c == "-" or "LATIN" in unicodedata.name(c, "") for c in name)


def names_of(provider, kind):
    names = getattr(provider, kind, ())
    return names.keys() if hasattr(names, "keys") else names


def read_package():
    from faker.providers import person
    genders = {}
    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for gender, kinds in (("m", ("first_names_male", "first_names_men")), ("f", ("first_names_female", "first_names_women"))):
            for kind in kinds:
                for name in names_of(provider, kind):
                    if is_latin_word(name):
                        genders.setdefault(name, set()).add(gender)
    return {name: "".join(both) for name, both in genders.items() if len(both) == 1}


def write_list(out, what, names):
    out.write(f"static const char *const {what}[] = {{\n")
    line = "   "
    for name in sorted(names, key=lambda n: n.encode()):
        if len(line) + len(name) + 4 > LINE:
            out.write(line + "\n")
            line = "   "
        line += f' "{name}",'
    out.write(line + "\n};\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    out_path = parser.parse_args().out
    names = read_package() | read_facts()
    with open(out_path, "w", encoding="utf-8") as out:
        out.write("/* Made by training/first_names.py. Most are from the package Faker, Copyright (c) 2012 Daniele Faraglia, MIT licence. In the order of bytes. */\n#pragma once\n\n")
        for what, gender in (("men", "m"), ("women", "f")):
            write_list(out, what, [name for name, own in names.items() if own == gender])
    print({gender: sum(own == gender for own in names.values()) for gender in "mf"})


if __name__ == "__main__":
    main()
