"""A parsed text as lists with one entry per token, for all patterns in this package.

Reading attributes of spaCy's tokens one by one is slow, so all are taken from the Doc at once.
Labels are converted to Universal Dependencies (UD): those of stock English pipelines (ClearNLP) are
renamed, and their prepositions, which govern their noun there, depend on it as in UD. Without a
parser, sentences are found by punctuation and tags are guessed, which is enough for quotations and
word order.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from spacy import attrs
from spacy.tokens import Doc

from annotator.lexicon.cues import Cue, Lexicon
from annotator.lexicon.word_lists import BE, HAVE, MODALS, TITLES, words_of
from annotator.suggest.claims.quotations import MARKS, Region
from annotator.suggest.claims.single_marks import SINGLE
from annotator.suggest.claims.title_case import headline_verbs

FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))
PAST_OR_PRESENT = frozenset(("VBD", "VBZ", "VBP"))
NOMINAL = frozenset(("NOUN", "PROPN", "PRON"))
LONGEST_SENTENCE = 250  # tokens; longer ones are cut, so that no pattern costs more than this a cue

_FROM_CLEARNLP = {
    "dobj": "obj",
    "nsubjpass": "nsubj:pass",
    "csubjpass": "csubj:pass",
    "auxpass": "aux:pass",
    "relcl": "acl:relcl",
    "prt": "compound:prt",
    "poss": "nmod:poss",
    "possessive": "case",
    "dative": "iobj",
    "neg": "advmod",
    "npadvmod": "obl:npmod",
    "nn": "compound",
}
_SENTENCE_FINAL = frozenset(".?!:;)]…")
_LAST = (attrs.LENGTH, attrs.ENT_TYPE)
_TITLE = re.compile(
    rf"(?:{'|'.join(title.title() for title in sorted(TITLES | {'sens', 'reps', 'st'}))})\."
)
_HAVE = HAVE | words_of("'s 've 'd")
_BE = BE | words_of("'s 're get gets got")
_BEEN = words_of("been being be")
_VERBAL = words_of("MD VBD VBZ VBP VB")
_CLAUSAL = words_of("ROOT conj ccomp parataxis")
_WORD = re.compile(r"\w")
_CLOSED_CLASS = {
    "DET": words_of("the a an this that these those some any no each every another"),
    "PRON": words_of("he she they it we i you him her them who nobody everyone someone"),
    "ADP": words_of("of in on at by for with from to about against over under after before during"),
    "CCONJ": words_of("and but or"),
    "SCONJ": words_of("because while if when although as"),
    "AUX": BE | HAVE | MODALS,
}
_GUESS = {word: pos for pos, members in _CLOSED_CLASS.items() for word in members}


class Tree:
    """Lists by token number: `lower`, `tag`, `pos`, `rel` (UD), `head`, `kids`, `start`, `end`, …

    `paragraph[i]` and `region[i]` are the numbers of the paragraph and quotation of token i, or -1;
    `low[i]`, `high[i]` bound its sentence, which never crosses a paragraph. `words[i]` is False for
    marks and blanks, `cue[i]` is the verb of the lexicon that the token is a form of, or None;
    `cues` are the tokens that have one.
    """

    def __init__(
        self,
        doc: Doc,
        text: str,
        paragraphs: Sequence[tuple[int, int]],
        quotations: Sequence[Region],
        lexicon: Lexicon,
    ) -> None:
        self.text = text
        self.n = len(doc)
        self.lexicon = lexicon
        self.parsed = doc.has_annotation("DEP")
        self.tagged = doc.has_annotation("TAG") or doc.has_annotation("POS")
        self._read(doc)
        if not self.tagged:
            self._guess_tags()
        if "pobj" in self.rel or "dobj" in self.rel or "nsubjpass" in self.rel:
            self._to_universal()
        base = {rel: rel.partition(":")[0] for rel in set(self.rel)}
        self.base = list(map(base.__getitem__, self.rel))
        # Words without dependents share one list, to reduce garbage collection.
        nothing: list[int] = []
        self.kids = [nothing] * self.n
        for i, head in enumerate(self.head):
            if head != i and self.kids[head] is nothing:
                self.kids[head] = [i]
            elif head != i:
                self.kids[head].append(i)
        self.paragraph = _numbered(self.start, paragraphs)
        self._find_sentences(doc)
        self._mend_headlines()
        self._mend_verbs()
        self.region = [-1] * self.n
        self.regions: list[range] = []
        self.quoted_words: list[int] = []
        self.single: set[int] = set()
        self._mark_quotations(quotations)

    def _read(self, doc: Doc) -> None:
        columns = doc.to_array(
            [
                attrs.HEAD,
                attrs.DEP,
                attrs.TAG,
                attrs.POS,
                attrs.LOWER,
                attrs.ORTH,
                attrs.IDX,
                *_LAST,
            ]
        ).reshape(self.n, 9)
        names: dict[int, str] = {0: ""}
        strings = doc.vocab.strings

        def named(column: int) -> list[str]:
            ids = columns[:, column].tolist()
            for one in set(ids) - names.keys():
                names[one] = strings[one]
            return list(map(names.__getitem__, ids))

        offsets = columns[:, 0].astype("int64").tolist()
        self.head: list[int] = [i + offset for i, offset in enumerate(offsets)]
        self.rel, self.tag, self.pos = named(1), named(2), named(3)
        self.lower, self.form = named(4), named(5)
        self.start: list[int] = columns[:, 6].tolist()
        self.end = [a + b for a, b in zip(self.start, columns[:, 7].tolist(), strict=True)]
        self.entity = named(8)
        self.ents = doc.ents  # put together anew each time
        self.names = {
            i: (ent.start, ent.end) for ent in self.ents for i in range(ent.start, ent.end)
        }
        # An article has each form several times.
        forms, verbs = set(self.form), self.lexicon.verbs
        blank = {form: form.isspace() for form in forms}
        words = {form: bool(_WORD.search(form)) for form in forms}
        self.blank = list(map(blank.__getitem__, self.form))
        self.words = list(map(words.__getitem__, self.form))
        self.cue: list[Cue | None] = list(map(verbs.get, self.lower))
        self.cues = [i for i, cue in enumerate(self.cue) if cue is not None]

    def _guess_tags(self) -> None:
        for i, (form, lower) in enumerate(zip(self.form, self.lower, strict=True)):
            cue = self.cue[i]
            if cue is not None:
                self.pos[i], self.tag[i] = "VERB", self.lexicon.tag(lower)
            elif lower in _GUESS:
                self.pos[i] = _GUESS[lower]
                self.tag[i] = "MD" if lower in ("will", "would", "can", "could", "may") else ""
                if self.pos[i] == "AUX" and not self.tag[i]:
                    self.tag[i] = "VBZ"
            elif not self.words[i]:
                self.pos[i] = "SPACE" if self.blank[i] else "PUNCT"
            else:
                self.pos[i] = "PROPN" if form[:1].isupper() else "NOUN"

    def _mend_past(self, i: int) -> None:
        """Treat a participle after *have* or without an auxiliary as a finite past tense."""
        before = {self.lower[x] for x in range(max(0, i - 4), i)}
        if (
            i == self.low[i]
            or before & _BEEN
            or any(self.rel[x] == "aux:pass" for x in range(max(0, i - 4), i) if self.head[x] == i)
        ):
            return
        after_comma = self.form[i - 1] == "," and self.lower[i + 1] != "by" and self.words[i + 1]
        alone = not any(self.tag[x] in FINITE for x in range(self.low[i], self.high[i]))
        noun_before = self.pos[i - 1] in NOMINAL and "that" in self.lower[i + 1 : i + 6]
        first = not any(self.tag[x] in FINITE for x in range(self.low[i], i))
        clausal = self.rel[i] in _CLAUSAL or after_comma or alone or (noun_before and first)
        if before & _HAVE or (clausal and not before & _BE):
            self.tag[i], self.pos[i] = "VBD", "VERB"

    def _mend_headlines(self) -> None:
        """Correct the tags of verbs in title-case headlines, which taggers label as names."""
        for verb in headline_verbs(self.form):
            if self.cue[verb] is not None and self.tag[verb][:1] == "N":
                self.tag[verb], self.pos[verb] = "VBZ", "VERB"
            for i in range(verb + 1, self.high[verb]):
                if self.lower[i] in MODALS and self.form[i][:1].isupper():
                    self.tag[i], self.pos[i] = "MD", "AUX"

    def _mend_verbs(self) -> None:
        """Correct tags of cue verbs: `reports` in `Harbour News reports that` is not a plural."""
        for i in range(1, self.n - 1):
            cue = self.cue[i]
            if cue is None:
                continue
            if self.tag[i] == "VBN" and self.lexicon.tag(self.lower[i]) == "VBD":
                self._mend_past(i)
            elif self.tag[i][:2] == "NN" and self.lexicon.tag(self.lower[i]) == "VBZ":
                self._mend_present(i, speech=cue.kind == "speech")
            elif (
                self.tag[i] == "NN"
                and self.lexicon.tag(self.lower[i]) == "VBG"
                and self.form[i - 1] == ","
                and self.form[i + 1] in (",", ":", "that")
            ):
                self.tag[i], self.pos[i] = "VBG", "VERB"
            elif self.tag[i] == "NN" and self.lower[i - 1] == "to" and cue.kind == "speech":
                self.tag[i], self.pos[i] = "VB", "VERB"

    def _mend_present(self, i: int, *, speech: bool) -> None:
        after_name = self.pos[i - 1] in ("PROPN", "PRON")
        after_noun = after_name or self.pos[i - 1] == "NOUN"
        alone = not any(self.tag[x] in FINITE for x in range(self.low[i], self.high[i]))
        last = self.form[i + 1] == "." and self.low[i] < i - 1
        relative = self.tag[min(i + 2, self.n - 1)] in _VERBAL  # new rules that could ...
        that = self.lower[i + 1] == "that" and not relative
        first = not any(self.tag[x] in FINITE for x in range(self.low[i], i))
        if speech and after_noun and first and self._heads_line(i):
            governs = True
        else:
            governs = that or (after_name and first and (self.rel[i] == "ROOT" or last))
        if (after_noun and alone and not last) or (speech and after_noun and governs):
            self.tag[i], self.pos[i] = "VBZ", "VERB"

    def _heads_line(self, i: int) -> bool:
        """Whether token i is the verb of a headline: `Mayor warns bridge could fall`."""
        if self.lexicon.noun(self.lower[i]) is not None:
            return False
        last = self.high[i] - 1
        while last > i and self.blank[last]:
            last -= 1
        line = self.paragraph[self.low[i]] != self.paragraph[max(0, self.low[i] - 1)]
        ends = self.words[last] and (last + 1 >= self.n or self.blank[last + 1])
        return (line or self.low[i] == 0) and ends and self.words[i + 1] and last - i > 1

    def _to_universal(self) -> None:
        rel, head = self.rel, self.head
        for i, name in enumerate(rel):
            rel[i] = _FROM_CLEARNLP.get(name, name)
        for i, name in enumerate(rel):
            if name not in ("pobj", "pcomp") or rel[head[i]] not in ("prep", "agent"):
                continue
            preposition = head[i]
            governor = head[preposition]
            verbal = self.pos[governor] in ("VERB", "AUX", "ADJ", "ADV")
            agent = rel[preposition] == "agent"
            rel[i] = "obl:agent" if agent else "obl" if verbal else "nmod"
            if name == "pcomp":
                rel[i] = "advcl"
            head[i] = governor
            head[preposition] = i
            rel[preposition] = "mark" if name == "pcomp" else "case"

    def _find_sentences(self, doc: Doc) -> None:
        starts = doc.to_array([attrs.SENT_START]).astype("int64").tolist()
        known = self.parsed or any(flag == 1 for flag in starts[1:])
        if not known:
            starts = self._sentences_by_punctuation()
        bounds = [0] if self.n else []
        for i in range(1, self.n):
            if (
                (starts[i] == 1 and self._may_end(i - 1))
                or self.paragraph[i] != self.paragraph[i - 1]
                or i - bounds[-1] >= LONGEST_SENTENCE
            ):
                bounds.append(i)
        bounds.append(self.n)
        self.low = [0] * self.n
        self.high = [0] * self.n
        for low, high in pairwise(bounds):
            self.low[low:high] = [low] * (high - low)
            self.high[low:high] = [high] * (high - low)
        self.sentences = [(low, high) for low, high in pairwise(bounds)]

    def _may_end(self, i: int) -> bool:
        """Whether a sentence can end at token i: parsers also break at hyphens and before names."""
        form = self.form[i]
        if form[-1] == "." and (
            _TITLE.fullmatch(form) or _TITLE.fullmatch(self.form[i - 1] + form)
        ):
            return False
        if (form in MARKS or form in SINGLE) and i > 0:
            return self.form[i - 1][-1] in _SENTENCE_FINAL or self.form[i - 1] == ","
        return self.blank[i] or form[-1] in _SENTENCE_FINAL

    def _sentences_by_punctuation(self) -> list[int]:
        starts, ended = [0] * self.n, False
        for i, form in enumerate(self.form):
            if ended and self.words[i]:
                starts[i], ended = 1, False
            elif form in (".", "?", "!"):
                ended = True
        return starts

    def _mark_quotations(self, quotations: Sequence[Region]) -> None:
        first = 0
        for number, quotation in enumerate(quotations):
            first = max(first, bisect_right(self.end, quotation.start))
            last = max(first, bisect_left(self.start, quotation.end))
            self.region[first:last] = [number] * (last - first)
            while last > first and self.blank[last - 1]:
                last -= 1
            self.regions.append(range(first, last))
            self.quoted_words.append(sum(self.words[first:last]))
            self.single.update(
                i for i in {first, last - 1} if first < last and self.form[i] in SINGLE
            )
            first = last

    # ------------------------------------------------------------------------------ questions

    def children(self, i: int, *rels: str) -> Iterator[int]:
        """The dependents of token i with one of these relations, including subtypes."""
        return (c for c in self.kids[i] if self.rel[c] in rels or self.base[c] in rels)

    def subtree(self, i: int, drop: Iterable[int] = ()) -> set[int]:
        """Token i and its descendants within the sentence, without the subtrees at `drop`."""
        dropped, low, high = set(drop), self.low[i], self.high[i]
        found, stack = set(), [i]
        while stack:
            token = stack.pop()
            if token in dropped or not low <= token < high:
                continue
            found.add(token)
            stack += self.kids[token]
        return found

    def case_words(self, i: int) -> set[str]:
        """The prepositions and conjunctions that introduce token i."""
        return {self.lower[c] for c in self.kids[i] if self.rel[c] in ("case", "mark")}

    def is_verb(self, i: int) -> bool:
        """Whether token i is a verb or an auxiliary."""
        return self.pos[i] in ("VERB", "AUX") or self.tag[i][:1] == "V"

    def is_full_verb(self, i: int) -> bool:
        """Whether token i is a verb but not an auxiliary."""
        return self.pos[i] == "VERB" or self.tag[i][:1] == "V"

    def is_passive(self, i: int) -> bool:
        """Whether token i is a passive verb, by the parse."""
        return any(self.rel[c] in ("aux:pass", "nsubj:pass") for c in self.kids[i])

    def is_mark(self, i: int) -> bool:
        """Whether token i is a quotation mark; a single one only at the edge of a quotation."""
        return self.form[i] in MARKS or i in self.single

    def has(self, i: int, frame: str) -> bool:
        """Whether token i is a form of a verb that the lexicon gives this frame."""
        cue = self.cue[i]
        return cue is not None and frame in cue.frames

    def lemma(self, i: int) -> str:
        """The lemma of token i if it is a verb of the lexicon; otherwise its lower-case form."""
        cue = self.cue[i]
        return cue.lemma if cue is not None else self.lower[i]

    def starts_paragraph(self, i: int) -> bool:
        """Whether token i is the first word of its paragraph."""
        here = self.paragraph[i]
        while i > 0 and self.paragraph[i - 1] == here:
            i -= 1
            if self.words[i]:
                return False
        return True

    def sentence_words(self, i: int) -> list[int]:
        """The tokens of the sentence of token i, without blanks."""
        return [x for x in range(self.low[i], self.high[i]) if not self.blank[x]]


def _numbered(starts: list[int], stretches: Sequence[tuple[int, int]]) -> list[int]:
    """For each token the number of the stretch in which it begins, or -1."""
    numbers = [-1] * len(starts)
    for number, (low, high) in enumerate(stretches):
        first, last = bisect_left(starts, low), bisect_left(starts, high)
        numbers[first:last] = [number] * (last - first)
    return numbers
