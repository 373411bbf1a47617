"""Sentences from patterns of our own in which an invented name's type shows in its surroundings alone: "Velmora said it would
cut jobs" is a company, "Velmora said she was innocent" a person. No list can help there, and the data sets hold few."""
import random
import re

from .documents import Document
from .labels import IGNORE
from .sources import name_tag

FIRST_NAMES = """Ada Ahmed Aigul Alberto Amara Andrzej Anna Arjun Beatriz Bogdan Chidi Chloe Daniel Dina Elena Emeka Erik Fatima Felix
Gabriela Goran Hana Hassan Helena Ibrahim Ines Ivan Jasmine Joao John Jun Karim Katya Kofi Lars Leila Lucia Maria Marek Mei Miguel
Mina Mohammed Nadia Naoko Nikhil Nora Olga Omar Patrick Pedro Priya Rafael Rosa Samir Sara Sergei Sofia Stefan Tariq Thandi Tom
Veronica Viktor Wei Yara Yusuf Zoe""".split()
STARTS = "Al Bar Bel Bran Cal Car Cor Dal Del Dor El Fal Fen Gar Gol Hal Har Jor Kal Kel Kor Lan Lor Mal Mar Mer Mor Nal Nor Ol Or Pal Per Ral Ren Ros Sal Sel Sor Tal Ter Tor Val Vel Ver Vor Zan Zel".split()
MIDDLES = ["", "", "a", "e", "i", "o", "u", "ami", "ano", "ela", "eni", "iko", "imo", "ora", "uri", "anda", "enta", "ista", "ovi"]
ENDS = {"Person": "son berg sen ski ova ez ini ard ley ton man ić ko wala nko dottir well field ner oglu".split(),
        "Organization": "a ex ix is ion tec tel net via soft gen one corp bank pharm ware lab mark co cast os".split(),
        "Location": "ville burg stan ia ton grad pur abad land shire ford stadt mouth ino ola ara ay heim dorf minster".split(),
        "Product": "a o ix X um is on ette ify go ly era".split()}
INDUSTRIES = "shipping;software;steel;telecoms;energy;food;car;insurance;airline;drugs;mining;media".split(";")
GOODS = "trucks;phones;medicines;engines;chips;batteries;toys;cables".split(";")
PLACES_OF = "Stadium;Arena;Bridge;Airport;Palace;Tower;Dam;Square;Museum".split(";")

# {org} {org2} {per} {per2} {last} {loc} {loc2} {prod} {fac}; the rest is outside any name.
PATTERNS = """{org} said it would cut jobs at its plant in {loc}.
Shares of {org} fell after the company warned of lower sales.
{org}, a maker of {goods} based in {loc}, has hired {per} as its chief executive.
The {industry} group {org} and its rival {org2} are in talks about a merger.
A spokesman for {org} declined to comment.
{per}, who founded {org} in {loc}, has left the company.
{org} is being sued by its former customers.
Regulators fined {org} for hiding faults in its {goods}.
The board of {org} met in {loc} and dismissed {per}.
{org} denied that its {goods} were unsafe.
Workers at {org} walked out over pay, and the firm closed its gates.
Analysts expect {org} to raise its prices again.
{per} of {org} said the firm would open its books.
{org} has bought {org2} from its owner, {per}.
The {industry} company {org} knew of the fault and did nothing.
{org} treats its staff with contempt, the union said.
Investors sold {org} after it lost a contract in {loc}.
{org} and {org2} make {goods}; both companies have their head offices in {loc}.
{last} said she had never met the minister.
{last} said he was innocent.
“I am tired of waiting,” said {per}, a nurse from {loc}.
{per} and her brother moved from {loc} to {loc2}.
Mr {last} told the court that he had done nothing wrong.
{last}'s lawyer said her client would appeal.
President {per} and the prime minister, {per2}, met in {loc}.
The coach, {per}, praised his players.
{per} was born in {loc} and studied law.
“She knows nothing about it,” {last} told reporters.
{last}, the mayor of {loc}, has lost the support of her party.
Dr {last} and his colleagues treated the wounded in {loc}.
{per} scored twice before {last} was sent off.
Police in {loc} arrested two men.
The river flooded parts of {loc} and the road to {loc2}.
Thousands marched through {loc} against the new law.
The road between {loc} and {loc2} was closed by snow.
Farmers in {loc} have lost their harvest.
The earthquake destroyed houses in {loc}, near the border.
{org} recalled its {prod} after the brakes of some cars failed.
The {prod} is the best-selling car of {org}.
Users of {prod}, a messaging app by {org}, lost their photos.
A concert at the {fac} drew thousands to {loc}.
The {fac} in {loc} was closed after a bomb threat.
{org} blamed {last}, its former director, for the losses.
{last} sued {org}, saying the company had copied his design.
{per} accused {org} of spying; the {industry} company rejected that.
{org} thanked {per} for her work in {loc}.
{per} joined {org} from {org2}, where he ran the {industry} business.
{org} said its {prod} would be sold in {loc} first.""".split("\n")

TYPES = {"org": "Organization", "org2": "Organization", "per": "Person", "per2": "Person", "last": "Person", "loc": "Location",
         "loc2": "Location", "prod": "Product", "fac": "Facility"}
CHOICES = {"industry": INDUSTRIES, "goods": GOODS}


def invented(kind, rng):
    # Half of the names sound like any type: the surroundings must do.
    ends = ENDS[kind if rng.random() < 0.5 else rng.choice(list(ENDS))]
    name = rng.choice(STARTS) + rng.choice(MIDDLES) + rng.choice(ends)
    if kind == "Organization" and rng.random() < 0.15:
        name = "".join(rng.choice("ABCDEFGHKLMNPRSTVXZ") for _ in range(rng.choice([3, 3, 4])))
    return name


def draw(key, pool, rng):
    kind = TYPES[key]
    if key == "last":
        return invented(kind, rng)
    if kind == "Facility":
        return f"{invented('Location', rng)} {rng.choice(PLACES_OF)}"
    if kind in pool and rng.random() < 0.25:
        return rng.choice(pool[kind])
    name = invented(kind, rng)
    return f"{rng.choice(FIRST_NAMES)} {invented(kind, rng)}" if kind == "Person" else name


def typed(tokenizer, pool, count, seed):
    """Documents with name tags. pool: {type: names} of the training data (synthetic.name_pool), for a quarter of the names."""
    rng, out = random.Random(seed), []
    for n in range(count):
        text, spans, last = "", [], 0
        pattern = PATTERNS[n % len(PATTERNS)]
        for m in re.finditer(r"\{(\w+)\}", pattern):
            text += pattern[last:m.start()]
            key = m.group(1)
            value = draw(key, pool, rng) if key in TYPES else rng.choice(CHOICES[key])
            if key in TYPES:
                spans.append((len(text), len(text) + len(value), TYPES[key]))
            text += value
            last = m.end()
        text += pattern[last:]
        document = Document(tokenizer, text, [(0, len(text))])
        document.names = document.tag_words(spans, name_tag)
        document.names[~document.pieces.is_word_start] = IGNORE
        out.append(document)
    return out
