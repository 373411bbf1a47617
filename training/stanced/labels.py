"""The label sets; their order is the order in the model file (processor/model/heads.h, extract/findings.h)."""

ENTITY_TYPES = ["Person", "Organization", "Location", "NORP", "Facility", "Product", "Misc", "Date", "Money"]
NAME_TAGS = ["O"] + [prefix + name for name in ENTITY_TYPES for prefix in ("B-", "I-")]
ROLES = ["source", "cue", "content"]
ROLE_TAGS = ["O", "B", "I"]  # and those of issues
STANCES = ["none", "a for b", "b for a", "a against b", "b against a"]
PORTRAYALS = ["negative", "neutral", "positive"]

STANCE_SWAP = [0, 2, 1, 4, 3]  # the class when a and b change places

# What a CoNLL tag leaves open. CoNLL has no dates and no money: an outside word may be either.
CONLL_TYPES = {"PER": ["Person"], "ORG": ["Organization"], "LOC": ["Location", "Facility"],
               "MISC": ["NORP", "Product", "Misc"]}
CONLL_OUTSIDE = ["Date", "Money"]

IGNORE = -100


def name_transitions_allowed():
    """allowed[i][j]: tag j may follow tag i; and start[j]: tag j may come first."""
    inside = lambda tag: tag.startswith("I-")
    start = [not inside(t) for t in NAME_TAGS]
    allowed = [[not inside(t) or (p != "O" and p[2:] == t[2:]) for t in NAME_TAGS] for p in NAME_TAGS]
    return allowed, start


def role_transitions_allowed():
    return [[True, True, False], [True, True, True], [True, True, True]], [True, True, False]
