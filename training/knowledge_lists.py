"""Readers of the public lists and of training/facts, for knowledge.py. Each adds entities to the store; what is written by hand
comes first, so that its names and numbers stand."""
import csv
import glob
import json
import os
import re

import yaml

from knowledge_file import normal

LAST_NAME, AMBIGUOUS = 1, 4


def number(text):
    found = re.search(r"Q(\d+)$", text or "")
    return int(found.group(1)) if found else 0


def rows(*path, **options):
    with open(os.path.join(*path), encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, **options)


def facts(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#") and line.strip():
                yield [None if field == "-" else field for field in line.rstrip("\n").split("\t")]


class Words:
    """What a name of one word may be beside a company's or party's: a common word, a place, a person (Target, Burlington, Foster)."""

    def __init__(self, store, lists, hand):
        self.store, self.names, self.counted = store, set(), 0
        with open(os.path.join(hand, "words.txt"), encoding="utf-8") as file:
            self.common = {line.strip() for line in file if not line.startswith("#")}
        self.common |= {normal(row["name"]).lower() for row in rows(lists, "world-cities.csv")}

    def flagged(self, name):
        """The name, with `*` where it is also something else."""
        for entity in self.store.entities[self.counted:]:
            if entity.type == "Person":
                self.names.update(normal(entity.name).lower().split())
        self.counted = len(self.store.entities)
        spelling = normal(name).lower()
        is_short = " " not in spelling and len(spelling) < 4
        return name + "*" if is_short or spelling in self.common or spelling in self.names else name


class Countries:
    """ISO code -> entity, and the ways the lists write countries."""

    def __init__(self):
        self.by_code, self.by_code3, self.by_name = {}, {}, {}

    def find(self, text):
        """Also of ISO's way to write them: "Korea, Republic of", "Taiwan, Province of China"."""
        before, _, behind = text.partition(", ")
        turned = f"{behind} {before}".removeprefix("The ")
        return (self.by_code.get(text) or self.by_code3.get(text) or self.by_name.get(text) or self.by_name.get(turned)
                or self.by_name.get(before.partition(" (")[0]))


def read_countries(store, lists, hand):
    countries = Countries()
    ids = {r["ISO3166-1-Alpha-2"]: number(r["wikidata_id"]) for r in rows(lists, "country-codes.csv")}
    extra = {code: names.split("|") for code, names in facts(hand, "countries.tsv")}
    own = {code: (name, number(wikidata)) for code, name, wikidata in facts(hand, "country-names.tsv")}
    with open(os.path.join(lists, "countries.json"), encoding="utf-8") as file:
        listed = json.load(file)
    for item in listed:
        code = item["cca2"]
        name, wikidata = own.get(code, (item["name"]["common"], ids.get(code, 0)))
        entity = store.add("country", name, wikidata, code,
                           0.95 if item.get("unMember") or code in ("TW", "VA", "PS", "XK") else 0.6)
        added = [n for n in extra.get(code, []) if not n.startswith("-")]
        dropped = {n[1:] for n in extra.get(code, []) if n.startswith("-")}
        for name in [item["name"]["common"], item["name"]["official"]] + [n for n in item["altSpellings"] if len(n) > 4] + added:
            if name not in dropped:
                entity.call(name, 0.9)
        countries.by_code[code], countries.by_code3[item["cca3"]] = entity, entity
        for name in [item["name"]["common"], item["name"]["official"]] + item["altSpellings"] + added:
            countries.by_name.setdefault(name.rstrip("*^"), entity)
    return countries, listed


def find_parent(store, countries, parent):
    """A parent is a country's code, a code and a region of it ("US/Georgia"), or the name of an entity listed before."""
    code, _, region = parent.partition("/")
    if region:
        return next((e for e in store.entities if (e.kind, e.name, e.country) == ("region", region, code)), None)
    return countries.find(parent) or next((e for e in store.entities if e.name == parent), None)


RANKS = ("President", "Prime Minister", "Federal Chancellor")
OFFICE = re.compile(rf"({'|'.join(RANKS)})(?: of (?:the )?(.+))?", re.I)


def give_office(store, countries, entity, position, country):
    """The head of a state or of its government gets that office as parent, "President of France", the higher one where he had two.
    It has no names of its own: the text that names it means its holder."""
    found = OFFICE.fullmatch(position)
    country = countries.find(found.group(2)) if found and found.group(2) else country
    if not found or country is None or country.kind != "country" or entity.type != "Person":
        return
    rank = found.group(1).title()
    if entity.parent is not None and RANKS.index(rank) >= RANKS.index(entity.parent.name.partition(" of ")[0]):
        return
    name = f"{rank} of {country.name}"
    entity.parent = store.named("agency", name) or store.add("agency", name, 0, country.country, 0.0, country)
    entity.parent.surfaces.clear()


def read_facts(store, countries, hand):
    """Every table of one entity a line."""
    for table in ("regions", "cities", "seats", "parties", "organizations", "people", "groups", "measures"):
        for kind, name, wikidata, code, fame, parent, aliases in facts(hand, table + ".tsv"):
            is_person = kind in ("politician", "person")
            called, name = name, name.rstrip("*^")
            above = find_parent(store, countries, parent) if parent and not is_person else None
            if parent and above is None and not is_person:
                raise SystemExit(f"{table}.tsv: {name}: no entity named {parent} before it")
            entity = store.add(kind, name, number(wikidata), code or "", float(fame), above, called)
            for alias in (aliases or "").split("|"):
                if alias:
                    entity.call(alias, 0.95)
                    if kind == "agency" and code == "US" and re.match(r"(?!U\.?S\.? ).* Department\*?$", alias):
                        entity.call("U.S. " + alias.rstrip("*"), 0.95)
                        entity.call("US " + alias.rstrip("*"), 0.95)
                    if is_person and " " in alias:
                        store.also_known(entity, alias)
            if is_person:
                call_person(entity, name)
                give_office(store, countries, entity, parent or "", None)
    for e in store.entities:
        if e.kind == "country" and not e.country:
            countries.by_name[e.name] = e


def read_demonyms(store, countries, listed, hand):
    done = set()
    for place, adjective, people in facts(hand, "demonyms.tsv"):
        above = countries.find(place) or next(e for e in store.entities if e.name == place)
        entity = store.add("demonym", adjective.rstrip("*^"), 0, above.country, 0.9, above, adjective)
        for word in (people or "").split("|"):
            if word:
                entity.call(word, 0.95)
        done.add(place)
    for item in listed:
        words = item.get("demonyms", {}).get("eng", {})
        adjective = words.get("m", "")
        if item["cca2"] in done or not adjective or "," in adjective:
            continue
        above = countries.by_code[item["cca2"]]
        entity = store.add("demonym", adjective, 0, item["cca2"], 0.6 * above.fame, above)
        if adjective.endswith(("an", "i")):
            entity.call(adjective + "s", 0.9)


def read_capitals(store, countries, listed):
    """Capitals that are not written by hand: without a number, but with their country."""
    for item in listed:
        above = countries.by_code[item["cca2"]]
        if any(e.kind == "capital" and e.country == item["cca2"] for e in store.entities):
            continue
        for name in item["capital"]:
            if name and name != above.name:
                store.add("capital", name, 0, item["cca2"], 0.5 * above.fame, above)


FAMILIES = {"EU institutions and bodies": "European Union", "UN and affiliates": "United Nations",
            "UN Environment Programme entities": "United Nations"}
WELL_KNOWN = set("""World Health Organization|International Monetary Fund|World Trade Organization|World Bank|European Commission|
European Parliament|European Central Bank|European Council|Council of the European Union|International Atomic Energy Agency|
Organization of the Petroleum Exporting Countries|African Union|Association of Southeast Asian Nations|International Criminal Court|
International Court of Justice|League of Arab States|Arab League|Organisation for Economic Co-operation and Development|Council of Europe|
United Nations Security Council|United Nations General Assembly|International Labour Organization|World Food Programme|UNESCO|UNICEF|
European Court of Justice|European Court of Human Rights|Organization for Security and Co-operation in Europe|
Office of the United Nations High Commissioner for Refugees|United Nations Human Rights Council|Asian Development Bank|
European Medicines Agency|Food and Agriculture Organization of the United Nations|Food and Agriculture Organization|
International Civil Aviation Organization|International Maritime Organization|International Telecommunication Union|
World Intellectual Property Organization|World Meteorological Organization|Universal Postal Union|
United Nations Industrial Development Organization|United Nations Development Programme|United Nations Environment Programme|
United Nations Population Fund|United Nations Relief and Works Agency for Palestine Refugees in the Near East|
International Criminal Police Organization|Organisation for the Prohibition of Chemical Weapons|International Organization for Migration|
World Bank Group|United Nations Children's Fund|Commonwealth of Nations|Mercosur|
United Nations Educational, Scientific and Cultural Organization|Court of Justice of the European Union|
United Nations High Commissioner for Refugees|Organization of American States|Shanghai Cooperation Organisation|
International Energy Agency|Gulf Cooperation Council|Cooperation Council for the Arab States of the Gulf""".replace("\n", "").split("|"))


def read_international(store, lists):
    with open(os.path.join(lists, "international-organizations.yaml"), encoding="utf-8") as file:
        listed = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    ids = [number(str(item.get("Wikidata_code"))) for item in listed.values()]
    for name, item in listed.items():
        own = number(str(item.get("Wikidata_code")))
        own = own if ids.count(own) == 1 else 0  # a number that two bodies claim is one's at most
        names = [str(item[k]) for k in sorted(item) if re.fullmatch(r"Name_other(_\d+)?_en", k) and item[k]]
        abbreviation = str(item.get("Abbreviation_en") or "")
        fame = 0.95 if name in WELL_KNOWN or WELL_KNOWN & set(names) else 0.3
        above = FAMILIES.get(item.get("Org_family"))
        if above == name:
            above = None
        entity = store.add("international", name, own, "", fame, store.named("international", above) if above else None)
        for alias in names + [name]:
            entity.call(alias, 0.9)
            for old, new in (("Organization", "Organisation"), ("Organisation", "Organization"), ("United Nations ", "UN "),
                             ("United Nations ", "U.N. ")):
                if old in alias:
                    entity.call(alias.replace(old, new), 0.85)
        if abbreviation and "[" not in abbreviation:
            entity.call(abbreviation, 0.9, 0 if fame > 0.5 else AMBIGUOUS)
            if len(abbreviation) >= 4 and abbreviation.isalpha() and fame > 0.5:
                entity.call(abbreviation.capitalize(), 0.8)


BIG_PRESS = {"US", "GB", "DE", "FR", "IT", "ES", "IN", "CA", "AU", "IL", "TR", "RU", "UA", "PL", "IE", "JP", "KR", "ZA", "BR", "MX", "GR"}


def read_parties(store, countries, lists, words):
    facts_of = {r["partyfacts_id"]: r for r in rows(lists, "parties.csv")}
    for row in rows(lists, "parties-wikidata.csv"):
        more, country = facts_of.get(row["partyfacts_id"]), countries.find(row["country"])
        if more is None or country is None or (more["year_last"] and int(more["year_last"]) < 1990):
            continue
        size = min(1.0, float(more["share"] or 1) / 40)
        name = row["name"].split(" (")[0].replace("\u00b4", "'")
        entity = store.add("party", name, number(row["wikidata_id"]), country.country,
                           (0.1 + 0.4 * size) * (1.0 if country.country in BIG_PRESS else 0.5), country, words.flagged(name))
        for alias in [row["name_native"], more["name"]] + more["name_english"].split(" / "):
            if len(alias) > 5 and " " in alias and "[" not in alias:
                entity.call(alias, 0.8)
        for short in {row["name_short"], more["name_short"]}:
            if short and len(short) > 1 and short.isascii() and "/" not in short:
                entity.call(short, 0.5, AMBIGUOUS)


def read_cities(store, countries, lists):
    """Towns of 15,000 people and more, without numbers: a name that several share says nothing and is left out."""
    listed = list(rows(lists, "world-cities.csv"))
    times = {}
    for row in listed:
        times[row["name"]] = times.get(row["name"], 0) + 1
    for row in listed:
        above, name = countries.find(row["country"]), row["name"]
        if above is None or times[name] > 1 or len(name) < 4 or store.find_name("city", name, ""):
            continue
        store.add("city", name, 0, above.country, 0.4, above, name if " " in name else name + "*")


PARTICLES = {"de", "del", "der", "den", "van", "von", "di", "da", "du", "la", "le", "el", "bin", "ben", "al", "ter", "dos"}
EASTERN = {"CN", "KP", "KR", "TW", "HK", "KH", "VN"}
BEHIND = {"Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV", "MP", "QC"}


def last_name(name, country):
    """"von der Leyen", "Xi", "Kim" (the family name comes first there)."""
    words = [w for w in name.replace(",", "").split() if w not in BEHIND]
    if len(words) < 2:
        return ""
    if country in EASTERN and len(words) <= 3 and (len(words[0]) <= 5 and (len(words) == 2 or "-" in words[1] or country != "HK")):
        if not (country in ("HK", "TW") and "-" not in name):
            return words[0]
    first = len(words) - 1
    while first > 1 and words[first - 1].lower() in PARTICLES:
        first -= 1
    return " ".join(words[first:])


def call_person(entity, name):
    """A person under the full name, without middle initials, and, where well known, under the last name."""
    plain = re.sub(r"^(Sir|Dame|Lord|Baroness) ", "", name.split(", ")[0])
    single = 0 if " " in plain else LAST_NAME
    entity.call(name, 1.0, single)
    entity.call(plain, 0.95, single)
    short = re.sub(r"(?<= )[A-Z]\. (?=\w)", "", plain)
    if short.count(" ") >= 1:
        entity.call(short, 0.9)
    family = "" if " of " in plain else last_name(short, entity.country)
    if entity.fame >= 0.3 and len(family) > 1:
        entity.call(family, 0.3 + 0.4 * (entity.fame > 0.8) + 0.2 * (entity.fame > 0.96), LAST_NAME)


TOP = re.compile(r"^(President|Prime Minister|Premier of the State Council|monarch|General Secretary of the|Secretary-General of the United Nations)")
HIGH = re.compile(r"^(Vice President|Secretary of|Minister (of|for) (Foreign|External|Defen|Finance|the Interior|Europe and F|the Econom|Internal)|"
                  r"Chancellor of the Exchequer|Attorney General|Speaker of the House|Leader of|Deputy Prime|First Deputy|Home Sec|"
                  r"Secretary of State|National Security Adv|Mayor of|Director of (the )?(Central|National|Federal)|First Minister|"
                  r"Director-General)")
PLACES = {"us-cabinet": "US", "united-kingdom-cabinet": "GB", "france-cabinet": "FR", "china-ministers": "CN", "russia-cabinet": "RU",
          "india-ministers": "IN", "ukraine-cabinet": "UA", "world": ""}
NATIONAL = re.compile(r"United States (senator|repre)|Parliament of the United Kingdom|House of Lords|Lok Sabha|Rajya|State Duma|"
                      r"Federation Council|French National Assembly|Senate of France|People's Deputy|National People's Congress|"
                      r"Parliamentary Assembly of the Council of Europe")


class Career:
    """What all rows of one person say together."""

    def __init__(self):
        self.fame, self.first, self.last, self.is_open, self.name, self.wiki, self.died = 0.0, 9999, 0, False, "", "", 9999
        self.positions = []

    def hold(self, position, start, end, is_holder):
        since, until = int((start or "0")[:4] or 0), int((end or "0")[:4] or 0)
        recent = 1.0 if max(since, until) >= 2005 else 0.6 if max(since, until) >= 1990 or not since else 0.25
        if is_holder:
            weight = 0.7 if TOP.match(position) else 0.45 if HIGH.match(position) else 0.25
        else:
            weight = 0.25 if "United States" in position else 0.2 if NATIONAL.search(position) else 0.0
        self.fame = max(self.fame, weight * recent)
        self.positions.append(position)
        self.first = min(self.first, since or 9999)
        self.last = max(self.last, since, until)
        self.is_open = self.is_open or not end


def read_careers(lists, place):
    """{number: Career} of one country's files; legislators of provinces have no fame and are left out."""
    people = {}
    folder = os.path.join(lists, "politicians")
    for suffix in ("holders21", "legislators"):
        for row in rows(folder, f"{place}.{suffix}.csv"):
            career = people.setdefault(number(row["personID"]), Career())
            career.hold(row["position"], row["start"], row["end"], suffix == "holders21")
            career.name = career.name or row["person"]
            career.wiki = career.wiki or row.get("enwiki") or ""
            career.died = int((row.get("DOD") or "9999")[:4])
    if os.path.exists(os.path.join(folder, place + ".bio.csv")):
        for row in rows(folder, place + ".bio.csv"):
            career = people.get(number(row["id"]))
            if career is not None:
                career.wiki, career.died = row["enwiki"] or career.wiki, int((row["dod"] or "9999")[:4])
    return people


def read_politicians(store, countries, lists):
    for place in sorted(PLACES):
        people = read_careers(lists, place)
        for wikidata in sorted(people):
            career = people[wikidata]
            if not wikidata or career.fame == 0 or career.died < 1990 or re.fullmatch(r"Q\d+", career.name):
                continue
            if not career.wiki and career.fame < 0.25:
                continue
            wiki = re.sub(r" \(.*\)$", "", career.wiki).replace("_", " ")
            entity = store.add("politician", wiki or career.name, wikidata, PLACES[place], career.fame * (1.0 if wiki else 0.5))
            entity.years = (career.first % 9999, 0 if career.is_open else career.last)
            for position in career.positions:
                give_office(store, countries, entity, position, countries.by_code.get(PLACES[place]))
            for name in (career.name, wiki):
                if name:
                    call_person(entity, name)


def read_leaders(store, countries, lists):
    for row in rows(lists, "world-leaders.csv"):
        country = store.by_id.get(number(row["countryid"])) or countries.find(row["country"])
        label = row["officeholderLabel"]
        if re.fullmatch(r"Q\d+", label):
            continue
        is_top = "President" in row["positionLabel"] or "Prime" in row["positionLabel"] or "Chancellor" in row["positionLabel"]
        entity = store.add("politician", label, number(row["officeholder"]), country.country if country else "", 0.75 if is_top else 0.6)
        first, last = int(row["start_year"] or 0), int(row["end_year"] or 0)
        if not entity.years[0]:
            entity.years = (first, last)
        give_office(store, countries, entity, row["positionLabel"], country)
        call_person(entity, label)


def read_congress(store, lists):
    for file_name in ("us-congress.yaml", "us-executive.yaml"):
        with open(os.path.join(lists, file_name), encoding="utf-8") as file:
            listed = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for item in listed:
            own, name = number(item["id"].get("wikidata")), item["name"]
            if not own or item["terms"][-1]["start"] < "1985":
                continue
            called = name.get("nickname") or name["first"]
            full = name.get("official_full") or f"{called} {name['last']}"
            entity = store.add("politician", full, own, "US", 0.45 if item["terms"][-1]["type"] != "rep" else 0.35)
            entity.years = (int(item["terms"][0]["start"][:4]), 0 if item["terms"][-1]["end"] > "2026" else int(item["terms"][-1]["end"][:4]))
            for alias in {full, f"{name['first']} {name['last']}", f"{called} {name['last']}"}:
                call_person(entity, alias)


SHARE = re.compile(r",? +(Class [A-Z]\b.*|Common .*|Ordinary .*|American Depositary .*|ADSs?|ADR.*|Sponsored .*|Capital Stock.*|"
                   r"Depositary .*|New York Regist.*|Subordinate .*|Units?\b.*|Shares?\b.*|ZONES)$")
LEGAL = re.compile(r"[, ]+(Inc|Incorporated|Corp|Corporation|Company|Co|Ltd|Limited|plc|PLC|P\.L\.C|SE|S\.A|SA|N\.V|NV|AG|A/S|ASA|LP|L\.P|"
                   r"LLC|Holdings?|Group|\(The\)|\([A-Z]{2}\)|(&|and) Company|& Co)\.?$")
FUNDS = re.compile(r"Acquisition|\bFund\b|Trust\b|\bETF\b|Preferred|Warrant|Notes|Debenture|\bRights?\b", re.I)


def read_tickers(store, lists, words):
    """Listed companies of two thousand million dollars or more, without numbers: names and countries only."""
    places = {e.name: e.country for e in store.entities if e.kind == "country"}
    for exchange in ("nyse", "nasdaq"):
        with open(os.path.join(lists, f"tickers-{exchange}.json"), encoding="utf-8") as file:
            listed = json.load(file)
        for item in sorted(listed, key=lambda i: (-float(i["marketCap"] or 0), i["symbol"])):
            value = float(item["marketCap"] or 0)
            if value < 2e9 or FUNDS.search(item["name"]):
                continue
            full = SHARE.sub("", item["name"].strip()).strip(" .,")
            short = full
            while LEGAL.search(short):
                short = LEGAL.sub("", short).strip(" ,&")
            if len(short) < 3:
                continue
            known = next((e for e in store.find_name("company", short, "") if e.kind == "company"), None)
            fame = 0.3 if value > 5e10 else 0.2 if value > 1e10 else 0.1
            entity = known or store.add("company", short, 0, places.get(item["country"], ""), fame, None, words.flagged(short))
            entity.call(words.flagged(full), 0.95)


SHOPS = re.compile(r"^(shop/|office/(company|insurance|telecom|courier|financial)|amenity/(bank|fuel|fast_food|cafe|pharmacy|cinema|car_rental|"
                   r"post_office)|tourism/hotel|leisure/fitness)")


def read_brands(store, lists, words):
    """Chains with their numbers. The shortest of an item's Latin names is taken as its name."""
    items = {}
    with open(os.path.join(lists, "brands.jsonl"), encoding="utf-8") as file:
        for line in file:
            item = json.loads(line)
            if SHOPS.match(item["category"]):
                latin = [n for n in [item["name"]] + item["names"] if n.isascii() and 3 <= len(n) <= 40 and "(" not in n]
                items.setdefault(number(item["wikidata"]), (item, []))[1].extend(latin)
    for wikidata in sorted(items):
        item, names = items[wikidata]
        if not wikidata or not names:
            continue
        only = str(item["where"][0]) if len(item["where"]) == 1 else ""
        where = only.upper() if re.fullmatch(r"[a-z]{2}", only) else ""
        best = min(sorted(set(names)), key=lambda n: (-names.count(n), len(n)))
        is_known = wikidata in store.by_id
        entity = store.add("company", best, wikidata, where, 0.12, None, words.flagged(best))
        for name in sorted(set(names)):
            if not is_known or name.lower().startswith(entity.name.lower()):
                entity.call(words.flagged(name), 0.8)


NAMESAKES_MOST, FAME_OF_ITS_OWN = 0.03, 0.6


def flag_common_people(store):
    """"David Jones" is many people: by how often his first and his last name are given, others of that name are to be expected."""
    people = [e for e in store.entities if e.type == "Person"]
    first, last = {}, {}
    for entity in people:
        name = normal(entity.name).split()
        if len(name) > 1:
            first[name[0]] = first.get(name[0], 0) + 1
            last[name[-1]] = last.get(name[-1], 0) + 1
    for entity in people:
        for surface, (factor, flags) in entity.surfaces.items():
            name = surface.split()
            others = first.get(name[0], 0) * last.get(name[-1], 0) / len(people)
            if len(name) > 1 and others > NAMESAKES_MOST and entity.fame < FAME_OF_ITS_OWN:
                entity.surfaces[surface] = (factor, flags | AMBIGUOUS)


def read_all(store, lists, hand):
    countries, listed = read_countries(store, lists, hand)
    read_facts(store, countries, hand)
    read_demonyms(store, countries, listed, hand)
    read_capitals(store, countries, listed)
    read_international(store, lists)
    words = Words(store, lists, hand)
    read_parties(store, countries, lists, words)
    read_politicians(store, countries, lists)
    read_congress(store, lists)
    read_leaders(store, countries, lists)
    read_tickers(store, lists, words)
    read_brands(store, lists, words)
    read_cities(store, countries, lists)
    flag_common_people(store)
