"""Evaluates a pipeline against gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from annotator.core.annotations import Claim, Verdict
from annotator.core.article import Span
from annotator.core.gold_facts import GoldFacts, is_assisted
from annotator.core.record import Record
from annotator.errors import RecordError
from annotator.suggest.pipeline import Pipeline
from annotator.training.claim_metrics import (
    ClaimDoc,
    MeasuredClaim,
    Pieces,
    Subset,
    score,
    without_undecided,
    without_unknown,
)
from annotator.training.gold import Gold, read_gold, to_gold_labels

Figures = dict[str, Any]
Marked = tuple[int, int, str]
_ARTICLES = ("the ", "a ", "an ")
_POSSESSIVES = ("'s", "’s", "'", "’")
_SUBSETS: tuple[Subset, ...] = ("reported", "direct")
_ATTRIBUTES = ("quotation", "source_kind", "stance", "certainty")


def evaluate(
    pipeline: Pipeline,
    gold_path: str | Path,
    label_map: Mapping[str, Sequence[str]] | None = None,
    labels: Sequence[str] | None = None,
) -> Figures:
    """Precision, recall and F (fractions) of `pipeline` by what the gold file has.

    Of records `entities`, `claims` and `junk`; of a `.spacy` file `entities`, `tags`, `lemmas`,
    `dependencies` and `sentences`, as far as its Docs have them, their tokenisation kept. Each has
    `precision`, `recall` and `f`, in all and by label under `labels`. `gold` says what kind of
    records they are; if some but not all were made without suggestions, `unassisted` has the same
    figures for these alone.

    An entity is right if span and label are, a leading article and a trailing 's left out on both
    sides. `label_map` says which of our labels stand for each of the gold's; labels on no line of
    it are not counted. `labels` are the labels of the gold to count, all by default. RecordError
    if the gold cannot be read or has no finished article.
    """
    gold = read_gold(Path(gold_path), pipeline.nlp.vocab)
    if not gold:
        raise RecordError(
            f"{gold_path} holds no finished article.", hint="Give records of finished reviews."
        )
    found = list(pipeline.docs(unannotated(pipeline.nlp, one) for one in gold))
    pairs = list(zip(gold, found, strict=True))
    result: Figures = {"articles": len(gold)}
    result |= _by_kind(pairs, label_map, labels)
    records = [one.record for one in gold if one.record]
    if records:
        result["gold"] = GoldFacts.of(records, pipeline.id.hash).to_dict()
        alone = [(one, doc) for one, doc in pairs if one.record and _is_unassisted(one.record)]
        if alone and len(alone) < len(pairs):
            result["unassisted"] = {"articles": len(alone), **_by_kind(alone, label_map, labels)}
    return result


def _is_unassisted(record: Record) -> bool:
    return is_assisted(record) is False


def _by_kind(
    pairs: Sequence[tuple[Gold, Doc]],
    label_map: Mapping[str, Sequence[str]] | None,
    labels: Sequence[str] | None,
) -> Figures:
    """All figures that this gold allows."""
    gold = [one for one, _ in pairs]
    result: Figures = {}
    if any(one.record or (one.doc and one.doc.has_annotation("ENT_IOB")) for one in gold):
        result["entities"] = entity_figures(pairs, label_map=label_map, labels=labels)
    if all(one.record for one in gold):
        result["claims"] = claim_figures(pairs)
        result["junk"] = junk_figures(pairs)
    return result | treebank_figures([(one.doc, doc) for one, doc in pairs if one.doc])


def entity_figures(
    pairs: Iterable[tuple[Gold, Doc]],
    *,
    label_map: Mapping[str, Sequence[str]] | None = None,
    labels: Sequence[str] | None = None,
) -> Figures:
    """Scores for entities; under `spans`, for spans without labels."""
    names = to_gold_labels(label_map)
    counted = set(labels) if labels else None
    tally, spans = MatchTally(), MatchTally()
    for gold, doc in pairs:
        want, have = entity_sets(gold, doc, names)
        want = {one for one in want if label_map is None or one[2] in label_map}
        if counted:
            want, have = ({one for one in some if one[2] in counted} for some in (want, have))
        tally.add(want, have, label=lambda item: item[2])
        spans.add({item[:2] for item in want}, {item[:2] for item in have})
    return tally.figures() | {"spans": spans.figures()}


def entity_sets(
    gold: Gold, doc: Doc, names: Mapping[str, str] | None = None
) -> tuple[set[Marked], set[Marked]]:
    """The entities of the gold, and those found: start, end and label, edges as in `bounds`.

    `names` maps our labels to the gold's. Entities found where the gold knows nothing are left out.
    """
    want = {(*bounds(gold.text, span.start, span.end), label) for span, label in gold.entities}
    have = set()
    for ent in doc.ents:
        label = ent.label_ if names is None else names.get(ent.label_, "")
        place = bounds(gold.text, ent.start_char, ent.end_char)
        unknown = any(s.start < place[1] and place[0] < s.end for s in gold.unknown)
        if label and not unknown:
            have.add((*place, label))
    return want, have


def claim_figures(pairs: Iterable[tuple[Gold, Doc]]) -> Figures:
    """Scores for claims: partial matches at the top level, other measures and subsets below.

    Open and offered claims of the gold are ignored when found, and so are claims in unknown
    spans.
    """
    gold: dict[str, ClaimDoc] = {}
    found: dict[str, ClaimDoc] = {}
    for n, (one, doc) in enumerate(pairs):
        claims, offered = (one.record.claims, one.record.offered) if one.record else ((), ())
        decided = [claim for claim in claims if claim.verdict is not Verdict.PENDING]
        left_open = [claim for claim in claims if claim.verdict is Verdict.PENDING]
        marked = ClaimDoc(one.text, tuple(map(_measured_gold, decided)))
        here = map(_measured, getattr(doc._, "claims", ()))
        undecided = map(_measured_gold, (*left_open, *offered))
        gold[str(n)] = marked
        known = without_undecided(marked, here, undecided)
        found[str(n)] = ClaimDoc(one.text, without_unknown(marked, known, _pairs(one.stretches)))
    every = score(gold, found).to_plain()
    half = {name: every["half"][name] for name in ("precision", "recall", "f")}
    return half | every | {subset: score(gold, found, subset).to_plain() for subset in _SUBSETS}


def junk_figures(pairs: Iterable[tuple[Gold, Doc]]) -> Figures:
    """Scores for junk lines: overall ignoring the kind, and for each kind."""
    lines, kinds = MatchTally(), MatchTally()
    for gold, doc in pairs:
        items = gold.record.junk if gold.record else ()
        decided = [item for item in items if item.verdict is not Verdict.PENDING]
        spans = doc.spans.get("junk", ())
        want = {(*_stripped(gold.text, j.span.start, j.span.end), str(j.kind)) for j in decided}
        have = {(*_stripped(gold.text, s.start_char, s.end_char), s.label_) for s in spans}
        left_open = {
            _stripped(gold.text, item.span.start, item.span.end)
            for item in items
            if item.verdict is Verdict.PENDING
        }
        have = {item for item in have if item[:2] not in left_open}
        have = {item for item in have if item in want or not _is_unknown(item, gold)}
        lines.add({item[:2] for item in want}, {item[:2] for item in have})
        kinds.add(want, have, label=lambda item: item[2])
    return lines.figures() | {"labels": kinds.figures()["labels"]}


def treebank_figures(pairs: Sequence[tuple[Doc | None, Doc]]) -> Figures:
    """Scores for tags, lemmas, dependencies (without punctuation) and sentences."""
    docs = [(gold, doc) for gold, doc in pairs if gold is not None]
    result: Figures = {}
    for name, attribute in (("tags", "TAG"), ("lemmas", "LEMMA")):
        if docs and all(gold.has_annotation(attribute) for gold, _ in docs):
            tally = MatchTally()
            for gold, doc in docs:
                tally.add(_words(gold, attribute), _words(doc, attribute))
            result[name] = tally.figures()
    if docs and all(gold.has_annotation("DEP") for gold, _ in docs):
        labelled, heads, sentences = MatchTally(), MatchTally(), MatchTally()
        for gold, doc in docs:
            want, have = set(_arcs(gold)), set(_arcs(doc))
            labelled.add(want, have, label=lambda arc: arc[2])
            heads.add({arc[:2] for arc in want}, {arc[:2] for arc in have})
            sentences.add(_sentences(gold), _sentences(doc))
        result["dependencies"] = labelled.figures() | {"heads": heads.figures()}
        result["sentences"] = sentences.figures()
    return result


class MatchTally:
    """Counts of gold, found and matching items, overall and by label."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.wanted: Counter[str] = Counter()

    def add(self, want: set[Any], have: set[Any], *, label: Any = None) -> None:
        """Count one text's items; `label` gives an item's label."""
        name = label or (lambda _: "")
        self.right.update(name(item) for item in want & have)
        self.found.update(name(item) for item in have)
        self.wanted.update(name(item) for item in want)

    def figures(self) -> Figures:
        """`precision`, `recall`, `f`, the counts `gold` and `found`, and the same by label."""
        total = _figures(self.right.total(), self.found.total(), self.wanted.total())
        names = sorted((self.found | self.wanted).keys() - {""})
        rows = {n: _figures(self.right[n], self.found[n], self.wanted[n]) for n in names}
        return total | ({"labels": rows} if rows else {})


def bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """`[start, end)` without a leading article and a trailing 's."""
    small = text[start:end].lower()
    while article := next((a for a in _ARTICLES if small.startswith(a)), ""):
        start += len(article)
        small = small[len(article) :]
    if mark := next((m for m in _POSSESSIVES if small.endswith(m) and len(small) > len(m)), ""):
        end -= len(mark)
    return start, end


def _figures(right: int, found: int, wanted: int) -> Figures:
    precision = right / found if found else 0.0
    recall = right / wanted if wanted else 0.0
    both = precision + recall
    f = 2 * precision * recall / both if both else 0.0
    return {"precision": precision, "recall": recall, "f": f, "gold": wanted, "found": found}


def unannotated(nlp: Language, gold: Gold) -> Doc:
    """The text of `gold` as a Doc for `nlp`, with the gold's tokens if it has any."""
    if gold.doc is None:
        return nlp.tokenizer(gold.text)
    words = [token.text for token in gold.doc]
    spaces = [bool(token.whitespace_) for token in gold.doc]
    return Doc(nlp.vocab, words=words, spaces=spaces)


def _measured(claim: Any) -> MeasuredClaim:
    """A claim as `doc._.claims` gives it."""
    return MeasuredClaim(
        claim.content, claim.cue, claim.source, _attributes(claim), claim.pattern, claim.tier
    )


def _pairs(spans: Iterable[Span]) -> Pieces:
    return tuple((span.start, span.end) for span in spans)


def _measured_gold(claim: Claim) -> MeasuredClaim:
    attributes = _attributes(claim)
    content, cue, source = map(_pairs, (claim.content, claim.cue, claim.source))
    return MeasuredClaim(content, cue, source, attributes)


def _attributes(claim: Any) -> dict[str, str | None]:
    values = ((name, getattr(claim, name)) for name in _ATTRIBUTES)
    return {name: str(value) if value is not None else None for name, value in values}


def _is_unknown(line: tuple[int, int, str], gold: Gold) -> bool:
    """Whether a span lies in an unknown span of the gold."""
    return any(one.start < line[1] and line[0] < one.end for one in gold.stretches)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _words(doc: Doc, attribute: str) -> set[Hashable]:
    name = f"{attribute.lower()}_"
    return {(token.i, getattr(token, name)) for token in doc if not token.is_space}


def _arcs(doc: Doc) -> Iterator[tuple[int, int, str]]:
    for token in doc:
        label = token.dep_.lower()
        if not token.is_space and label != "punct":
            yield token.i, token.head.i, label


def _sentences(doc: Doc) -> set[Hashable]:
    return {(sentence.start_char, sentence.end_char) for sentence in doc.sents}
