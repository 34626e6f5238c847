"""Small stores of articles for the rules across articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from random import Random

from annotator.core.across.mentions import Mention, mentions_of
from annotator.core.across.proposals import Annotated
from annotator.core.annotations import Claim, Entity
from annotator.core.article import Article, Origin, Span

_NAME = re.compile(r"\[([^|\]]+)\|([A-Z_]+)\]")
_CLAIM = re.compile(r"\{([^{}]*)\}")


def marked(text: str, *, published: str | None = None) -> Annotated:
    """The article in `text`, where `[Ada Holm|PERSON]` marks an entity and `{it burns}` the content
    of a claim; entities are e1, e2 ..., claims c1, c2 ... in text order."""
    plain, entities = _taken_out(text)
    contents = _contents(plain)
    clean = plain.replace("{", "").replace("}", "")
    article = Article(clean, origin=Origin(published=published))
    return Annotated(
        article,
        tuple(
            Entity(f"e{n}", _moved(plain, span), label)
            for n, (span, label) in enumerate(entities, start=1)
        ),
        tuple(Claim(f"c{n}", content=(span,)) for n, span in enumerate(contents, start=1)),
    )


def names(*articles: str) -> list[Mention]:
    """The mentions of some marked articles."""
    own = [marked(text) for text in articles]
    return [
        mention
        for one in own
        for mention in mentions_of(one.article.id, one.article.text, one.entities)
    ]


def invented_store(stories: int, *, each: int = 4, seed: int = 7) -> list[Annotated]:
    """Articles on so many events, `each` on one: names of their own, names that all share, claims
    in common words and in words of the event."""
    rng = Random(seed)
    common = [f"Land{chr(65 + n)}or" for n in range(12)]
    vocabulary = [_word(rng) for _ in range(400)]
    made: list[Annotated] = []
    for _ in range(stories):
        people = [f"{_word(rng).title()} {_word(rng).title()}" for _ in range(6)]
        subject = [_word(rng) for _ in range(8)]
        made += [
            _invented(rng, people, common, [*subject, *rng.sample(vocabulary, 20)])
            for _ in range(each)
        ]
    return made


def _invented(
    rng: Random, people: Sequence[str], places: Sequence[str], words: Sequence[str]
) -> Annotated:
    lines = [" ".join(f"[{place}|GPE]" for place in rng.sample(places, 3))]
    for person in rng.sample(people, 5):
        said = " ".join(rng.sample(words, 8))
        lines.append(f"[{person}|PERSON] of [{rng.choice(places)}|GPE] said {{that {said}}}.")
    return marked("\n".join(lines))


def _word(rng: Random) -> str:
    return "".join(rng.choice("bdfgklmnprstv") + rng.choice("aeiou") for _ in range(3)) + "n"


def _taken_out(text: str) -> tuple[str, list[tuple[Span, str]]]:
    """The text without the marks of entities, and these entities in it with their labels."""
    plain, found, end = "", [], 0
    for match in _NAME.finditer(text):
        plain += text[end : match.start()]
        found.append((Span(len(plain), len(plain) + len(match[1])), match[2]))
        plain += match[1]
        end = match.end()
    return plain + text[end:], found


def _contents(plain: str) -> list[Span]:
    return [
        _moved(plain, Span(match.start() + 1, match.end() - 1)) for match in _CLAIM.finditer(plain)
    ]


def _moved(plain: str, span: Span) -> Span:
    """A span of the text with braces, in the text without them."""
    before = sum(plain.count(brace, 0, span.start) for brace in "{}")
    inside = sum(plain.count(brace, span.start, span.end) for brace in "{}")
    return Span(span.start - before, span.end - before - inside)


def grouped(forms: Iterable[tuple[str, int]]) -> set[str]:
    """The forms of a proposal without their counts."""
    return {form for form, _ in forms}
