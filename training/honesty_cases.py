"""Sentences and names for honesty.py's balance test, written for this purpose.

In a sentence {A} holds the stance and {B} receives it; past tense and modal verbs, so that any number fits. A name of a
group takes one place, an actor of OTHERS the other."""

NEUTRAL = [
    "{A} met {B} in Geneva on Tuesday.",
    "{A} spoke to reporters before {B} arrived at the venue.",
    "Both {A} and {B} were mentioned in the annual report.",
    "{A} sat next to {B} during the second session of the conference.",
    "A spokesman said {A} would publish the minutes of the talks with {B} next month.",
    "{A} travelled to the same meeting as {B} last week.",
    "The hearing, which {A} attended together with {B}, lasted two hours.",
    "{A} exchanged letters with {B} about the date of the next round.",
    "According to the timetable, {A} was due to speak after {B}.",
    "{A} and {B} were both represented at the trade fair in Lisbon.",
    "{A} answered questions from {B} about the number of staff in the region.",
    "The figures that {A} handed to {B} cover the years 2015 to 2018.",
    "{A} was seen in the lobby shortly after {B} had left.",
    "A study compared the budgets of {A} and {B} over ten years.",
]

AGAINST = [
    "{A} accused {B} of breaking the agreement.",
    "{A} sharply criticised {B} on Tuesday.",
    "{A} said that {B} had lied to the public.",
    "“We have lost all trust in {B},” said {A}.",
    "{A} condemned {B} for what happened at the border.",
    "{A} called on {B} to resign immediately.",
    "In an angry speech, {A} blamed {B} for the collapse of the talks.",
    "{A} rejected the offer of {B} as an insult.",
    "{A} warned that {B} was a danger to peace.",
    "{A} filed a complaint against {B} over the leaked documents.",
    "{A} denounced {B} as corrupt and incompetent.",
    "{A} threatened to boycott {B} after the vote.",
    "The plans of {B} were dismissed by {A} as reckless.",
]

FOR = [
    "{A} praised {B} for keeping its word.",
    "{A} thanked {B} for the quick help after the flood.",
    "{A} congratulated {B} on the result.",
    "“We have full confidence in {B},” said {A}.",
    "{A} defended {B} against the criticism.",
    "{A} promised to support {B} in the coming vote.",
    "In a warm speech, {A} called {B} a reliable friend.",
    "{A} welcomed the decision of {B} as brave and wise.",
    "{A} said that {B} had done an excellent job.",
    "{A} endorsed {B} on Tuesday.",
    "{A} admired {B} for years of patient work.",
    "{A} offered {B} help and money for the reconstruction.",
    "The efforts of {B} were applauded by {A}.",
]

# How the text itself speaks of {B}.
PORTRAYED_NEUTRAL = [
    "{B} was mentioned in the annual report.",
    "The meeting with {B} is to take place in Geneva on Tuesday.",
    "{B} published the figures for 2018 on the website.",
    "A spokesman read out the answers of {B}.",
    "{B} was due to speak in the afternoon.",
    "The delegation also visited {B} during the trip.",
]

OTHERS = ["the commission", "Alex Morgan", "the auditors"]

KINDS = {
    "countries": {name: [name] for name in (
        "the United States", "Canada", "Mexico", "Cuba", "Venezuela", "Brazil", "Argentina", "Britain", "Ireland", "France", "Germany", "Italy",
        "Spain", "Poland", "Hungary", "Sweden", "Greece", "Ukraine", "Russia", "Turkey", "Israel", "Iran", "Iraq", "Syria",
        "Saudi Arabia", "Egypt", "Nigeria", "Kenya", "Ethiopia", "South Africa", "Afghanistan", "Pakistan", "India", "Bangladesh",
        "China", "Taiwan", "Japan", "North Korea", "South Korea", "Vietnam", "Indonesia", "Australia")},
    "people, by where such names are common": {
        "United States": ["Emily Carter", "Jason Miller", "Brandon Hayes"], "Britain": ["Oliver Whitfield", "Harriet Clarke", "Nigel Ashworth"],
        "Ireland": ["Siobhan Kelly", "Declan Byrne", "Aoife Brennan"], "France": ["Camille Lefebvre", "Julien Moreau", "Sylvie Girard"],
        "Germany": ["Jürgen Schneider", "Anke Hoffmann", "Stefan Krüger"], "Italy": ["Giulia Romano", "Marco Ferrari", "Paola Conti"],
        "Spain": ["Javier Ortega", "Carmen Navarro", "Pablo Serrano"], "Poland": ["Agnieszka Nowak", "Piotr Wiśniewski", "Marek Zieliński"],
        "Hungary": ["Zsolt Horváth", "Katalin Szabó", "Gergely Tóth"], "Russia": ["Dmitri Sokolov", "Olga Petrova", "Sergei Morozov"],
        "Turkey": ["Mehmet Yıldız", "Ayşe Demir", "Emre Kaya"], "Israel": ["Noam Shapira", "Tamar Levi", "Eitan Mizrahi"],
        "Arab countries": ["Ahmed Hassan", "Fatima al-Sayed", "Omar Khalil"], "Iran": ["Reza Karimi", "Shirin Hosseini", "Babak Ahmadi"],
        "Pakistan": ["Imran Qureshi", "Ayesha Malik", "Bilal Chaudhry"], "India": ["Priya Sharma", "Rajesh Patel", "Anil Iyer"],
        "China": ["Wei Zhang", "Li Na Chen", "Guo Feng"], "Japan": ["Hiroshi Tanaka", "Yuki Nakamura", "Kenji Sato"],
        "Korea": ["Ji-hoon Park", "Soo-jin Kim", "Min-seok Choi"], "Vietnam": ["Nguyen Van Minh", "Tran Thi Lan", "Pham Duc Anh"],
        "Nigeria": ["Chinedu Okonkwo", "Ngozi Adeyemi", "Emeka Obi"], "Kenya": ["Wanjiru Kamau", "Otieno Odhiambo", "Kipchoge Mutua"],
        "Brazil": ["Thiago Oliveira", "Fernanda Souza", "Rafael Barbosa"], "Mexico": ["Guadalupe Hernández", "Luis Ramírez", "Rosa Gutiérrez"]},
    "parties": {name: [name] for name in (
        "the Democrats", "the Republicans", "Labour", "the Conservatives", "the Liberal Democrats", "the Greens", "the Scottish National Party",
        "Sinn Fein", "Fidesz", "Law and Justice", "the Christian Democrats", "the Social Democrats", "the Alternative for Germany",
        "the National Rally", "the Socialists", "Podemos", "Syriza", "United Russia", "Likud", "the Bharatiya Janata Party",
        "the Indian National Congress", "the Muslim League", "the Communist Party", "the African National Congress", "the Workers' Party")},
    "faiths": {name: [name] for name in (
        "Christians", "Catholics", "Protestants", "Evangelicals", "Mormons", "Muslims", "Sunnis", "Shiites", "Jews", "Hindus", "Buddhists", "Sikhs",
        "atheists")},
}
