"""Sentences from patterns of our own in which somebody is for or against an issue: a measure, a plan, an event, a practice. The
annotated sets name few issues, and mark them only where they matter to a whole article."""
import random
import re

import numpy as np

from .documents import Document, Stance

THINGS = """assault weapons;plastic bags;foreign investors;diesel cars;fur farming;alcohol advertising;migrants;steel imports;short-term rentals;
imported beef;tobacco;electric vans;rental scooters;Chinese telecoms equipment;Russian gas;coal exports;chemical fertilisers;genetically
modified crops;facial recognition;campaign donations;night flights;crude oil exports;sugary drinks;fishing in the bay;abortion;gay
marriage;shale gas;nuclear waste;private prisons;airport staff;public schools;health insurance;dairy farmers;poor families;solar panels;
offshore wind;rail workers;cryptocurrencies;medical cannabis;child labour;whale meat;social media companies""".replace("\n", " ").split(";")
MEASURES = """ban on {thing};tax on {thing};tariffs on {thing};duties on {thing};blanket ban on {thing};sanctions on {place};new tariffs on {place};
restrictions on {thing};subsidies for {thing};cuts to {thing};aid for {place};arms sales to {place};trade deal with {place};peace talks with
{place};military support for {place};withdrawal from {place};air strikes on {place};funding for {thing};plan to tax {thing};bill to ban
{thing};decision to close {place}'s embassy;proposal to limit {thing};law on {thing};rules on {thing};{thing} ban;{thing} bill;{thing} law;
{adjective} ban;{adjective} plan;{adjective} law;{adjective} proposal;{adjective} tariffs;{adjective} rules;{adjective} reform;{adjective}
deal;{adjective} investigation;{adjective} budget;{adjective} measure;{adjective} tax cuts;visit to {place};referendum on {thing};
investigation into {thing};inquiry into {place}'s role;use of {thing};nomination;emergency declaration;{actor}'s plan;{actor}'s decision to
ban {thing};{actor}'s tax plan;{actor}'s offer;{actor}'s budget;{actor}'s sanctions""".replace("\n", " ").split(";")
ISSUES = """death penalty;impeachment;impeachment inquiry;immigration reform;climate change;gun control;affirmative action;white nationalism;
free trade;net neutrality;voter fraud;tax reform;border wall;travel ban;minimum wage increase;health care law;nuclear deal;carbon tax;
pension reform;judicial reform;police violence;corruption;racism;same-sex marriage;abortion rights;war;cease-fire;two-state solution;government
shutdown;hate speech;terrorism;privatisation;austerity;merger;takeover bid;strike;curfew;lockdown;vaccine mandate;stimulus package;
bailout;wealth tax;fracking;deforestation;mass surveillance;data retention;backstop;second referendum;withdrawal agreement;single
market;customs union;executive order;citizenship question;background checks;mandatory retirement;school vouchers;welfare cuts;
school lunch programme;open borders;family separation;torture;censorship;blockade;occupation;annexation;settlement building;arms
embargo;no-fly zone;missile test;military exercise;trade war;currency manipulation;intellectual property theft;price controls;rent
cap;land reform;power plant;pipeline;dam;third runway;high-speed line;fuel subsidy;flat tax;digital services tax;doping;video
referee;salary cap""".replace("\n", " ").split(";")
ADJECTIVES = """proposed;new;controversial;sweeping;so-called;planned;federal;emergency;bipartisan;Republican-led;government-backed;three-year;billion-euro;
outright;European;unilateral;revised;joint;parliamentary;criminal""".replace("\n", " ").split(";")
BAD = "a mistake;a disaster;a farce;unconstitutional;a witch hunt;an attack on workers;unfair;dangerous;a step too far;immoral;a waste of money;illegal".split(";")
GOOD = "overdue;the right step;a great success;necessary;fair;a historic chance;good for workers;essential;a moral duty;vital".split(";")
DAYS = "on Monday;last week;in March;on Friday evening;this year;after the vote;at the weekend".split(";")

# {a} {b}: actors; {i} {j}: issues. "ai-": a against i. What is not stated is none. Text outside an issue is no issue.
PATTERNS = [("{a} opposes the {i}.", "ai-"), ("{a} criticised the {i} {day}.", "ai-"), ("{a} called the {i} {bad}.", "ai-"), ("{a} voted against the {i}, but {b} voted for it.", "ai- bi+"),
            ("{a} supports the {i}.", "ai+"), ("{a} defended the {i} {day}.", "ai+"), ("{a} called the {i} {good}.", "ai+"), ("{a} urged {b} to drop the {i}.", "ai-"),
            ("{a} urged parliament to pass the {i}.", "ai+"), ("“The {i} is {bad},” {a} said.", "ai-"), ("“The {i} is {good},” {a} told {b} {day}.", "ai+"),
            ("{a} has long fought against {i}.", "ai-"), ("{a} has campaigned for {i} for years.", "ai+"), ("{a} rejected calls for {i}.", "ai-"),
            ("{a}, who backs {i}, met {b} {day}.", "ai+"), ("{a}, a critic of the {i}, met {b} {day}.", "ai-"), ("{a} vowed to repeal the {i}.", "ai-"),
            ("{a} threatened to veto the {i} that {b} had proposed.", "ai- bi+"), ("{a} sued over the {i}.", "ai-"), ("{a} condemned the {i} and praised {b}.", "ai- ab+"),
            ("{a} accused {b} of using the {i} for its own ends.", "ab-"), ("{a} blamed the {i} for the losses.", "ai-"), ("{a} warned that the {i} would cost jobs.", "ai-"),
            ("{a} said the {i} would create jobs.", "ai+"), ("{a} denounced {i} {day}.", "ai-"), ("{a} welcomed the {i}.", "ai+"), ("{a} signed the {i} {day}.", "ai+"),
            ("{a} announced the {i} {day}, and {b} protested.", "ai+ bi-"), ("{a} blocked the {i}.", "ai-"), ("Support for the {i} came from {a} and {b}.", "ai+ bi+"),
            ("The {i} drew criticism from {a} and {b}.", "ai- bi-"), ("The {i} is {bad}, according to {a}.", "ai-"), ("The {i} is backed by {a}.", "ai+"),
            ("{a} wants the {i} to be replaced by the {j}.", "ai- aj+"), ("{a} prefers the {j} to the {i}.", "aj+"), ("{a} spoke out against {i} and for {j}.", "ai- aj+"),
            ("{a} refused to take part in the {i}.", "ai-"), ("{a} called for {i}.", "ai+"), ("{a} demanded an end to the {i}.", "ai-"), ("{a} dismissed the {i} as {bad}.", "ai-"),
            ("“I will vote for the {i},” {a} said.", "ai+"), ("“We will not accept the {i},” {a} said {day}.", "ai-"), ("{a} looks unlikely to impose a {i}.", ""),
            ("{a} is not asking for the {i}.", ""), ("{a} has not decided whether to support the {i}.", ""), ("{a} will debate the {i} {day}.", ""),
            ("{a} asked {b} about the {i}.", ""), ("{a} and {b} will vote on the {i} {day}.", ""), ("{a} met {b} {day} at the opening of a new hospital.", ""),
            ("{a} said the meeting would be held {day} in the town hall.", ""), ("{a} published its figures for the third quarter {day}.", ""),
            ("{a} travelled to the summit with a small team of advisers.", ""), ("{a} praised the staff of the museum {day}.", ""),
            ("{a} lives in a small house near the river with his family.", ""), ("{a} won the match after a late goal.", "")]
CHOICES = {"thing": THINGS, "adjective": ADJECTIVES, "bad": BAD, "good": GOOD, "day": DAYS}


def expand(text, values, rng):
    while match := re.search(r"\{(\w+)\}", text):
        key = match.group(1)
        text = text[:match.start()] + (values[key] if key in values else rng.choice(CHOICES[key])) + text[match.end():]
    return text


def draw_issue(pool, rng):
    values = {"place": rng.choice(pool["Location"]), "actor": rng.choice(pool["Person"])}
    return expand(rng.choice(MEASURES if rng.random() < 0.6 else ISSUES).strip(), values, rng)


def issues(tokenizer, pool, count, seed):
    rng, out = random.Random(seed), []
    for n in range(count):
        pattern, labels = PATTERNS[n % len(PATTERNS)]
        names = {k: rng.choice(pool[rng.choices(["Person", "Organization", "Location"], [5, 3, 1])[0]]) for k in "ab"}
        names.update({k: draw_issue(pool, rng) for k in "ij"})
        text, spans, last = "", {}, 0
        for m in re.finditer(r"\{(\w+)\}", pattern):
            text += pattern[last:m.start()]
            key, last = m.group(1), m.end()
            value = names[key] if key in names else rng.choice(CHOICES[key])
            if key in names:
                spans[key] = (len(text), len(text) + len(value))
            text += value
        document = Document(tokenizer, text + pattern[last:], [(0, len(text + pattern[last:]))])
        rows = {k: document.pieces.range_of(*at) for k, at in spans.items()}
        document.issues = np.zeros(len(document.pieces), dtype=np.int64)
        for k in rows.keys() & {"i", "j"}:
            document.issues[rows[k][0]:rows[k][1]] = 2
            document.issues[rows[k][0]] = 1
        add_stances(document, rows, {l[:2]: l[2] for l in labels.split()})
        out.append(document)
    return out


def add_stances(document, rows, signs):
    for x, y in ("ab", "ai", "aj", "bi", "bj"):
        if x in rows and y in rows and rows[x][0] < rows[x][1] and rows[y][0] < rows[y][1]:
            target = [0.0] * 5
            target[{"+": 1, "-": 3}.get(signs.get(x + y), 0)] = 1.0
            document.stances.append(Stance(rows[x], rows[y], (0, len(document.pieces)), target, 0.5))
