"""The texts that the encoder learns from, as rows, and how an epoch is made of them."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from annotator.errors import ModelError
from annotator.suggest.encoder.windows import Window, lines_of, windows_of
from annotator.suggest.encoder.word_pieces import WordPieces
from annotator.training.corpora import LEARNT, TREEBANKS, read_docs, write_names
from annotator.training.encoder.window_rows import WindowRow, classes_of, rows_of
from annotator.training.name_augmenter import make_swapper

Epoch = Callable[[random.Random], Iterator[list[WindowRow]]]
_PORTION = 400
_PARAGRAPHS = 4
_LONGEST_ARTICLE = 10**7


class CourseData:
    """The annotated texts of `corpora` (a folder with `ud/` and `ner/`) and of finished reviews.

    `trees` and `names` are Docs, `dev` rows of the development parts, `classes` what is told apart.
    """

    def __init__(
        self, corpora: Path, work: Path, pieces: WordPieces, records: Path | None, seed: int
    ) -> None:
        self.nlp: Language = spacy.blank("en")
        self.pieces = pieces
        write_names(corpora, work, self.nlp, records=records, seed=seed)
        self.names = read_docs(work / "joined.spacy", self.nlp.vocab)
        self.trees = self._treebanks(corpora, "train")
        self.classes = classes_of(self.trees, sorted(LEARNT))
        self._swap = make_swapper(work / "names.json", 0.6, 0.2, 0.2, 0.1, seed)
        names_dev = read_docs(corpora / "ner" / "dev.spacy", self.nlp.vocab)
        self.dev = [*self.rows([*self._treebanks(corpora, "dev"), *names_dev])]

    def rows(self, docs: Iterable[Doc]) -> Iterator[WindowRow]:
        """The windows of documents with what is to be learnt of their words."""
        for doc in docs:
            yield from rows_of(doc, self.pieces, self.classes)

    def tree_rows(self, seed: int) -> list[WindowRow]:
        """The windows of the treebanks, with neighbouring documents joined as paragraphs."""
        rng = random.Random(seed)
        docs, joined = list(self.trees), []
        while docs:
            size = rng.randint(1, _PARAGRAPHS)
            joined.append(_as_paragraphs(docs[:size]))
            del docs[:size]
        return [*self.rows(joined)]

    def epochs(self, extra: Sequence[WindowRow], share: float = 1.0) -> Epoch:
        """Makes an epoch in portions: a `share` of the documents with names, names swapped anew
        each time, and beside them an even part of `extra`."""

        def epoch(rng: random.Random) -> Iterator[list[WindowRow]]:
            rng.shuffle(self.names)
            mixed = rng.sample(extra, len(extra))
            names = self.names[: int(len(self.names) * share)]
            parts = max(1, len(names) // _PORTION)
            for number in range(parts):
                some = self.rows(self._swapped(names[number::parts]))
                yield [*some, *mixed[number::parts]]

        return epoch

    def windows(self, texts: Iterable[str]) -> Iterator[Window]:
        """The windows of raw texts."""
        for text in texts:
            doc = self.nlp.make_doc(text)
            words = [token.text for token in doc]
            spaces = [bool(token.whitespace_) for token in doc]
            yield from windows_of(words, self.pieces, lines_of(words, spaces))

    def _treebanks(self, corpora: Path, part: str) -> list[Doc]:
        files = (corpora / "ud" / f"{bank}_{part}.spacy" for bank in TREEBANKS)
        return [doc for file in files for doc in read_docs(file, self.nlp.vocab)]

    def _swapped(self, docs: Iterable[Doc]) -> Iterator[Doc]:
        for doc in docs:
            for example in self._swap(self.nlp, Example(self.nlp.make_doc(doc.text), doc)):
                yield example.reference


def _as_paragraphs(docs: Sequence[Doc]) -> Doc:
    """Parsed documents as one, with a line end between each two."""
    parts: list[Doc] = []
    for doc in docs:
        if parts:
            parts.append(
                Doc(doc.vocab, words=["\n"], spaces=[False], heads=[0], deps=["ROOT"], tags=["_SP"])
            )
        parts.append(doc)
    joined: Doc = Doc.from_docs(parts, ensure_whitespace=False, exclude=["user_data"])
    return joined


def raw_texts(files: Iterable[Path]) -> Iterator[str]:
    """The articles of CSV files with a column `text`; raises ModelError for any other file."""
    csv.field_size_limit(_LONGEST_ARTICLE)
    for file in files:
        with file.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream)
            if "text" not in (rows.fieldnames or ()):
                raise ModelError(
                    f"{file} has no column named text.",
                    hint="Give CSV files with a header line and the articles in a column text.",
                )
            yield from (row["text"] for row in rows if row["text"])
