"""An augmenter that makes training texts resemble international news.

The open corpora are mostly Western, encyclopaedic and without page furniture; the articles are not.
So in half of the documents, half of the names are replaced, and some documents get a headline, a
dateline, a byline or a photo credit, line breaks or capitals.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from annotator.lexicon.word_lists import words_of
from annotator.suggest import gazetteer

_IOB = {1: "I-", 3: "B-"}
_SLOT = re.compile(r"\{(\w+)\}")
_SHORT_WORDS = words_of("a an and as at but by for from in into of on or over the to with")
_HEADLINE_LENGTH = 14
_AGENCIES = ("Reuters", "AFP", "AP", "Xinhua", "TASS", "Anadolu", "EFE", "ANI", "PTI", "SANA")
_MONTHS = ("Jan.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "October", "Dec.")

Augmenter = Callable[[Language, Example], Iterator[Example]]


@dataclass
class TaggedText:
    """A text under construction: words, whether a blank follows each, and their entity tags."""

    words: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    tags: list[str | None] = field(default_factory=list)

    def add(self, word: str, tag: str | None, *, space: bool) -> None:
        self.words.append(word)
        self.tags.append(tag)
        self.spaces.append(space)

    def add_text(self, nlp: Language, text: str, label: str | None, *, space: bool) -> None:
        """Add `text`, cut into words as `nlp` cuts it, as one entity (or as outside)."""
        for token in nlp.make_doc(text):
            first = token.i == 0
            tag = f"{'B' if first else 'I'}-{label}" if label else "O"
            self.add(token.text, tag, space=bool(token.whitespace_))
        self.spaces[-1] = space

    def extend(self, other: TaggedText) -> None:
        self.words += other.words
        self.spaces += other.spaces
        self.tags += other.tags


class NameMaker:
    """Generates names from lists; the same seed gives the same names."""

    def __init__(self, pool: dict[str, list[str]], rng: random.Random) -> None:
        self._rng = rng
        self._pool = {label: names for label, names in pool.items() if names}
        people = gazetteer.groups("people", "annotator.training")
        self._given = _by_region(people, "given")
        self._family = _by_region(people, "family")
        self._article = people["Arab article"]
        self._lists = gazetteer.groups("organisations", "annotator.training")
        self._places = sorted(gazetteer.places())
        self._peoples = sorted(gazetteer.peoples())
        self._adjectives = sorted(n for n in gazetteer.peoples() if not n.endswith("s"))
        self._regions = sorted(gazetteer.words("regions"))

    def name(self, label: str, like: str) -> str:
        """Another name of the same label and a similar shape as `like`."""
        rng = self._rng
        if label == "PERSON":
            return self.person(like)
        if label == "NORP":
            plural = like.endswith("s")
            fitting = [n for n in rng.choices(self._peoples, k=12) if n.endswith("s") == plural]
            return fitting[0] if fitting else like
        if label == "GPE" and rng.random() < 0.7:
            return rng.choice(self._places)
        if label == "LOC" and rng.random() < 0.4:
            return rng.choice(self._regions)
        if label == "ORG" and rng.random() < 0.65:
            return self.organisation()
        if label == "EVENT" and rng.random() < 0.3:
            return rng.choice(self._lists["events"])
        return rng.choice(self._pool[label]) if label in self._pool else like

    def person(self, like: str) -> str:
        """A person's name; only a family name where `like` is one word."""
        rng = self._rng
        if rng.random() < 0.2 and "PERSON" in self._pool:
            return rng.choice(self._pool["PERSON"])
        region = rng.choice(sorted(self._family))
        family = self.family(region)
        if " " not in like:
            return family[0].upper() + family[1:] if rng.random() < 0.5 else family
        given = rng.choice(self._given[region])
        if region in ("Chinese", "Korean"):
            return f"{family} {given}"
        if like.count(" ") > 1 and rng.random() < 0.5:
            return f"{given} {self._middle(region)} {family}"
        return f"{given} {family}"

    def family(self, region: str) -> str:
        rng = self._rng
        if region == "Arab" and rng.random() < 0.4:
            return rng.choice(("al-", "al-", "Al-", "el-", "El-", "Al ")) + rng.choice(
                self._article
            )
        if region == "Hispanic" and rng.random() < 0.15:
            return " ".join(rng.sample(self._family[region], 2))
        return rng.choice(self._family[region])

    def organisation(self) -> str:
        """The name of an organisation, real or made from a pattern."""
        rng = self._rng
        if rng.random() < 0.35:
            return rng.choice(self._lists["names"])
        pattern = rng.choice(self._lists["patterns"])
        return _SLOT.sub(lambda slot: self._slot(slot[1]), pattern)

    def place(self) -> str:
        return self._rng.choice(self._places)

    def _middle(self, region: str) -> str:
        rng = self._rng
        if region == "Arab":
            return rng.choice(("bin", "Abu", "ibn", "Abdul", rng.choice(self._given[region])))
        if region == "Anglo":
            return rng.choice("ABCDEFGHJKLMPRSTW") + "."
        return rng.choice(self._given[region])

    def _slot(self, kind: str) -> str:
        rng = self._rng
        match kind:
            case "gpe":
                return self.place()
            case "norp":
                return rng.choice(self._adjectives)
            case "last":
                return rng.choice(self._family[rng.choice(sorted(self._family))])
            case "acronym":
                return "".join(
                    rng.choices("ABCDEFGHIKLMNOPRSTUW", k=rng.choice((3, 3, 3, 4, 4, 5)))
                )
            case _:
                return rng.choice(self._lists[kind + "s"])


@spacy.registry.augmenters("annotator.swap_names.v1")  # type: ignore[untyped-decorator]  # spaCy's
def make_swapper(
    names: Path, level: float, furniture: float, headline: float, breaks: float, seed: int
) -> Augmenter:
    """An augmenter; `names` is a JSON object of names by label, all else are chances (0 to 1).

    `level`: any change at all; `furniture`: a dateline, byline or credit; `headline`: a first line
    in headline capitals; `breaks`: a line break between two words.
    """
    rng = random.Random(seed)
    maker = NameMaker(json.loads(Path(names).read_text(encoding="utf-8")), rng)

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        if rng.random() >= level:
            yield example
            return
        text = _swapped(nlp, example.reference, maker, rng)
        if rng.random() < breaks:
            _break_somewhere(text, rng)
        if rng.random() < furniture:
            text = _with_furniture(nlp, text, maker, rng)
        if rng.random() < headline:
            text = _with_headline(text, rng)
        elif rng.random() < headline / 10:
            text.words = [word.upper() for word in text.words]
        if rng.random() < 0.4:
            text.words = [word.replace("'", "’") for word in text.words]
        doc = Doc(nlp.vocab, words=text.words, spaces=text.spaces, ents=text.tags)
        yield Example(nlp.make_doc(doc.text), doc)

    return augment


def _swapped(nlp: Language, doc: Doc, maker: NameMaker, rng: random.Random) -> TaggedText:
    """`doc` with half of its names replaced, each name consistently."""
    text, made = TaggedText(), {}
    starts = {ent.start: ent for ent in doc.ents}
    i = 0
    while i < len(doc):
        ent = starts.get(i)
        if ent is None:
            token = doc[i]
            tag = {0: None, 2: "O"}.get(token.ent_iob, "")
            tag = _IOB[token.ent_iob] + token.ent_type_ if tag == "" else tag
            text.add(token.text, tag, space=bool(token.whitespace_))
            i += 1
            continue
        key = ent.label_, ent.text
        if key not in made:
            made[key] = maker.name(*key) if rng.random() < 0.5 else ent.text
            if ent.label_ == "PERSON" and len(ent) > 1:
                made.setdefault(("PERSON", ent[-1].text), made[key].split(" ")[-1])
        text.add_text(nlp, made[key], ent.label_, space=bool(ent[-1].whitespace_))
        i = ent.end
    return text


def _break_somewhere(text: TaggedText, rng: random.Random) -> None:
    """A line break between two words, as in real files."""
    if len(text.words) < 4:
        return
    at = rng.randrange(1, len(text.words))
    if text.spaces[at - 1] and not (text.tags[at] or "").startswith("I-"):
        text.words.insert(at, rng.choice(("\n", "\n\n")))
        text.spaces.insert(at, False)
        text.tags.insert(at, "O")


def _with_headline(text: TaggedText, rng: random.Random) -> TaggedText:
    """Repeat the first words in capitals as a headline."""
    end = next(
        (i for i, word in enumerate(text.words) if word in ".!?" or "\n" in word), len(text.words)
    )
    end = min(end, _HEADLINE_LENGTH)
    while end < len(text.words) and (text.tags[end] or "").startswith("I-"):
        end += 1
    if end < 4 or None in text.tags[:end]:
        return text
    head = TaggedText(text.words[:end], text.spaces[:end], text.tags[:end])
    head.words = [_capital(word, first=i == 0) for i, word in enumerate(head.words)]
    head.spaces[-1] = False
    head.add(rng.choice(("\n", "\n\n")), "O", space=False)
    # Half of the time it replaces the sentence, so that repetition does not mark names.
    rest = TaggedText(text.words, text.spaces, text.tags)
    if rng.random() < 0.5:
        rest = TaggedText(text.words[end:], text.spaces[end:], text.tags[end:])
    head.extend(rest)
    return head


def _with_furniture(
    nlp: Language, text: TaggedText, maker: NameMaker, rng: random.Random
) -> TaggedText:
    """A dateline, byline or photo credit in front, or a credit line behind."""
    front = TaggedText()
    agency = rng.choice(_AGENCIES)
    kind = rng.randrange(4)
    if kind == 0:
        place = maker.place()
        front.add_text(nlp, place.upper() if rng.random() < 0.5 else place, "GPE", space=True)
        if rng.random() < 0.5:
            front.add_text(nlp, f", {rng.choice(_MONTHS)} {rng.randint(1, 28)}", None, space=True)
        if rng.random() < 0.6:
            front.add_text(nlp, "(", None, space=False)
            front.add_text(nlp, agency, "ORG", space=False)
            front.add_text(nlp, ")", None, space=True)
        front.add_text(nlp, rng.choice(("-", "--", "—", "–")), None, space=True)
    elif kind == 1:
        front.add_text(nlp, rng.choice(("By", "By", "Text by", "Written by")), None, space=True)
        front.add_text(nlp, maker.person("a b"), "PERSON", space=False)
        if rng.random() < 0.4:
            front.add_text(nlp, ",", None, space=True)
            front.add_text(nlp, maker.organisation(), "ORG", space=False)
        front.add_text(nlp, "\n\n", None, space=False)
    elif kind == 2:
        front.add_text(nlp, rng.choice(("Photo:", "Photo credit:", "Image:")), None, space=True)
        front.add_text(nlp, maker.person("a b"), "PERSON", space=False)
        front.add_text(nlp, "/", None, space=False)
        front.add_text(nlp, agency, "ORG", space=False)
        front.add_text(nlp, "\n", None, space=False)
    else:
        text.add_text(nlp, "\n\n", None, space=False)
        words = rng.choice(("Read More", "Share This Article", "Related Stories", "Also Read"))
        text.add_text(nlp, words, None, space=False)
        return text
    front.extend(text)
    return front


def _capital(word: str, *, first: bool) -> str:
    if not first and word in _SHORT_WORDS:
        return word
    return word[:1].upper() + word[1:]


def _by_region(people: dict[str, tuple[str, ...]], kind: str) -> dict[str, tuple[str, ...]]:
    return {
        key.removesuffix(f" {kind}"): rows for key, rows in people.items() if key.endswith(kind)
    }
