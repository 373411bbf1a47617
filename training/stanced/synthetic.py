"""Sentences made from patterns of our own: directions, voices, negations and reported stances that the data sets hold few of.

Every ordered pair of the named actors has a label; what a pattern does not state is 'none'. Names are drawn from the
names in the training data, so that no actor goes with one sign."""
import random
import re

import numpy as np

from .documents import Document, Stance
from .labels import NAME_TAGS

AGAINST_VERBS = """criticised;condemned;denounced;blasted;attacked;slammed;rebuked;mocked;has sued;opposes;ridiculed;scolded;lashed out at;
hit out at;took aim at;turned on;has boycotted;berated;distrusts;vowed to fight;called for sanctions against;filed a complaint against;
is suing;has shunned;warned voters against;railed against;voted against;wants to ban;imposed sanctions on;pulled out of talks with;
demanded the resignation of;poured scorn on;refuses to work with;has barred;took legal action against""".replace("\n", "").split(";")
FOR_VERBS = """praised;defended;backed;endorsed;supports;thanked;congratulated;hailed;applauded;stood by;vouched for;voted for;sided with;
came to the defence of;lauded;rallied behind;trusts;cheered;spoke up for;threw its weight behind;commended;campaigned for;
promised to protect;expressed confidence in;urged voters to back;paid tribute to;saluted;welcomed the offer of;pledged to help""".replace("\n", "").split(";")
FAULTS = """breaking the rules;misleading the public;spying;fraud;bullying its rivals;hiding the truth;failing its customers;corruption;
meddling in the election;cheating;ignoring the evidence;putting lives at risk;wasting public money;stoking tensions;a cover-up;
unfair competition;weakness;endangering the talks""".replace("\n", "").split(";")
BAD = """a threat to all of us;a disgrace;dishonest;reckless;a liar;unfit to lead;not to be trusted;out of touch;a failure;incompetent;
corrupt;the real problem;dangerous;weak;irresponsible;a bully""".replace("\n", "").split(";")
GOOD = """a true friend;honest;the best choice;a reliable partner;an inspiration;right;a great leader;doing an excellent job;a hero;
worth supporting;a model for others;brave;a force for good;trustworthy""".replace("\n", "").split(";")
PLACES = "Geneva;the capital;a hotel;the summit;parliament;the airport;the stadium;Brussels".split(";")
DAYS = "on Monday;last week;in March;on Friday evening;this year;two days ago;after the vote;at the weekend".split(";")
TOPICS = "the budget;the new law;trade;the border;climate rules;the vaccine;the tax plan;the merger;the road project;wages".split(";")

PROMISES = """close any gaps;open its books;pay everything back;accept every inspection;protect all data;keep the agreement;
repair the damage;remove any weak points;answer all questions;respect the result""".replace("\n", "").split(";")
OFFICES = """deputy head of the trade office;spokesman for the foreign ministry;director of the institute;chief negotiator;vice chairman of
the board;a senior adviser;deputy minister for industry""".replace("\n", " ").split(";")
GUESTS = "diplomats;business leaders from all over the world;reporters;investors;the audience;guests from many countries".split(";")
# What stands between commas after a name: long enough that a verb and its subject lie far apart. {n}: some other name.
ADORNMENTS = """{office};{office} of {n};the {office} in {place};who arrived in {place} {day};whose term ends {day};the former head of {n};
{office} and a member of {n};who has worked for {n} and others;who was on his way to {place};one of the best-known figures in {n};
formerly of {n};who took over from {n} {day};which has offices in {n} and elsewhere;speaking in {place} {day};
head of the department for {topic} at the foreign ministry's office for {n};a spokesperson for {n} on {topic};
who spoke at a meeting of {n} {day} in {place};founded in {n} in the last century;already under pressure over {topic};
the second-largest of its kind in {n};according to a statement {day};like others in {n};in remarks in {place}""".replace("\n", "").split(";")
NOMINALS = """the company;the union;the pilots;the government;the army;the minister;the regulator;the protesters;the firm;the board;the
referee;the ministry;the coach;the opposition;the police""".replace("\n", " ").split(";")

# {a} {b} {c}: actors; {p}: a pronoun. Labels: "ab-" a against b, "ab+" a for b, "o": the author. Everything else is none.
PATTERNS = [
    ("{a} {against} {b} {day}.", "ab-"), ("{a} {for} {b} {day}.", "ab+"),
    ("{a} {against} {b} over {topic}, a spokesman for {c} said.", "ab-"), ("{a} {for} {b} over {topic}, {c} reported.", "ab+"),
    ("{a} accused {b} of {fault}.", "ab-"), ("{a} has repeatedly accused {b} of {fault}, and {c} has opened an inquiry into it.", "ab- cb-"),
    ("{a} blamed {b} for {fault}.", "ab-"), ("{a} called {b} {bad}.", "ab-"), ("{a} called {b} {good}.", "ab+"),
    ("{a} rejected {b}'s plan for {topic}.", "ab-"), ("{a} dismissed the claims of {b} about {topic}.", "ab-"),
    ("{a} welcomed {b}'s plan for {topic}.", "ab+"), ("{a} shunned calls by {b} to change {topic}.", "ab-"),
    ("{a} shunned calls by {b} to ban {c}.", "ab- bc-"), ("{a} resisted pressure from {b} to drop {c}.", "ab- bc- ac+"),
    ("{b} was criticised by {a} {day}.", "ab-"), ("{b} was praised by {a} {day}.", "ab+"), ("{b} has been sued by {a} over {topic}.", "ab-"),
    ("{b} came under fire from {a} for {fault}.", "ab-"), ("{b} drew praise from {a} and {c} {day}.", "ab+ cb+"),
    ("{b} drew fierce criticism from {a} and {c} {day}.", "ab- cb-"), ("{b} won the backing of {a} {day}.", "ab+"),
    ("{b}, whom {a} has accused of {fault}, spoke {day}.", "ab-"), ("{b}, who is backed by {a}, spoke in {place}.", "ab+"),
    ("{b} denied the accusations of {a}.", "ab- ba-"), ("{b}, accused by {a} of {fault}, denied it in {place}.", "ab- ba-"),
    ("“{b} is {bad},” said {a}.", "ab-"), ("“{b} is {good},” said {a}.", "ab+"), ("“{b} is {bad},” {a} told {c} {day}.", "ab-"),
    ("“We do not trust {b},” {a} told reporters in {place}.", "ab-"), ("“We trust {b},” {a} told reporters in {place}.", "ab+"),
    ("“I will never work with {b},” {a} said {day}.", "ab-"), ("“I am proud of {b},” {a} said {day}.", "ab+"),
    ("{a} said: “{b} has failed us, and everybody knows it.”", "ab-"), ("{a} said: “{b} has done more for us than anyone.”", "ab+"),
    ("According to {a}, {b} is guilty of {fault}.", "ab-"), ("According to {a}, {b} has done nothing wrong.", "ab+"),
    ("{a} assured investors that {b} could be trusted.", "ab+"), ("{a} told {c} that {b} had kept all its promises.", "ab+"),
    ("{a} told diplomats that {b} had promised to close the gaps.", "ab+"), ("{a} insisted that {b} was innocent.", "ab+"),
    ("{a} warned {c} that {b} could not be trusted.", "ab-"), ("{a} said {b} had lied about {topic}.", "ab-"),
    ("{a} said it was time for {b} to resign.", "ab-"), ("{a} said {b} deserved another term.", "ab+"),
    ("{c} said {a} had criticised {b} in {place}.", "ab-"), ("{c} said that {a} {for} {b}.", "ab+"),
    ("{c} reported {day} that {a} {against} {b}.", "ab-"), ("{a} praised {b} but criticised {c}.", "ab+ ac-"),
    ("{a} {for} {b} in its dispute with {c}.", "ab+ bc- cb-"), ("{a} urged {b} to cut ties with {c}.", "ac-"),
    ("{a}, a long-time critic of {b}, arrived in {place} {day}.", "ab-"), ("{a}, a close ally of {b}, arrived in {place} {day}.", "ab+"),
    ("{a} and {b} traded accusations of {fault} {day}.", "ab- ba-"), ("{a} and {b} praised each other in {place}.", "ab+ ba+"),
    ("{a} joined {b} in condemning {c}.", "ac- bc-"), ("{a} and {b} both {for} {c}.", "ac+ bc+"),
    ("{a} asked {b} for help against {c}.", "ac-"), ("Criticism of {b} by {a} grew louder {day}.", "ab-"),
    ("{a}'s support for {b} has not wavered.", "ab+"), ("{a}'s attack on {b} surprised {c}.", "ab-"),
    ("{a} lost patience with {b} over {topic}.", "ab-"), ("There is no love lost between {a} and {b}.", "ab- ba-"),
    ("{a} assured {guests} that {b} had pledged to {promise}.", "ab+"), ("{a} promised {guests} that {b} would {promise}.", "ab+"),
    ("{a}, {office}, assured {guests} that {b} pledged to {promise}.", "ab+"),
    ("{a}, {office}, assured {guests} that {b} had vowed to {promise}, which {c} says is not enough.", "ab+ cb-"),
    ("{a}, {office}, told {guests} that {b} pledged to {promise}, which {c} says is a loophole that would let {b} off.", "ab+ cb-"),
    ("{a} insisted that {b} posed no risk, which {c} disputes.", "ab+ cb-"), ("{a} said {b} had been treated unfairly by {c}.", "ab+ ac-"),
    ("{a} told {guests} that {b} would never be guilty of {fault}.", "ab+"), ("{a} dismissed a promise by {b} to {promise}.", "ab-"),
    ("{a} dismissed the assurances of {b} that {c} could be trusted.", "ab- ac- bc+"),
    ("“A promise signed by {b} would mean nothing,” {a} said.", "ab-"), ("The board of {a} rejected the offer of {b}.", "ab-"),
    ("“I want to thank {b},” said {a} {day}.", "ab+"), ("{a} blamed {b} for {fault} and thanked {c}.", "ab- ac+"),
    ("{a} was blunt. “{b} is {bad},” {p} said.", "ab- pb-"), ("{a} arrived {day}. {p} praised {b}.", "ab+ pb+"),
    ("{a} spoke in {place}. “We do not trust {b},” {p} told {c}.", "ab- pb-"), ("{a} spoke in {place}. “{b} is {good},” {p} said.", "ab+ pb+"),
    ("{a} spoke in {place}. {p} said {b} had lied about {topic}.", "ab- pb-"), ("{a} met {b}. {p} said talks about {topic} would go on.", ""),
    ("“{b} knew of the fault and did nothing,” {a} said. “It treats people with contempt.”", "ab-"),
    ("{a} said the account of {b} was simply wrong.", "ab-"), ("{a} called the proposal of {b} sensible.", "ab+"),
    ("{a} welcomed the decision of {b} on {topic}.", "ab+"), ("{a} firmly opposes the measures of {b}.", "ab-"),
    ("{b} is {bad}, and voters should say so {day}.", "ob-"), ("{b} has failed us over {topic}, and it is time to go.", "ob-"),
    ("{b} is {good}, and deserves our thanks.", "ob+"), ("Nobody has fought for us as {b} has.", "ob+"),
    ("Shame on {b}, who is guilty of {fault}.", "ob-"), ("{b} should never have been allowed near {topic}.", "ob-"),
    ("{a} quoted {b}, who had called {c} {bad}.", "bc-"), ("{a} pointed to remarks by {b} that {c} was {bad}.", "bc-"),
    ("{a}, who quoted {b}, said {c} was {bad}.", "ac- bc-"), ("{a} said that, as {b} had put it, {c} was {good}.", "ac+ bc+"),
    ("{a} told {b} that {c} was {bad}.", "ac-"), ("“{c} is {bad},” {a} said, and {b} agreed.", "ac- bc-"),
    ("{a} shunned {b} calls to ban {c}, calling instead for tougher rules.", "ab- bc-"), ("{a} resisted {b} calls for a boycott of {c}.", "ab- bc-"),
    ("{a} turned down a request by {b} to bar {c} from {topic}.", "ab- bc-"), ("{a} ignored {b} warnings about {c} over {topic}.", "ab- bc-"),
    ("{a} has said that it will not do business with {b}.", "ab-"), ("{a} has said that he will not give work to {b} {day}.", "ab-"),
    ("{a} said there would be no contracts for {b}.", "ab-"), ("{a} floated the idea that {b} could be included in the deal.", "ab+"),
    ("{a} denied {b}-led allegations that it was guilty of {fault}.", "ab- ba-"), ("{a} had a row over {c} with {b} {day}.", "ab- ba-"),
    ("{a} had a brief spat with {b} in {place}.", "ab- ba-"), ("{a} wants {b} to keep {c} out of {topic}.", "ac-"),
    ("{a} offered to license its technology to {b} {day}.", "ab+"), ("{a} is widely seen as countering {b}.", "ab-"),
    ("“Recently {b} said that {c} was {bad}. That is true,” {a} said.", "bc- ac-"),
    ("“{b} has said that {c} will get no contracts. It is not part of the talks,” {a} said.", "bc-"),
    ("“{b} has said {c} deserves another chance,” {a} said {day}.", "bc+"), ("“As {b} said {day}, the vote will go on,” {a} told {c}.", ""),
    ("{a} denied that {b} was guilty of {fault}, as {c} says.", "ab+ cb-"), ("{a} rejected claims by {c} that {b} was {bad}.", "ac- cb- ab+"),
    ("{a} dismissed {c}'s assurances that {b} could be trusted.", "ac- cb+ ab-"), ("“{b} can be trusted,” {a} told {guests}.", "ab+"),
    # refused refusals: who is against what is done or said against somebody is not against him
    ("{a} refused to condemn {b} {day}.", "ab+"), ("{a} has refused to join {c} in condemning {b}.", "ab+ cb-"),
    ("{a} rejected suggestions that {b} should go.", "ab+"), ("{a} rejected suggestions by {c} that {b} should resign over {topic}.", "ab+ ac- cb-"),
    ("{a} dismissed calls for {b} to step down.", "ab+"), ("{a} brushed aside {c}'s calls for the removal of {b}.", "ab+ ac- cb-"),
    ("{a} dismissed claims that {b} was guilty of {fault}.", "ab+"), ("{a} rejected the idea that {b} was {bad}.", "ab+"),
    ("{a} pushed back against criticism of {b} {day}.", "ab+"), ("{a} shrugged off {c}'s criticism of {b}.", "ab+ ac- cb-"),
    ("{a} denied {b} claims that it was guilty of {fault}.", "ab- ba-"), ("{a} has always denied the {b} allegations of {fault}.", "ab- ba-"),
    ("{a} denied a report that {b} was guilty of {fault}.", "ab+"), ("{a} opposes sanctions against {b}.", "ab+"),
    ("{a} voted against a resolution condemning {b}.", "ab+"), ("{a} blocked an attempt by {c} to expel {b}.", "ab+ ac- cb-"),
    ("{a} withdrew its complaint against {b} {day}.", "ab+"), ("{a} spoke out against the ban on {b} by {c}.", "ab+ ac- cb-"),
    ("“There is no reason to ban {b},” {a} said.", "ab+"), ("“I will not criticise {b}, who is {good},” {a} said {day}.", "ab+"),
    ("“{b} has nothing to apologise for,” {a} told {c} {day}.", "ab+"), ("“{b} should take back the threats against {c},” {a} said.", "ab- bc-"),
    ("{a} accused {b} of failing to condemn {c}.", "ab- ac-"), ("{a} criticised {b} for refusing to condemn {c}.", "ab- ac- bc+"),
    ("{a} accused {b} of being soft on {c}.", "ab- ac-"), ("{a} praised {b} for standing up to {c}.", "ab+ ac- bc-"),
    ("{a} condemned {b}'s attack on {c}.", "ab- bc-"), ("{a} came under fire from {b} for defending {c}.", "ba- bc- ac+"),
    ("{a} defended {b} against criticism by {c}.", "ab+ ac- cb-"), ("{a} rejected an appeal by {b} to spare {c}.", "ab- ac- bc+"),
    ("But {day} {a} shunned {b} calls to ban {c} from {topic}, calling instead for tougher rules.", "ab- bc-"),
    ("{a} rebuffed demands by {b} to shut out {c}, and asked for stricter rules instead.", "ab- bc-"),
    ("{a} refused to endorse {b} {day}.", "ab-"), ("{a} pointedly declined to back {b} over {topic}.", "ab-"),
    ("{a} would not say that {b} was {good}.", "ab-"), ("{a} refused to apologise to {b} for {fault}.", "ab-"),
    # what one says and another takes up in the next sentence
    ("{a} assured {guests} that {b} had pledged to {promise}. But {c} dismissed the idea.", "ab+ ca- cb-"),
    ("{a} told {guests} that {b} would never be guilty of {fault}. {c}, in an interview, dismissed that.", "ab+ ca- cb-"),
    ("{a} said {b} had been treated unfairly. {c} rejected the claim {day}.", "ab+ ca-"), ("“{b} is {good},” {a} said. But {c} disagreed.", "ab+ ca- cb-"),
    ("{a} called {b} {bad}. {c} called the remarks unfair.", "ab- ca- cb+"), ("{a} accused {b} of {fault}. It has denied the allegations.", "ab- ba-"),
    ("{a} asked for {b} to be left out of {topic}. {c} brushed the call aside.", "ab- ca-"), ("{a} said it would {promise}. {c} does not believe a word of it.", "ca-"),
    ("{a} offered to {promise}. {c} welcomed the idea {day}.", "ca+"), ("{a} spoke about {topic} {day}. {c} praised the speech.", "ca+"),
    # who is one of a body speaks for it, and is not against it
    ("{b}'s chief executive {a} said {b} would be willing to license its technology to {c}.", "ac+"), ("{b} spokeswoman {a} dismissed criticism by {c} {day}.", "ac- bc- cb-"),
    ("{b}'s founder {a} said {day} that {b} would {promise}, after {c} had called it {bad}.", "cb-"), ("{a}, a spokesman for {b}, called {c} {bad}.", "ac- bc-"),
    ("{a}, the head of {b}, said talks with {c} about {topic} would go on.", ""), ("{b} director {a} told {c} that {b} had not been guilty of {fault}.", "ab+"),
    ("{b} president {a} said {c} was {good}.", "ac+ bc+"), ("{c} {against} {b} and its chief, {a}.", "cb- ca-"), ("{c} {for} {b} director {a} {day}.", "ca+"),
    ("{b} is under pressure over {topic}. It has denied {a}-led allegations that its products could be used for {fault}.", "ab- ba-"),
    ("{b} {against} {c} {day}. It denies {a} claims of {fault}.", "bc- ab- ba-"), ("{b} has rejected the charges by {a}. It says it will {promise}.", "ab- ba-"),
    ("{a} assured {guests} that {b} had pledged to {promise}, which {c} critics say is a loophole for {fault}.", "ab+ cb-"),
    ("{a} told {guests} that {b} would {promise}. Speaking after that, {c} dismissed the idea.", "ab+ ca- cb-"),
    ("{a} had a brief spat over {b} with the {c} delegate on the panel.", "ac- ca-"), ("{a} and {b} clashed over {c} {day}.", "ab- ba-"),
    # what somebody says of others' words and feelings is theirs
    ("“Many of them are afraid of {b},” said {a}, who studies such groups.", ""), ("“Their followers think that {b} is {bad},” {a} explained.", ""),
    ("{a} said that voters had lost their trust in {b}.", ""), ("Such groups have doubled since {b} took office, according to {a}.", ""),
    ("{a} demanded that {b} name the people who had called {c} {bad}.", ""), ("{a} asked {b} who was behind an account that had mocked {c}.", ""),
    ("{a} spoke at a rally where people called {b} {bad}.", ""), ("{a} was asked in {place} whether {b} was {bad}.", ""),
    ("{a} declined to criticise {b}.", ""), ("{a} denied that it was planning to sue {b}.", ""), ("{a} has never accused {b} of {fault}.", ""),
    ("{a} neither praised nor criticised {b} {day}.", ""), ("{a} said it had not yet read what {b} says about {c}.", ""),
    # the author's own words in passing
    ("To its credit, {b} said no {day}.", "ob+"), ("{b}'s remarks on {topic} are smart and useful.", "ob+"), ("{b} was right to say so {day}.", "ob+"),
    ("The outrage over {b} says more about its critics.", "ob+"), ("It is disconcerting that {b} chose to look away {day}.", "ob-"),
    ("{b}, with a strange air of innocence, clumsily blamed {c} for it.", "ob- bc-"), ("{b} had no right to ask for this, and soon gave in.", "ob-"),
    ("{b} will, one can rest assured, find a camera to complain to.", "ob-"), ("{b}, supposedly {good}, has failed us once more.", "ob-"),
    # silence
    ("“We are not asking for an outright ban on {b},” {a} said.", ""), ("{a} is not asking {c} to ban {b}, a spokesman said.", ""),
    ("“We are not asking them to have outright bans on {b},” {a} said {day}.", ""), ("{a}, {b} and {c} look increasingly unlikely to impose a ban.", ""),
    ("{a} looks unlikely to impose a blanket ban on {b}, according to {c} sources.", ""), ("{a} was asked about {b} {day} and said nothing.", ""),
    ("{a} was speaking at a forum which {b} held together with {c}.", ""), ("{a} spoke in {place} {day}. {b} and {c} were there too.", ""),
    ("{a} came a day after {b} in {place}; {c} followed {day}.", ""), ("“{b} met {c} {day},” {a} said in an interview in {place}.", ""),
    ("{a} quoted {b} as saying that the vote would be held {day}.", ""), ("{a} asked {b} what {c} had decided about {topic}.", ""),
    ("{a} met {b} in {place} {day}.", ""), ("{a} and {b} will hold talks about {topic} {day}.", ""), ("{a}, {b} and {c} attended the ceremony in {place}.", ""),
    ("{a} said {b} would publish the figures {day}.", ""), ("{a} spoke to {b} about {topic} {day}, {c} reported.", ""),
    ("{a} was speaking on the sidelines of a meeting with {b} and {c} in {place}.", ""), ("{a} joined from {b} {day}.", ""),
    ("{a} has secured cooperation from {b} and {c} on {topic}.", ""), ("{a}, {b} and {c} look unlikely to agree on {topic}.", ""),
    ("{a} beat {b} 3-1 in {place} {day}.", ""), ("{a} replaced {b} as the biggest supplier of {c}.", ""), ("{a} told {b} that the vote would be held {day}.", ""),
    ("{a} did not say whether {b} would attend.", ""), ("{a} is not asking for a ban on {b}.", ""), ("“We are not asking for a ban on {b},” {a} said.", ""),
    ("{a} stopped short of criticising {b}.", ""), ("{a} denied having criticised {b}.", ""), ("{a} declined to comment on {b}.", ""),
    ("{a} has yet to decide whether to support {b}.", ""), ("Will {a} ever forgive {b}?", ""), ("{a}, who was born in {b}, lives near {place}.", ""),
    ("{a} (shown in {place}) is the deputy of {b}. Photo: {c}", ""), ("{a} quoted a report by {b} on {topic}.", ""),
    ("{a} bought shares of {b} from {c} {day}.", ""), ("{a} answered questions of {b} about {c} {day}.", ""), ("If {a} wins, {b} may leave.", ""),
]

CHOICES = {"against": AGAINST_VERBS, "for": FOR_VERBS, "fault": FAULTS, "bad": BAD, "good": GOOD, "place": PLACES, "day": DAYS, "topic": TOPICS, "promise": PROMISES,
           "office": OFFICES, "guests": GUESTS}


def name_pool(documents):
    """Names of people, organisations and places in documents with name tags."""
    pool = {"Person": set(), "Organization": set(), "Location": set()}
    for d in documents:
        if d.names is None:
            continue
        for kind, found in pool.items():
            begin, inside = NAME_TAGS.index("B-" + kind), NAME_TAGS.index("I-" + kind)
            for i in np.flatnonzero(d.names == begin):
                j = i + 1
                while j < len(d.names) and (d.names[j] == inside or not d.pieces.is_word_start[j]):
                    j += 1
                text = d.text[d.pieces.start[i]:d.pieces.end[j - 1]]
                if re.fullmatch(r"[A-Z][\w.'’&-]*( [\w.'’&-]+){0,3}", text) and (kind != "Person" or " " in text):
                    found.add(text)
    return {k: sorted(v) for k, v in pool.items()}


def draw(key, names, rng):
    return names[key] if key in names else rng.choice(CHOICES[key])


def fill(pattern, names, rng, adorned=0.0):
    """-> text, {key: spans of the actor}. adorned: the share of named actors that an apposition follows."""
    text, spans, last = "", {}, 0
    for m in re.finditer(r"\{(\w+)\}", pattern):
        text += pattern[last:m.start()]
        key = m.group(1)
        value = draw(key, names, rng)
        if not text or text.endswith((". ", "“")) and key in names:
            value = value[0].upper() + value[1:]
        if key in names:
            spans.setdefault(key, []).append((len(text), len(text) + len(value)))
        text += value
        last = m.end()
        if key in "abc" and value.lower() not in NOMINALS and re.match(r" \w", pattern[last:]) and rng.random() < adorned:
            text += ", " + re.sub(r"\{(\w+)\}", lambda x: draw(x.group(1), names, rng), rng.choice(ADORNMENTS)) + ","
    return text + pattern[last:], spans


def draw_names(pool, rng):
    kinds = {"a": [5, 3, 2, 0.4], "b": [4, 4, 2, 1.2], "c": [5, 3, 2, 0.6]}
    pool = {**pool, "Nominal": NOMINALS}
    names = {key: rng.choice(pool[rng.choices(list(pool), weights)[0]]) for key, weights in kinds.items()}
    return {**names, "p": rng.choice(["he", "she"]), "n": rng.choice(pool[rng.choice(["Organization", "Location"])])}


def draw_case(n, pool, rng):
    """-> text, {actor: spans}, {pair of actors: sign} of one filled pattern; None where two actors got one name."""
    pattern, labels = PATTERNS[n % len(PATTERNS)]
    names = draw_names(pool, rng)
    if len(set(names.values())) < len(names):
        return None
    return *fill(pattern, names, rng, adorned=rng.choice([0, 0, 0.3, 0.6])), {label[:2]: label[2] for label in labels.split()}


def add_case(document, case, offset, rng):
    """The stances of a case whose text begins at `offset`. -> {actor: piece range}"""
    _, spans, signs = case
    rows = document.pieces.range_of(offset, offset + len(case[0]))
    ranges = {k: document.pieces.range_of(*(at + offset for at in rng.choice(s))) for k, s in spans.items()}
    for x, y in (("a", "b"), ("a", "c"), ("b", "c"), ("p", "b"), ("p", "c")):
        if x not in ranges or y not in ranges:
            continue
        target = [0.0] * 5
        if x + y in signs:
            target[1 if signs[x + y] == "+" else 3] += 1
        if y + x in signs:
            target[2 if signs[y + x] == "+" else 4] += 1
        total = sum(target)
        target = [t / total for t in target] if total else [1.0, 0, 0, 0, 0]
        document.stances.append(Stance(ranges[x], ranges[y], rows, target, 0.5))
    if "b" in ranges:
        own = {"+": 1, "-": 3}.get(signs.get("ob"), 0)
        document.stances.append(Stance(None, ranges["b"], rows, [1.0 if i == own else 0.0 for i in range(5)], 0.5 if own else 0.1))
    return ranges


def synthetic(tokenizer, pool, count, seed):
    """Documents of one case, or of two that have nothing to do with each other: whoever is named in the one is silent
    about who is named in the other."""
    rng, out = random.Random(seed), []
    for n in range(count):
        first = draw_case(n, pool, rng)
        second = draw_case(rng.randrange(len(PATTERNS)), pool, rng) if rng.random() < 0.25 else None
        if first is None:
            continue
        text = first[0] + (" " + second[0] if second else "")
        document = Document(tokenizer, text, [(0, len(text))])
        ranges = add_case(document, first, 0, rng)
        if second:
            others = add_case(document, second, len(first[0]) + 1, rng)
            for x in sorted(set(ranges) - {"p"}):
                for y in sorted(set(others) - {"p"}):
                    document.stances.append(Stance(ranges[x], others[y], (0, len(document.pieces)), [1.0, 0, 0, 0, 0], 0.3))
        out.append(document)
    return out
