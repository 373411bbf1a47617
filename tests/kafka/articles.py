#!/usr/bin/env python3
"""Short made-up articles as JSON Lines: articles.py COUNT. The same COUNT always gives the same lines."""
import json
import random
import sys

PEOPLE = ["Ada Brandt", "Omar Haddad", "Lucia Ferrante", "Viktor Sorokin", "Mei Tanaka", "Paul Okafor", "Ingrid Dahl", "Tom Reyes"]
BODIES = ["the Harbour Authority", "Norvia Motors", "the Ministry of Trade", "Halden Bank", "the Teachers' Union", "Orbis Energy"]
LINES = [
    "{a} sharply criticised {b} over the delayed report.",
    "{a} praised {b} for what she called a brave decision.",
    '"We do not trust {b}," {a} told reporters on Tuesday.',
    "{a} met members of {b} in Lisbon.",
    "According to {a}, {b} acted in good faith.",
]


def article(number: int, rng: random.Random) -> dict:
    sentences = [rng.choice(LINES).format(a=rng.choice(PEOPLE), b=rng.choice(BODIES)) for _ in range(rng.randint(1, 3))]
    return {"id": f"test-{number:05d}", "title": f"Dispatch {number}", "source": "Test Wire", "text": " ".join(sentences)}


def main() -> None:
    rng = random.Random(20)
    for number in range(int(sys.argv[1])):
        print(json.dumps(article(number, rng), ensure_ascii=False))


if __name__ == "__main__":
    main()
