"""Converts corpora and finished reviews to training data."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import srsly
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from annotator.errors import ModelError, RecordError

TREEBANKS = ("ewt", "gum")
# CrossNER's part on artificial intelligence is about algorithms, so it is skipped.
LEFT_OUT = frozenset({"crossner_ai", "dev"})
# The only source on the subject of the articles is used three times.
REPEATED = {"re3d": 3}
_NAMES = ("ORTH", "SPACY", "ENT_IOB", "ENT_TYPE")
_POOLED = ("PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT", "WORK_OF_ART", "PRODUCT", "LAW")
_BLOCK = 6
_MOSTLY_SMALL = 0.3
# Labels that the recogniser learns; rules find the others.
LEARNT = frozenset((*_POOLED, "NORP", "LANGUAGE"))


def read_docs(path: Path, vocab: Vocab) -> list[Doc]:
    """The documents of a `.spacy` file; raises ModelError if it cannot be read."""
    try:
        return list(DocBin().from_disk(path).get_docs(vocab))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{path} is not a corpus that spaCy can read.",
            hint="Give the folder that holds ud/ and ner/ with their .spacy files.",
        ) from error


def write_names(
    corpora: Path, output: Path, nlp: Language, *, records: Path | None, seed: int
) -> dict[str, int]:
    """Write the annotated names to `output`; returns the tokens of each file.

    `names.spacy` has the documents as they are, `joined.spacy` several of them joined with line
    breaks between, which is nearer to whole articles; `names.json` has the names by label, to
    replace others.
    """
    docs = [doc for path in name_files(corpora) for doc in _times(path, nlp.vocab)]
    if records is not None:
        docs += record_docs(records, nlp)
    random.Random(seed).shuffle(docs)
    pool = output / "names.json"
    pool.write_text(json.dumps(pool_of(docs), ensure_ascii=False), encoding="utf-8")
    return {
        "names": _write(output / "names.spacy", docs, _NAMES),
        "joined": _write(output / "joined.spacy", list(_joined(docs, seed)), _NAMES),
    }


def name_files(corpora: Path) -> list[Path]:
    """The files of annotated names, in a fixed order; raises ModelError if there are none."""
    found = sorted(p for p in (corpora / "ner").glob("*.spacy") if p.stem not in LEFT_OUT)
    if not found:
        raise ModelError(
            f"{corpora} holds no corpora.", hint="Give the folder that holds ud/ and ner/."
        )
    return found


def pool_of(docs: Iterable[Doc]) -> dict[str, list[str]]:
    """The clean names of `docs` by label, for replacing others."""
    pool: dict[str, set[str]] = defaultdict(set)
    for doc in docs:
        for ent in doc.ents:
            name = ent.text
            clean = name[:1].isalpha() and name[:1].isupper() and len(name) > 2
            if ent.label_ in _POOLED and clean and "\n" not in name and " _ " not in name:
                pool[ent.label_].add(name)
    return {label: sorted(names) for label, names in sorted(pool.items())}


def common_words(docs: Iterable[Doc]) -> frozenset[str]:
    """Words that occur in lower case at least twice in `docs`, and rarely as names."""
    small: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for doc in docs:
        for token in doc:
            if token.is_alpha and len(token) > 1:
                if token.is_lower:
                    small[token.text] += 1
                elif token.is_title and (token.ent_type or token.pos_ == "PROPN"):
                    named[token.lower_] += 1
    return frozenset(
        word for word, n in small.items() if n >= 2 and named[word] < _MOSTLY_SMALL * n
    )


def record_docs(path: Path, nlp: Language) -> Iterator[Doc]:
    """Finished reviews as training documents, one for each paragraph.

    Open entities, spans that do not match token boundaries, and unknown spans of the record become
    unknown, not outside. Raises RecordError naming an invalid line.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = srsly.json_loads(line)
            if record["answer"] == "accept" and record["review"]["kind"] != "none":
                yield from _paragraph_docs(
                    marked_doc(nlp, record["text"], record["entities"], record.get("unknown", ()))
                )
        except (ValueError, KeyError, TypeError) as error:
            raise RecordError(
                f"Line {number} of {path.name} is not a record.",
                hint="Train on files that `annotator export` wrote.",
            ) from error


def marked_doc(
    nlp: Language,
    text: str,
    entities: list[dict[str, object]],
    stretches: Iterable[dict[str, object]] = (),
) -> Doc:
    """A text with the entities of its record; what nobody decided is missing, not outside."""
    doc = nlp.make_doc(text)
    known: list[Span] = []
    unknown: list[Span] = []
    for entity in entities:
        span = doc.char_span(
            int(str(entity["start"])), int(str(entity["end"])), str(entity["label"])
        )
        if span is None:
            span = doc.char_span(
                int(str(entity["start"])), int(str(entity["end"])), alignment_mode="expand"
            )
            unknown.append(span)
        else:
            (unknown if entity["verdict"] == "pending" else known).append(span)
    taken: set[int] = set()
    outer = []
    for span in sorted(known, key=lambda s: (s.start - s.end, s.start)):
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            outer.append(span)
    for row in stretches:
        start, end = int(str(row["start"])), int(str(row["end"]))
        unknown.append(doc.char_span(start, end, alignment_mode="expand"))
    places = {token.i for span in unknown if span is not None for token in span} - taken
    missing = [doc[place : place + 1] for place in sorted(places)]
    doc.set_ents(outer, missing=missing, default="outside")
    return doc


def _paragraph_docs(doc: Doc) -> Iterator[Doc]:
    start = 0
    for token in doc:
        if (token.is_space and "\n" in token.text) or token.i == len(doc) - 1:
            if token.i + 1 - start > 2:
                yield doc[start : token.i + 1].as_doc()
            start = token.i + 1


def _joined(docs: list[Doc], seed: int) -> Iterator[Doc]:
    """Join groups of two to six neighbouring documents, with line breaks between them."""
    rng = random.Random(seed + 1)
    i = 0
    while i < len(docs):
        block = docs[i : i + rng.randint(2, _BLOCK)]
        i += len(block)
        words: list[str] = []
        spaces: list[bool] = []
        tags: list[str | None] = []
        for doc in block:
            for token in doc:
                words.append(token.text)
                spaces.append(bool(token.whitespace_))
                tags.append(_tag(token))
            if words and not words[-1].endswith("\n"):
                spaces[-1] = False
                words.append(rng.choice(("\n", "\n\n")))
                spaces.append(False)
                tags.append("O")
        yield Doc(docs[0].vocab, words=words, spaces=spaces, ents=tags)


def _tag(token: object) -> str | None:
    iob = token.ent_iob  # type: ignore[attr-defined]  # spaCy's Token is untyped here
    kinds = {0: None, 1: "I-", 2: "O", 3: "B-"}
    tag = kinds[iob]
    return tag + token.ent_type_ if tag in ("I-", "B-") else tag  # type: ignore[attr-defined]  # likewise


def _times(path: Path, vocab: Vocab) -> list[Doc]:
    return read_docs(path, vocab) * REPEATED.get(path.stem, 1)


def _write(path: Path, docs: list[Doc], attributes: tuple[str, ...]) -> int:
    found = DocBin(attrs=list(attributes))
    for doc in docs:
        found.add(doc)
    found.to_disk(path)
    return sum(map(len, docs))
