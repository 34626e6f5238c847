"""Articles on one subject with their gold, made of invented sentences.

    python -m tests.benchmarks.subject [--articles 30] [--seed 1] > FILE.jsonl

A dispute about a ferry line: the same people, bodies and places come again and again, some in most
articles, most in a few, as in news on one subject; about half of them are names that the pipeline
has met. Sentences are drawn anew for each article, names by how often they come. Gold follows
schema/guidelines.md. In a template, `[words|LABEL]` is an entity, `<LABEL>` a name to be drawn, and
`{s ...}`, `{k ...}`, `{c ...}` are source, cue and content of the claim of its sentence.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from annotator.core.annotations import Claim, Entity, MadeBy, Verdict
from annotator.core.article import Article, Origin, Span, title_line
from annotator.core.claims.claim_defaults import with_guesses
from annotator.core.record import Record, ReviewFacts, SchemeId

# The more to the front, the more often a name comes.
NAMES: dict[str, tuple[str, ...]] = {
    "PERSON": (
        "Anna Marrow", "Tamsin Orrell", "Peter Hollen", "James Quill", "Sunniva Aske",
        "Robert Vane", "Brann Tolle", "Maria Rusk", "Jory Pell", "Helen Skaw", "Osk Varley",
        "Thomas Farrow",
    ),
    "ORG": (
        "Greyline", "European Union", "Ansel Post", "Harbour Board", "Reuters", "Ferry Union",
        "Norlandia", "World Bank", "Quay Watch", "Tideway", "Greenpeace", "KFB", "Skerry Bank",
    ),
    "GPE": (
        "Norway", "Port Ansel", "Denmark", "Sund", "Bergen", "Varnholm", "London", "Tarrow",
        "Iceland", "Grenvik",
    ),
    "FAC": ("North Quay", "Ansel Light", "Pier Nine", "Marrow Bridge", "Gannet House"),
    "LOC": ("North Sea", "Skaw Sound", "Europe", "Ansel Bay"),
    "NORP": ("Norwegian", "Danish", "Sundish"),
    "VEHICLE": ("Gannet", "Lady Aske", "Tern"),
    "LAW": ("Crossings Act", "Harbours Act"),
    "EVENT": ("Ansel Regatta", "Lantern Week"),
}  # fmt: skip
PLAIN = (
    "<PERSON> walked along <FAC> with <PERSON> of <ORG>.",
    "<ORG> has run the line between <GPE> and <GPE> since [2004|DATE].",
    "The <VEHICLE> lay at <FAC> for [three weeks|DATE] after the storm in <LOC>.",
    "<ORG> and <ORG> share an office in <GPE>.",
    "In <GPE>, <PERSON> waited for the <VEHICLE> until [Friday|DATE].",
    "The <LAW> gives <ORG> a say over <FAC>.",
    "[Boats|VEHICLE] from <GPE> passed <LOC> on [Monday|DATE].",
    "<PERSON> left <ORG> for <ORG> [last year|DATE].",
    "The <EVENT> brought visitors to <GPE> and <GPE>.",
    "A <NORP> crew took the <VEHICLE> through <LOC>.",
    "<ORG> paid [$2 million|MONEY] for the pier at <GPE>.",
    "<PERSON>, who once led <ORG>, lives near <FAC>.",
    "The road from <GPE> to <FAC> was closed on [Tuesday|DATE].",
    "<ORG> owes <ORG> [40,000 crowns|MONEY].",
    "Neither <PERSON> nor <PERSON> came to <GPE>.",
    "The <VEHICLE> is older than <FAC>.",
)
SAYING = (
    "{s <PERSON>} {k said} on [Wednesday|DATE] {c that <ORG> would keep the <VEHICLE>}.",
    "{c “We shall not close <FAC>,”} {s <PERSON>} {k said}.",
    "{k According to} {s <ORG>}, {c the line to <GPE> loses money}.",
    "{s <ORG>} {k denied} {c that <PERSON> had been paid by <ORG>}.",
    "{s <PERSON> of <ORG>} {k warned} {c that the <VEHICLE> was unsafe}.",
    "{c The <LAW> must be changed}, {s <PERSON>} {k said}.",
    "{s <ORG>} {k promised} {c to return to <GPE>}.",
)
TITLES = (
    "<ORG> and <GPE> at odds over <FAC>",
    "<VEHICLE> stays at <FAC>",
    "New [boat|VEHICLE] for <GPE>",
    "<ORG> leaves <GPE>",
)
_AT = datetime(2019, 1, 14, 12, tzinfo=UTC)
_NAME = re.compile(r"<([A-Z_]+)>")
_MARK = re.compile(r"\[([^|\]]+)\|([A-Z_]+)\]|\{([skc]) |\}")


def records(count: int, seed: int) -> Iterator[Record]:
    """So many reviewed articles on the subject; the same for the same seed."""
    draw = random.Random(seed)
    for number in range(count):
        plain = draw.sample(PLAIN, 9)
        saying = draw.sample(SAYING, 3)
        sentences = [_filled(one, draw) for one in draw.sample(plain + saying, 12)]
        paragraphs = [" ".join(sentences[n : n + 3]) for n in range(0, 12, 3)]
        yield _record("\n\n".join([_filled(draw.choice(TITLES), draw), *paragraphs]), number)


def _filled(template: str, draw: random.Random) -> str:
    """A template with names, each once in a sentence."""
    used: set[str] = set()

    def name(found: re.Match[str]) -> str:
        label = found[1]
        names = [one for one in NAMES[label] if one not in used]
        weights = [1 / (place + 1) for place in range(len(names))]
        chosen = draw.choices(names, weights)[0]
        used.add(chosen)
        return f"[{chosen}|{label}]"

    return _NAME.sub(name, template)


def _record(marked: str, number: int) -> Record:
    """The record of a text with marks."""
    text, entities, claims = _read(marked)
    article = Article(
        text, title_line(text), "en", origin=Origin(name=f"ferry-{number + 1:02}.txt")
    )
    named = tuple(
        Entity(f"e{n}", span, label, made_by=MadeBy.REVIEWER, verdict=Verdict.ADDED)
        for n, (span, label) in enumerate(entities)
    )
    found = tuple(
        with_guesses(
            Claim(f"c{n}", (parts["c"],), (parts["k"],), (parts["s"],), verdict=Verdict.ADDED), text
        )
        for n, parts in enumerate(claims)
    )
    facts = ReviewFacts("gold", "review", _AT, _AT)
    return Record(
        article, SchemeId("annotator-news", "1"), review=facts, entities=named, claims=found
    )


def _read(marked: str) -> tuple[str, list[tuple[Span, str]], list[dict[str, Span]]]:
    """The text without marks, its entities, and the parts of its claims by letter."""
    text, at = "", 0
    entities: list[tuple[Span, str]] = []
    parts: list[tuple[str, Span]] = []
    open_part = ("", 0)
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        at = mark.end()
        if mark[1]:
            entities.append((Span(len(text), len(text) + len(mark[1])), mark[2]))
            text += mark[1]
        elif mark[3]:
            open_part = (mark[3], len(text))
        else:
            parts.append((open_part[0], Span(open_part[1], len(text))))
    text += f"{marked[at:]}\n"
    claims = [dict(parts[n : n + 3]) for n in range(0, len(parts), 3)]
    return text, entities, claims


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--articles", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    for record in records(chosen.articles, chosen.seed):
        print(json.dumps(record.to_dict(), ensure_ascii=False))


if __name__ == "__main__":
    main()
